import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceFix, AdviceRule } from '../rule';

/**
 * `php_value` and `php_flag` belong to mod_php. Where PHP runs by FastCGI (php-fpm, mod_fcgid: nearly every shared host)
 * Apache does not know them and answers 500 for the whole folder. PHP's own `.user.ini` has the same settings there.
 *
 * Bad:
 * ```apache
 * php_value memory_limit 256M
 * ```
 *
 * Good:
 * ```apache
 * <IfModule mod_php.c>
 *   php_value memory_limit 256M
 * </IfModule>
 * ```
 *
 * Manual: https://www.php.net/manual/en/configuration.changes.php
 */
export const phpValue: AdviceRule = {
  code: 'php.needs-mod-php',
  title: 'A PHP setting that only mod_php understands',
  severity: 'warning',
  *check(file) {
    if (file.verdict.ok) return;
    for (const directive of file.directives) {
      if (directive.line.line !== file.verdict.line || !isPhpSetting(directive)) continue;
      yield {
        message: `PHP does not run inside Apache on this host, so Apache does not know ${directive.line.text.slice(0, directive.nameLength)} and answers 500. Put the setting into .user.ini, or let it be skipped where mod_php is missing.`,
        ...file.nameOf(directive),
        fix: wrapped(file, directive),
      };
    }
  },
};

const isPhpSetting = ({ name }: ActiveDirective): boolean => /^php_(?:admin_)?(?:value|flag)$/.test(name);

/** Puts the run of such directives that starts here into an <IfModule>. */
function wrapped(file: AdviceFile, first: ActiveDirective): AdviceFix {
  const { directives } = file;
  let at = directives.indexOf(first);
  let last = first;
  for (let next = directives[++at]; next !== undefined; next = directives[++at]) {
    if (!isPhpSetting(next) || next.line.start !== last.line.end) break;
    last = next;
  }
  const indent = file.indentOf(first);
  const { end } = file.wholeOf(last);
  const edits = [
    { start: first.line.start, end: first.line.start, text: `${indent}<IfModule mod_php.c>${file.lineEnd}` },
    { start: end, end, text: `${file.lineEnd}${indent}</IfModule>` },
  ];
  return { title: 'Skip it where mod_php is missing', edits };
}
