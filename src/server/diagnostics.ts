import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { judge } from '../apache/config/judge';
import type { HostProfile } from '../apache/host';
import { byteStringOfText } from '../text/bytes';
import { LineIndex, type Span } from '../text/lines';

/** The code of Apache's verdict among the diagnostics. */
export const VERDICT_CODE = 'apache.refuses';

/** What Apache would answer for the text of a `.htaccess`: its first error, or nothing. */
export function verdictOf(document: TextDocument, host: HostProfile): Diagnostic[] {
  const text = document.getText();
  const verdict = judge(byteStringOfText(text), host);
  if (verdict.ok) return [];
  return [
    {
      range: rangeOf(document, logicalLineSpan(text, verdict.line ?? 1)),
      severity: DiagnosticSeverity.Error,
      code: VERDICT_CODE,
      source: 'Apache',
      message: `Apache answers 500: ${verdict.message ?? ''}`,
    },
  ];
}

/**
 * The visible part of the logical line that Apache means: it names the last physical line, 1-based, and counts LF only.
 * Offsets are in UTF-16 units; line numbers are the same in bytes.
 */
export function logicalLineSpan(text: string, lastLine: number): Span {
  const lines = new LineIndex(text);
  const last = Math.max(0, Math.min(lastLine, lines.lineCount) - 1);
  let first = last;
  while (first > 0 && /\\\r?\n$/.test(lineAt(text, lines, first - 1))) first -= 1;
  const start = lines.startOf(first);
  const whole = text.slice(start, lines.startOf(last + 1));
  const blanks = whole.length - whole.trimStart().length;
  const end = start + whole.trimEnd().length;
  return { start: Math.min(start + blanks, end), end };
}

function lineAt(text: string, lines: LineIndex, line: number): string {
  return text.slice(lines.startOf(line), lines.startOf(line + 1));
}

function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
