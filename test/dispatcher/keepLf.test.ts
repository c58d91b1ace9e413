import { describe, expect, test } from 'vitest';
import { withEditorconfigLines, withGitattributesLines } from '../../src/dispatcher/keepLf';

const LINES = '*.fcgi text eol=lf\n*.cgi text eol=lf\n.htaccess text eol=lf\n';

describe('.gitattributes', () => {
  test.each([
    ['', LINES],
    ['*.png binary', `*.png binary\n${LINES}`],
    [
      '*.fcgi   text  eol=lf\r\n.htaccess text eol=lf\n',
      '*.fcgi   text  eol=lf\r\n.htaccess text eol=lf\n*.cgi text eol=lf\n',
    ],
    [LINES, LINES],
  ])('%j becomes %j', (before, after) => {
    expect(withGitattributesLines(before)).toBe(after);
    expect(withGitattributesLines(after)).toBe(after);
  });
});

describe('.editorconfig', () => {
  const section = '\n[{*.fcgi,*.cgi,.htaccess}]\nend_of_line = lf\n';
  test.each([
    ['', `root = true\n${section}`],
    ['[*]\nindent_size = 2', `[*]\nindent_size = 2\n${section}`],
    ['[*]\nend_of_line = lf\n', '[*]\nend_of_line = lf\n'],
    [
      '[*]\nend_of_line = lf\n[*.bat]\nend_of_line = crlf\n',
      `[*]\nend_of_line = lf\n[*.bat]\nend_of_line = crlf\n${section}`,
    ],
  ])('%j becomes %j', (before, after) => {
    expect(withEditorconfigLines(before)).toBe(after);
    expect(withEditorconfigLines(after)).toBe(after);
  });
});
