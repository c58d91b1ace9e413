import type { ChildProcess, SpawnOptions } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  quiet?: boolean;
  timeoutSeconds?: number;
}

export const LONG_GRACE: number;
export function start(command: string, args: string[], options?: SpawnOptions): ChildProcess;
export function run(
  command: string,
  args: string[],
  options?: RunOptions,
): Promise<{ code: number; output: string; timedOut: boolean }>;
export function npm(args: string[], options?: RunOptions): ReturnType<typeof run>;
export function stop(child: ChildProcess, graceSeconds?: number): Promise<void>;
export function beforeEnd(cleanup: () => void | Promise<void>): () => Promise<void>;
export function endEverything(graceSeconds?: number): Promise<void>;
export function endEverythingOnSignals(graceSeconds?: number): void;
export function onParentEnd(callback: () => void): void;
export function isAlive(pid: number): boolean;
