import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('exposure.private-file', () => {
  test('settings and copies', () => {
    expectAdvice(
      `DirectoryIndex a
^^^^^^^^^^^^^^^^ exposure.private-file
`,
      { site: { '.env': '', 'index.php~': '', 'a.html': '' } },
    );
  });

  test('denied, or not private', () => {
    expectAdvice(
      `<FilesMatch "^\\.env">
  Require all denied
</FilesMatch>
`,
      { site: { '.env.local': '', 'a.html': '', '.well-known/x': '' } },
    );
  });
});
