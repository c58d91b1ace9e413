import type { AdviceFile } from '../file';
import type { Outcome } from '../../apache/request/outcome';
import type { ActiveDirective } from '../directives';
import type { AdviceRule } from '../rule';

/**
 * A redirect whose target is redirected to where the visitor came from. The best known one: `Redirect /index.html /`. Apache
 * answers `/` with the DirectoryIndex, looks it up as `/index.html`, finds the Redirect, and sends the visitor to `/` again.
 *
 * Found by asking our own evaluator, only over steps that depend on nothing but the address.
 *
 * Bad:
 * ```apache
 * Redirect 301 /index.html /
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{THE_REQUEST} \s/index\.html[?\s]
 * RewriteRule ^index\.html$ / [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirect
 */
export const redirectLoop: AdviceRule = {
  code: 'redirect.loop',
  title: 'A redirect that leads back to itself',
  severity: 'warning',
  *check(file) {
    const blamed = new Set<ActiveDirective>();
    for (const { target, outcome } of file.probes.tried) {
      const found = circle(file, target, outcome);
      if (found === undefined || found.directives.some((one) => blamed.has(one))) continue;
      for (const one of found.directives) blamed.add(one);
      yield {
        message: `A visitor of ${target} is sent round in a circle: ${found.path.join(' -> ')}. The browser gives up with "too many redirects".`,
        ...file.wholeOf(found.directives.at(-1) as ActiveDirective),
      };
    }
  },
};

const MOST_STEPS = 4;

interface Circle {
  /** Those that redirect on the way; at least one. */
  readonly directives: readonly ActiveDirective[];
  readonly path: readonly string[];
}

/** Follows redirects of this site until an address comes again, or grows with every step. */
function circle(file: AdviceFile, target: string, first: Outcome): Circle | undefined {
  const path = [target];
  let outcome = first;
  const directives: ActiveDirective[] = [];
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const next = ownPath(file, outcome);
    const by = next === undefined ? undefined : redirecting(file, path.at(-1) ?? target);
    if (next === undefined || by === undefined) return undefined;
    directives.push(by);
    const again = path.indexOf(next);
    path.push(next);
    if (again >= 0) return { directives, path: path.slice(again) };
    outcome = file.probes.request(next);
  }
  const grows = path.every(
    (one, at) => at < 2 || (one.length > (path[at - 1] ?? '').length && one.startsWith(path[1] ?? '')),
  );
  return grows ? { directives, path } : undefined;
}

/** The path of a redirect to the same scheme and host. */
function ownPath({ host }: AdviceFile, { location, status }: Outcome): string | undefined {
  if (location === null || status < 300 || status >= 400) return undefined;
  if (location.startsWith('/')) return location;
  const origin = `${host.https ? 'https' : 'http'}://${host.serverName}`;
  return location.startsWith(`${origin}/`) ? location.slice(origin.length) : undefined;
}

/** What the outcome of a condition may hang on, when it says the same to every visitor. */
const BY_ADDRESS =
  /^(?:[^%]|%\{(?:REQUEST_URI|REQUEST_FILENAME|SCRIPT_FILENAME|QUERY_STRING|THE_REQUEST|REQUEST_METHOD|DOCUMENT_ROOT)\})*$/i;

/** The directive of this file that redirected; undefined where it may not do so for every visitor. */
function redirecting(file: AdviceFile, target: string): ActiveDirective | undefined {
  const { trace } = file.probes.traced(target);
  const step = trace.findLast(
    ({ line, module }) => line !== undefined && (module === 'mod_alias' || module === 'mod_rewrite'),
  );
  if (step === undefined || (step.file !== undefined && step.file !== `${file.directory}.htaccess`))
    return undefined;
  const directive = file.directives.find(({ line }) => line.line === step.line);
  if (step.module === 'mod_alias') return directive;
  const facts = file.rewrite.flatMap(({ rules }) => rules).find((one) => one.directive === directive);
  if (facts === undefined) return undefined;
  return facts.conditions.every(({ condition }) => BY_ADDRESS.test(condition.input)) ? directive : undefined;
}
