import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { HostProfile } from '../apache/host';
import { checkDispatcher } from '../dispatcher';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import { CarryOut } from './carryOut';
import type { Commit } from './history';
import { probe, type ProbeAnswer } from './proof';
import { dueNames, endRetired, withRetired } from './retired';
import { asSent } from './scan';
import { StateFolder } from './stateFolder';
import { survey } from './survey';
import { switchName, type SwitchReport } from './switchName';
import { resolveTargetFolder } from './targetFolder';

export interface ReviveOptions {
  readonly remotePath: string;
  readonly localRoot: string;
  /** The dispatcher, relative to `localRoot`. */
  readonly dispatcher: string;
  readonly host: HostProfile;
  /** An address that the dispatcher answers. */
  readonly url?: string;
  readonly commit?: Commit | undefined;
  /** Whether the program starts: what the caller could try, as on this machine. Undefined where it could not. */
  readonly starts?: () => Promise<string | undefined>;
  readonly signal?: AbortSignal;
  readonly onStep?: (text: string) => void;
}

export interface ReviveReport extends SwitchReport {
  /** What the one request afterwards came to; undefined without an address. */
  readonly answer: ProbeAnswer | undefined;
}

/**
 * Ends a back-off: the corrected dispatcher goes to the server under a name that has no failures, and all that names it is switched in
 * one step; then the site is asked once, with little patience, for each request that hangs takes a process of Apache. First the fix:
 * a dispatcher with an error that we know of is refused, since four more failures would use up that name, too.
 */
export async function revive(connection: RemoteConnection, options: ReviveOptions): Promise<ReviveReport> {
  await refuseBroken(options);
  const report = await switchName(connection, options);
  const { url, signal } = options;
  const asked = url === undefined ? undefined : new URL(report.to, url).href;
  const answer = asked === undefined ? undefined : await probe(asked, { timeout: 5000, signal });
  return { ...report, answer };
}

async function refuseBroken({ localRoot, dispatcher, starts }: ReviveOptions): Promise<void> {
  const content = asSent(await readFile(join(localRoot, dispatcher)));
  const [error] = checkDispatcher(content, { path: dispatcher }).filter(
    ({ severity, code }) => severity === 'error' && code !== 'dispatcher.not-executable',
  );
  const fault = error?.message ?? (await starts?.());
  if (fault === undefined) return;
  throw new RemoteError(
    'configuration',
    `${dispatcher} would fail under its new name, too: ${fault} Nothing was changed. Correct it first.`,
  );
}

/**
 * Removes dispatchers under old names for which no request can wait any more, then ends their processes. Gives their names. To be called
 * `retirementSeconds` after a switch; every upload does the first half as well.
 */
export async function removeRetired(connection: RemoteConnection, remotePath: string): Promise<string[]> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  const state = await StateFolder.open(session, target, false);
  if (!state) return [];
  const lock = await state.lock();
  const inventory = await state.inventory();
  const due = dueNames(inventory, lock.serverTime);
  try {
    if (due.length === 0) return [];
    const scope = { target, local: new Map(), only: due, overwrite: true };
    const found = withRetired(await survey(session, scope, inventory), inventory, lock.serverTime);
    const parts = { connection, session, state, lock, inventory, what: { kind: 'switch' } as const };
    await new CarryOut(parts, { localRoot: '/nowhere', target }).run(found);
  } finally {
    await lock.release();
  }
  await endRetired(connection, target, due);
  return due;
}
