import { SERVER_VARIABLES } from '../../apache/request/variables';
import { fixOf } from '../edits';
import type { AdviceFile } from '../file';
import type { ActiveDirective } from '../directives';
import type { AdviceRule, Finding } from '../rule';

/**
 * mod_rewrite takes an unknown `%{NAME}` for an empty text, without a word. Of the request headers it knows seven by
 * names like `HTTP_HOST`; all others are written `%{HTTP:Name-Of-The-Header}`.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTP_X_FORWARDED_PROTO} !https
 * RewriteRule ^ https://example.com%{REQUEST_URI} [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTP:X-Forwarded-Proto} !https
 * RewriteRule ^ https://example.com%{REQUEST_URI} [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const unknownVariable: AdviceRule = {
  code: 'rewrite.unknown-variable',
  title: 'A variable that mod_rewrite does not know',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { directive, rule, second, conditions } of rules) {
        yield* unknownIn(file, directive, { text: rule.substitution, offset: second.start });
        for (const { directive: at, condition, first } of conditions)
          if (condition.test.kind !== 'expr')
            yield* unknownIn(file, at, { text: condition.input, offset: first.start });
      }
    }
  },
};

const HEADERS: ReadonlySet<string> = new Set([
  'HTTP_HOST',
  'HTTP_ACCEPT',
  'HTTP_COOKIE',
  'HTTP_REFERER',
  'HTTP_FORWARDED',
  'HTTP_USER_AGENT',
  'HTTP_PROXY_CONNECTION',
]);

function* unknownIn(
  file: AdviceFile,
  directive: ActiveDirective,
  { text, offset }: { readonly text: string; readonly offset: number },
): Generator<Finding> {
  for (const match of text.matchAll(/\\.|%\{([A-Za-z_0-9-]*)\}/gs)) {
    const name = match[1];
    if (name === undefined || isKnown(name.toUpperCase())) continue;
    const span = file.spanOf(directive, offset + match.index + 2, offset + match.index + 2 + name.length);
    const header = headerOf(name);
    const instead = header === undefined ? '' : ` A request header is written %{${header}}.`;
    const edits = header !== undefined && directive.isLiteral ? [{ ...span, text: header }] : undefined;
    yield {
      message: `mod_rewrite knows no variable ${name}: it is always empty.${instead}`,
      ...span,
      ...fixOf(`Write ${header ?? ''}`, edits),
    };
  }
}

const isKnown = (name: string): boolean => HEADERS.has(name) || SERVER_VARIABLES.has(name);

/** `HTTP_X_FORWARDED_PROTO` -> `HTTP:X-Forwarded-Proto`. */
function headerOf(name: string): string | undefined {
  const words = /^HTTP_([A-Z0-9]+(?:_[A-Z0-9]+)*)$/i.exec(name.slice(0, 100))?.[1]?.toLowerCase().split('_');
  return words && `HTTP:${words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('-')}`;
}
