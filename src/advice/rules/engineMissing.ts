import { readHtaccess } from '../../apache/config/judge';
import { mod_rewrite } from '../../apache/modules/mod_rewrite';
import { fixOf, lineBefore } from '../edits';
import type { AdviceFile } from '../file';
import type { AdviceRule } from '../rule';

/**
 * Without `RewriteEngine On` Apache reads every RewriteRule, complains about mistakes in it, and never applies one. A
 * folder inherits the switch from the folders above it: where those are known, their files are asked.
 *
 * Bad:
 * ```apache
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriteengine
 */
export const engineMissing: AdviceRule = {
  code: 'rewrite.engine-missing',
  title: 'Rewrite rules without RewriteEngine On',
  severity: 'warning',
  *check(file) {
    const isSet = file.rewrite.some(({ engine }) => engine !== undefined);
    const first = file.rewrite.find(({ rules }) => rules.length > 0);
    const rule = first?.rules[0];
    if (isSet || first === undefined || rule === undefined || isOnAbove(file)) return;
    const start = rule.conditions[0]?.directive ?? rule.directive;
    yield {
      message: 'Apache never applies these rules: RewriteEngine On is missing.',
      ...file.nameOf(rule.directive),
      ...fixOf('Add RewriteEngine On', [lineBefore(file, start, 'RewriteEngine On')]),
    };
  },
};

/** Whether a .htaccess of an outer folder switches rewriting on. */
function isOnAbove({ site, directory, host }: AdviceFile): boolean {
  if (site === undefined) return false;
  for (let folder = parentOf(directory); folder.startsWith(`${host.treeRoot}/`); folder = parentOf(folder)) {
    const read = site.read(`${folder}.htaccess`);
    if (read === undefined || read === 'unreadable') continue;
    const config = readHtaccess(read.content, host, { directory: folder, site }).config.get(mod_rewrite);
    if (config?.isEngineSet === true) return config.engine;
  }
  return false;
}

const parentOf = (folder: string): string => folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
