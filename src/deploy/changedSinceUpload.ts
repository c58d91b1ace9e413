import type { RemoteConnection } from '../remote/connection';
import { nameHere } from './alias';
import { changedSince } from './git';
import type { Alias } from './manifest';
import type { HistoryEntry } from './history';
import { listReleases, whatIsDeployed } from './rollback';

/**
 * What may differ from the server, by git: paths relative to `localRoot`, sorted. It counts from the commit of the newest upload of the whole
 * project; files that were sent alone since then, or before they were committed, are looked at again. Undefined where no such commit
 * is known, here or there.
 */
export async function changedSinceUpload(
  connection: RemoteConnection,
  of: { readonly remotePath: string; readonly localRoot: string },
): Promise<readonly string[] | undefined> {
  const [releases, { alias }] = await Promise.all([
    listReleases(connection, of.remotePath),
    whatIsDeployed(connection, of.remotePath),
  ]);
  const chain = releases.map(({ entry }) => entry);
  const at = chain.findIndex(({ whole, commit }) => whole === true && commit !== undefined);
  const commit = chain[at]?.commit;
  const changed = commit && (await changedSince(of.localRoot, commit.hash));
  if (!changed) return undefined;
  const unsure = chain.slice(0, commit.dirty ? at + 1 : at);
  return [...new Set([...changed, ...pathsOf(unsure, alias)])].sort();
}

function pathsOf(entries: readonly HistoryEntry[], alias: Alias | undefined): string[] {
  return entries.flatMap(({ changes }) => changes.flatMap(({ path }) => nameHere(path, alias) ?? []));
}
