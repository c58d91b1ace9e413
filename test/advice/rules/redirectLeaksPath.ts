import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.redirect-leaks-path', () => {
  test('relative', () => {
    const text = `RewriteEngine On
RewriteRule ^old$ new [R=301,L]
                  ^^^ rewrite.redirect-leaks-path
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteRule ^old$ /new [R=301,L]
`);
  });

  test('a captured part', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^(.*)\\.htm$ $1.html [R=301,L]
                        ^^^^^^^ rewrite.redirect-leaks-path
`);
  });

  test('a captured part with its slash', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a(/.*)$ $1 [R=301,L]
`);
  });

  test('RewriteBase', () => {
    expectAdvice(`RewriteBase /
RewriteEngine On
RewriteRule ^old$ new [R=301,L]
`);
  });

  test('absolute', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [R,L]
RewriteRule ^c$ https://x.test/ [R,L]
RewriteRule ^d$ %{REQUEST_URI}/ [R,L]
`);
  });

  test('a variable makes a whole URL of it', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ ht%{ENV:A} [R,L]
RewriteRule ^b$ htm%{ENV:A} [R,L]
                ^^^^^^^^^^^ rewrite.redirect-leaks-path
RewriteRule ^ http%{ENV:protossl}://www.%{HTTP_HOST}%{REQUEST_URI} [R,L]
`);
  });
});
