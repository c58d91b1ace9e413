import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('syntax.trailing-comment', () => {
  test('extensions', () => {
    const text = `AddType text/html .page # our pages
                        ^^^^^^^^^^^ syntax.trailing-comment
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`# our pages
AddType text/html .page
`);
  });

  test('index names, indented', () => {
    const text = `  DirectoryIndex a.php # main
                       ^^^^^^ syntax.trailing-comment
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`  # main
  DirectoryIndex a.php
`);
  });

  test('patterns and colours', () => {
    expectAdvice(`IndexIgnore .??* *~ #*#
AddDescription "#1 of all" a.html
`);
  });

  test('harmless ones', () => {
    expectAdvice(`RewriteEngine Off # x
`);
  });
});
