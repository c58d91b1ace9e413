import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('error.page-refused', () => {
  test('everything is forbidden', () => {
    expectAdvice(`ErrorDocument 403 /403.html
RewriteEngine On
RewriteRule ^ - [F]
^^^^^^^^^^^^^^^^^^^ error.page-refused
`);
  });

  test('the page is left out', () => {
    expectAdvice(`ErrorDocument 403 /403.html
RewriteEngine On
RewriteRule ^403\\.html$ - [L]
RewriteRule ^ - [F]
`);
  });

  test('a condition on the address', () => {
    expectAdvice(`ErrorDocument 403 /403.html
RewriteEngine On
RewriteCond %{REQUEST_URI} !^/403
RewriteRule ^ - [F]
`);
  });

  test('another status, or a text', () => {
    expectAdvice(`ErrorDocument 403 "No"
ErrorDocument 404 /404.html
RewriteEngine On
RewriteRule ^ - [F]
`);
  });
});
