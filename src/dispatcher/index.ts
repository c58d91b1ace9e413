import { toLf, utf16ToUtf8, withoutBom } from './endings';
import { dispatcherFile, type DispatcherFacts } from './file';
import { programOf } from './language';
import type { DispatcherFix, DispatcherProblem, TextChange } from './problem';
import { dispatcherChecks } from './registry';

export { toLf, withoutBom } from './endings';
export { dispatcherChecks } from './registry';
export type { InterpreterThere, OnTarget, Owner } from './onTarget';
export type { DispatcherFacts, GitFacts, ModulePlace, Range } from './file';
export type { DispatcherCheck, DispatcherFix, DispatcherProblem, Severity, TextChange } from './problem';

/**
 * What is wrong with a dispatcher (`.fcgi`, `.cgi`): why the web server cannot start it, and what its visitors should not
 * see. `content`: the bytes of the file, or the text of an editor. Never throws.
 */
export function checkDispatcher(
  content: Uint8Array | string,
  facts: DispatcherFacts,
): readonly DispatcherProblem[] {
  const file = dispatcherFile(content, facts);
  return dispatcherChecks.flatMap(({ code, severity, check }) =>
    [check(file) ?? []].flat().map((finding) => ({ code, severity, ...finding })),
  );
}

/** The interpreter that the first line names: a path, or a name that is looked for along PATH. */
export function interpreterOf(content: Uint8Array | string): string | undefined {
  return programOf(dispatcherFile(content, { path: '' }));
}

/** The text after a fix; fixes that do not concern the text leave it as it is. Of a byte string for `to-utf8`. */
export function fixedText(text: string, fix: DispatcherFix): string {
  if (fix.kind === 'to-lf') return toLf(text);
  if (fix.kind === 'without-bom') return withoutBom(text);
  if (fix.kind === 'change') return changed(text, fix.changes);
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

/** Changes from the last to the first, so that each place still holds. */
function changed(text: string, changes: readonly TextChange[]): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  const offset = ({ line, character }: TextChange['range']['start']): number =>
    (starts[line] ?? text.length) + character;
  return [...changes]
    .sort((one, other) => offset(other.range.start) - offset(one.range.start))
    .reduce(
      (now, { range, text: insert }) =>
        now.slice(0, offset(range.start)) + insert + now.slice(offset(range.end)),
      text,
    );
}
