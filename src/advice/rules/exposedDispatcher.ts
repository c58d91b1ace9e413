import { appended, filesBeside, listed, servedAsIs, wholeFile } from '../exposure';
import type { AdviceRule } from '../rule';

/**
 * A `.fcgi` file that no handler takes is sent to visitors as it lies there: with its source, and with the passwords in
 * it. Said only where the site is known and our evaluator finds that Apache answers with the file itself.
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_mime.html#addhandler
 */
export const exposedDispatcher: AdviceRule = {
  code: 'exposure.dispatcher-source',
  title: 'Visitors can read the source of a dispatcher',
  severity: 'warning',
  *check(file) {
    if (!file.verdict.ok) return;
    const served = servedAsIs(
      file,
      filesBeside(file).filter((name) => name.endsWith('.fcgi')),
    );
    if (served.length === 0) return;
    yield {
      message: `Apache does not start ${listed(served)} but sends its source to every visitor: no handler is set for it.`,
      ...wholeFile(file),
      fix: appended(file, 'Start .fcgi files with mod_fcgid', [
        'Options +ExecCGI',
        'AddHandler fcgid-script .fcgi',
      ]),
    };
  },
};
