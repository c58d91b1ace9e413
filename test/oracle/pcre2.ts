import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegexOptions } from '../../src/apache/regex';
import { optionBits } from '../apache/regex/describe';

/** One pattern and what to match it against. */
export interface Question {
  readonly pattern: string;
  readonly options: RegexOptions;
  readonly from: number;
  readonly subjects: readonly string[];
}

const source = new URL('pcre2check.c', import.meta.url).pathname;

/** The path of pcre2check, built when necessary; undefined when there is no compiler, no libpcre2-8, or another version than 10.42. */
export function buildPcre2Check(): string | undefined {
  const config = spawnSync('pcre2-config', ['--version', '--libs8'], { encoding: 'utf8' });
  const [version, libraries] = (config.stdout ?? '').trim().split('\n');
  if (config.status !== 0 || version !== '10.42' || libraries === undefined) return undefined;
  const folder = join(tmpdir(), `pcre2check-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'pcre2check');
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return program;
  const built = spawnSync('cc', ['-O2', '-o', program, source, ...libraries.split(' ')], {
    encoding: 'utf8',
  });
  return built.status === 0 ? program : undefined;
}

/** The library's answers, one line per question; errors at match time other than limits are "n", as Apache takes them. */
export function askPcre2(program: string, questions: readonly Question[]): string[] {
  const input = questions.map(lineOf).join('\n');
  const { stdout } = spawnSync(program, { input: `${input}\n`, maxBuffer: 1 << 30, encoding: 'latin1' });
  return stdout
    .split('\n')
    .slice(0, questions.length)
    .map((line) => line.replaceAll(/ e-\d+/g, ' n'));
}

function lineOf({ pattern, options, from, subjects }: Question): string {
  return [optionBits(options), from, hexadecimal(pattern), ...subjects.map(hexadecimal)].join(' ');
}

function hexadecimal(text: string): string {
  return text === '' ? '-' : Buffer.from(text, 'latin1').toString('hex');
}
