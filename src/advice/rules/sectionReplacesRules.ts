import type { AdviceFile } from '../file';
import type { RewriteScope } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * A section such as `<If>` or `<Files>` has a mod_rewrite configuration of its own. One directive of mod_rewrite in it is
 * enough: where the section applies, its (few or no) rules replace all rules outside.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * <If "%{HTTPS} == 'off'">
 *   RewriteRule ^ https://example.com%{REQUEST_URI} [R=301,L]
 * </If>
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTPS} off
 * RewriteRule ^ https://example.com%{REQUEST_URI} [R=301,L]
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/sections.html#merging
 */
export const sectionReplacesRules: AdviceRule = {
  code: 'rewrite.section-replaces-rules',
  title: 'Rewrite directives in a section switch the outer rules off',
  severity: 'warning',
  *check(file) {
    for (const inner of file.rewrite) {
      const first = inner.directives[0];
      if (inner.scope.kind === 'directory' || first === undefined || keepsOuter(inner)) continue;
      const outer = outerRules(file, inner);
      if (outer === undefined) continue;
      const isOff = inner.rules.length === 0 && inner.engine?.on === false;
      if (isOff) continue;
      yield {
        message: `Where this section applies, its rewrite rules replace those outside: the ${outer.rules.length === 1 ? 'rule' : `${outer.rules.length} rules`} from line ${outer.rules[0]?.directive.line.line ?? 0} on do nothing there. Put the rule outside, with a RewriteCond.`,
        ...file.wholeOf(first),
        related: outer.rules
          .slice(0, 1)
          .map(({ directive }) => ({ ...file.wholeOf(directive), message: 'The first rule outside.' })),
      };
    }
  },
};

function keepsOuter({ options }: RewriteScope): boolean {
  return options.inherit || options.inheritBefore;
}

function outerRules(file: AdviceFile, inner: RewriteScope): RewriteScope | undefined {
  for (let scope = inner.scope.parent; scope !== undefined; scope = scope.parent) {
    const found = file.rewrite.find((one) => one.scope === scope);
    if (found?.options.inheritDown === true || found?.options.inheritDownBefore === true) return undefined;
    if (found !== undefined && found.rules.length > 0) return found;
  }
  return undefined;
}
