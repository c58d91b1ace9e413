import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.or-of-negations', () => {
  test('two addresses', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REMOTE_ADDR} !^192\\.0\\.2\\.1$ [OR]
                                            ^^ rewrite.or-of-negations
RewriteCond %{REMOTE_ADDR} !^192\\.0\\.2\\.2$
RewriteRule ^a$ - [F]
`);
  });

  test('different texts, and patterns that go together', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REMOTE_ADDR} !^1$ [OR]
RewriteCond %{HTTP_COOKIE} !^2$
RewriteCond %{QUERY_STRING} !a [OR]
RewriteCond %{QUERY_STRING} !b
RewriteRule ^a$ - [F]
RewriteCond %{QUERY_STRING} !=A [NC,OR]
RewriteCond %{QUERY_STRING} !=a
RewriteRule ^a$ - [F]
`);
  });
});
