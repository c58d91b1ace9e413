import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
let folder: string;
const inFolder = (name: string): string => path.join(folder, name);

/** Says what Node hands over, calls a function, and keeps code. */
const program = (word: string): string => `
const many = [${Array.from({ length: 50 }, (_, n) => `() => ${n} + Math.random()`).join(', ')}];
const called = process.argv[2] === 'all' ? many : many.slice(0, 1);
for (const one of called) one();
exports.word = '${word}';
module.exports.files = [__filename, __dirname, require.resolve('./other.js')];
process.on('exit', () => codeCache.keep(process.argv[2]));
`;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fastcgi-code-'));
  await build({
    entryPoints: [path.join(ROOT, 'src/codeCache/main.ts')],
    outfile: inFolder('own.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  fs.writeFileSync(inFolder('other.js'), '');
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  fs.rmSync(inFolder('own.program.cache'), { recursive: true, force: true });
  fs.writeFileSync(inFolder('own.program.js'), program('first'));
});

/** What a new process makes of the program. */
function run(
  what = 'one',
  flags: readonly string[] = [],
  user = process.getuid?.(),
): { word: string; files: string[] } {
  const script = `process.argv.splice(1, 0, 'x'); console.log(JSON.stringify(require('./own.js')))`;
  const child = spawnSync(process.execPath, [...flags, '-e', script, '--', what], {
    cwd: folder,
    encoding: 'utf8',
    ...(user === undefined ? {} : { uid: user }),
  });
  expect([child.stderr, child.status]).toEqual(['', 0]);
  return JSON.parse(child.stdout) as { word: string; files: string[] };
}

const kept = (): Buffer => fs.readFileSync(inFolder('own.program.cache'));
const holds = (): unknown =>
  (JSON.parse(kept().toString('latin1').split('\n', 1)[0] ?? '') as { holds: unknown }).holds;
/** A file that is written anew is another one. */
const inode = (): number => fs.statSync(inFolder('own.program.cache')).ino;

describe('the code of a program', () => {
  test('runs as a module does', () => {
    const files = [inFolder('own.program.js'), folder, inFolder('other.js')].map((file) =>
      fs.realpathSync(file),
    );
    expect(run()).toEqual({ word: 'first', files });
    expect(run()).toEqual({ word: 'first', files });
  });

  test('is kept once for each thing that is done, with what was kept before', () => {
    run('one');
    expect(holds()).toEqual(['one']);
    const [first, size] = [inode(), kept().length];
    run('one');
    expect(inode()).toBe(first);
    run('all');
    expect(holds()).toEqual(['one', 'all']);
    expect(kept().length).toBeGreaterThan(size + 1000);
    const second = inode();
    run('one');
    run('all');
    expect(inode()).toBe(second);
  });

  test('is forgotten with the program, also with one of the same length', () => {
    run();
    const first = kept();
    fs.writeFileSync(inFolder('own.program.js'), program('other'));
    expect(run().word).toBe('other');
    expect(kept().equals(first)).toBe(false);
    expect(run().word).toBe('other');
  });

  test('is not taken from a V8 with other settings, nor kept for one', () => {
    run();
    const first = kept();
    run('one', ['--no-lazy']);
    expect(kept().equals(first)).toBe(false);
    const changing = program('first').replace(
      'process.on',
      `require('v8').setFlagsFromString('--stack-size=900'); process.on`,
    );
    fs.rmSync(inFolder('own.program.cache'));
    fs.writeFileSync(inFolder('own.program.js'), changing);
    expect(run().word).toBe('first');
    expect(fs.existsSync(inFolder('own.program.cache'))).toBe(false);
  });

  test.each([
    ['nothing', () => Buffer.alloc(0)],
    ['a part', (whole: Buffer) => whole.subarray(0, whole.length - 100)],
    ['zeros', (whole: Buffer) => Buffer.from(whole).fill(0, 400, 900)],
    ['one bit less', (whole: Buffer) => flipped(whole, whole.length - 200)],
    ['another head', (whole: Buffer) => flipped(whole, 3)],
    ['something else', () => Buffer.from('null\n')],
    ['words', () => Buffer.from('no code at all')],
  ])('with %s of it left is made anew', (_, damage) => {
    run();
    const damaged = damage(kept());
    fs.writeFileSync(inFolder('own.program.cache'), damaged);
    expect(run().word).toBe('first');
    expect(kept().equals(damaged)).toBe(false);
    expect(holds()).toEqual(['one']);
  });

  test.runIf(process.getuid?.() === 0)("of an installation that is another user's is not kept", () => {
    fs.chmodSync(folder, 0o755);
    expect(run('one', [], 65_534).word).toBe('first');
    expect(fs.readdirSync(folder)).not.toContain('own.program.cache');
    run();
    const first = kept();
    expect(run('all', [], 65_534).word).toBe('first');
    expect(kept().equals(first)).toBe(true);
  });

  test('where it cannot be written, is compiled each time', () => {
    fs.mkdirSync(inFolder('own.program.cache'));
    expect(run().word).toBe('first');
    expect(fs.readdirSync(folder).sort()).toEqual([
      'other.js',
      'own.js',
      'own.program.cache',
      'own.program.js',
    ]);
  });
});

function flipped(whole: Buffer, at: number): Buffer {
  const copy = Buffer.from(whole);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
