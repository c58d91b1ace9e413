import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.dangling-or', () => {
  test('the only flag', () => {
    const text = `RewriteEngine On
RewriteCond %{REMOTE_ADDR} ^1 [OR]
                               ^^ rewrite.dangling-or
RewriteRule ^a$ /b [L]
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteCond %{REMOTE_ADDR} ^1
RewriteRule ^a$ /b [L]
`);
  });

  test('one of two flags', () => {
    const text = `RewriteEngine On
RewriteCond %{REMOTE_ADDR} ^1 [NC,OR]
                                  ^^ rewrite.dangling-or
RewriteRule ^a$ /b [L]
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteCond %{REMOTE_ADDR} ^1 [NC]
RewriteRule ^a$ /b [L]
`);
  });

  test('joined to the next', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REMOTE_ADDR} ^1 [OR]
RewriteCond %{REMOTE_ADDR} ^2
RewriteRule ^a$ /b [L]
`);
  });
});
