import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TextEdit } from 'vscode-languageserver';
import { readSettings } from '../../src/server/settings';
import { Editor } from './editor';

let editor: Editor;

beforeEach(() => {
  editor = new Editor();
});

afterEach(() => editor.dispose());

const OPTIONS = { options: { tabSize: 2, insertSpaces: true } };

test('the server says that it formats', async () => {
  expect((await editor.start()).capabilities).toMatchObject({
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '>', moreTriggerCharacter: ['\n'] },
  });
});

test('formats a document, lines of it, and the line that was written', async () => {
  await editor.start();
  await editor.open('<Files a>\nA\nB\n    </Files>');
  const all = await editor.ask<TextEdit[]>('textDocument/formatting', OPTIONS);
  expect(all.map(({ range, newText }) => [range.start.line, range.start.character, newText])).toEqual([
    [1, 0, '  '],
    [2, 0, '  '],
    [3, 0, ''],
    [3, 12, '\n'],
  ]);
  const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
  const some = await editor.ask<TextEdit[]>('textDocument/rangeFormatting', { ...OPTIONS, range });
  expect(some.map((edit) => edit.range.start.line)).toEqual([1]);
  const typed = { ...OPTIONS, position: { line: 3, character: 12 }, ch: '>' };
  const one = await editor.ask<TextEdit[]>('textDocument/onTypeFormatting', typed);
  expect(one.map((edit) => edit.range.start.line)).toEqual([3]);
});

test('asks the editor how arguments shall stand', async () => {
  editor.settings = { format: { arguments: 'single' } };
  await editor.start();
  await editor.open('Header  set A b\n');
  const edits = await editor.ask<TextEdit[]>('textDocument/formatting', OPTIONS);
  expect(edits).toHaveLength(1);
  editor.settings = null;
  expect(await editor.ask('textDocument/formatting', OPTIONS)).toEqual([]);
});

describe('Enter behind an opening tag', () => {
  const enter = (line: number) =>
    editor.ask<TextEdit[]>('textDocument/onTypeFormatting', {
      ...OPTIONS,
      position: { line, character: 0 },
      ch: '\n',
    });

  test('puts the closing one below, where the cursor is not moved by it', async () => {
    await editor.start();
    await editor.open('<Files a>\r\n\r\nOptions None\r\n');
    const at = { line: 2, character: 0 };
    expect(await enter(1)).toEqual([{ range: { start: at, end: at }, newText: '</Files>\r\n' }]);
    expect(await enter(2)).toEqual([]);
    await editor.change('Options None\n<Files a>\n', 2);
    const end = { line: 2, character: 0 };
    expect(await enter(2)).toEqual([{ range: { start: end, end }, newText: '\n</Files>' }]);
  });

  test('puts none where the editor does it itself, or the user wants none', async () => {
    await editor.start({ closesTags: true });
    await editor.open('<Files a>\n\n');
    expect(await enter(1)).toEqual([]);
    editor.dispose();
    editor = new Editor();
    editor.settings = { autoClosingTags: false };
    await editor.start();
    await editor.open('<Files a>\n\n');
    expect(await enter(1)).toEqual([]);
  });
});

test.each([undefined, null, 3, {}, { format: 3 }, { format: { arguments: 'wide' } }, []])(
  'settings that are none (%j) are the defaults',
  (sent) =>
    expect(readSettings(sent)).toEqual({
      autoClosingTags: true,
      format: { arguments: 'keep' },
      advice: { severity: {} },
    }),
);
