import { describe, expect, test } from 'vitest';
import { logPrinter } from '../../src/cli/log';
import { dispatcherOf } from '../../src/cli/remoteSession';
import { terminalPrompts } from '../../src/cli/remotePrompts';
import { namedSite } from '../../src/cli/workspace';
import { folderWith } from './folder';
import { testTerminal } from './testTerminal';

const ACCOUNT = { host: 'example.test', port: 2222, user: 'me' };
const KEY = {
  host: 'example.test',
  port: 22,
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
  picture: '+[KEY]+',
};

describe('a question', () => {
  test.each([
    ['yes', 'save'],
    ['YES ', 'save'],
    ['once', 'once'],
    ['no', 'refuse'],
    ['y', 'refuse'],
    ['', 'refuse'],
    [undefined, 'refuse'],
  ])('for a host key answered by %j means %s', async (answer, expected) => {
    const terminal = testTerminal({ answers: [answer] });
    expect(await terminalPrompts(terminal).hostKey(KEY)).toBe(expected);
    expect(terminal.written.err).toContain('ssh-ed25519 SHA256:abc');
  });

  test('for a secret is hidden, and the secret is not written', async () => {
    const terminal = testTerminal({ answers: ['hunter2', 'letmein'] });
    const prompts = terminalPrompts(terminal);
    expect(await prompts.password({ ...ACCOUNT, rejected: false })).toBe('hunter2');
    expect(await prompts.passphrase({ ...ACCOUNT, keyFile: '/k', rejected: true })).toBe('letmein');
    expect(terminal.asked).toEqual([
      { question: 'Password of me@example.test:2222: ', hidden: true },
      { question: 'Not accepted. Passphrase of /k: ', hidden: true },
    ]);
    expect(JSON.stringify(terminal.written)).not.toMatch(/hunter2|letmein/);
  });

  test('of the server shows its words without their control characters', async () => {
    const terminal = testTerminal({ answers: ['123456', 'me'] });
    const answers = await terminalPrompts(terminal).keyboardInteractive({
      ...ACCOUNT,
      name: '',
      instructions: '\u001B[2JTwo steps',
      prompts: [
        { prompt: 'Code: ', echo: false },
        { prompt: 'Name: ', echo: true },
      ],
      rejected: false,
    });
    expect(answers).toEqual(['123456', 'me']);
    expect(terminal.asked.map((one) => one.hidden)).toEqual([true, false]);
    expect(terminal.written.err).toBe('\uFFFD[2JTwo steps\n');
  });

  test('of the server that comes again says that the answers were refused', async () => {
    const terminal = testTerminal({ answers: ['1'] });
    const prompts = [{ prompt: 'Code: ', echo: false }];
    const question = { ...ACCOUNT, name: '', instructions: '', prompts, rejected: true };
    expect(await terminalPrompts(terminal).keyboardInteractive(question)).toEqual(['1']);
    expect(terminal.written.err).toBe('The server did not accept that. Once more:\n');
  });

  test('without a terminal is not asked: nothing is trusted, no secret is given', async () => {
    const terminal = testTerminal();
    const prompts = terminalPrompts(terminal);
    expect(await prompts.hostKey(KEY)).toBe('refuse');
    expect(await prompts.password({ ...ACCOUNT, rejected: false })).toBeUndefined();
    expect(terminal.asked).toEqual([]);
    expect(terminal.written.err).toContain('no terminal to ask on');
  });
});

describe('the log', () => {
  const entry = '[Mon Nov 23 01:24:55.159958 2026] [core:error] [pid 1:tid 2] [client 127.0.0.1:1] ';

  test('shows glued lines apart, each with its explanation', () => {
    const print = logPrinter(false);
    const lines = print(`Hello${entry}End of script output before headers: dispatch.fcgi`)
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('Hello');
    expect(lines[1]).toBe(`${entry}End of script output before headers: dispatch.fcgi`);
    expect(lines[2]).toMatch(/^ {4}The visitor got a 500: dispatch.fcgi/);
  });

  test('colours by level, also the lines of a traceback', () => {
    const print = logPrinter(true);
    expect(print('Traceback (most recent call last):')).toMatch(/^\u001B\[31m/);
    expect(print('  File "/a", line 1')).toMatch(/^\u001B\[31m/);
    expect(print(entry.replace('error', 'warn'))).toMatch(/^\u001B\[33m/);
  });
});

describe('the dispatcher', () => {
  const found = (files: Record<string, string>) =>
    dispatcherOf(namedSite(undefined, testTerminal({ cwd: folderWith(files) })));

  test('is the named one, relative to the document root', async () => {
    const files = {
      '.vscode/fastcgi.json': '{ "documentRoot": "web", "dispatcher": "web/app/main.fcgi" }',
      'web/x.fcgi': '',
    };
    expect(await found(files)).toBe('app/main.fcgi');
  });

  test('is found otherwise: dispatch.fcgi first, higher folders first', async () => {
    expect(await found({ 'a/b/dispatch.fcgi': '', 'c/dispatch.fcgi': '', 'app.fcgi': '' })).toBe(
      'c/dispatch.fcgi',
    );
    expect(await found({ 'a/app.fcgi': '', 'web.fcgi': '' })).toBe('web.fcgi');
    expect(await found({ 'index.html': '' })).toBeUndefined();
  });

  test('outside the document root is refused', async () => {
    const files = {
      '.vscode/fastcgi.json': '{ "documentRoot": "web", "dispatcher": "app/main.fcgi" }',
      'web/x': '',
    };
    await expect(found(files)).rejects.toThrow(/lies outside the document root "web"/);
  });
});
