import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.never-reached', () => {
  test('behind a redirect of everything', () => {
    expectAdvice(`RewriteEngine On
RewriteRule (.*) https://x.test/$1 [R=301,L]
RewriteRule ^a$ /b [L]
^^^^^^^^^^^^^^^^^^^^^^ rewrite.never-reached
RewriteRule ^c$ /d [L]
`);
  });

  test('behind F', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^ - [F]
RewriteRule ^a$ /b [L]
^^^^^^^^^^^^^^^^^^^^^^ rewrite.never-reached
`);
  });

  test('reached all the same', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^x - [S=1]
RewriteRule ^ - [F]
RewriteRule ^a$ /b [L]
`);
  });

  test('a dot wants a character', () => {
    expectAdvice(`RewriteEngine On
RewriteRule . - [L]
RewriteRule ^$ /home [L]
`);
  });

  test('with a condition, and in a chain', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTPS} off
RewriteRule ^ - [F]
RewriteRule ^x - [C]
RewriteRule ^ - [F]
RewriteRule ^a$ /b [L]
`);
  });
});
