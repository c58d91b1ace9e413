import type { RemoteConnection } from '../remote/connection';
import type { Plan } from './plan';
import { joinRemote } from './names';
import type { Inventory } from './stateFolder';
import type { Survey } from './survey';
import { endWorkersOf, listWorkers } from './workers';

/** Seconds for which requests may still wait for a dispatcher under its old name (mod_fastcgi gives up after 33). */
export const retirementSeconds = 40;

/** Retired names that nobody waits for any more. */
export function dueNames({ alias, files }: Inventory, now: number): string[] {
  return (alias?.retired ?? [])
    .filter(({ path, since }) => path !== alias?.to && now - since >= retirementSeconds && files.has(path))
    .map(({ path }) => path);
}

/** A plan that removes the names that are due, too. */
export function withRetired(found: Survey, inventory: Inventory, now: number): Survey {
  const due = dueNames(inventory, now).filter((path) => !found.input.local.has(path));
  if (due.length === 0) return found;
  const plan: Plan = { ...found.plan, delete: [...new Set([...found.plan.delete, ...due])] };
  return { ...found, plan };
}

/**
 * Ends the processes of dispatchers whose files are gone: in this order, for a process that ends while its file exists is started again.
 * Returns how many were told to end.
 */
export async function endRetired(
  connection: RemoteConnection,
  target: string,
  paths: readonly string[],
): Promise<number> {
  let ended = 0;
  const session = await connection.sftp();
  for (const path of paths.map((one) => joinRemote(target, one))) {
    if (await session.find(path)) continue;
    const workers = await listWorkers(connection, [path]);
    ended += await endWorkersOf(
      connection,
      workers.filter(({ idle }) => idle),
    );
  }
  return ended;
}
