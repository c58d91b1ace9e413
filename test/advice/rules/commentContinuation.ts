import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('syntax.comment-continuation', () => {
  test('a directive behind the backslash', () => {
    const text = `# C:\\site\\
         ^ syntax.comment-continuation
DirectoryIndex a.php
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`# C:\\site
DirectoryIndex a.php
`);
  });

  test('nothing is lost', () => {
    expectAdvice(`# a \\
# b
# c \\

DirectoryIndex a.php
`);
  });

  test('a comment that goes on in the next line', () => {
    expectAdvice(`# this explains \\
more of it
# options \\
Options for everybody
DirectoryIndex a.php
`);
  });

  test('a blank behind the backslash', () => {
    expectAdvice(`# a \\ 
DirectoryIndex a.php
`);
  });
});
