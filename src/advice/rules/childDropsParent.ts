import { readHtaccess } from '../../apache/config/judge';
import { mod_rewrite } from '../../apache/modules/mod_rewrite';
import type { AdviceFile } from '../file';
import type { AdviceRule } from '../rule';

/**
 * One directive of mod_rewrite in a folder's .htaccess replaces all rules of the folders above it, also a lone
 * `RewriteEngine On`. The rules above then do nothing for this folder and all below it.
 *
 * Bad, in a folder below one with rules:
 * ```
 * RewriteEngine On
 * ```
 *
 * Good:
 * ```
 * RewriteEngine On
 * RewriteOptions Inherit
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriteoptions
 */
export const childDropsParent: AdviceRule = {
  code: 'rewrite.child-drops-parent',
  title: "A lone RewriteEngine On switches the outer folder's rules off",
  severity: 'warning',
  *check(file) {
    const own = file.rewrite.find(({ scope }) => scope.kind === 'directory');
    if (own === undefined || own.rules.length > 0 || own.engine?.on !== true) return;
    if (own.options.inherit || own.options.inheritBefore) return;
    const above = rulesAbove(file);
    if (above === undefined) return;
    yield {
      message: `With this line alone the rewrite rules of ${above} do nothing in this folder. Remove it, or add "RewriteOptions Inherit".`,
      ...file.wholeOf(own.engine.directive),
    };
  },
};

/** The nearest .htaccess above that has rules which this folder would take over. */
function rulesAbove({ site, directory, host }: AdviceFile): string | undefined {
  if (site === undefined) return undefined;
  for (let folder = parentOf(directory); folder.startsWith(`${host.treeRoot}/`); folder = parentOf(folder)) {
    const read = site.read(`${folder}.htaccess`);
    if (read === undefined || read === 'unreadable') continue;
    const config = readHtaccess(read.content, host, { directory: folder, site }).config.get(mod_rewrite);
    if (config === undefined) continue;
    const isPassedOn = config.options.inheritDown || config.options.inheritDownBefore;
    return config.rules.length > 0 && config.engine && !isPassedOn ? `${folder}.htaccess` : undefined;
  }
  return undefined;
}

const parentOf = (folder: string): string => folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
