import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.unknown-variable', () => {
  test('a header', () => {
    const text = `RewriteEngine On
RewriteCond %{HTTP_X_FORWARDED_PROTO} !https
              ^^^^^^^^^^^^^^^^^^^^^^ rewrite.unknown-variable
RewriteRule ^a$ /b [L]
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteCond %{HTTP:X-Forwarded-Proto} !https
RewriteRule ^a$ /b [L]
`);
  });

  test('misspelled, in the target', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ https://%{SERVERNAME}/ [R,L]
                          ^^^^^^^^^^ rewrite.unknown-variable
`);
  });

  test('known ones in any case', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{http_host}%{ENV:x}%{HTTP:X-Y}%{LA-U:REMOTE_USER}%{SSL:SSL_CIPHER} a
RewriteRule ^a$ https://%{server_name}/ [R,L]
`);
  });
});
