import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/run';
import { wantsColours } from '../../src/cli/terminal';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

describe('help', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('lists every command for %j', async (args) => {
    const { code, out, err } = await fastcgi(args);
    expect([code, err]).toEqual([0, '']);
    for (const { name } of commands) expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
  });

  test.each(commands.map(({ name, help }) => [name, help]))(
    'of %s is shown both ways',
    async (name, help) => {
      expect(await fastcgi([name, '--help'])).toEqual({ code: 0, out: help, err: '' });
      expect(await fastcgi(['help', name])).toEqual({ code: 0, out: help, err: '' });
      expect(help).toMatch(new RegExp(`^Usage: fastcgi ${name} `));
      expect(help).toContain('Exit code:');
    },
  );
});

describe('wrong usage', () => {
  test.each([
    [['chekc'], /no command "chekc"/],
    [['help', 'chekc'], /no command "chekc"/],
    [['check', '--fromat', 'json'], /^fastcgi check: Unknown option '--fromat'\.?\n"fastcgi check --help"/],
    [['check', '--format', 'yaml'], /--format takes text, json, sarif, github; not "yaml"/],
    [['check', '--batch', 'x'], /--batch reads standard input/],
    [['explain'], /The URL is missing/],
    [['explain', '/a', '/b'], /One URL at most/],
    [['explain', 'a'], /A URL begins with/],
    [['explain', '/a', '--header', 'no colon'], /--header takes "Name: value"/],
    [['explain', '/a', '--header', 'A: b\r\nC: d'], /--header takes/],
    [['explain', '--batch', '/a'], /takes no URL/],
    [['serve', '--port', '99999'], /--port takes a number/],
    [['serve', 'a', 'b'], /One folder at most/],
    [['preflight', '--timeout', '0'], /--timeout takes a number/],
    [['preflight', '--page', 'x'], /--page begins with/],
    [['preflight', 'a.fcgi', '--target', 'x'], /the dispatcher is that of the project/],
    [['new'], /Name a template: wsgi, flask/],
    [['new', 'cobol'], /no template "cobol"/],
    [['new', 'wsgi', 'a', 'b'], /One template and one folder/],
    [['log', '--lines', 'many'], /--lines takes a number/],
  ])('%j ends with 2 and says why', async (args, message) => {
    const { code, out, err } = await fastcgi(args, { cwd: folderWith({}) });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('Ctrl-C', () => {
  test('of a command that gives up by it is told in a sentence', async () => {
    const cwd = folderWith({
      '.vscode/fastcgi.json':
        '{ "targets": { "live": { "ssh": { "host": "127.0.0.1", "port": 1, "user": "me" }, "path": "a" } } }',
    });
    const { code, err } = await fastcgi(['deployed'], { cwd, interrupted: AbortSignal.abort() });
    expect([code, err]).toEqual([1, 'fastcgi deployed: Stopped before it was done.\n']);
  });
});

describe('a target that cannot be meant', () => {
  const described = {
    '.vscode/fastcgi.json':
      '{ "targets": { "live": { "ssh": "-x", "path": "/a" }, "test": { "ssh": "web", "path": "/b" } } }',
    'dispatch.fcgi': '#!/usr/bin/python3\n',
  };

  test.each([['upload'], ['reload'], ['rollback'], ['recover'], ['log']])(
    'ends %s before anything is connected',
    async (name) => {
      const bare = await fastcgi([name], { cwd: folderWith({}) });
      expect(bare.code).toBe(1);
      expect(bare.err).toMatch(/No target is described. Add one to .vscode\/fastcgi.json/);
      const other = await fastcgi([name, 'live'], { cwd: folderWith(described) });
      expect(other.code).toBe(1);
      expect(other.err).toMatch(
        /: The target "live" cannot be used: "targets.live.ssh" must be .*\. Correct line 1 of \.vscode\/fastcgi\.json\.\n$/,
      );
      const none = await fastcgi([name, 'lvie'], { cwd: folderWith(described) });
      expect(none.code).toBe(2);
      expect(none.err).toMatch(/There is no target "lvie". Described are: "test"/);
    },
  );

  test.each([['upload'], ['log'], ['deployed']])(
    '%s does not call the only one missing that has an error',
    async (name) => {
      const cwd = folderWith({
        '.vscode/fastcgi.json': '{ "targets": { "live": { "ssh": "web", "pth": "/a" } } }',
      });
      const { code, err } = await fastcgi([name], { cwd });
      expect(code).toBe(1);
      expect(err).toMatch(/Nothing was sent: correct line 1 of \.vscode\/fastcgi\.json first\.\n$/);
    },
  );

  test.each([['upload'], ['reload'], ['rollback'], ['recover']])(
    '%s sends nothing by a file with an error',
    async (name) => {
      const { code, out, err } = await fastcgi([name, 'test'], { cwd: folderWith(described) });
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/Nothing was sent: correct line 1 of \.vscode\/fastcgi\.json first\.\n$/);
    },
  );

  test('is the only one otherwise; a dry reload tells what it would do', async () => {
    const { code, out } = await fastcgi(['reload', '--dry-run'], { cwd: folderWith(described) });
    expect(code).toBe(0);
    expect(out).toBe(
      'test: would reload /b/dispatch.fcgi (auto), without proof (no "url"). Nothing was done.\n',
    );
  });

  test('a broken site is not uploaded', async () => {
    const cwd = folderWith({
      '.vscode/fastcgi.json': '{ "targets": { "test": { "ssh": "web", "path": "/b" } } }',
      '.htaccess': 'Foo\n',
    });
    const { code, err } = await fastcgi(['upload'], { cwd });
    expect(code).toBe(1);
    expect(err).toMatch(/\.htaccess:1: error: Apache answers 500: Invalid command 'Foo'/);
    expect(err).toContain('Nothing was uploaded');
  });
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
])('colours for a terminal (%s) with %j: %s', (isTerminal, env, expected) => {
  expect(wantsColours(isTerminal, env)).toBe(expected);
});
