import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('syntax.unclosed-section', () => {
  test('at the end of the file', () => {
    const text = `<IfModule mod_dir.c>
^^^^^^^^^ syntax.unclosed-section
DirectoryIndex a.php`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`<IfModule mod_dir.c>
DirectoryIndex a.php
</IfModule>
`);
  });

  test('closed', () => {
    expectAdvice(`<IfModule mod_dir.c>
<IfModule mod_env.c>
</IfModule>
</IfModule>
`);
  });

  test('refused by Apache itself', () => {
    expectAdvice(`<Files x>
`);
  });
});
