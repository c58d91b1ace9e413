import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import {
  applyEdits,
  format,
  formatBytes,
  HtaccessDocument,
  type FormatOptions,
  type LineRange,
} from '../../src/language';
import { structureTexts } from '../oracle/generate/structure';
import { applied } from './marked';

const FOLDER = new URL('../oracle/fixtures/realistic/', import.meta.url);
const SAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.htaccess'));

const host = hostProfile();

function formatted(text: string, options: Partial<FormatOptions> = {}, lines?: LineRange): string {
  const document = new HtaccessDocument(text);
  return applied(document, format(document, { indent: '  ', ...options }, lines));
}

/** Apache's verdict; the blanks between words of what it quotes do not count. */
function verdictOf(text: string): string {
  const { ok, line, message } = judge(Buffer.from(text).toString('latin1'), host);
  return `${ok} ${line} ${message?.replaceAll(/\s+/g, ' ')}`;
}

function expectSameMeaning(text: string, options: Partial<FormatOptions>): void {
  const made = formatted(text, options);
  expect(verdictOf(made)).toBe(verdictOf(text));
  expect(formatted(made, options)).toBe(made);
  const words = (source: string): string => source.replaceAll(/[\s\\]+/g, '');
  expect(words(made)).toBe(words(text));
}

describe('indentation', () => {
  test('sections indent what is in them, comments too', () => {
    const text =
      '<IfModule mod_rewrite.c>\n# first\nRewriteEngine On   \n      <If "true">\nHeader set A b\n</If>\n  </IfModule>\n';
    expect(formatted(text)).toBe(
      '<IfModule mod_rewrite.c>\n  # first\n  RewriteEngine On\n  <If "true">\n    Header set A b\n  </If>\n</IfModule>\n',
    );
  });

  test('one level is what the editor says', () => {
    expect(formatted('<Files a>\nRequire all denied\n</Files>\n', { indent: '\t' })).toBe(
      '<Files a>\n\tRequire all denied\n</Files>\n',
    );
  });

  test('a section that is still open indents nothing', () => {
    const text = '<Files a>\nRequire all denied\nOptions None\n';
    expect(formatted(text)).toBe(text);
  });

  test('a stray closing tag stays where the lines around it are', () => {
    expect(formatted('</Files>\n  Options None\n')).toBe('</Files>\nOptions None\n');
  });

  test('CR LF stays, blank lines lose their blanks, the last line gets its end when asked', () => {
    expect(formatted('  Options None \r\n   \r\nOptions All', { finalNewline: true })).toBe(
      'Options None\r\n\r\nOptions All\r\n',
    );
  });

  test('only the lines that were asked for', () => {
    expect(formatted('  A\n  B\n  C\n', {}, { first: 1, last: 1 })).toBe('  A\nB\n  C\n');
  });

  test('letters beyond ASCII are counted as the editor counts them', () => {
    expect(formatted('# grün 🙂\n<Files "größe">\nErrorDocument 404 "weg 🙂"\n</Files>\n')).toBe(
      '# grün 🙂\n<Files "größe">\n  ErrorDocument 404 "weg 🙂"\n</Files>\n',
    );
  });
});

describe('what blanks mean', () => {
  test('a blank behind a backslash keeps it from joining the next line', () => {
    const text = 'RewriteRule a b\\ \nOptions None\n';
    expect(formatted(text)).toBe(text);
  });

  test('a backslash at the end of the file gets no line end', () => {
    expect(formatted('Options None\\', { finalNewline: true })).toBe('Options None\\');
  });

  test('continued lines move with their first one', () => {
    const text = '<Files a>\nHeader set A \\\n    "b" \\\n  env=c\n</Files>\n';
    expect(formatted(text)).toBe('<Files a>\n  Header set A \\\n      "b" \\\n    env=c\n</Files>\n');
  });

  test('blanks within quotes over two lines stay', () => {
    const text = '<Files a>\nHeader set A "b \\\n  c"\n</Files>\n';
    expect(formatted(text)).toBe('<Files a>\n  Header set A "b \\\n  c"\n</Files>\n');
  });

  test('a word that is broken over two lines stays whole', () => {
    const text = '<Files a>\nErrorDocument 40\\\n4 /a\n</Files>\n';
    expect(formatted(text)).toBe('<Files a>\n  ErrorDocument 40\\\n4 /a\n</Files>\n');
  });

  test('a comment that swallows the next line keeps it', () => {
    const text = '<Files a>\n# off \\\n   Options None\nRequire all denied\n</Files>\n';
    expect(formatted(text)).toBe('<Files a>\n  # off \\\n   Options None\n  Require all denied\n</Files>\n');
  });

  test('a program within <LuaHook…> is left alone', () => {
    const text = '<LuaHookFixups name>\nx = [[\n  a\n]]\n</LuaHookFixups>\n';
    expect(formatted(text)).toBe(text);
  });

  test('a line is not made longer than Apache takes', () => {
    const long = `SetEnv A ${'b'.repeat(8170)}`;
    expect(formatted(`<Files a>\n${long}\n</Files>\n`)).toContain(`\n${long}\n`);
  });

  test('a file with NUL bytes is left alone', () => {
    expect(formatted('  a\0b\n')).toBe('  a\0b\n');
  });
});

describe('arguments', () => {
  const text = 'AddType  text/css .css\nAddType application/json   .json .map\n\nAddType a/b .c\n';

  test('stay as they are', () => {
    expect(formatted(text)).toBe(text);
  });

  test('with one blank between them', () => {
    expect(formatted(text, { arguments: 'single' })).toBe(
      'AddType text/css .css\nAddType application/json .json .map\n\nAddType a/b .c\n',
    );
  });

  test('in columns within lines of the same directive', () => {
    expect(formatted(text, { arguments: 'align' })).toBe(
      'AddType text/css         .css\nAddType application/json .json .map\n\nAddType a/b .c\n',
    );
  });

  test('as the rewrite directives take them apart: a blank behind a backslash is part of the pattern', () => {
    expect(formatted('RewriteRule   ^a\\  b   [L]  # c\n', { arguments: 'single' })).toBe(
      'RewriteRule ^a\\  b [L] # c\n',
    );
  });

  test('expressions, which blanks are part of, stay', () => {
    expect(formatted('Require  expr  "a"  ==  "b"\n', { arguments: 'align' })).toBe(
      'Require  expr  "a"  ==  "b"\n',
    );
  });
});

describe('the meaning stays', () => {
  test.each(SAMPLES)('of %s, and of what it is while it is typed', (name) => {
    const whole = readFileSync(new URL(name, FOLDER), 'utf8');
    for (const style of ['keep', 'single', 'align'] as const) {
      expectSameMeaning(whole, { arguments: style, finalNewline: true });
      for (let end = 0; end < whole.length; end += 97)
        expectSameMeaning(whole.slice(0, end), { arguments: style });
    }
  });

  test('of lines made of pieces that are easily got wrong', () => {
    // prettier-ignore
    const piece = fc.constantFrom(
      '\n', '\n', '\r\n', '\\', '\\\n', ' ', '  ', '\t', '\v', '"', "'", '#', '<Files a>', '</Files>', '<If "true">',
      '</If>', '<IfModule x>', '</IfModule>', 'RewriteRule ', 'RewriteCond ', 'Options ', 'AddType ', 'a', 'b.c', '[L]',
      'Header set ', 'SetEnv ', 'ErrorDocument 404 ', '${A}', '\r', 'é', '<Files', '>', '\0', 'Require expr ',
    );
    const options = fc.record({
      arguments: fc.constantFrom('keep' as const, 'single' as const, 'align' as const),
      finalNewline: fc.boolean(),
      indent: fc.constantFrom('', '  ', '\t', '        '),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), options, (pieces, given) =>
        expectSameMeaning(pieces.join(''), given),
      ),
      { numRuns: 3000 },
    );
  });

  test('of generated files, whatever bytes they hold', () => {
    for (const bytes of structureTexts(1500, 8)) {
      const source = Buffer.from(bytes).toString('latin1');
      const made = applyEdits(source, formatBytes(source, { indent: '    ', finalNewline: true }));
      const before = judge(source, host);
      expect({ ...judge(made, host), source }).toEqual({ ...before, source });
    }
  });
});
