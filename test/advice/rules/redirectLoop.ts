import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('redirect.loop', () => {
  test('the DirectoryIndex', () => {
    expectAdvice(`Redirect 301 /index.html /
^^^^^^^^^^^^^^^^^^^^^^^^^^ redirect.loop
`);
  });

  test('the DirectoryIndex of the file', () => {
    expectAdvice(`DirectoryIndex start.php
RedirectMatch 301 ^/start\\.php$ /
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redirect.loop
`);
  });

  test('to and fro', () => {
    expectAdvice(`RewriteEngine On
Redirect /shop /store
RewriteRule ^store$ /shop [R,L]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redirect.loop
`);
  });

  test('into itself', () => {
    expectAdvice(`Redirect /a /a/b
^^^^^^^^^^^^^^^^ redirect.loop
`);
  });

  test('to another host, or depending on the visitor', () => {
    expectAdvice(`RewriteEngine On
Redirect /a https://other.example/a/b
RewriteCond %{HTTP:X-Forwarded-Proto} !https
RewriteRule ^(.*)$ /$1 [R,L]
`);
  });

  test('another page', () => {
    expectAdvice(`Redirect /index.php /
Redirect /old.html /new.html
`);
  });
});
