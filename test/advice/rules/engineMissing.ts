import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.engine-missing', () => {
  test('before the first condition', () => {
    const text = `DirectoryIndex a

  RewriteCond %{HTTPS} off
  RewriteRule ^a$ /b [L]
  ^^^^^^^^^^^ rewrite.engine-missing
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`DirectoryIndex a

  RewriteEngine On
  RewriteCond %{HTTPS} off
  RewriteRule ^a$ /b [L]
`);
  });

  test('switched off on purpose', () => {
    expectAdvice(`RewriteEngine Off
RewriteRule ^a$ /b [L]
`);
  });

  test('on in the folder above', () => {
    expectAdvice(
      `RewriteRule ^a$ /b [L]
`,
      { site: { '.htaccess': 'RewriteEngine On', 'sub/x': '' }, directory: '/site/sub' },
    );
  });

  test('not on in the folder above', () => {
    expectAdvice(
      `RewriteRule ^a$ /b [L]
^^^^^^^^^^^ rewrite.engine-missing
`,
      { site: { '.htaccess': 'DirectoryIndex a', 'sub/x': '' }, directory: '/site/sub' },
    );
  });
});
