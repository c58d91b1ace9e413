import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderWith } from './folder';
import { expectGolden } from './golden';
import { fastcgi } from './testTerminal';

const SITES = new URL('../sites', import.meta.url).pathname;

const SITE = {
  '.vscode/fastcgi.json': '{ "documentRoot": "web" }',
  'web/.htaccess':
    'RewriteEngine On\nRewriteRule ^old$ /new [R=301,L]\nRewriteRule ^app(/.*)?$ run.fcgi$1 [L]\nRewriteRule ^no - [F]\n',
  'web/run.fcgi': '#!/bin/sh\n',
  'web/a.css': 'x',
};

const FAILING = `# A few that hold, and a few that do not.
/old         -> 301 /new
/old         -> 302 /newer
/app/x?q=1   -> run.fcgi PATH_INFO=/y QUERY_STRING=q=1
/a.css       -> file a.css type text/html
/no          -> 200
/a.css          file a.css
/nothing {X: <&> "1"} -> 404 run.fcgi
`;

describe('fastcgi test', () => {
  test('finds the sample sites as they say', async () => {
    const { code, out, err } = await fastcgi(['test', SITES]);
    expect(err).toBe('');
    expect(out).toMatch(/^✓ .*classic\/project\/site\.urls {2}12 of 12$/m);
    expect(out).toMatch(/: \d+ as expected, 0 not\.\n$/);
    expect(code).toBe(0);
  });

  test.each(['text', 'json', 'junit', 'tap'])('reports as %s', async (format) => {
    const cwd = folderWith({
      ...SITE,
      'web/site.urls': FAILING,
      'web/deep/fine.urls': '/a.css -> file ../a.css\n',
    });
    const { code, out, err } = await fastcgi(['test', '--format', format], { cwd });
    expect([code, err]).toEqual([1, '']);
    expectGolden(`test/report.${format}`, out);
  });

  test('without a project file takes the named folder for the document root', async () => {
    const cwd = folderWith({
      'a/b/x.urls': '/b/x.txt -> file x.txt\n/b/x.txt -> file /b/x.txt\n',
      'a/b/x.txt': '',
    });
    expect((await fastcgi(['test', 'a'], { cwd })).code).toBe(0);
    expect((await fastcgi(['test', '.'], { cwd })).code).toBe(1);
    expect((await fastcgi(['test', 'a/b/x.urls'], { cwd })).code).toBe(1);
    expect((await fastcgi(['test', 'a/b/x.urls', '--root', 'a'], { cwd })).code).toBe(0);
  });

  test('takes one file once, and each file with the project above it', async () => {
    const one = { '.vscode/fastcgi.json': '{ "host": { "serverName": "one.test" } }' };
    const files = Object.fromEntries(Object.entries(one).map(([name, text]) => [`one/${name}`, text]));
    const cwd = folderWith({ ...files, 'one/d/x': '', 'one/x.urls': '/d -> 301 http://one.test/d/\n' });
    const { code, out } = await fastcgi(['test', '.', 'one', 'one/x.urls'], { cwd });
    expect(out).toContain('1 case in 1 file: 1 as expected, 0 not.');
    expect(code).toBe(0);
  });

  test('ends with 1 where there is nothing to test, with 2 for a wrong use', async () => {
    const cwd = folderWith({ 'empty.urls': '# nothing yet\n' });
    const empty = await fastcgi(['test'], { cwd });
    expect([empty.code, empty.err]).toEqual([1, expect.stringContaining('there is no case to run')]);
    expect((await fastcgi(['test', '--format', 'xml'], { cwd })).code).toBe(2);
    expect((await fastcgi(['test', '--live', 'https://u:p@a.test/'], { cwd })).code).toBe(2);
    expect((await fastcgi(['test', '--live=a.test'], { cwd })).code).toBe(2);
    const unlike = await fastcgi(['test', '--live', 'localhost:8400'], { cwd });
    expect(unlike).toMatchObject({ code: 2, err: expect.stringContaining('is written https://') });
  });

  test('names what is not there or cannot be read, runs the rest, and ends with 1', async () => {
    const cwd = folderWith({
      'a/x': '',
      'a/x.urls': '/x -> file x\n',
      'b/x': '',
      'b/x.urls': '/x -> file x\n',
    });
    execFileSync('mkfifo', [join(cwd, 'b/pipe.urls')]);
    const { code, out, err } = await fastcgi(['test', 'no', 'a', 'no/x.urls', 'b'], { cwd });
    expect(out).toContain('2 cases in 2 files: 2 as expected, 0 not.');
    expect(err.split('\n')).toEqual([
      'fastcgi test: no cannot be read: there is no such file or folder.',
      'fastcgi test: no/x.urls cannot be read: there is no such file or folder.',
      'fastcgi test: b/pipe.urls cannot be read: it is no file, but a pipe, a socket or a device.',
      '',
    ]);
    expect(code).toBe(1);
    const alone = await fastcgi(['test', 'no', '--format', 'tap'], { cwd });
    expect([alone.code, alone.out]).toEqual([1, 'TAP version 14\n1..0\n']);
    expect(alone.err).toBe('fastcgi test: no cannot be read: there is no such file or folder.\n');
  });
});

/** A site that answers as told; gives its address and what it was asked. */
async function site(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host ?? ''} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

describe('fastcgi test --live', () => {
  test('shows where the real site differs from the prediction', async () => {
    const { address, asked } = await site((request, response) => {
      if (request.url === '/old') response.writeHead(302, { Location: '/new' });
      else if (request.url === '/a.css') response.writeHead(200, { 'Content-Type': 'text/css' });
      else if (request.url?.startsWith('/app')) response.writeHead(500);
      else response.writeHead(403);
      response.end('x');
    });
    const cwd = folderWith({
      ...SITE,
      'web/site.urls':
        '/old -> 301 /new\n/a.css -> file a.css\n/app/x -> run.fcgi\nPOST /app -> run.fcgi\nhttps://a.test/old -> 301 /new\n/no -> 403\n',
    });
    const { code, out } = await fastcgi(['test', '--live', address], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('✗ web/site.urls  4 of 6\n');
    expect(out).toContain('  web/site.urls:1  /old\n');
    expect(out).toContain('status: predicted 301, the site sent 302\n');
    expect(out).not.toContain('location:');
    expect(out).toContain('status: predicted an answer of the program, the site sent 500\n');
    expect(out).toContain('not sent: POST could change something on the site\n');
    expect(out).toContain(`not sent: the case asks for https, the site is ${address.slice(0, -1)}\n`);
    expect(out).toMatch(
      /cannot be seen from outside: which file was sent, which script ran, its variables\.\n$/,
    );
    const host = address.slice(7, -1);
    expect([...asked].sort()).toEqual(
      ['/a.css', '/app/x', '/no', '/old'].map((path) => `GET ${host} ${path}`),
    );
  });

  test("takes the target's address, and says what did not answer", async () => {
    const { address } = await site((request) => request.socket.destroy());
    const target = { production: { ssh: 'example', path: '/x', url: address } };
    const cwd = folderWith({
      ...SITE,
      '.vscode/fastcgi.json': JSON.stringify({ documentRoot: 'web', targets: target }),
      'web/site.urls': '/a.css -> file a.css\n',
    });
    const { code, out } = await fastcgi(['test', '--live', '--format', 'json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      summary: { passed: 0, failed: 1 },
      files: [
        {
          cases: [
            {
              ok: false,
              differences: [],
              live: { failed: 'the connection was closed without an answer (ECONNRESET)' },
            },
          ],
        },
      ],
    });
  });

  test('says what is missing where no address is known', async () => {
    const cwd = folderWith({ ...SITE, 'web/site.urls': '/a.css -> file a.css\n' });
    const { code, err } = await fastcgi(['test', '--live'], { cwd });
    expect([code, err]).toEqual([1, expect.stringContaining('No target is described')]);
  });

  test('asks by the name that a case gives, at the address that was given', async () => {
    const { address, asked } = await site((_, response) => response.writeHead(404).end());
    const cwd = folderWith({ ...SITE, 'web/site.urls': 'http://other.test/absent -> 404\n' });
    const { code, out } = await fastcgi(['test', `--live=${address}`], { cwd });
    expect(out).toContain('1 as expected');
    expect(code).toBe(0);
    expect(asked).toEqual(['GET other.test /absent']);
  });
});

describe('fastcgi upload', () => {
  const target = { ssh: 'nowhere.invalid', path: '/srv/site' };
  const project = JSON.stringify({ documentRoot: 'web', targets: { here: target } });
  const files = { ...SITE, '.vscode/fastcgi.json': project, 'web/site.urls': '\n/old -> 301 /newer\n' };

  test('sends nothing while a URL test fails, and shows its line and the rule', async () => {
    const { code, out, err } = await fastcgi(['upload'], { cwd: folderWith(files) });
    expect(err).toContain('site.urls:2: error: /old should give 301 /newer, but gives 301 /new');
    expect(err).toContain('(.htaccess:2: RewriteRule ^old$ /new [R=301,L]) [urls.failing]');
    expect(err).toContain('Nothing was uploaded: a URL test fails. Correct this, or use --skip-tests.');
    expect([code, out]).toEqual([1, '']);
  });

  test.each(['--skip-tests', '--force'])('goes on with %s', async (option) => {
    const { code, err } = await fastcgi(['upload', option], { cwd: folderWith(files) });
    expect(err).not.toContain('URL test');
    expect(err).toContain('nowhere.invalid');
    expect(code).toBe(1);
  });
});
