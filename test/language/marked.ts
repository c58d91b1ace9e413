import { expect } from 'vitest';
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { complete, diagnose, HtaccessDocument, type DiagnoseOptions, type Usage } from '../../src/language';

/** A document from a text whose cursor is a `|`, with the cursor's position. */
export function atCursor(marked: string): {
  readonly document: HtaccessDocument;
  readonly position: Position;
} {
  const at = marked.lastIndexOf('|');
  const text = marked.slice(0, at) + marked.slice(at + 1);
  const document = new HtaccessDocument(text);
  return { document, position: document.positionOfCharacter(at) };
}

/** Labels that completion offers at the `|`. */
export function labelsAt(marked: string, host: HostProfile = hostProfile(), usage?: Usage): string[] {
  const { document, position } = atCursor(marked);
  return complete(document, position, { host, ...(usage && { usage }) }).map(({ label }) => label);
}

/** The text after an item of that label was taken at the `|`. */
export function taking(marked: string, label: string, host: HostProfile = hostProfile()): string {
  const { document, position } = atCursor(marked);
  const item = complete(document, position, { host }).find((one) => one.label === label);
  if (item?.textEdit === undefined || !('range' in item.textEdit)) throw new Error(`${label} is not offered`);
  return applied(document, [item.textEdit]);
}

/** The text with `«»` around ranges of the editor: what a feature pointed at. */
export function withRanges({ text }: HtaccessDocument, ranges: readonly Range[]): string {
  const marks = ranges.flatMap((range) => {
    const { start, end } = inText(text, range);
    return [
      { at: start, mark: '«' },
      { at: end, mark: '»' },
    ];
  });
  marks.sort((one, other) => other.at - one.at || (one.mark === '«' ? -1 : 1));
  return marks.reduce((result, { at, mark }) => result.slice(0, at) + mark + result.slice(at), text);
}

const MARK = /^(\s*)(\^+) (\S+)$/;

/** Checks that the problems are those marked by `^^^ code` below their lines, and gives the text without marks. */
export function expectProblems(
  marked: string,
  host: HostProfile = hostProfile(),
  options: DiagnoseOptions = {},
): void {
  const lines: string[] = [];
  const wanted: string[] = [];
  for (const line of marked.split('\n')) {
    const mark = MARK.exec(line);
    if (mark === null) lines.push(line);
    else
      wanted.push(
        `${lines.length}:${mark[1]?.length ?? 0}-${(mark[1]?.length ?? 0) + (mark[2]?.length ?? 0)} ${mark[3] ?? ''}`,
      );
  }
  const found = diagnose(new HtaccessDocument(lines.join('\n')), host, options);
  expect(
    found.map(
      ({ range, code }) => `${range.start.line + 1}:${range.start.character}-${range.end.character} ${code}`,
    ),
  ).toEqual(wanted);
}

/** The text after the fix with this title was made; the titles when there is none. */
export function fixed(text: string, title: string, host: HostProfile = hostProfile()): string | string[] {
  const document = new HtaccessDocument(text);
  const fixes = diagnose(document, host).flatMap((problem) => problem.fixes);
  const fix = fixes.find((one) => one.title === title);
  return fix === undefined ? fixes.map((one) => one.title) : applied(document, fix.edits);
}

/** A text after edits that do not overlap; fails for one outside of it. */
export function applied({ text }: HtaccessDocument, edits: readonly TextEdit[]): string {
  const spans = edits.map(({ range, newText }) => ({ ...inText(text, range), newText }));
  spans.sort((one, other) => other.start - one.start || other.end - one.end);
  let result = text;
  let limit = text.length;
  for (const { start, end, newText } of spans) {
    expect(start <= end && end <= limit, `edit ${start}-${end} within ${limit}`).toBe(true);
    result = result.slice(0, start) + newText + result.slice(end);
    limit = start;
  }
  return result;
}

function inText(text: string, range: Range): { readonly start: number; readonly end: number } {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const offset = ({ line, character }: Position): number => {
    const start = lines.slice(0, line).reduce((sum, one) => sum + one.length, 0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(character).toBeLessThanOrEqual((lines[line] ?? '').length);
    return start + character;
  };
  return { start: offset(range.start), end: offset(range.end) };
}
