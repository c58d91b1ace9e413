import { DirConfig } from '../../apache/config/dirConfig';
import { core } from '../../apache/modules/core';
import { OPTION } from '../../apache/modules/core/config';
import { serverConfigFor } from '../../apache/request/serverConfig';
import type { AdviceFile } from '../file';
import type { AdviceRule } from '../rule';

/**
 * With the rewrite engine on, Apache wants one of the options FollowSymLinks and SymLinksIfOwnerMatch. Without both it
 * answers every request to the folder with 403 (AH00670).
 *
 * Bad:
 * ```apache
 * Options -FollowSymLinks
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * Options -FollowSymLinks +SymLinksIfOwnerMatch
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriteengine
 */
export const linksNeeded: AdviceRule = {
  code: 'options.rewrite-needs-links',
  title: 'Rewriting without FollowSymLinks',
  severity: 'warning',
  *check(file) {
    const isOn = file.rewrite.some(({ scope, engine }) => scope.kind === 'directory' && engine?.on === true);
    const culprit = isOn ? lastOptions(file) : undefined;
    if (
      culprit === undefined ||
      (effectiveOptions(file) & (OPTION.followSymLinks | OPTION.symLinksIfOwnerMatch)) !== 0
    )
      return;
    yield {
      message:
        'With RewriteEngine On, Apache answers 403 to every request here (AH00670): neither FollowSymLinks nor SymLinksIfOwnerMatch is on after this line.',
      ...file.wholeOf(culprit),
    };
  },
};

/** The last Options of the folder itself. */
export function lastOptions({ directives }: AdviceFile) {
  return directives.findLast(({ name, scope }) => name === 'options' && scope.kind === 'directory');
}

/** The bits of Options for the folder, after the server's own. */
export function effectiveOptions({ config, host }: AdviceFile): number {
  return DirConfig.merge(serverConfigFor(host), config).get(core)?.options ?? 0;
}
