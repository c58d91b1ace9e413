import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from './apache';
import { findApxs } from './apache/build';
import { startOracle, type Oracle } from './apache/oracle';

const canRun = hasApache().available && findApxs() !== undefined;

/** The dispatcher rules that most FastCGI sites begin with, and a few neighbours. */
const SITE = {
  'project/.htaccess': [
    'Options +ExecCGI -Indexes',
    'AddHandler fcgid-script .fcgi',
    'ErrorDocument 403 /refused.html',
    'SetEnv SITE project',
    'Header set X-Site project',
    'RewriteEngine On',
    'RewriteRule ^old$ new [R=301,L]',
    'RewriteRule ^away$ https://other.example.test/x?y=1 [R,L]',
    'RewriteRule ^gone$ - [G]',
    'RewriteRule ^secret/ - [F]',
    'RewriteRule ^loop /project/loop%{TIME_YEAR}x [L]',
    'RewriteCond %{REQUEST_FILENAME} !-f',
    'RewriteCond %{REQUEST_FILENAME} !-d',
    'RewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L,E=ASKED:$1]',
  ].join('\n'),
  'project/dispatch.fcgi': '#!/bin/sh\n',
  'project/static/site.css': 'a {}',
  'project/a b.txt': 'blank',
  'project/empty': null,
  'refused.html': 'refused',
  'index.html': 'home',
  'noexec/.htaccess': 'Options -ExecCGI\n',
  'noexec/run.fcgi': '#!/bin/sh\n',
  'strict/.htaccess': 'AcceptPathInfo Off\n',
  'strict/run.fcgi': '#!/bin/sh\n',
  'strict/folder.fcgi/x': 'x',
  'broken/.htaccess': 'Nonsense\n',
  'text/page.txt': 'text',
  'php/.htaccess': 'AddHandler application/x-httpd-php .php\n',
  'php/index.php': '<?php',
} as const;

const HOST = 'http://www.example.test';

interface Expected {
  readonly status: number;
  readonly file?: string;
  readonly pathInfo?: string;
  readonly location?: string;
  readonly query?: string;
}

/** Target, and what is expected; a file means that it answered. */
const CASES: readonly (readonly [target: string, expected: Expected])[] = [
  ['/', { status: 200, file: 'index.html' }],
  ['/index.html', { status: 200, file: 'index.html' }],
  ['/index.html?a=b', { status: 200, file: 'index.html', query: 'a=b' }],
  ['/none', { status: 404 }],
  ['/none?a=b', { status: 404, query: 'a=b' }],
  ['/index.html/x', { status: 404 }],
  ['/text', { status: 301, location: `${HOST}/text/` }],
  ['/text?q', { status: 301, location: `${HOST}/text/?q` }],
  ['/text/', { status: 200, file: 'text/' }],
  ['/text/page.txt', { status: 200, file: 'text/page.txt' }],
  ['/project/hello', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/hello' }],
  ['/project/hello?x=1', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/hello', query: 'x=1' }],
  ['/project/a/b/c', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/a/b/c' }],
  ['/project/a//b', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/a/b' }],
  ['/project/', { status: 403, file: 'refused.html' }],
  ['/project', { status: 301, location: `${HOST}/project/` }],
  ['/project/dispatch.fcgi', { status: 200, file: 'project/dispatch.fcgi' }],
  ['/project/dispatch.fcgi/x', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/x' }],
  ['/project/static/site.css', { status: 200, file: 'project/static/site.css' }],
  ['/project/static/none.css', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/static/none.css' }],
  ['/project/static/', { status: 403, file: 'refused.html' }],
  ['/project/a%20b.txt', { status: 200, file: 'project/a b.txt' }],
  ['/project/a%20c', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/a c' }],
  ['/project/a%25b', { status: 400 }],
  ['/project/a%23b', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/a' }],
  ['/project/a%2Fb', { status: 404 }],
  ['/project/%zz', { status: 400 }],
  ['/project/old', { status: 301, location: `${HOST}/site/project/new` }],
  ['/project/away', { status: 302, location: 'https://other.example.test/x?y=1' }],
  ['/project/gone', { status: 410 }],
  ['/project/secret/x', { status: 403, file: 'refused.html' }],
  ['/project/loop', { status: 500 }],
  ['/project/%c3%a9', { status: 200, file: 'project/dispatch.fcgi', pathInfo: '/\u00c3\u00a9' }],
  ['/../x', { status: 400 }],
  ['/project/../index.html', { status: 200, file: 'index.html' }],
  ['/noexec/run.fcgi', { status: 403 }],
  ['/strict/run.fcgi', { status: 200, file: 'strict/run.fcgi' }],
  ['/strict/run.fcgi/x', { status: 404 }],
  ['/strict/none.fcgi', { status: 404 }],
  ['/strict/folder.fcgi/', { status: 200, file: 'strict/folder.fcgi/' }],
  ['/broken/', { status: 500 }],
  ['/php/index.php/x', { status: 200, file: 'php/index.php', pathInfo: '/x' }],
  ['/php/none.php', { status: 404 }],
  ['not a path', { status: 400 }],
];

describe.skipIf(!canRun)('the oracle', () => {
  let oracle: Oracle;

  beforeAll(async () => {
    oracle = await startOracle();
  });
  afterAll(() => oracle.stop());

  it('answers the classic site, all URLs in one run', async () => {
    const outcomes = await oracle.run(CASES.map(([target]) => ({ files: SITE, request: { target } })));
    const seen = outcomes.map((outcome, index) => [
      CASES[index]?.[0],
      outcome && {
        status: outcome.status,
        ...(outcome.file !== null && { file: outcome.file }),
        ...(outcome.pathInfo !== null && { pathInfo: outcome.pathInfo }),
        ...(outcome.location !== null && { location: outcome.location }),
        ...(outcome.query !== null && { query: outcome.query }),
      },
    ]);
    expect(seen).toEqual(CASES);
  });

  it('tells environment, headers, redirects and trace', async () => {
    const [outcome] = await oracle.run([{ files: SITE, request: { target: '/project/hello' } }]);
    expect(outcome).toMatchObject({
      answered: true,
      uri: '/project/dispatch.fcgi/hello',
      handler: 'fcgid-script',
      contentType: null,
      headers: { 'X-Site': 'project' },
      redirects: 1,
    });
    expect(outcome?.env).toEqual({
      REDIRECT_ASKED: 'hello',
      REDIRECT_SITE: 'project',
      REDIRECT_STATUS: '200',
      SITE: 'project',
    });
    expect(outcome?.trace[0]).toBe(
      '[perdir /site/project/] strip per-dir prefix: /site/project/hello -> hello',
    );
  });

  it("gives the script modules' own reasons", async () => {
    const files = { 'a/.htaccess': 'SetHandler cgi-script\nOptions -ExecCGI\n', 'a/x': '' };
    const [outcome] = await oracle.run([{ files, request: { target: '/a/x' } }]);
    expect(outcome?.status).toBe(403);
    expect(outcome?.messages).toEqual([
      { level: 3, module: 'cgi', text: expect.stringContaining('Options ExecCGI is off in this directory') },
    ]);
  });

  it('serves each pair from its own tree, with modes, links and document root', async () => {
    const outcomes = await oracle.run([
      { files: { 'public/a': '1' }, documentRoot: 'public', request: { target: '/a' } },
      {
        files: { 'public/a': { text: '1', mode: '000' } },
        documentRoot: 'public',
        request: { target: '/a' },
      },
      { files: { b: '2', a: { link: '/site/b' } }, request: { target: '/a' } },
      { files: { b: '2', a: { link: 'c' } }, request: { target: '/a' } },
      { files: { a: null }, request: { target: '/a/' } },
      { files: { a: { base64: 'AA==' } }, request: { target: '/a', method: 'HEAD' } },
    ]);
    expect(outcomes.map((outcome) => [outcome?.status, outcome?.file])).toEqual([
      [200, 'public/a'],
      [403, null],
      [200, 'a'],
      [403, null],
      [200, 'a/'],
      [200, 'a'],
    ]);
  });

  it('tells the status that was sent, not that of the last request of a broken chain', async () => {
    const rules = 'RewriteEngine On\nRewriteRule ^ http://other.example.test/ [R]\nRewriteRule ^ /y [L]\n';
    const [outcome] = await oracle.run([{ files: { '.htaccess': rules }, request: { target: '/x' } }]);
    expect(outcome).toMatchObject({ status: 302, location: null, answered: false, redirects: 10 });
  });

  it('goes on after a request that ends the process', async () => {
    const deadly = { '.htaccess': 'AuthName "a\\\\"\n' };
    const outcomes = await oracle.run([
      { files: SITE, request: { target: '/' } },
      { files: deadly, request: { target: '/' } },
      { files: SITE, request: { target: '/none' } },
    ]);
    expect(outcomes.map((outcome) => outcome?.status)).toEqual([200, undefined, 404]);
  });

  it('keeps hundreds of different sites apart', async () => {
    const pairs = Array.from({ length: 400 }, (_, index) => ({
      files: {
        '.htaccess': `RewriteEngine On\nRewriteRule ^(.*) /${index}/$1 [R=${301 + (index % 2)}]\n${index % 9 ? '' : 'X'}`,
      },
      request: { target: '/x' },
    }));
    const outcomes = await oracle.run(pairs);
    outcomes.forEach((outcome, index) => {
      expect(outcome?.location).toBe(index % 9 ? `${HOST}/${index}/x` : null);
    });
  });
});
