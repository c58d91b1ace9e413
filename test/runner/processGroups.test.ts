import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A program that starts a long-lived child in a group of its own and guards it; both ids. */
async function guarding(): Promise<{ readonly program: ChildProcess; readonly child: number }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { spawn } from 'node:child_process';
        import { guardGroup } from './src/runner/processGroups';
        const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
        guardGroup(child.pid);
        console.log(child.pid);
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
  return { program, child: Number(said.toString()) };
}

describe.skipIf(process.platform !== 'linux')('a guarded process group', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('ends when its program is ended by %s', async (signal) => {
    const { program, child } = await guarding();
    expect(isAlive(child)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isAlive(child)).toBe(true);
    program.kill(signal);
    await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
  });
});
