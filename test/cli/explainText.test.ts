import { describe, expect, test } from 'vitest';
import { folderWith } from './folder';
import { expectGolden } from './golden';
import { fastcgi } from './testTerminal';

const CLASSIC = new URL('../sites/classic', import.meta.url).pathname;

const SITE = {
  '.vscode/fastcgi.json': '{ "documentRoot": "web", "host": { "treeRoot": "/home/me" } }',
  'web/.htaccess': `ErrorDocument 404 /missing.html
Header set X-Frame-Options DENY
SetEnv COLOUR blue

RewriteEngine On
RewriteRule ^old/(.*)$ /new/$1 [R=301,L]
RewriteCond %{HTTP:Accept-Language} ^de [NC]
RewriteCond %{REQUEST_URI} !^/de/
RewriteRule ^(.*)\\.html$ de/$1.html [L,E=LANGUAGE:german]
RewriteRule ^internal/ - [F]
RewriteRule ^PLAIN$ - [NC,L]
RewriteRule !^plain - [E=NOT_PLAIN:1]
RewriteRule ^proxied$ http://127.0.0.1:9/x [P]
RewriteRule ^gone$ - [G]
<If "%{QUERY_STRING} == 'if'">
  Header set X-If yes
</If>
Redirect permanent /moved /plain
Redirect gone /removed
`,
  'web/de/a.html': 'x',
  'web/a.html': 'x',
  'web/plain': 'x',
  'web/missing.html': 'x',
  'web/pictures/one.png': 'x',
  'web/broken/.htaccess': 'RewriteEngine On\nRewriteRule (\n',
  'web/script.fcgi': '#!/bin/sh\n',
  'web/loop/.htaccess': 'RewriteEngine On\nRewriteRule ^ /loop/x%{REQUEST_URI}\n',
};

describe('the text of fastcgi explain', () => {
  test.each([
    ['a-rewritten-page', '/a.html?if', ['--header', 'Accept-Language: de-AT']],
    ['a-condition-that-is-not-met', '/a.html', []],
    ['a-redirect', '/old/page?x=1', []],
    ['a-refusal', '/internal/x', []],
    ['gone', '/gone', []],
    ['a-redirect-of-mod-alias', '/moved?x', []],
    ['removed-by-mod-alias', '/removed', []],
    ['a-rule-without-effect', '/plain', []],
    ['an-error-document', '/nothing', []],
    ['a-folder-without-slash', '/pictures?x', []],
    ['a-listing', '/pictures/', []],
    ['a-proxied-request', '/proxied', []],
    ['a-broken-htaccess', '/broken/', []],
    ['a-script', 'https://shop.test/script.fcgi/x%20y?q', []],
  ])('%s', async (name, url, more) => {
    const { out, err } = await fastcgi(['explain', url, ...more], { cwd: folderWith(SITE) });
    expect(err).toBe('');
    expectGolden(`explain/${name}.txt`, out);
  });

  test('the sample site', async () => {
    const { out } = await fastcgi(['explain', '/project/hello?x=1', '--root', CLASSIC]);
    expectGolden('explain/the-sample-site.txt', out);
  });

  test('in colours', async () => {
    const options = { cwd: folderWith(SITE), colours: true };
    const { out } = await fastcgi(['explain', '/old/page'], options);
    expectGolden('explain/in-colours.txt', out.replaceAll('\u001B', '\\e'));
  });

  test('ends a loop', async () => {
    const { code, out } = await fastcgi(['explain', '/loop/'], { cwd: folderWith(SITE) });
    expect(code).toBe(1);
    expect(out).toMatch(/^internal redirect 10 {2}/m);
    expect(out).toMatch(/^Apache answers 500 Internal Server Error, because: AH00124: .*\n$/m);
  });
});

describe('fastcgi explain --trace apache', () => {
  test("prints mod_rewrite's own lines", async () => {
    const { code, out } = await fastcgi(['explain', 'http://shop.test/old/a', '--trace', 'apache'], {
      cwd: folderWith(SITE),
    });
    expect(code).toBe(0);
    expectGolden('explain/trace-apache.txt', out);
  });

  test('knows no other trace', async () => {
    const { code, err } = await fastcgi(['explain', '/', '--trace', 'nginx'], { cwd: folderWith({}) });
    expect(code).toBe(2);
    expect(err).toContain('--trace takes apache; not "nginx".');
  });
});
