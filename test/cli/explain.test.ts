import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import type { Outcome } from '../../src/apache/request/outcome';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

const RULES =
  'RewriteEngine On\nRewriteCond %{REQUEST_URI} !dispatch\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [E=WHO:me]\n';
const SITE = { 'web/.htaccess': RULES, 'web/dispatch.fcgi': '#!/usr/bin/python3\n' };
const PROJECT = {
  ...SITE,
  '.vscode/fastcgi.json': '{ "documentRoot": "web", "host": { "treeRoot": "/home/me" } }',
};

describe('fastcgi explain', () => {
  test('tells who answers, and which line did it', async () => {
    const { code, out, err } = await fastcgi(['explain', '/a%20b?x=1'], { cwd: folderWith(PROJECT) });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^GET \/a%20b\?x=1\n/);
    expect(out).toMatch(/^ {2}status +200$/m);
    expect(out).toMatch(/^ {2}web\/\.htaccess:3 +RewriteRule +\^\(\.\*\)\$ +'a b' +matches$/m);
    expect(out).toMatch(/^internal redirect 1 {2}\/dispatch\.fcgi\/a b\?x=1 {2}a rule rewrote the request$/m);
    expect(out).toMatch(/^Apache runs web\/dispatch\.fcgi with PATH_INFO=\/a b and QUERY_STRING=x=1\.\n$/m);
  });

  test('shows the beginning and the end of what is very long', async () => {
    const { out } = await fastcgi(['explain', `/${'a'.repeat(5000)}/end`], { cwd: folderWith(PROJECT) });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(600);
    expect(out).toMatch(/^GET \/a+…\(\d+ more\)…a+\/end$/m);
  });

  test('takes a named folder as the document root', async () => {
    const cwd = folderWith(SITE);
    const { out } = await fastcgi(['explain', '/x', '--root', 'web', '--format', 'json'], { cwd });
    expect(JSON.parse(out)).toMatchObject({
      status: 200,
      answered: true,
      file: 'dispatch.fcgi',
      pathInfo: '/x',
      env: { REDIRECT_WHO: 'me' },
    });
  });

  test('sends address, method and headers', async () => {
    const rules = [
      'RewriteEngine On',
      'RewriteCond %{HTTPS}:%{SERVER_PORT}:%{HTTP_HOST}:%{REQUEST_METHOD}:%{HTTP:X-Test} (.*)',
      'RewriteRule ^é$ - [E=SEEN:%1]',
    ];
    const cwd = folderWith({ '.htaccess': rules.join('\n'), é: 'x' });
    const args = [
      'explain',
      'https://Example.test:8443/é#part',
      '--method',
      'post',
      '--header',
      'X-Test:  1 ',
    ];
    const { out } = await fastcgi([...args, '--format', 'json'], { cwd });
    expect(JSON.parse(out)).toMatchObject({ env: { SEEN: 'on:8443:Example.test:8443:POST:1' } });
  });

  test('ends with 1 where the answer is an error', async () => {
    const { code, out } = await fastcgi(['explain', '/nothing'], { cwd: folderWith({}) });
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}status +404$/m);
  });

  test('colours without moving the columns', async () => {
    const cwd = folderWith(PROJECT);
    const plain = await fastcgi(['explain', '/a'], { cwd });
    const coloured = await fastcgi(['explain', '/a'], { cwd, colours: true });
    expect(coloured.out).not.toBe(plain.out);
    expect(coloured.out.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain.out);
  });
});

describe('fastcgi explain --batch', () => {
  const answersTo = async (...requests: unknown[]) => {
    const input = requests.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
    const { code, out } = await fastcgi(['explain', '--batch'], { input });
    return {
      code,
      answers: out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    };
  };
  const get = (target: string) => ({ method: 'GET', target, headers: { Host: 'www.example.test' } });

  test('answers from described files', async () => {
    const files = {
      'public/.htaccess': { base64: Buffer.from(RULES).toString('base64') },
      'public/dispatch.fcgi': { text: '#!/usr/bin/python3\n', mode: 0o755 },
    };
    const { code, answers } = await answersTo({
      id: 1,
      files,
      documentRoot: 'public',
      request: get('/caf%C3%A9?q'),
    });
    expect(code).toBe(0);
    expect(answers[0]).toMatchObject({
      id: 1,
      status: 200,
      location: null,
      answered: true,
      file: 'public/dispatch.fcgi',
      pathInfo: '/caf\xC3\xA9',
      query: 'q',
      handler: 'fcgid-script',
      contentType: null,
      redirects: 1,
    });
    expect(answers[0]).not.toHaveProperty('trace');
  });

  test('gives static files, folders and redirects their own fields', async () => {
    const files = { 'a.html': 'x', 'd/e.txt': 'y', empty: null, to: { link: 'a.html' } };
    const one = (id: string, target: string) => ({ id, files, documentRoot: '', request: get(target) });
    const { answers } = await answersTo(
      one('file', '/a.html?x'),
      one('dir', '/d'),
      one('listing', '/empty/'),
      one('link', '/to'),
      one('none', '/q?x=1'),
    );
    expect(answers).toMatchObject([
      { id: 'file', status: 200, file: 'a.html', contentType: 'text/html', handler: null, query: 'x' },
      { id: 'dir', status: 301, answered: false, file: null, location: 'http://www.example.test/d/' },
      { id: 'listing', status: 200, answered: true, file: 'empty/' },
      { id: 'link', status: 200, answered: true },
      { id: 'none', status: 404, answered: false, file: null, query: 'x=1' },
    ]);
  });

  test('reads modes as the web server that the host describes: in the group of the files, or not', async () => {
    const files = { 'a.html': { text: 'x', mode: '640' }, 'b.html': { text: 'x', mode: '604' } };
    const one = (host: object, target: string) => ({ id: 1, files, host, request: get(target) });
    const { answers } = await answersTo(
      one({}, '/a.html'),
      one({}, '/b.html'),
      one({ fileModes: 'group' }, '/a.html'),
      one({ fileModes: 'group' }, '/b.html'),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 200, 200, 403]);
  });

  test('lists the steps on demand', async () => {
    const one = { id: 1, files: { '.htaccess': RULES }, documentRoot: '', request: get('/a') };
    const { answers } = await answersTo({ ...one, trace: true });
    expect(answers[0]?.['trace']).toContainEqual(expect.objectContaining({ module: 'mod_rewrite', line: 3 }));
  });

  test.each([
    [{ id: 1 }, /"request" must be an object/],
    [{ id: 1, request: {} }, /"request"\."target" must be a text/],
    [{ id: 1, request: { target: '/', headers: { A: 1 } } }, /the header "A" must be a text/],
    [{ id: 1, request: { target: '/' }, files: { a: 1 } }, /"files"\."a" must be/],
    [{ id: 1, request: { target: '/' }, files: { a: { text: 'x', link: 'y' } } }, /"files"\."a" must be/],
    [
      { id: 1, request: { target: '/' }, documentRoot: '../x' },
      /"documentRoot" must be a folder of the tree/,
    ],
    ['{"id": 1', /no JSON/],
  ])('answers %j with an error', async (request, message) => {
    const { code, answers } = await answersTo(request);
    expect(code).toBe(1);
    expect(answers).toEqual([
      { id: typeof request === 'string' ? null : 1, error: expect.stringMatching(message) as string },
    ]);
  });
});

test('headers that come twice become a list, whatever their case', () => {
  const outcome: Outcome = {
    ...evaluate({
      request: { method: 'GET', target: '/', headers: [] },
      site: memorySite({}, { treeRoot: '/site' }),
      host: hostProfile(),
      documentRoot: '/site',
    }),
    headers: [
      ['X-A', '1'],
      ['X-B', '2'],
      ['x-a', '3'],
      ['X-A', '4'],
    ],
  };
  expect(outcomeAnswer(outcome, { treeRoot: '/site', trace: false })['headers']).toEqual({
    'X-A': ['1', '3', '4'],
    'X-B': '2',
  });
});

test('takes upper and lower case of names as the host does', async () => {
  const project = (caseInsensitive: boolean): string =>
    JSON.stringify({ documentRoot: 'web', host: { treeRoot: '/home/me', caseInsensitive } });
  const status = async (caseInsensitive: boolean): Promise<unknown> => {
    const cwd = folderWith({ 'web/Page.html': 'x', '.vscode/fastcgi.json': project(caseInsensitive) });
    const { out } = await fastcgi(['explain', '/page.HTML', '--format', 'json'], { cwd });
    return (JSON.parse(out) as { readonly status: number }).status;
  };
  expect([await status(false), await status(true)]).toEqual([404, 200]);
});
