import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.child-drops-parent', () => {
  test('the rules above', () => {
    expectAdvice(
      `RewriteEngine On
^^^^^^^^^^^^^^^^ rewrite.child-drops-parent
`,
      { site: { '.htaccess': 'RewriteEngine On\nRewriteRule ^a /b', 'sub/x': '' }, directory: '/site/sub' },
    );
  });

  test('no rules above', () => {
    expectAdvice(
      `RewriteEngine On
`,
      { site: { '.htaccess': 'RewriteEngine On', 'sub/x': '' }, directory: '/site/sub' },
    );
  });

  test('rules of its own', () => {
    expectAdvice(
      `RewriteEngine On
RewriteRule ^x$ /y [L]
`,
      {
        site: { '.htaccess': 'RewriteEngine On\nRewriteRule ^a /b', 'sub/x': '' },
        directory: '/site/sub',
        documentRoot: '/site',
      },
    );
  });
});
