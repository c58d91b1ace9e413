import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.space-in-query', () => {
  test('an open group', () => {
    const text = `RewriteEngine On
RewriteRule ^tag/(.*)$ t.php?n=$1 [L]
                               ^^ rewrite.space-in-query
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteRule ^tag/(.*)$ t.php?n=$1 [L,B]
`);
  });

  test('without flags', () => {
    const text = `RewriteEngine On
RewriteRule ^tag/([^/]+)$ t.php?n=$1
                                  ^^ rewrite.space-in-query
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteRule ^tag/([^/]+)$ t.php?n=$1 [B]
`);
  });

  test('a path in the query, where B would be wrong', () => {
    const text = `RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ index.php?/$1 [L]
                              ^^ rewrite.space-in-query
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ index.php?/$1 [L]
`);
  });

  test('groups without blanks', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^tag/(\\d+)/([a-z-]+)/(\\w+)$ t.php?a=$1&b=$2&c=$3 [L]
`);
  });

  test('encoded, or sent to the browser', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a/(.*)$ t.php?n=$1 [L,B]
RewriteRule ^b/(.*)$ /t.php?n=$1 [R,L]
`);
  });

  test('an older host', () => {
    expectAdvice(
      `RewriteEngine On
RewriteRule ^tag/(.*)$ t.php?n=$1 [L]
`,
      { host: { apache: '2.4.52' } },
    );
  });
});
