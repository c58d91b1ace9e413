import { expect, test } from 'vitest';
import { closingTagBelow } from '../../src/language';
import { atCursor } from './marked';

test.each<[marked: string, tag: string | undefined]>([
  ['<Files a>\n|', '</Files>'],
  ['<Files a>\n  |\nOptions None', '</Files>'],
  ['\t<ifmodule a>\n|\n', '\t</ifmodule>'],
  ['<If "a">\n<If "b">\n|\n</If>\n', '</If>'],
  ['<Files a>\n|\n</Files>', undefined],
  ['<Files a\n|', undefined],
  ['<Files a> # c\n|', undefined],
  ['</Files>\n|', undefined],
  ['Options None\n|', undefined],
  ['<Files a>\nOpt|ions None', undefined],
  ['|', undefined],
  ['# <Files a>\n|', undefined],
])('%j', (marked, tag) => {
  const { document, position } = atCursor(marked);
  expect(closingTagBelow(document, position)).toBe(tag);
});
