import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed, type MarkedOptions } from '../marked';

/** A site without another .htaccess. */
const ALONE = { site: { 'page.html': '' } };

const DENY = 'Order allow,deny\nDeny from all\n';

describe('access.old-directives', () => {
  test('deny all', () => {
    const text = `Order allow,deny
^^^^^^^^^^^^^^^^ access.old-directives
Deny from all
`;
    expectAdvice(text);
    expect(fixed(text, ALONE)).toBe(`Require all denied
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
    expect(fixed(text, ALONE)).toBe(`<Files x>
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
    expect(fixed(text, ALONE)).toBe(`<RequireAll>
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

  test('all places of a file at once', () => {
    expect(fixed(`${DENY}<Files x>\nAllow from all\n</Files>\n`, ALONE)).toBe(
      'Require all denied\n<Files x>\nRequire all granted\n</Files>\n',
    );
  });

  test.each<[what: string, text: string, options: MarkedOptions]>([
    ['the files around are not known', DENY, {}],
    ['another file restricts access below', DENY, { site: { 'a/.htaccess': 'allow from all' } }],
    ['Require is in another section', `${DENY}<Files x>\nRequire valid-user\n</Files>\n`, ALONE],
    [
      'another place cannot be written so',
      `${DENY}<Files x>\nAllow from env=!x\nDeny from all\n</Files>\n`,
      ALONE,
    ],
    ['a method has rules of its own', `${DENY}<Limit POST>\nDeny from all\n</Limit>\n`, ALONE],
    ['a part depends on a module', `${DENY}<IfModule mod_dir.c>\nAllow from all\n</IfModule>\n`, ALONE],
    ['one name stands for two', 'Allow from "env=a b"\nDeny from all\n', ALONE],
    ['the host takes no Require', DENY, { ...ALONE, host: { allowOverride: ['Limit'] } }],
  ])('is not rewritten where %s', (_what, text, options) => expect(fixed(text, options)).toBe(text));
});
