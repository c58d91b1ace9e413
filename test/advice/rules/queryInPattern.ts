import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.query-in-pattern', () => {
  test('escaped', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a\\.php\\?id=1$ /b [L]
            ^^^^^^^^^^^^^^ rewrite.query-in-pattern
`);
  });

  test('not escaped', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a\\.php?id=(.*)$ /b [L]
            ^^^^^^^^^^^^^^^^ rewrite.query-in-pattern
`);
  });

  test('other question marks', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a(b)?=c$ /b [L]
RewriteRule ^why\\?$ /b [L]
`);
  });
});
