import { isAtLeast } from '../../apache/host';
import type { AdviceFile } from '../file';
import { needsByte } from '../needsByte';
import { fixedStart } from '../patterns';
import type { ConditionFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * Some variables can have only few values, or always begin alike: `%{REQUEST_URI}` with a slash, `%{HTTPS}` is `on` or
 * `off`, `%{THE_REQUEST}` begins with the method. Some never have certain characters in them: `%{HTTP_HOST}` neither `http://`
 * nor a path or query, `%{REMOTE_ADDR}` is one address and no network (`10.0.0.0/8`), ports and the parts of the time are
 * numbers. A pattern that overlooks it never matches.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_URI} ^admin
 * RewriteRule ^ - [F]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_URI} ^/admin
 * RewriteRule ^ - [F]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const conditionFixed: AdviceRule = {
  code: 'rewrite.condition-never-matches',
  title: 'A condition whose pattern can never match',
  severity: 'warning',
  *check(file) {
    const lacking = lackingIn(file);
    for (const { rules } of file.rewrite) {
      for (const facts of rules.flatMap(({ conditions }) => conditions)) {
        const reason = whyNever(file, lacking, facts);
        if (reason === undefined) continue;
        const result = facts.condition.isNegated
          ? 'With the "!" the condition always holds.'
          : 'The condition never holds.';
        yield {
          message: `${reason} ${result}`,
          ...file.spanOf(facts.directive, facts.second.start, facts.second.end),
        };
      }
    }
  },
};

const ALL_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['%{HTTPS}', ['on', 'off']],
  ['%{REQUEST_SCHEME}', ['http', 'https']],
  ['%{IS_SUBREQ}', ['true', 'false']],
]);

/** What a variable never has in it, and what it is instead. */
interface Lacking {
  readonly bytes: ReadonlySet<number>;
  readonly says: string;
}

const bytesOf = (text: string): ReadonlySet<number> => new Set(Array.from(text, (one) => one.charCodeAt(0)));

/** Requests with such a Host are refused before any .htaccess is read (strict_host_check, fix_hostname), since 2.4.25. */
const NAME: Lacking = {
  bytes: bytesOf('/?#=&@\\'),
  says: 'is a name with at most a port: it has no "http://", no path and no query',
};

const NUMBER: Lacking = {
  bytes: new Set([...Array(256).keys()].filter((byte) => byte < 48 || byte > 57)),
  says: 'is a number',
};

const ADDRESS: Lacking = {
  bytes: bytesOf('/ '),
  says: 'is one address; whether it is in a network is asked by "expr" with "-R"',
};

const LACKING: ReadonlyMap<string, Lacking> = new Map([
  ...['%{HTTP_HOST}', '%{HTTP:HOST}', '%{SERVER_NAME}'].map((name) => [name, NAME] as const),
  ...['', '_YEAR', '_MON', '_DAY', '_HOUR', '_MIN', '_SEC', '_WDAY'].map(
    (part) => [`%{TIME${part}}`, NUMBER] as const,
  ),
  ...['%{SERVER_PORT}', '%{REMOTE_PORT}'].map((name) => [name, NUMBER] as const),
  ['%{REMOTE_ADDR}', ADDRESS],
]);

/** The version 2.4.x since which Apache refuses requests that are not written as HTTP wants them (HttpProtocolOptions). */
const STRICT = 25;

/** Names are names where Apache looks at those of requests, and where the file does not change them for the next round. */
function lackingIn({ host, directives }: AdviceFile): ReadonlyMap<string, Lacking> {
  const changes = directives.some(({ name, args }) => name === 'requestheader' && /\bhost\b/i.test(args));
  if (isAtLeast(host, STRICT) && !changes) return LACKING;
  return new Map([...LACKING].filter(([, lacking]) => lacking !== NAME));
}

/** Whether a condition holds only for texts with one of these bytes. */
function wantsByte(
  file: AdviceFile,
  { test, pattern }: ConditionFacts['condition'],
  bytes: ReadonlySet<number>,
): boolean {
  if (test.kind === 'regex') return needsByte(file.pattern(pattern), bytes);
  if (test.kind !== 'string' || test.operator !== '=' || pattern === '""') return false;
  return Array.from(pattern).some((one) => bytes.has(one.charCodeAt(0)));
}

function whyNever(
  file: AdviceFile,
  known: ReadonlyMap<string, Lacking>,
  { condition }: ConditionFacts,
): string | undefined {
  const input = condition.input.toUpperCase();
  const { test } = condition;
  const values = ALL_VALUES.get(input);
  if (values !== undefined) {
    const matches = values.some((value) => takes(condition, value));
    return matches
      ? undefined
      : `${condition.input} is only ever ${values.map((value) => `"${value}"`).join(' or ')}.`;
  }
  const lacking = known.get(input);
  if (lacking !== undefined && wantsByte(file, condition, lacking.bytes))
    return `${condition.input} ${lacking.says}.`;
  if (test.kind !== 'regex') return undefined;
  const start = fixedStart(file.pattern(condition.pattern));
  if (start === undefined) return undefined;
  if (input === '%{REQUEST_URI}' && !start.has(47)) return '%{REQUEST_URI} always begins with a slash.';
  if (input === '%{THE_REQUEST}' && isAtLeast(file.host, STRICT) && start.size === 1 && start.has(47))
    return '%{THE_REQUEST} begins with the method, as in "GET /page HTTP/1.1".';
  return undefined;
}

function takes({ test, pattern, noCase }: ConditionFacts['condition'], value: string): boolean {
  if (test.kind === 'regex') return test.regex.exec(value) instanceof Int32Array;
  if (test.kind !== 'string' || test.operator !== '=') return true;
  return noCase ? value === pattern.toLowerCase() : value === (pattern === '""' ? '' : pattern);
}
