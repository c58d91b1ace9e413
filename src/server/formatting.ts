import type { Connection, FormattingOptions, Position, TextEdit } from 'vscode-languageserver';
import {
  closingTagBelow,
  format,
  type FormatOptions,
  type HtaccessDocument,
  type LineRange,
} from '../language';
import type { FeatureSurroundings } from './features';
import type { HtaccessSettings } from './settings';

/** What formatting needs beside the documents. */
export interface FormattingSurroundings extends Pick<FeatureSurroundings, 'analysisOf'> {
  settingsOf(uri: string): Promise<HtaccessSettings>;
  /** The editor puts closing tags below by itself. */
  closesTags(): boolean;
}

/** Characters after which the line that was just written is indented. */
export const FORMATS_AFTER = ['>', '\n'] as const;

/** Answers requests to format a document, some lines of it, or the line that is being written. */
export function answerFormatting(connection: Connection, around: FormattingSurroundings): void {
  const edits = async (uri: string, given: FormattingOptions, lines?: LineRange): Promise<TextEdit[]> => {
    // The text of this moment: the editor would put edits of a later one into the wrong places.
    const analysis = around.analysisOf(uri);
    const { format: settings } = await around.settingsOf(uri);
    const options: FormatOptions = {
      indent: given.insertSpaces ? ' '.repeat(Math.max(0, Math.min(given.tabSize, 16))) : '\t',
      arguments: settings.arguments,
      finalNewline: given.insertFinalNewline !== false,
    };
    return analysis === undefined ? [] : format(analysis.document, options, lines);
  };
  connection.onDocumentFormatting(({ textDocument, options }) => edits(textDocument.uri, options));
  connection.onDocumentRangeFormatting(({ textDocument, options, range: { start, end } }) => {
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    return edits(textDocument.uri, options, { first: start.line, last });
  });
  const closing = async (uri: string, position: Position): Promise<TextEdit[]> => {
    const document = around.analysisOf(uri)?.document;
    if (around.closesTags() || !(await around.settingsOf(uri)).autoClosingTags) return [];
    return document === undefined ? [] : closingTagEdits(document, position);
  };
  connection.onDocumentOnTypeFormatting(async ({ textDocument: { uri }, options, position, ch }) => {
    if (ch !== '\n') return edits(uri, options, { first: position.line, last: position.line });
    const before = position.line - 1;
    const both = await Promise.all([
      edits(uri, options, { first: before, last: before }),
      closing(uri, position),
    ]);
    return both.flat();
  });
}

/** Behind the line of the cursor, so that the cursor stays where it is; without a line behind, at its end. */
function closingTagEdits(document: HtaccessDocument, { line }: Position): TextEdit[] {
  const tag = closingTagBelow(document, { line, character: 0 });
  if (tag === undefined) return [];
  const lines = document.text.split('\n');
  const lineEnd = lines[line - 1]?.endsWith('\r') === true ? '\r\n' : '\n';
  const isLast = lines[line + 1] === undefined;
  const at = isLast ? { line, character: lines[line]?.length ?? 0 } : { line: line + 1, character: 0 };
  return [{ range: { start: at, end: at }, newText: isLast ? lineEnd + tag : tag + lineEnd }];
}
