import { readWords } from '../../apache/syntax/words';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { ConditionFacts, RuleFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * An ErrorDocument of this site is fetched by an internal request, to which the rules apply again. A rule that answers 403
 * (or another status) to everything also refuses the page for 403: the visitor sees Apache's own page instead.
 *
 * Bad:
 * ```apache
 * ErrorDocument 403 /forbidden.html
 * RewriteEngine On
 * RewriteCond %{REMOTE_ADDR} !=192.0.2.1
 * RewriteRule ^ - [F]
 * ```
 *
 * Good:
 * ```apache
 * ErrorDocument 403 /forbidden.html
 * RewriteEngine On
 * RewriteCond %{REMOTE_ADDR} !=192.0.2.1
 * RewriteRule !^forbidden\.html$ - [F]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#errordocument
 */
export const errorPageRefused: AdviceRule = {
  code: 'error.page-refused',
  title: 'A rule that refuses its own error page',
  severity: 'warning',
  *check(file) {
    const rules = file.rewrite.find(
      ({ scope, engine }) => scope.kind === 'directory' && engine?.on === true,
    )?.rules;
    if (rules === undefined) return;
    for (const [status, { directive, path }] of errorPages(file)) {
      const refusing = refusingRule(rules, status, path.slice(file.urlPath.length));
      if (refusing === undefined) continue;
      yield {
        message: `This rule also refuses ${path}, the page that line ${directive.line.line} wants to be shown for ${status}: visitors see Apache's own page instead. Leave the page out.`,
        ...file.wholeOf(refusing.directive),
        related: [{ ...file.wholeOf(directive), message: 'The page that is refused.' }],
      };
    }
  },
};

/** Error pages below the folder, by status. */
function errorPages(file: AdviceFile): ReadonlyMap<number, { directive: ActiveDirective; path: string }> {
  const pages = new Map<number, { directive: ActiveDirective; path: string }>();
  for (const directive of file.directives) {
    if (directive.name !== 'errordocument' || directive.scope.kind !== 'directory') continue;
    const [status, path] = readWords(directive.args).map(({ value }) => value);
    if (path?.startsWith(file.urlPath) === true && !path.includes('?'))
      pages.set(Number(status), { directive, path });
    else pages.delete(Number(status));
  }
  return pages;
}

/** The first rule that matches the page, if it answers with the status and asks for nothing but the visitor. */
function refusingRule(rules: readonly RuleFacts[], status: number, path: string): RuleFacts | undefined {
  for (const facts of rules) {
    const { rule, conditions } = facts;
    if (rule.regex.exec(path) instanceof Int32Array === rule.isNegated) continue;
    const { flags } = rule;
    if (flags.hasStatus && flags.responseCode === status)
      return conditions.every(asksForVisitor) ? facts : undefined;
    // Whatever a rule before it does to the page, it may keep it from coming there.
    if (!flags.noSubstitution || flags.last || flags.end || flags.skip > 0 || flags.chain) return undefined;
  }
  return undefined;
}

/** What is the same for the error page as for the page that was asked for. */
const BY_VISITOR =
  /^%\{(?:REMOTE_ADDR|REMOTE_HOST|HTTP_USER_AGENT|HTTP_REFERER|HTTP_HOST|HTTP_COOKIE|HTTPS|SERVER_NAME|SERVER_PORT|HTTP:[\w-]+)\}$/i;

const asksForVisitor = ({ condition }: ConditionFacts): boolean => BY_VISITOR.test(condition.input);
