import { mod_alias } from '../../apache/modules/mod_alias';
import type { AdviceFile } from '../file';
import type { RuleFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * Redirect belongs to another module than RewriteRule and works after it, wherever it stands in the file: where both match
 * a path, the visitor is redirected and the rewriting is lost, also with `[L]` or `[END]`.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^shop/sale$ /offers.php [L]
 * Redirect 301 /shop https://shop.example.com/
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^shop/sale$ /offers.php [L]
 * RewriteRule ^shop(/.*)?$ https://shop.example.com/ [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/avoid.html#redirect
 */
export const redirectBeatsRewrite: AdviceRule = {
  code: 'redirect.beats-rewrite',
  title: 'A Redirect that takes what a RewriteRule rewrites',
  severity: 'warning',
  *check(file) {
    const redirects = file.directives.filter(({ name }) => /^redirect(?:match|temp|permanent)?$/.test(name));
    if (redirects.length === 0) return;
    for (const probe of file.probes.tried) {
      if (probe.outcome.redirects > 0 || probe.outcome.location === null) continue;
      const alias = file.probes
        .traced(probe.target)
        .trace.find(({ module, event }) => module === mod_alias.name && event?.result === 'applied');
      const winner = alias && redirects.find(({ line }) => line.line === alias.line);
      if (winner === undefined) continue;
      const loser = specificRule(file, decoded(probe.target));
      if (loser === undefined) continue;
      yield {
        message: `This also takes ${probe.target}, which the RewriteRule in line ${loser.directive.line.line} rewrites: Redirect wins, wherever it stands. Write it as a RewriteRule with [R], or narrow it down.`,
        ...file.wholeOf(winner),
        related: [{ ...file.wholeOf(loser.directive), message: 'The rule that has no effect.' }],
      };
      redirects.splice(redirects.indexOf(winner), 1);
    }
  },
};

function decoded(target: string): string {
  return target.replaceAll(/%([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The rule that would rewrite the path to another one of this site, and that was written for it: it does not take any path. */
function specificRule(file: AdviceFile, path: string): RuleFacts | undefined {
  if (!path.startsWith(file.urlPath)) return undefined;
  const input = path.slice(file.urlPath.length);
  const own = file.rewrite.find(({ scope, engine }) => scope.kind === 'directory' && engine?.on === true);
  const found = own?.rules.find(
    ({ rule }) => rule.regex.exec(input) instanceof Int32Array !== rule.isNegated,
  );
  if (found === undefined || found.conditions.length > 0 || found.rule.isNegated) return undefined;
  const { flags, substitution, regex } = found.rule;
  if (flags.noSubstitution || flags.redirect || flags.proxy || /^[a-z]+:/i.test(substitution))
    return undefined;
  return regex.exec('an/unlikely_path-0') instanceof Int32Array ? undefined : found;
}
