import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

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

  test('below RewriteBase', () => {
    expectAdvice(`RewriteEngine On
RewriteBase /shop/
RewriteRule ^d\\.fcgi(/|$) - [L]
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`);
  });
});
