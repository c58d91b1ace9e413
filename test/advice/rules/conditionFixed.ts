import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.condition-never-matches', () => {
  test('REQUEST_URI', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REQUEST_URI} ^admin
                           ^^^^^^ rewrite.condition-never-matches
RewriteRule ^a$ /b [L]
`);
  });

  test('HTTPS', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTPS} =1
                     ^^ rewrite.condition-never-matches
RewriteRule ^a$ /b [L]
`);
  });

  test('HTTP_HOST and QUERY_STRING', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} !^https://x
                         ^^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{QUERY_STRING} ^\\?a
                            ^^^^ rewrite.condition-never-matches
RewriteRule ^a$ /b [L]
`);
  });

  test('what can be', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTPS} !=on
RewriteCond %{HTTPS} off [NC]
RewriteCond %{REQUEST_URI} ^/?a
RewriteCond %{REQUEST_URI} ^.a
RewriteCond %{QUERY_STRING} ^$
RewriteRule ^a$ /b [L]
`);
  });
});
