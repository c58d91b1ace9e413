import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const isShell = (pid: number): boolean =>
  isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/bin/sh');

/** A program that starts three long-lived children in groups of their own, guards them, and soon lets the first one go; all ids. */
async function guarding(): Promise<{ readonly program: ChildProcess; readonly children: readonly number[] }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { spawn } from 'node:child_process';
        import { guardGroup } from './src/runner/processGroups';
        const pids = [1, 2, 3].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).pid);
        const [release] = pids.map(guardGroup);
        setTimeout(release, 100);
        console.log(pids.join(' '));
        setInterval(() => undefined, 1000);`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const program = spawn(process.execPath, ['-e', outputFiles[0]?.text ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(program.stdout ?? program, 'data')) as [Buffer];
  return { program, children: said.toString().split(' ').map(Number) };
}

describe.skipIf(process.platform !== 'linux')('guarded process groups', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'end when their program is ended by %s, but for those that were let go',
    async (signal) => {
      const { program, children } = await guarding();
      const alive = (): boolean[] => children.map(isAlive);
      expect(alive()).toEqual([true, true, true]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(alive()).toEqual([true, true, true]);
      program.kill(signal);
      await expect.poll(alive, { timeout: 5000 }).toEqual([true, false, false]);
      process.kill(children[0] ?? 0);
    },
  );

  it('share one shell, which stays for ten seconds when the last one is gone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.resetModules();
    const { guardGroup } = await import('../../src/runner/processGroups');
    const before = childrenOf(process.pid);
    const shells = (): number[] =>
      childrenOf(process.pid).filter((pid) => !before.includes(pid) && isShell(pid));
    const once = async (): Promise<number[]> => {
      const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
      const release = guardGroup(child.pid ?? 0);
      await vi.waitFor(() => expect(shells()).toHaveLength(1));
      const found = shells();
      release();
      child.kill('SIGKILL');
      return found;
    };
    const first = await once();
    vi.advanceTimersByTime(9_000);
    expect(await once()).toEqual(first);
    vi.advanceTimersByTime(9_000);
    expect(shells()).toEqual(first);
    vi.advanceTimersByTime(1_000);
    await vi.waitFor(() => expect(shells()).toEqual([]));
  });
});
