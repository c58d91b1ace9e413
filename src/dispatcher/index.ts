import { bom } from './checks/bom';
import { crlf } from './checks/crlf';
import { noShebang } from './checks/noShebang';
import { notExecutable } from './checks/notExecutable';
import { shebangArguments } from './checks/shebangArguments';
import { shebangRelative } from './checks/shebangRelative';
import { utf16 } from './checks/utf16';
import { writableByOthers } from './checks/writableByOthers';
import { toLf, utf16ToUtf8, withoutBom } from './endings';
import { dispatcherFile, type DispatcherFacts } from './file';
import type { DispatcherCheck, DispatcherFix, DispatcherProblem } from './problem';

export { toLf, withoutBom } from './endings';
export type { DispatcherFacts, Range } from './file';
export type { DispatcherCheck, DispatcherFix, DispatcherProblem, Severity } from './problem';

/** Every check, in the order in which its findings are shown. */
export const dispatcherChecks: readonly DispatcherCheck[] = [
  utf16,
  bom,
  crlf,
  noShebang,
  shebangArguments,
  shebangRelative,
  notExecutable,
  writableByOthers,
];

/**
 * What is wrong with a dispatcher (`.fcgi`, `.cgi`) so that the web server cannot start it.
 * `content`: the bytes of the file, or the text of an editor. Never throws.
 */
export function checkDispatcher(
  content: Uint8Array | string,
  facts: DispatcherFacts,
): readonly DispatcherProblem[] {
  const file = dispatcherFile(content, facts);
  return dispatcherChecks.flatMap(({ code, severity, check }) => {
    const finding = check(file);
    return finding ? [{ code, severity, ...finding }] : [];
  });
}

/** The text after a fix; `set-mode` leaves it as it is. Of a byte string for `to-utf8`. */
export function fixedText(text: string, fix: DispatcherFix): string {
  if (fix.kind === 'to-lf') return toLf(text);
  if (fix.kind === 'without-bom') return withoutBom(text);
  if (fix.kind === 'to-utf8')
    return utf16ToUtf8(
      text,
      dispatcherFile(text, { path: '' }).encoding === 'utf-16be' ? 'utf-16be' : 'utf-16le',
    );
  return fix.kind === 'first-line' ? withFirstLine(text, fix.line) : text;
}

/** With another first line where it is a `#!` line, with one more where it is not. */
function withFirstLine(text: string, line: string): string {
  const body = withoutBom(text);
  const rest = body.startsWith('#!') ? body.replace(/^[^\r\n]*/, '') : `\n${body}`;
  return `${body === text ? '' : text.slice(0, text.length - body.length)}${line}${rest}`;
}
