import type { AdviceRule } from '../rule';

/**
 * An expression whose text ends in a backslash (after Apache has taken the quotes off) makes the scanner of Apache's
 * expressions give up: not with an error message, but by ending the process. The visitor gets an empty reply, and the log
 * says "flex scanner jammed".
 *
 * Bad:
 * ```apache
 * AuthName "Files of C:\\"
 * ```
 *
 * Good:
 * ```apache
 * AuthName "Files of C:"
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/expr.html
 */
export const expressionBackslash: AdviceRule = {
  code: 'expr.trailing-backslash',
  title: 'An expression that ends in a backslash ends the server process',
  severity: 'warning',
  *check(file) {
    for (const { directive, text, expr } of file.expressions) {
      if (expr !== undefined || !text.endsWith('\\')) continue;
      yield {
        message:
          'Apache does not answer 500 here: the process that reads this text ends itself ("flex scanner jammed"), and the visitor gets an empty reply. Remove the backslash at the end of the text.',
        ...file.wholeOf(directive),
      };
    }
  },
};
