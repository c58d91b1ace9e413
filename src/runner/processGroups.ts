import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { Socket } from 'node:net';

/** Process groups and folders that must not outlive this program, even when it ends without dispose(). */
const groups = new Set<number>();
const folders = new Set<string>();

/** Kills the group when this program exits; call the answer when the group is gone. */
export function watchGroup(pid: number): () => void {
  return keep(groups, pid);
}

/** Waits for the end of its input, which comes with the end of this program however it ends, and then kills the group. */
const GUARD = 'read -r line; kill -s KILL -- "-$0"';

/**
 * The same for a group that lives long, also when this program is killed and can do nothing any more: a small shell waits for that
 * outside of this program's own group. Windows has neither groups nor this shell.
 */
export function guardGroup(pid: number): () => void {
  const release = watchGroup(pid);
  if (process.platform === 'win32') return release;
  const guard = spawn('/bin/sh', ['-c', GUARD, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the group is still killed at an ordinary exit.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => {
    release();
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  };
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
