import { absoluteLength, mayBecomeAbsolute } from '../../apache/modules/mod_rewrite/uri';
import { htaccessBelow } from '../below';
import { fixOf } from '../edits';
import type { AdviceFile } from '../file';
import { fixedStart, sequenceOf } from '../patterns';
import { handsOn, hasNewRound, type RewriteScope, type RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * In a .htaccess, Apache takes the folder and its slash off the path before a RewriteRule sees it: the rule for
 * `https://example.com/old` is asked about `old`. A pattern that begins with `^/` never matches there, nor does one with
 * `^https://`; the host can be asked for by a condition on `%{HTTP_HOST}`. Nothing is said where a folder below takes the
 * rules over (`RewriteOptions Inherit`): behind its own rules they may see whole paths.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^/old$ /new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriterule
 */
export const leadingSlash: AdviceRule = {
  code: 'rewrite.leading-slash',
  title: 'A pattern that begins with a slash never matches',
  severity: 'warning',
  *check(file) {
    for (const scope of file.rewrite) {
      if (scope.scope.kind !== 'directory' || seesOtherPaths(scope)) continue;
      const found = [...findings(file, scope)];
      if (found.length > 0 && !isInheritedBelow(file)) yield* found;
    }
  },
};

function* findings(file: AdviceFile, { rules }: RewriteScope): Generator<Finding> {
  for (const facts of rules) {
    if (startsWithSlash(file, facts)) yield finding(file, facts);
    else if (startsWithScheme(file, facts)) yield schemeFinding(file, facts);
    // Behind a rule that goes on with an absolute path or URL, later rules see that one.
    if (handsOnWhole(facts)) break;
  }
}

/** A folder below that takes the rules of this one over, beside its own. Of more folders than can be looked through most do not. */
function isInheritedBelow({ site, directory }: AdviceFile): boolean {
  if (site === undefined) return false;
  for (const file of htaccessBelow(site, directory))
    if (file !== 'unknown' && /^[ \t]*RewriteOptions\s.*Inherit/im.test(file.content)) return true;
  return false;
}

/** A new round begins with what the rules made; AllowNoSlash has the folder itself keep its whole path; rules of other folders may come first, here or below. */
const seesOtherPaths = (scope: RewriteScope): boolean => {
  const { allowNoSlash, inheritBefore, inheritDown, inheritDownBefore } = scope.options;
  return hasNewRound(scope) || allowNoSlash || inheritBefore || inheritDown || inheritDownBefore;
};

function startsWithSlash(file: AdviceFile, { rule }: RuleFacts): boolean {
  const start = fixedStart(file.pattern(rule.pattern));
  return start?.size === 1 && start.has(47);
}

/** No path begins so, since Apache takes several slashes for one. */
function startsWithScheme(file: AdviceFile, { rule }: RuleFacts): boolean {
  const isWritten = /^\^https?\??:\\?\/\\?\//.test(rule.pattern);
  return isWritten && sequenceOf(file.pattern(rule.pattern)) !== undefined;
}

const always = (isNegated: boolean): string =>
  isNegated ? 'so with the "!" the rule always matches' : 'so the rule never matches';

function schemeFinding(file: AdviceFile, { directive, rule, first }: RuleFacts) {
  return {
    message: `A rule sees only the path, without "https://" and host, ${always(rule.isNegated)}. Use RewriteCond %{HTTP_HOST}.`,
    ...file.spanOf(directive, first.start, first.end),
  };
}

/** What is relative gets the folder before it, which is taken off again; a redirect is made a whole URL at once. */
function handsOnWhole(facts: RuleFacts): boolean {
  const { flags, substitution } = facts.rule;
  const isUrl = absoluteLength(substitution) > 0 || mayBecomeAbsolute(substitution);
  const isWhole = flags.redirect || substitution.startsWith('/') || isUrl;
  return isWhole && handsOn(facts);
}

function finding(file: AdviceFile, { directive, rule, first }: RuleFacts) {
  const slash = directive.args.indexOf('^/', first.start) + 1;
  const span = file.spanOf(directive, slash, slash + 1);
  const single = file.pattern(rule.pattern).alternatives.length === 1 && slash > 0 && directive.isLiteral;
  return {
    message: `In a .htaccess the path that a rule sees has no slash at its beginning, ${always(rule.isNegated)}.`,
    ...(slash > 0 ? span : file.spanOf(directive, first.start, first.end)),
    ...fixOf('Remove the slash', single ? [{ ...span, text: '' }] : undefined),
  };
}
