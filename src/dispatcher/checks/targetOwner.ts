import { firstLineOf } from '../file';
import { ownerFault } from '../onTarget';
import type { DispatcherCheck } from '../problem';

/**
 * On a target of the project the file and its folder belong to different accounts. suEXEC runs a program only where both belong to the
 * account of the site (https://httpd.apache.org/docs/2.4/suexec.html, condition 18). It is said once the file was looked at there.
 *
 * Bad: a file that root or the web server has written. Good: one that was uploaded by the account of the site.
 */
export const targetOwner: DispatcherCheck = {
  code: 'target.owner',
  title: 'The file belongs to another account than its folder on a target',
  severity: 'warning',
  check(file) {
    return (file.facts.onTargets ?? []).flatMap(({ target, owner }) => {
      const fault = owner && ownerFault(owner);
      if (fault === undefined) return [];
      const message = `If ${target} has suEXEC, Apache answers 500 there: ${fault}`;
      return [{ message, range: firstLineOf(file) }];
    });
  },
};
