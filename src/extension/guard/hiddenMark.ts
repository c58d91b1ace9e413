import * as vscode from 'vscode';
import { judge } from '../../apache/config/judge';
import type { HostProfile } from '../../apache/host';
import { fixedText, type DispatcherFix, type DispatcherProblem } from '../../dispatcher';
import { textOfByteString } from '../../text/bytes';
import { byteStringIn } from './scripts';

/** The files that Apache reads as .htaccess, or that are kept to become one. */
export const HTACCESS_PATTERN = '**/{.htaccess,htaccess.txt,*.htaccess}';

/** The code of the one problem that is found here. */
export const HIDDEN_MARK = 'apache.byte-order-mark';

/** True for a file with one of those names. */
export function isHtaccess({ path, scheme }: vscode.Uri): boolean {
  return /(?:\/htaccess\.txt|\.htaccess)$/i.test(path) && scheme !== 'git';
}

/**
 * The refusal that only the file's bytes show: VS Code hides a byte order mark, and the language server sees the text alone, but Apache
 * takes the mark for a part of the first directive.
 */
export async function hiddenMarkIn(
  document: vscode.TextDocument,
  host: HostProfile,
): Promise<readonly DispatcherProblem[]> {
  const bytes = await byteStringIn(document);
  const fix = bytes === undefined ? undefined : fixFor(bytes);
  if (bytes === undefined || fix === undefined) return [];
  const verdict = judge(bytes, host);
  const shown = judge(fixedText(bytes, fix), host);
  // Where the text itself is refused first, its own problem is shown.
  if (verdict.ok || verdict.message === shown.message) return [];
  const words = textOfByteString(verdict.message ?? '').replaceAll('\uFEFF', '');
  const message = vscode.l10n.t(
    'Apache answers 500: {0}. The file begins with an invisible byte order mark, which Apache takes for a part of the name.',
    words,
  );
  const range = { start: { line: 0, character: 0 }, end: document.lineAt(0).range.end };
  return [{ code: HIDDEN_MARK, severity: 'error', message, range, fix }];
}

function fixFor(bytes: string): DispatcherFix | undefined {
  if (bytes.startsWith('\u00EF\u00BB\u00BF')) return { kind: 'without-bom', title: '' };
  if (!/^(?:\u00FF\u00FE|\u00FE\u00FF)/.test(bytes)) return undefined;
  return { kind: 'to-utf8', title: vscode.l10n.t('Convert to UTF-8') };
}
