import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('regex.unescaped-dot', () => {
  test('before extensions', () => {
    const text = `<FilesMatch ".(bak|old)$">
             ^ regex.unescaped-dot
  Require all denied
</FilesMatch>
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`<FilesMatch "\\.(bak|old)$">
  Require all denied
</FilesMatch>
`);
  });

  test('in a host', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} ^www\\.example.com$
                                      ^ regex.unescaped-dot
RewriteRule ^a$ /b [L]
`);
  });

  test('in a rule', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^index.php$ - [L]
                  ^ regex.unescaped-dot
`);
  });

  test('escaped, in a class, or meant', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} ^(.+)\\.example[.]com$
RewriteRule ^(.*)$ /b/$1 [END]
<FilesMatch "^(a|b).$">
</FilesMatch>
`);
  });
});
