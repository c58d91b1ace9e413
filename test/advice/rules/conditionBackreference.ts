import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.condition-backreference', () => {
  test('no condition', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b/%1 [L]
                   ^^ rewrite.condition-backreference
`);
  });

  test('forgotten by a later pattern', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{QUERY_STRING} ^a=(.*)$
RewriteCond %{REQUEST_METHOD} GET
RewriteRule ^a$ /b/%1 [L]
                   ^^ rewrite.condition-backreference
`);
  });

  test('kept over comparisons and negations', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{QUERY_STRING} ^a=(.*)$
RewriteCond %{REQUEST_METHOD} =GET
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REMOTE_ADDR} !^1
RewriteRule ^a$ /b/%1 [L]
`);
  });

  test('one of several', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{QUERY_STRING} ^a=(.*)$ [OR]
RewriteCond %{QUERY_STRING} ^b$
RewriteRule ^a$ /b/%1 [L]
`);
  });

  test('in the next condition', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{QUERY_STRING} ^a=(.*)$
RewriteCond /x/%1 -f
RewriteRule ^a$ /b [L]
`);
  });
});
