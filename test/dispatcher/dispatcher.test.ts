import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkDispatcher,
  dispatcherChecks,
  fixedText,
  toLf,
  withoutBom,
  type DispatcherProblem,
} from '../../src/dispatcher';
import { byteStringOf, bytesOf } from '../../src/text/bytes';

const PATH = 'public_html/dispatch.fcgi';
const BODY = '\nimport os\n';

function problems(content: string | Uint8Array, mode?: number): readonly DispatcherProblem[] {
  return checkDispatcher(content, { path: PATH, ...(mode === undefined ? {} : { mode }) });
}

function codes(content: string | Uint8Array, mode?: number): string[] {
  return problems(content, mode).map((one) => one.code);
}

const utf16le = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le').swap16());

describe('a dispatcher', () => {
  test.each([
    ['an absolute interpreter', `#!/usr/bin/python3${BODY}`],
    ['env', `#!/usr/bin/env python3${BODY}`],
    ['env -S with arguments', `#!/usr/bin/env -S python3 -u${BODY}`],
    ['env -vS with arguments', `#!/usr/bin/env -vS python3 -u${BODY}`],
    ['env --split-string', `#!/usr/bin/env --split-string=python3 -u${BODY}`],
    ['an interpreter with arguments', `#!/usr/bin/perl -w -T${BODY}`],
    ['blanks around the interpreter', `#! \t/usr/bin/env  python3  ${BODY}`],
    ['no line ending at all', '#!/bin/true'],
    ['a compiled program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
    ['a NUL further down', `#!/usr/bin/python3\nx = "\0"\n`],
  ])('may have %s', (_, content) => {
    expect(codes(content, 0o755)).toEqual([]);
  });

  test.each([
    ['dispatcher.crlf', 'CR LF everywhere', '#!/usr/bin/python3\r\nimport os\r\n'],
    ['dispatcher.crlf', 'only CR', '#!/usr/bin/python3\rimport os\r'],
    ['dispatcher.crlf', 'CR LF further down', '#!/usr/bin/python3\nimport os\r\n'],
    ['dispatcher.bom', 'a byte order mark', `\uFEFF#!/usr/bin/python3${BODY}`],
    ['dispatcher.bom', 'the bytes of a mark', bytesOf(`\xEF\xBB\xBF#!/usr/bin/python3${BODY}`)],
    ['dispatcher.utf16', 'UTF-16 with mark', utf16le(`\uFEFF#!/usr/bin/python3\r\n`)],
    ['dispatcher.utf16', 'big-endian UTF-16 with mark', utf16be(`\uFEFF#!/usr/bin/python3\r\n`)],
    ['dispatcher.utf16', 'UTF-16 without mark', utf16le('#!/usr/bin/python3\n')],
    ['dispatcher.utf16', 'big-endian UTF-16 without mark', utf16be('#!/usr/bin/python3\n')],
    ['dispatcher.no-shebang', 'no first line', 'import os\n'],
    ['dispatcher.no-shebang', 'nothing', ''],
    ['dispatcher.no-shebang', 'an empty line first', `\n#!/usr/bin/python3${BODY}`],
    ['dispatcher.no-shebang', 'a blank first', ` #!/usr/bin/python3${BODY}`],
    ['dispatcher.no-shebang', 'no interpreter', `#!${BODY}`],
    ['dispatcher.shebang-arguments', 'env with arguments', `#!/usr/bin/env python3 -u${BODY}`],
    ['dispatcher.shebang-arguments', 'env with a variable', `#!/usr/bin/env A=b python3${BODY}`],
    ['dispatcher.shebang-relative', 'a name', `#!python3${BODY}`],
    ['dispatcher.shebang-relative', 'the home folder', `#!~/venv/bin/python${BODY}`],
    ['dispatcher.shebang-relative', 'a Windows path', `#!C:\\Python\\python.exe${BODY}`],
    ['dispatcher.shebang-relative', 'a path beside it', `#!venv/bin/python${BODY}`],
  ])('gets %s for %s', (code, _, content) => {
    expect(codes(content, 0o755)).toEqual([code]);
  });

  test.each([
    [0o644, ['dispatcher.not-executable']],
    [0o666, ['dispatcher.not-executable', 'dispatcher.writable-by-others']],
    [0o777, ['dispatcher.writable-by-others']],
    [0o775, ['dispatcher.writable-by-others']],
    [0o755, []],
    [0o700, []],
    [0o100_755, []],
  ])('with mode %o gets its findings', (mode, expected) => {
    expect(codes(`#!/usr/bin/python3${BODY}`, mode)).toEqual(expected);
  });

  test('is given the same mode by both fixes, where it needs both', () => {
    const modes = (mode: number) =>
      problems(`#!/usr/bin/python3${BODY}`, mode).map(({ fix }) =>
        fix?.kind === 'set-mode' ? fix.mode : undefined,
      );
    expect(modes(0o666)).toEqual([0o755, 0o755]);
    expect(modes(0o770)).toEqual([0o750]);
  });

  test('is not judged by an unknown mode', () => {
    expect(codes(`#!/usr/bin/python3${BODY}`)).toEqual([]);
  });

  test('with a mark and CR LF gets both', () => {
    expect(codes('\uFEFF#!/usr/bin/env python3\r\n')).toEqual(['dispatcher.bom', 'dispatcher.crlf']);
  });
});

describe('a message', () => {
  test.each([
    ['#!/usr/bin/env python3\r\n', /env looks for a program "python3\\r" and ends with exit code 127/],
    ['#!/usr/bin/python3\r\n', /no interpreter "\/usr\/bin\/python3\\r" \(exit code 255\)/],
    ['#!/usr/bin/python3 -u\r\n', /gets the argument "-u\\r"/],
  ])('tells what CR does to %j', (content, words) => {
    const [problem] = problems(content);
    expect(problem?.message).toMatch(words);
    expect(problem?.message).toMatch(
      /^Apache answers 500: "End of script output before headers: dispatch.fcgi"/,
    );
    expect(problem?.severity).toBe('error');
  });

  test('is milder where only later lines end in CR LF', () => {
    const [problem] = problems('#!/usr/bin/python3\nimport os\n\nx = 1\r\ny = 2\r\n');
    expect(problem).toMatchObject({
      severity: 'warning',
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } },
    });
  });

  test('is milder for an interpreter beside the dispatcher', () => {
    expect(problems(`#!venv/bin/python${BODY}`)[0]?.severity).toBe('warning');
    expect(problems(`#!python3${BODY}`)[0]?.severity).toBe('error');
  });

  test('shows the first line, without its ending', () => {
    expect(problems('#!python3\r\n', 0o644).map((one) => one.range.end)).toEqual([
      { line: 0, character: 9 },
      { line: 0, character: 9 },
      { line: 0, character: 9 },
    ]);
  });
});

describe('a fix', () => {
  test.each([
    '#!/usr/bin/env python3\r\nimport os\rx\n',
    `\uFEFF#!/usr/bin/python3${BODY}`,
    `\xEF\xBB\xBF#!/usr/bin/python3${BODY}`,
    `#!/usr/bin/env python3 -u${BODY}`,
    `#!python3${BODY}`,
    'from flask import Flask\n',
    '<?php echo 1;\n',
    byteStringOf(utf16le('\uFEFF#!/usr/bin/python3\n')),
    byteStringOf(utf16be('#!/usr/bin/python3\n')),
  ])('mends %j', (content) => {
    const [problem] = problems(content);
    expect(problem?.fix).toBeDefined();
    const mended = problem?.fix ? fixedText(content, problem.fix) : content;
    expect(codes(mended)).toEqual([]);
  });

  test('for the mode names a safe one', () => {
    const modes = [0o644, 0o777, 0o775, 0o676].map((mode) => problems(`#!/bin/sh${BODY}`, mode)[0]?.fix);
    expect(modes).toMatchObject(
      [{ mode: 0o755 }, { mode: 0o755 }, { mode: 0o755 }, { mode: 0o755 }]
        .slice(0, 3)
        .concat({ mode: 0o754 }),
    );
  });

  test('is not offered where the language is unknown', () => {
    expect(problems('hello\n')[0]).not.toHaveProperty('fix');
  });

  test('to LF leaves no CR, and changes nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(toLf(text)).not.toContain('\r');
        expect(toLf(text).replaceAll('\n', '')).toBe(text.replaceAll(/[\r\n]/g, ''));
      }),
    );
    expect(toLf('a\r\n\r\rb\n')).toBe('a\n\n\nb\n');
  });

  test('without BOM takes one mark only', () => {
    expect(withoutBom('\uFEFF\uFEFFa')).toBe('\uFEFFa');
    expect(withoutBom('a\uFEFF')).toBe('a\uFEFF');
  });
});

describe('the checks', () => {
  test('have permanent names, each its own', () => {
    const names = dispatcherChecks.map((one) => one.code);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(name).toMatch(/^(?:dispatcher|git|target|python|perl|php|ruby)\.[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  test('never throw, and stay inside the text', () => {
    const pieces = fc.constantFrom(
      '#!',
      '/usr/bin/env',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '\uFEFF',
      '\0',
      'python3',
      '-S',
      '~',
      '\\',
    );
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        content,
        fc.option(fc.integer({ min: 0, max: 0o7777 }), { nil: undefined }),
        (text, mode) => {
          const plain = typeof text === 'string' ? text : byteStringOf(text);
          const lines = plain.split(/\r\n|\r|\n/);
          for (const { range, fix } of problems(text, mode)) {
            expect(range.end.line).toBe(range.start.line);
            expect(range.start.character).toBeLessThanOrEqual(range.end.character);
            expect(range.end.character).toBeLessThanOrEqual((lines[range.end.line] ?? '').length);
            if (fix) fixedText(plain, fix);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
