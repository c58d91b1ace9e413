import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('php.needs-mod-php', () => {
  test('a run of settings', () => {
    const text = `DirectoryIndex a.php
php_value a 1
^^^^^^^^^ php.needs-mod-php
php_flag b on
SetEnv x y
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`DirectoryIndex a.php
<IfModule mod_php.c>
php_value a 1
php_flag b on
</IfModule>
SetEnv x y
`);
  });

  test('inside IfModule', () => {
    expectAdvice(`<IfModule mod_php.c>
php_value a 1
</IfModule>
`);
  });
});
