import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('redirect.beats-rewrite', () => {
  test('a whole folder', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^shop/sale$ /offers.php [L]
Redirect 301 /shop https://shop.example.com/
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redirect.beats-rewrite
`);
  });

  test('before a front controller', () => {
    expectAdvice(`RewriteEngine On
Redirect 301 /old /new
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule . index.php [L]
`);
  });

  test('another redirect', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^shop/a$ /b [R,L]
Redirect 301 /shop https://shop.example.com/
`);
  });
});
