import { filesBeside, listed, servedAsIs, wholeFile } from '../exposure';
import type { AdviceRule } from '../rule';

/**
 * Settings with passwords (`.env`), copies that an editor left (`index.php~`, `config.php.bak`) and databases are ordinary
 * files to Apache, and robots ask for their names every day. Said only where the site is known and our evaluator finds
 * that Apache would send the file.
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch
 */
export const exposedFile: AdviceRule = {
  code: 'exposure.private-file',
  title: 'Visitors can read a private file',
  severity: 'warning',
  *check(file) {
    if (!file.verdict.ok) return;
    const served = servedAsIs(
      file,
      filesBeside(file).filter((name) => PRIVATE.test(name)),
    );
    if (served.length === 0) return;
    yield {
      message: `Whoever asks for it gets it: ${listed(served)}. Move it out of the public folder, delete it, or deny it with <FilesMatch> and "Require all denied".`,
      ...wholeFile(file),
    };
  },
};

/** Names that no visitor is meant to ask for. Apache's usual configuration already denies `.ht…`. */
const PRIVATE =
  /^\.(?:env(?:\..+)?|npmrc|netrc|pgpass|git-credentials|bash_history|mysql_history)$|^[^.].*(?:~|\.(?:bak|old|orig|save|swp|sql|sqlite3?))$|^\..+\.sw[op]$/i;
