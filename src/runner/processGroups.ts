import { spawn, type ChildProcessByStdio } from 'node:child_process';
import * as fs from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Process groups and folders that must not outlive this program, even when it ends without dispose(). */
const groups = new Set<number>();
const folders = new Set<string>();

/** Kills the group when this program exits; call the answer when the group is gone. */
export function watchGroup(pid: number): () => void {
  return keep(groups, pid);
}

/** Each line of its input names all groups. The end of it, which comes with the end of this program however it ends, kills them. */
const GUARD =
  'while read -r line; do groups=$line; done; for one in $groups; do kill -s KILL -- "-$one"; done';
/** To start a shell takes its time, milliseconds: whoever waits for the first answer of a new group comes first. */
const GUARD_DELAY = 50;
const guarded = new Set<number>();
let later: NodeJS.Timeout | undefined;
let guard: ChildProcessByStdio<Writable, null, null> | null = null;

/**
 * The same for a group that lives long, also when this program is killed and can do nothing any more: one small shell for all of
 * them waits for that outside of this program's own group. Windows has neither groups nor this shell.
 */
export function guardGroup(pid: number): () => void {
  const release = watchGroup(pid);
  if (process.platform === 'win32') return release;
  guarded.add(pid);
  if (guard !== null) instructGuard();
  else later ??= setTimeout(instructGuard, GUARD_DELAY);
  return () => {
    release();
    guarded.delete(pid);
    instructGuard();
  };
}

/** Milliseconds for which the shell stays with nothing to guard: what is started anew needs it again, and a start takes its time. */
const LINGER = 10_000;
let lingering: NodeJS.Timeout | undefined;

function instructGuard(): void {
  clearTimeout(later);
  later = undefined;
  clearTimeout(lingering);
  if (guarded.size > 0) guard ??= startGuard();
  else lingering = setTimeout(endGuard, LINGER).unref();
  guard?.stdin.write(`${[...guarded].join(' ')}\n`);
}

function endGuard(): void {
  guard?.kill('SIGKILL');
  guard?.stdin.destroy();
  guard = null;
}

function startGuard(): ChildProcessByStdio<Writable, null, null> {
  const started = spawn('/bin/sh', ['-c', GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell the groups are still killed at an ordinary exit.
  started.on('error', () => undefined);
  started.once('exit', () => {
    if (guard === started) guard = null;
  });
  started.stdin.on('error', () => undefined);
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
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
