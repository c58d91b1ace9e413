import type { RemoteConnection } from '../remote/connection';
import { probe } from './proof';
import { reload, type ReloadOptions, type ReloadReport } from './reload';
import { rollback, type RollbackReport } from './rollback';

/** How a site came out of an upload and a reload. */
export interface ProvedReload {
  readonly report: ReloadReport;
  /** The upload was taken back, because the site that worked before it did not work any more. */
  readonly takenBack: RollbackReport | undefined;
  /** How the reload after that went. */
  readonly afterwards: ReloadReport | undefined;
}

/** The address of a target's dispatcher, where the target has one. */
export function dispatcherUrl(
  { url }: { readonly url?: string | undefined },
  dispatcher: string | undefined,
): string | undefined {
  return url === undefined || dispatcher === undefined ? undefined : new URL(dispatcher, url).href;
}

/** Whether the program at an address works now: asked before an upload. Undefined where there is no address to ask. */
export async function worksNow(url: string | undefined, signal?: AbortSignal): Promise<boolean | undefined> {
  if (url === undefined) return undefined;
  const { status } = await probe(url, { signal });
  return status !== undefined && status < 500;
}

/**
 * Reloads after an upload. When the site worked before and answers with errors of the server now, the upload is rolled back and the old
 * program started again; not where the upload brought the program, which then cannot have worked before, whatever answered. `worked`: what `worksNow` said before the upload; `deploy`: the upload's id.
 */
export async function reloadOrTakeBack(
  connection: RemoteConnection,
  options: ReloadOptions,
  before: { readonly worked: boolean | undefined; readonly deploy: string | undefined },
): Promise<ProvedReload> {
  const report = await reload(connection, options);
  const left = { report, takenBack: undefined, afterwards: undefined };
  if (report.evidence !== 'failing' || before.worked !== true || before.deploy === undefined) return left;
  const { remotePath, dispatcher, signal } = options;
  const order = { remotePath, dispatcher, ...(signal ? { signal } : {}) };
  const { removed } = await rollback(connection, { ...order, dryRun: true });
  if (removed.includes(dispatcher)) return left;
  options.onStep?.('The site worked before and does not now: the upload is taken back.');
  const takenBack = await rollback(connection, order);
  return { report, takenBack, afterwards: await reload(connection, options) };
}
