import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * Windows line endings may come back with the next checkout: git has the file with CR LF, or this machine's git writes
 * CR LF (`core.autocrlf`) and no `.gitattributes` forbids it. The lines
 *
 * ```
 * *.fcgi text eol=lf
 * .htaccess text eol=lf
 * ```
 *
 * in `.gitattributes` end that for everybody who works on the site.
 */
export const gitEndings: DispatcherCheck = {
  code: 'git.line-endings',
  title: 'Git may bring Windows line endings back',
  severity: 'warning',
  check(file) {
    const { git } = file.facts;
    if (git === undefined || git.keepsLf || file.shebang === undefined) return undefined;
    const fix = { kind: 'keep-lf', title: 'Keep LF in git and in editors' } as const;
    const range = firstLineOf(file);
    const words = 'so the web server would answer 500';
    if (git.endings === 'crlf' || git.endings === 'mixed')
      return {
        message: `Git has this file with Windows line endings: every checkout gets them, ${words}.`,
        range,
        fix,
      };
    if (!git.writesCrlf) return undefined;
    return {
      message: `Git writes Windows line endings on this machine (core.autocrlf): the next checkout changes the first line, ${words}.`,
      range,
      fix,
    };
  },
};
