import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { folderWith } from './folder';

const ROOT = new URL('../..', import.meta.url).pathname;
let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fastcgi-bundle-'));
  script = join(folder, 'cli.js');
  await build({
    entryPoints: { cli: join(ROOT, 'src/codeCache/main.ts'), 'cli.program': join(ROOT, 'src/cli/main.ts') },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['cpu-features', '*.node'],
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function started(
  args: readonly string[],
  cwd = folder,
): ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the process', () => {
  test('starts with the code that earlier ones have kept', async () => {
    const cache = join(folder, 'cli.program.cache');
    rmSync(cache, { force: true });
    const site = folderWith({ '.htaccess': 'Foo\n' });
    const said: string[] = [];
    const files: number[] = [];
    for (const args of [
      ['check'],
      ['check'],
      ['format', '--check'],
      ['check'],
      ['chekc'],
      ['check', '--help'],
    ]) {
      const child = started(args, site);
      let text = '';
      child.stdout.on('data', (data: Buffer) => (text += data.toString()));
      await once(child, 'close');
      said.push(text);
      files.push(statSync(cache).ino);
    }
    expect(said[0]).toContain("Invalid command 'Foo'");
    expect([said[1], said[3]]).toEqual([said[0], said[0]]);
    const [first, second, third, ...others] = files;
    expect(second).toBe(first);
    expect(third).not.toBe(second);
    expect(others).toEqual([third, third, third]);
  });

  test('answers a batch line before the next one arrives', async () => {
    const child = started(['check', '--batch']);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (let id = 0; id < 20; id++) {
      child.stdin.write(`${JSON.stringify({ id, text: id % 2 === 0 ? '' : 'Foo' })}\n`);
      const { value } = await lines.next();
      expect(JSON.parse(String(value))).toMatchObject({ id, ok: id % 2 === 0 });
    }
    child.stdin.end();
    expect((await once(child, 'close'))[0]).toBe(0);
  });

  test('keeps the order of 1,000 lines', async () => {
    const child = started(['check', '--batch']);
    const text = 'DirectoryIndex index.html\n'.repeat(20);
    const requests = Array.from({ length: 1000 }, (_, id) =>
      JSON.stringify({ id, text: `${text}${id % 3 === 0 ? 'Foo' : ''}` }),
    );
    child.stdin.end(`${requests.join('\n')}\n`);
    const answers: { id: number; ok: boolean; line: number | null }[] = [];
    for await (const line of createInterface({ input: child.stdout }))
      answers.push(JSON.parse(line) as (typeof answers)[number]);
    expect(answers.map((one) => one.id)).toEqual(requests.map((_, id) => id));
    expect(answers.every((one) => one.ok === (one.id % 3 !== 0) && one.line === (one.ok ? null : 21))).toBe(
      true,
    );
  });

  test.skipIf(!existsSync('/dev/full'))('fails where its answer cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [script, 'help'], { stdio: ['ignore', full, 'pipe'] });
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [code] = await once(child, 'close');
    closeSync(full);
    expect([code, err]).toEqual([1, expect.stringMatching(/^fastcgi: The output cannot be written: ENOSPC/)]);
  });

  test('says so where the folder of the shell was removed', async () => {
    const inGoneFolder = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" check';
    const child = spawn('sh', ['-c', inGoneFolder, process.execPath, script], { cwd: folder });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(err).toBe('fastcgi: The current folder is not there any more. Change to another one.\n');
  });

  test('ends quietly when nobody reads any more', async () => {
    const child = started(['check', '--batch']);
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => (child.stdout as unknown as { destroy(): void }).destroy());
    const request = `${JSON.stringify({ id: 1, text: 'x'.repeat(2000) })}\n`;
    child.stdin.end(request.repeat(2000));
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(err).toBe('');
  });

  test('serves until Ctrl-C, and leaves nothing behind', async () => {
    const site = folderWith({ 'index.html': 'hello', '.htaccess': 'DirectoryIndex index.html\n' });
    const child = started(['serve', '--port', '0'], site);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const address = /http:\/\/localhost:\d+\//.exec(String((await lines.next()).value))?.[0] ?? '';
    const answer = await fetch(address);
    expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    expect(String((await lines.next()).value)).toMatch(/^200 GET \/ \d+ ms$/);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  test('says what is wrong on standard error and by its exit code', async () => {
    const child = started(['chekc']);
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    expect((await once(child, 'close'))[0]).toBe(2);
    expect(err).toBe('fastcgi: there is no command "chekc". "fastcgi help" lists them.\n');
  });
});
