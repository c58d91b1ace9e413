import { languageOf } from '../language';
import { linesOf } from '../python';
import type { DispatcherCheck, Finding } from '../problem';

/**
 * `fatalsToBrowser` sends the message of `die`, with paths and line numbers, to every visitor. Without it the message
 * is in the error log.
 *
 * Bad: `use CGI::Carp qw(fatalsToBrowser);`. Good: `use CGI::Carp;`.
 */
export const perlFatalsShown: DispatcherCheck = {
  code: 'perl.fatals-shown',
  title: 'Errors are shown to visitors',
  severity: 'warning',
  check(file) {
    if (languageOf(file) !== 'perl') return undefined;
    const lines = linesOf(file.text);
    const end = lines.findIndex(({ text }) => /^__(?:END|DATA)__$/.test(text));
    return lines.slice(0, end < 0 ? undefined : end).flatMap(({ text, line }): Finding[] => {
      const found = /^\s*use\s+CGI::Carp\b[^#;]*\bfatalsToBrowser\b[^#;]*;/.exec(text);
      if (!found) return [];
      const start = { line, character: found[0].search(/use/) };
      const range = { start, end: { line, character: found[0].length } };
      const alone =
        /^\s*use\s+CGI::Carp\s+(?:qw\s*\(\s*fatalsToBrowser\s*\)|['"]fatalsToBrowser['"])\s*;$/.test(
          found[0],
        );
      const message =
        'Visitors see the errors of the program, with paths on the server. Without fatalsToBrowser they are in the error log.';
      if (!alone) return [{ message, range }];
      return [
        {
          message,
          range,
          fix: {
            kind: 'change',
            title: 'Remove fatalsToBrowser',
            changes: [{ range, text: 'use CGI::Carp;' }],
          },
        },
      ];
    });
  },
};
