import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.leading-slash', () => {
  test('plain', () => {
    const text = `RewriteEngine On
RewriteRule ^/old$ /new [L]
             ^ rewrite.leading-slash
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteRule ^old$ /new [L]
`);
  });

  test('an optional slash', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^/?old$ /new [L]
RewriteRule "/\\.|^\\.x" - [F]
`);
  });

  test('scheme and host', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^https?://example\\.com/(.*)$ /b/$1 [L]
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.leading-slash
RewriteRule !^http:\\/\\/example\\.com /b [L]
            ^^^^^^^^^^^^^^^^^^^^^^^ rewrite.leading-slash
RewriteRule ^https?://a|b$ /c [L]
RewriteRule ^https-only$ /c [L]
RewriteRule ^go/https?:/+(.*) https://$1 [R,L]
`);
  });

  test.each([
    ['a redirect goes on as a whole URL', 'RewriteRule ^a$ b [R]\nRewriteRule ^http:// - [F]\n'],
    ['a new round', 'RewriteRule ^/x$ - [F]\nRewriteRule ^a$ /x [N]\n'],
    ['the folder without its slash', 'RewriteOptions AllowNoSlash\nRewriteRule ^/ - [F]\n'],
    ['rules of the folders above first', 'RewriteOptions InheritBefore\nRewriteRule ^/ - [F]\n'],
    ['rules of the folders below first', 'RewriteOptions InheritDown\nRewriteRule ^/ - [F]\n'],
    ['a new round below', 'RewriteOptions InheritDownBefore\nRewriteRule ^/ - [F]\n'],
  ])('%s', (_name, rules) => {
    expectAdvice(`RewriteEngine On\nRewriteBase /\n${rules}`);
  });

  test('behind a rule that goes on with a path', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b
RewriteRule ^/b$ /c [L]
`);
  });

  test('behind a rule whose target a variable makes a URL of this host', () => {
    expectAdvice(`RewriteEngine On
RewriteBase /
RewriteRule ^a$ http%{ENV:S}://www.example.test/b
RewriteRule ^/b$ /c [L]
`);
  });

  test('a folder below that takes the rules over', () => {
    const site = (options: string) => ({
      site: { 'a/b/.htaccess': `RewriteEngine On\n${options}RewriteRule ^go$ /x\n`, 'a/page.html': '' },
    });
    expectAdvice('RewriteEngine On\nRewriteRule ^/x - [F]\n', site('RewriteOptions MergeBase Inherit\n'));
    expectAdvice(
      'RewriteEngine On\nRewriteRule ^/x - [F]\n             ^ rewrite.leading-slash\n',
      site('RewriteOptions MergeBase\n'),
    );
  });
});
