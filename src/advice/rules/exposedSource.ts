import { appended, filesBeside, listed, servedAsIs, wholeFile } from '../exposure';
import type { AdviceRule } from '../rule';

/**
 * Modules of a program that lie beside its dispatcher (`app.py`, `fcgi.py`, `settings.py`) are ordinary files to Apache:
 * whoever asks for `/app.py` gets the source. Said only where the site is known and our evaluator finds it so.
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch
 */
export const exposedSource: AdviceRule = {
  code: 'exposure.program-source',
  title: 'Visitors can read the source of the program',
  severity: 'warning',
  *check(file) {
    if (!file.verdict.ok) return;
    const served = servedAsIs(
      file,
      filesBeside(file).filter((name) => SOURCES.test(name)),
    );
    if (served.length === 0) return;
    const extensions = [
      ...new Set(served.map((name) => name.slice(name.lastIndexOf('.') + 1).toLowerCase())),
    ];
    yield {
      message: `Whoever asks for it gets the source: ${listed(served)}. Move it out of the public folder, or deny it.`,
      ...wholeFile(file),
      fix: appended(file, 'Deny these files', [
        `<FilesMatch "\\.(${extensions.join('|')})$">`,
        '  Require all denied',
        '</FilesMatch>',
      ]),
    };
  },
};

const SOURCES = /\.(?:py|pyc|rb|pm|pl)$/i;
