import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('exposure.program-source', () => {
  test('beside the dispatcher', () => {
    const text = `DirectoryIndex a
^^^^^^^^^^^^^^^^ exposure.program-source
`;
    expectAdvice(text, { site: { 'fcgi.py': '', 'app.py': '' } });
    expect(fixed(text, { site: { 'fcgi.py': '', 'app.py': '' } })).toBe(`DirectoryIndex a
<FilesMatch "\\.(py)$">
  Require all denied
</FilesMatch>
`);
  });

  test('denied', () => {
    expectAdvice(
      `<FilesMatch "\\.py$">
  Require all denied
</FilesMatch>
`,
      { site: { 'fcgi.py': '' } },
    );
  });

  test('hidden by the dispatcher', () => {
    expectAdvice(
      `RewriteEngine On
RewriteRule ^d\\.fcgi - [L]
RewriteRule ^(.*)$ d.fcgi/$1 [L]
`,
      { site: { 'fcgi.py': '', 'd.fcgi': { text: '#!x', mode: 0o755 } } },
    );
  });
});
