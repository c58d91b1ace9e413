import * as fs from 'node:fs';

/** Process groups and folders that must not outlive this program, even when it ends without dispose(). */
const groups = new Set<number>();
const folders = new Set<string>();

/** Kills the group when this program exits; call the answer when the group is gone. */
export function watchGroup(pid: number): () => void {
  return keep(groups, pid);
}

/** Removes the folder when this program exits; call the answer when it is gone. */
export function watchFolder(folder: string): () => void {
  return keep(folders, folder);
}

function keep<Value>(set: Set<Value>, value: Value): () => void {
  if (groups.size + folders.size === 0) process.on('exit', cleanUp);
  set.add(value);
  return () => {
    set.delete(value);
    if (groups.size + folders.size === 0) process.off('exit', cleanUp);
  };
}

/** At exit only synchronous calls are made, so there is no time for a polite end. */
function cleanUp(): void {
  for (const pid of groups) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}
