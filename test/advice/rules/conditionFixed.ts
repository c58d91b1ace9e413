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
RewriteRule ^a$ /b [L]
`);
  });

  test('HTTP_HOST that the file changes, or that an old Apache takes as it is', () => {
    expectAdvice(`RewriteEngine On
RequestHeader set Host a/b
RewriteCond %{HTTP_HOST} a/b
RewriteRule ^a$ /b [L]
`);
    const text = `RewriteEngine On
RewriteCond %{HTTP_HOST} a/b [OR]
RewriteCond %{THE_REQUEST} ^/a
RewriteRule ^a$ /b [L]
`;
    expectAdvice(text, { host: { apache: '2.4.23' } });
  });

  test('characters that a variable never has', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} ^example\\.com/shop$ [OR]
                         ^^^^^^^^^^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{HTTP_HOST} =example.com/shop [OR]
                         ^^^^^^^^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{SERVER_NAME} ^(https?://)(www\\.)?example\\.com$ [NC,OR]
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{HTTP_HOST} (/a|[?]b)$ [OR]
                         ^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{REMOTE_ADDR} ^10\\.0\\.0\\.0/8$ [OR]
                           ^^^^^^^^^^^^^^^ rewrite.condition-never-matches
RewriteCond %{SERVER_PORT} ^443s$ [OR]
                           ^^^^^^ rewrite.condition-never-matches
RewriteCond %{TIME_HOUR} ^[0-9]:00
                         ^^^^^^^^^ rewrite.condition-never-matches
RewriteRule ^a$ /b [L]
RewriteCond %{THE_REQUEST} ^/index\\.php
                           ^^^^^^^^^^^^ rewrite.condition-never-matches
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
RewriteCond %{HTTP_HOST} ^example\\.com(/.*)?$ [OR]
RewriteCond %{HTTP_HOST} ^(?!.*/)example\\.com(?::80|/x)$ [OR]
RewriteCond %{HTTP_HOST} [^a]example [OR]
RewriteCond %{REMOTE_ADDR} ^(127\\.0\\.0\\.1|::1|10\\..*)$ [OR]
RewriteCond %{REQUEST_URI}%{HTTP_HOST} a/b [OR]
RewriteCond %{SERVER_PORT} !^443$
RewriteCond %{TIME_HOUR}%{TIME_MIN} >0700
RewriteCond %{THE_REQUEST} ^[A-Z]+\\s/+index\\.php [NC]
RewriteRule ^a$ /b [L]
`);
  });
});
