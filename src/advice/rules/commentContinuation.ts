import { readHtaccess } from '../../apache/config/judge';
import { registryFor } from '../../apache/config/registry';
import { readWord } from '../../apache/syntax/words';
import type { AdviceFile } from '../file';
import type { AdviceRule } from '../rule';
import { nodesOf } from '../walk';

/**
 * A comment that ends in a backslash goes on in the next line: Apache joins the lines before it looks for `#`, so the
 * directive in the next line becomes part of the comment and does nothing. Said only where the next line is a directive that
 * Apache would take.
 *
 * Bad:
 * ```apache
 * # Windows path: C:\site\
 * DirectoryIndex index.php
 * ```
 *
 * Good:
 * ```apache
 * # Windows path: C:\site
 * DirectoryIndex index.php
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/configuring.html#syntax
 */
export const commentContinuation: AdviceRule = {
  code: 'syntax.comment-continuation',
  title: 'A comment swallows the next line',
  severity: 'warning',
  *check(file) {
    if (!file.verdict.ok) return;
    let judged = 0;
    for (const { kind, line } of nodesOf(file.tree)) {
      if (kind !== 'comment' || line.line === line.firstLine || judged >= MOST_JUDGED) continue;
      const start = hidingBackslash(file, line.start, line.end);
      if (start === undefined) continue;
      judged += 1;
      if (!isDirective(file, start)) continue;
      yield {
        message:
          'The backslash joins the next line to this comment: Apache does not see the directive there.',
        start,
        end: start + 1,
        fix: { title: 'Remove the backslash', edits: [{ start, end: start + 1, text: '' }] },
      };
    }
  },
};

/** Swallowed lines that are judged as directives, in one file. */
const MOST_JUDGED = 5;

/** The offset of the first backslash in a comment that hides a line with a directive's name. */
function hidingBackslash({ source, host }: AdviceFile, from: number, end: number): number | undefined {
  const registry = registryFor(host);
  for (let at = source.indexOf('\n', from); at >= 0 && at + 1 < end; at = source.indexOf('\n', at + 1)) {
    const name = readWord(source.slice(at + 1, Math.min(end, at + 1 + LONGEST_NAME)), 0).value.replace(
      /^<\/|>$/g,
      '',
    );
    if (registry.find(name) !== undefined) return source[at - 1] === '\r' ? at - 2 : at - 1;
  }
  return undefined;
}

const LONGEST_NAME = 60;

/** The file without the backslash, when Apache would take it: then the line is a directive, and no prose that begins like one. */
function isDirective({ source, host, directory }: AdviceFile, backslash: number): boolean {
  const without = source.slice(0, backslash) + source.slice(backslash + 1);
  return readHtaccess(without, host, { directory }).verdict.ok;
}
