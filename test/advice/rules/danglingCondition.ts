import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.dangling-condition', () => {
  test('at the end', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [L]
RewriteCond %{HTTPS} off
^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.dangling-condition
`);
  });

  test('before a section', () => {
    expectAdvice(`RewriteEngine On
<Files a>
RewriteCond %{HTTPS} off
^^^^^^^^^^^^^^^^^^^^^^^^ rewrite.dangling-condition
</Files>
`);
  });

  test('other directives between', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTPS} off
DirectoryIndex a
RewriteRule ^a$ /b [L]
`);
  });
});
