import { describe, expect, test } from 'vitest';
import type { MemoryEntry } from '../../../src/apache/memorySite';
import { adviceOn, expectAdvice, fixed } from '../marked';

describe('rewrite.loop', () => {
  test('a dispatcher that catches itself', () => {
    const text = `RewriteEngine On
RewriteRule ^(.*)$ d.fcgi/$1 [L]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.loop
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`);
  });

  test('ways out', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^d\\.fcgi - [L]
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`);
  });

  test('a picture against links from other sites that is a picture', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_REFERER} !^$
RewriteCond %{HTTP_REFERER} !^https?://www\\.example\\.test/
RewriteRule \\.(png|jpg)$ /no.png [L]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.loop
`);
  });

  test('END', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^(.*)$ d.fcgi/$1 [END]
`);
  });

  test('into a folder that may have a file of its own', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^(.*)$ public/$1 [L]
`);
  });

  test('into a folder that has none', () => {
    expectAdvice(
      `RewriteEngine On
RewriteRule ^(.*)$ public/$1 [L]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.loop
`,
      { site: { 'public/index.html': '' } },
    );
  });

  test('stopped by a file that is there', () => {
    expectAdvice(
      `RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`,
      { site: { 'd.fcgi': '' } },
    );
  });

  test('not stopped, since it is missing', () => {
    expectAdvice(
      `RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ d.fcgi/$1 [L]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.loop
`,
      { site: { 'other.fcgi': '' } },
    );
  });

  const messageOn = (text: string, site: Readonly<Record<string, MemoryEntry>>) =>
    adviceOn(text, { site })
      .map(({ message }) => message)
      .join();

  test('says what is missing, where that is the reason', () => {
    const front = `RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`;
    expect(messageOn(front, { 'other.fcgi': '' })).toMatch(/^d\.fcgi is not there, so that the rule matches/);
    const folder = `RewriteEngine On
RewriteRule ^$ webroot/ [L]
RewriteRule (.*) webroot/$1 [L]
`;
    expect(messageOn(folder, { 'index.html': '' })).toMatch(/^webroot is not there/);
    expect(messageOn(folder, { 'webroot/.htaccess': 'RewriteEngine On\n' })).toBe('');
    // Without rules of its own the folder stops nothing.
    expect(messageOn(folder, { 'webroot/index.html': '' })).toMatch(/^The rule matches its own result/);
    const base = `RewriteEngine On
RewriteCond %{REQUEST_FILENAME} -f
RewriteRule ^ - [L]
RewriteRule ^ %{ENV:BASE}/index.php [L]
`;
    expect(messageOn(base, { 'a.html': '' })).toMatch(/^index\.php is not there/);
  });

  test('is quiet where the site seems to lie in another folder on the server', () => {
    const inBlog = `RewriteEngine On
RewriteBase /blog/
RewriteRule ^index\\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /blog/index.php [L]
`;
    const facts = (text: string) =>
      adviceOn(text, { site: { 'index.php': '' }, directory: '/site/' }).map(({ severity, message }) => [
        severity,
        message.slice(0, 29),
      ]);
    expect(facts(inBlog)).toEqual([['information', 'There is no folder blog here.']]);
    const byBase =
      'RewriteEngine On\nRewriteBase /shop\nRewriteCond %{REQUEST_URI} !\\.css$\nRewriteRule .* index.php [L]\n';
    expect(facts(byBase)).toEqual([['information', 'There is no folder shop here.']]);
    const asItIs = 'RewriteEngine On\nRewriteBase /\nRewriteRule ^(.*)$ public/$1 [L]\n';
    expect(facts(asItIs)).toEqual([['warning', 'public is not there, so that ']]);
  });

  test('speaks of nothing that is missing where it would not help', () => {
    const text = `RewriteEngine On
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`;
    expect(messageOn(text, { 'other.fcgi': '' })).toMatch(/^The rule matches its own result/);
  });

  test('below RewriteBase', () => {
    expectAdvice(`RewriteEngine On
RewriteBase /shop/
RewriteRule ^d\\.fcgi(/|$) - [L]
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`);
  });
});
