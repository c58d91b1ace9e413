import type { Connection, FormattingOptions, TextEdit } from 'vscode-languageserver';
import { format, type FormatOptions, type LineRange } from '../language';
import type { FeatureSurroundings } from './features';
import type { HtaccessSettings } from './settings';

/** What formatting needs beside the documents. */
export interface FormattingSurroundings extends Pick<FeatureSurroundings, 'analysisOf'> {
  settingsOf(uri: string): Promise<HtaccessSettings>;
}

/** Characters after which the line that was just written is indented. */
export const FORMATS_AFTER = ['>', '\n'] as const;

/** Answers requests to format a document, some lines of it, or the line that is being written. */
export function answerFormatting(connection: Connection, around: FormattingSurroundings): void {
  const edits = async (uri: string, given: FormattingOptions, lines?: LineRange): Promise<TextEdit[]> => {
    const { format: settings } = await around.settingsOf(uri);
    // Looked up afterwards: the document may have changed while the settings were asked for.
    const analysis = around.analysisOf(uri);
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
  connection.onDocumentOnTypeFormatting(({ textDocument, options, position, ch }) => {
    const line = ch === '\n' ? position.line - 1 : position.line;
    return edits(textDocument.uri, options, { first: line, last: line });
  });
}
