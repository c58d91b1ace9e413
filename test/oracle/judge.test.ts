import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from './apache';
import { findApxs } from './apache/build';
import { startJudge, type Judge } from './apache/judge';

const canRun = hasApache().available && findApxs() !== undefined;

/** Text, line, and Apache's message. */
const REFUSED: readonly (readonly [text: string, line: number, message: string])[] = [
  [
    'Nonsense\n',
    1,
    "Invalid command 'Nonsense', perhaps misspelled or defined by a module not included in the server configuration",
  ],
  [
    '\ufeffRewriteEngine On\n',
    1,
    "Invalid command '\u00ef\u00bb\u00bfRewriteEngine', perhaps misspelled or defined by a module not included in the server configuration",
  ],
  ['# one\nRewriteEngine maybe\n', 2, 'RewriteEngine must be On or Off'],
  ['RewriteRule \\\na \\\n\n', 3, "RewriteRule: bad argument line 'a'"],
  ['RewriteRule ^ - [Z]\n', 1, "RewriteRule: unknown flag 'Z'"],
  ['RewriteRule ^ - [L R]\n', 1, 'RewriteRule: bad flag delimiters'],
  ['RewriteBase project\n', 1, 'RewriteBase: argument is not a valid URL'],
  ['ErrorDocument 299 /x\n', 1, 'Unsupported HTTP response code 299'],
  ['ErrorDocument 404\n', 1, 'ErrorDocument takes two arguments, Change responses for HTTP errors'],
  ['Options Indexes -ExecCGI\n', 1, 'Either all Options must start with + or -, or no Option may.'],
  ['Options Nothing\n', 1, 'Illegal option Nothing'],
  ['Redirect 301 /a b\n', 1, 'Redirect to non-URL'],
  ['DocumentRoot /x\n', 1, 'DocumentRoot not allowed here'],
  ['<Directory /x>\n</Directory>\n', 1, '<Directory not allowed here'],
  ['<IfModule nothing>\nNonsense\n', 1, 'Expected </IfModule> before end of configuration'],
  ['\n\n<Files x>\nRequire all denied\n', 3, '.htaccess:3: <Files> was not closed.'],
  ['</Files>\n', 1, '</Files> without matching <Files> section'],
  ['<Files x\n</Files>\n', 1, "<Files> directive missing closing '>'"],
  ['Header set A b # c\n', 1, 'Too many arguments to directive'],
  [`# ${'x'.repeat(8190)}\n`, 1, 'Error reading .htaccess at line 1: Line too long'],
  ['Nonsense\n<Files x>\n', 2, '.htaccess:2: <Files> was not closed.'],
];

const ACCEPTED = [
  '',
  '# only this',
  'RewriteEngine On # x\n',
  'RewriteRule ^ - [DX]\n',
  '<IfModule mod_rewrite.c>\n',
  `# ${'x'.repeat(8189)}\n`,
];

describe.skipIf(!canRun)('the judge', () => {
  let judge: Judge;

  beforeAll(async () => {
    judge = await startJudge({
      profiles: {
        none: { allowOverride: 'None' },
        list: { allowOverride: 'None', allowOverrideList: 'RewriteEngine' },
      },
    });
  });
  afterAll(() => judge.stop());

  it.each(REFUSED.map((row) => [row[0].slice(0, 40), ...row] as const))(
    'refuses %j',
    async (_name, text, line, message) => {
      expect((await judge.judge(text)).error).toEqual({
        line,
        message,
        phase: expect.stringMatching('build|walk'),
      });
    },
  );

  it.each(ACCEPTED.map((text) => [text.slice(0, 40), text]))('accepts %j', async (_name, text) => {
    expect(await judge.judge(text)).toEqual({ error: null, errors: [], log: [], crashed: false });
  });

  it('follows the AllowOverride of a profile', async () => {
    const text = 'RewriteEngine On\nRewriteBase /\n';
    expect((await judge.judge(text)).error).toBeNull();
    expect((await judge.judge(text, { profile: 'none' })).error?.line).toBe(1);
    expect((await judge.judge(text, { profile: 'list' })).error).toEqual({
      line: 2,
      phase: 'walk',
      message: 'RewriteBase not allowed here',
    });
  });

  it('gives all top-level errors and the warnings when asked', async () => {
    const verdict = await judge.judge('A\nRewriteEngine On\nB\nRewriteOptions MaxRedirects=3\n', {
      all: true,
    });
    expect(verdict.errors.map((error) => error.line)).toEqual([1, 3]);
    expect(verdict.log.map((entry) => entry.message)).toEqual([expect.stringContaining('AH00664')]);
  });

  it('survives a text that kills the Apache process', async () => {
    const verdicts = await judge.judgeAll(['RewriteEngine On', 'AuthName "a\\\\"', 'Nonsense']);
    expect(verdicts.map((verdict) => [verdict.crashed, verdict.error?.line])).toEqual([
      [false, undefined],
      [true, undefined],
      [false, 1],
    ]);
  });

  it('answers a thousand texts in their order', async () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `${'\n'.repeat(index % 50)}Nonsense${index}\n`);
    const verdicts = await judge.judgeAll(texts);
    verdicts.forEach((verdict, index) => {
      expect(verdict.error?.line).toBe((index % 50) + 1);
      expect(verdict.error?.message).toContain(`'Nonsense${index}'`);
    });
  });
});
