import type { AdviceFile } from '../file';
import type { AdviceRule, Finding } from '../rule';
import { nodesOf } from '../walk';

/**
 * A comment that ends in a backslash goes on in the next line: Apache joins the lines before it looks for `#`, so the
 * directive in the next line becomes part of the comment and does nothing.
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
    for (const { kind, line } of nodesOf(file.tree))
      if (kind === 'comment' && line.line > line.firstLine) yield* swallowed(file, line.start, line.end);
  },
};

/** The first physical line of the comment whose backslash swallows a line with something in it. */
function* swallowed({ source }: AdviceFile, from: number, end: number): Generator<Finding> {
  for (let at = source.indexOf('\n', from); at >= 0 && at + 1 < end; at = source.indexOf('\n', at + 1)) {
    const next = source.slice(at + 1, Math.min(end, source.indexOf('\n', at + 1) >>> 0)).trim();
    if (next === '' || next.startsWith('#')) continue;
    const backslash = source[at - 1] === '\r' ? at - 2 : at - 1;
    yield {
      message: 'The backslash joins the next line to this comment: Apache does not see the directive there.',
      start: backslash,
      end: backslash + 1,
      fix: { title: 'Remove the backslash', edits: [{ start: backslash, end: backslash + 1, text: '' }] },
    };
    return;
  }
}
