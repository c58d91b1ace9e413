import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import * as fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hasReason, RemoteError, sftpError } from '../../src/remote/errors';
import { LineSplitter } from '../../src/remote/lines';
import { Patience } from '../../src/remote/patience';
import { startOfLastLines } from '../../src/remote/poll';
import { Redactor } from '../../src/remote/redact';
import { shellQuote, shellScript } from '../../src/remote/shell';
import { parseDestination, resolveTarget } from '../../src/remote/sshConfig';

test('a quoted word reaches a shell as it is', () => {
  const words = fc.array(
    fc.string({ unit: 'binary-ascii' }).map((text) => text.replaceAll('\0', '')),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(words, (texts) => {
      const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(shellQuote).join(' ')}`], {
        encoding: 'utf8',
      });
      expect(printed).toBe(texts.map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 30 },
  );
  expect(() => shellQuote('a\0b')).toThrow(TypeError);
});

test('a script gets its arguments untouched', () => {
  const nasty = `it's "$HOME" \`id\` ; rm -rf ~ \\`;
  const output = execFileSync('sh', ['-c', shellScript('printf %s "$2"', ['one', nasty])], {
    encoding: 'utf8',
  });
  expect(output).toBe(nasty);
});

/** Login shells that read quotes in ways of their own; those that are here. */
const shells = ['sh', 'bash', 'dash', 'csh', 'tcsh', 'fish'].filter((name) =>
  ['/bin', '/usr/bin'].some((folder) => existsSync(`${folder}/${name}`)),
);

test.each(shells)('a script of several lines and its arguments reach sh through %s', (shell) => {
  const words = fc.array(
    fc.string({ unit: fc.constantFrom('a', "'", ' ', '"', '\\', '!', '$', '`', '\u00E9', '\n', '*', '%') }),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(words, (texts) => {
      const script = `count=$#\nprintf '%s\\0' "$@"\n# it's !5 \\\\ done\nexit "$count"`;
      const { stdout, status } = spawnSync(shell, ['-c', shellScript(script, texts)], { encoding: 'utf8' });
      expect(stdout).toBe(texts.map((text) => `${text}\0`).join(''));
      expect(status).toBe(texts.length);
    }),
    { numRuns: 30 },
  );
});

test('nothing that csh or fish would change stands in a command line', () => {
  const script = `trap 'kill "$t"' EXIT\nprintf '%s\\0' "it's"`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const args = texts.map((text) => text.replaceAll('\0', ''));
      const line = shellScript(script, args);
      expect(line).toMatch(/^[ -~]*$/);
      expect(line).not.toMatch(/!|\\[\\']/);
      expect(Math.max(...line.split(' ').map((word) => word.length))).toBeLessThan(1024);
    }),
  );
});

test('lines are the same however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40)), async (text, cuts) => {
      const clean = text.replaceAll('\r', '');
      const bytes = Buffer.from(`${clean}\n`);
      const lines: string[] = [];
      const splitter = new LineSplitter({ onLines: (got) => void lines.push(...got) });
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        await splitter.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      expect(lines).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
    }),
  );
});

test('a last line without end waits, and comes when its file is over', async () => {
  const lines: string[] = [];
  const splitter = new LineSplitter({ onLines: (got) => void lines.push(...got) });
  await splitter.push(Buffer.from('one\r\ntw'));
  expect(lines).toEqual(['one']);
  await splitter.flush();
  expect(lines).toEqual(['one', 'tw']);
});

test('the last lines of a text', () => {
  const text = Buffer.from('a\nb\nc\n');
  expect([0, 1, 2, 3, 9].map((count) => startOfLastLines(text, count, true))).toEqual([6, 4, 2, 0, 0]);
  expect(startOfLastLines(Buffer.from('a\nb'), 1, true)).toBe(2);
  // Cut in the middle of a line: what stands before the first line end is not a line.
  expect(startOfLastLines(Buffer.from('alf\nwhole\n'), 5, false)).toBe(4);
});

test('secrets are replaced wherever they appear', () => {
  const redactor = new Redactor();
  redactor.add('hunter22');
  redactor.add('ab');
  expect(redactor.redact('password hunter22, hunter22! about')).toBe('password [hidden], [hidden]! about');
});

test('SFTP codes become reasons', () => {
  const reasonOf = (code: number | undefined) =>
    sftpError(Object.assign(new Error('x'), { code }), 'open', '/p').reason;
  expect([2, 3, 4, 8, undefined].map(reasonOf)).toEqual([
    'no-such-file',
    'permission-denied',
    'failure',
    'not-supported',
    'connection-lost',
  ]);
  expect(hasReason(new RemoteError('locked', 'x'), 'locked')).toBe(true);
  expect(hasReason(new Error('x'), 'locked')).toBe(false);
});

test('patience does not count the time of a question', async () => {
  let over = false;
  const patience = new Patience(60, () => (over = true));
  await patience.whileAsking(() => new Promise((resolve) => setTimeout(resolve, 150)));
  expect(over).toBe(false);
  patience.stop();
});

test('destinations', () => {
  expect(parseDestination('alias')).toEqual({ host: 'alias' });
  expect(parseDestination('me@h.test:2222')).toEqual({ host: 'h.test', user: 'me', port: 2222 });
  expect(parseDestination('ssh://me@h.test:2222/')).toEqual({ host: 'h.test', user: 'me', port: 2222 });
  expect(parseDestination('me@[::1]:2222')).toEqual({ host: '::1', user: 'me', port: 2222 });
  expect(parseDestination('fe80::1')).toEqual({ host: 'fe80::1' });
  for (const bad of ['', '-oProxyCommand=x', 'me@', 'me@-x'])
    expect(() => parseDestination(bad)).toThrow(RemoteError);
});

test('a target without configuration', async () => {
  const target = await resolveTarget({
    host: 'h',
    user: 'me',
    identityFile: '~/k_%r_%h_%p',
    agent: 'none',
    configFile: 'none',
  });
  expect(target).toMatchObject({
    host: 'h',
    port: 22,
    user: 'me',
    agent: undefined,
    jumps: [],
    unknownHostKeys: 'ask',
  });
  expect(target.identityFiles[0]).toBe(`${homedir()}/k_me_h_22`);
  // As some shells leave it behind.
  vi.stubEnv('SSH_AUTH_SOCK', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await resolveTarget({ host: 'h', configFile: 'none' })).toMatchObject({ agent: undefined });
  await expect(resolveTarget({ host: 'h', port: 0, configFile: 'none' })).rejects.toMatchObject({
    reason: 'configuration',
  });
});
