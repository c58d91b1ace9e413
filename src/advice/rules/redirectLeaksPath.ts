import { absoluteLength, mayBecomeAbsolute } from '../../apache/modules/mod_rewrite/uri';
import { fixOf } from '../edits';
import type { AdviceFile } from '../file';
import { firstBytes, groupOf } from '../patterns';
import type { RewriteScope, RuleFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * A redirect to a relative path gets the folder of the .htaccess before it, as it is named on the server's disk. Without
 * RewriteBase Apache does not turn it back into a URL: the visitor is sent to `/home/you/public_html/new`.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritebase
 */
export const redirectLeaksPath: AdviceRule = {
  code: 'rewrite.redirect-leaks-path',
  title: 'A relative redirect shows the path on the disk',
  severity: 'warning',
  *check(file) {
    for (const scope of file.rewrite) {
      if (scope.base !== undefined || scope.options.mergeBase || scope.scope.kind !== 'directory') continue;
      for (const facts of scope.rules) {
        if (!isRelativeRedirect(file, facts, scope)) continue;
        const { directive, second } = facts;
        const { start } = file.spanOf(directive, second.start, second.end);
        const edits = directive.isLiteral ? [{ start, end: start, text: file.urlPath }] : undefined;
        yield {
          message: `The browser is sent to the path on the server's disk (${file.directory}...): the target is relative and there is no RewriteBase.`,
          ...file.spanOf(directive, second.start, second.end),
          ...fixOf(`Put ${file.urlPath} before it`, edits),
        };
      }
    }
  },
};

function isRelativeRedirect(file: AdviceFile, { rule }: RuleFacts, { rules }: RewriteScope): boolean {
  const { flags, substitution } = rule;
  if (!flags.redirect || flags.noSubstitution || absoluteLength(substitution) > 0) return false;
  const reference = /^\$(\d)/.exec(substitution)?.[1];
  if (reference === undefined)
    return /^[A-Za-z0-9._~-]/.test(substitution) && !mayBecomeAbsolute(substitution);
  // Behind a rule that went on with an absolute path, a captured part may begin with a slash or be a whole URL.
  if (
    rules.some((other) => other.rule !== rule && !other.rule.flags.noSubstitution && !other.rule.flags.last)
  )
    return false;
  const pattern = file.pattern(rule.pattern);
  const group = reference === '0' ? pattern : groupOf(pattern, Number(reference));
  if (group === undefined || rule.isNegated) return false;
  const isAtStart =
    reference === '0' ||
    pattern.alternatives.every((items) => items[0]?.kind === 'anchor' && items[1] === group);
  return isAtStart || firstBytes(group.alternatives).bytes?.has(47) === false;
}
