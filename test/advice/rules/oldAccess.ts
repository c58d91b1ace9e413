import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('access.old-directives', () => {
  test('deny all', () => {
    const text = `Order allow,deny
^^^^^^^^^^^^^^^^ access.old-directives
Deny from all
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`Require all denied
`);
  });

  test('a few addresses', () => {
    const text = `<Files x>
  Order deny,allow
  ^^^^^^^^^^^^^^^^ access.old-directives
  Deny from all
  Allow from 192.0.2. example.test env=ok
</Files>
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`<Files x>
  Require ip 192.0.2
  Require host example.test
  Require env ok
</Files>
`);
  });

  test('all but some', () => {
    const text = `Order allow,deny
^^^^^^^^^^^^^^^^ access.old-directives
Allow from all
Deny from 192.0.2.7
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`<RequireAll>
  Require all granted
  Require not ip 192.0.2.7
</RequireAll>
`);
  });

  test('where the author has thought of it', () => {
    expectAdvice(`<IfModule !mod_authz_core.c>
Order allow,deny
</IfModule>
<IfModule mod_access_compat.c>
Order allow,deny
Deny from all
</IfModule>
`);
  });
});
