import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.backreference', () => {
  test('one group', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a/(b)$ /$2/$1 [L]
                     ^^ rewrite.backreference
`);
  });

  test('in a condition', () => {
    expectAdvice(`RewriteEngine On
RewriteCond /x/$1 -f
               ^^ rewrite.backreference
RewriteRule ^a$ /b [L]
`);
  });

  test('negated', () => {
    expectAdvice(`RewriteEngine On
RewriteRule !^(a) /b$1 [END]
                    ^^ rewrite.backreference
`);
  });

  test('escaped and $0', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /\\$1/$0 [END]
`);
  });
});
