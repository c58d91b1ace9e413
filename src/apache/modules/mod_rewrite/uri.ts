import type { RequestRecord } from '../../request/record';
import { isOwnHost, portSuffix, scheme, serverName } from '../../request/url';
import { escapeUri } from '../../request/uri';
import type { RuleFlags } from './config';
import { log, type RewriteContext } from './context';

/** Schemes that make a substitution absolute, with how much of it they are, and whether a query may follow (is_absolute_uri). */
const SCHEMES: readonly (readonly [prefix: string, hasQuery: boolean])[] = [
  ['ajp://', true],
  ['balancer://', true],
  ['ftp://', false],
  ['fcgi://', true],
  ['gopher://', false],
  ['http://', true],
  ['https://', true],
  ['h2://', true],
  ['h2c://', true],
  ['ldap://', false],
  ['mailto:', true],
  ['news:', false],
  ['nntp://', false],
  ['scgi://', true],
  ['ws://', true],
  ['wss://', true],
];

/** Length of the scheme with its `://`, or 0 for what Apache takes as a path. */
export function absoluteLength(uri: string): number {
  return absolute(uri)?.length ?? 0;
}

/** True for a substitution that a variable may complete to a whole URL: `http%{ENV:s}://…`. */
export function mayBecomeAbsolute(substitution: string): boolean {
  const [start = ''] = substitution.split(/[$%\\]/, 1);
  if (start === substitution) return false;
  const lower = start.toLowerCase();
  return 'unix:'.startsWith(lower) || SCHEMES.some(([prefix]) => prefix.startsWith(lower));
}

function absolute(uri: string): { length: number; hasQuery: boolean } | undefined {
  if (uri.startsWith('/') || uri.length <= 5) return undefined;
  const start = uri.slice(0, 12).toLowerCase();
  if (start.startsWith('unix:')) return { length: uri.startsWith('//', 5) ? 7 : 5, hasQuery: true };
  const found = SCHEMES.find(([prefix]) => start.startsWith(prefix));
  return found === undefined ? undefined : { length: found[0].length, hasQuery: found[1] };
}

/** Splits the query off the substituted filename, as the rule's flags say (splitout_queryargs). */
export function splitQuery(context: RewriteContext, flags: Readonly<RuleFlags>): void {
  const { r } = context;
  if (flags.queryNone) {
    log(context, 2, () => 'discarding query string, no parse from substitution', false);
    r.args = null;
    return;
  }
  const filename = r.filename ?? '';
  const uri = absolute(filename);
  if (uri !== undefined && !uri.hasQuery) {
    r.args = null;
    return;
  }
  if (flags.queryDiscard) {
    r.args = null;
    log(context, 2, () => 'discarding query string', false);
  }
  const skip = uri?.length ?? 0;
  const question = flags.queryLast ? filename.lastIndexOf('?') : filename.indexOf('?', skip);
  if (question < skip) return;
  r.filename = filename.slice(0, question);
  r.args = newQuery(filename.slice(question + 1), r.args, flags.queryAppend);
  log(
    context,
    3,
    () => `split uri=${filename} -> uri=${r.filename ?? ''}, args=${r.args ?? '<none>'}`,
    false,
  );
}

function newQuery(written: string, old: string | null, append: boolean): string | null {
  let query: string | null = written;
  if (append) query = written === '' ? old : `${written}&${old ?? ''}`;
  if (query === null || query === '') return null;
  return query.endsWith('&') ? query.slice(0, -1) : query;
}

/** Puts scheme and host of this server before a path (fully_qualify_uri). */
export function qualify(r: RequestRecord): void {
  const filename = r.filename ?? '';
  if (absoluteLength(filename) > 0) return;
  const slash = filename.startsWith('/') ? '' : '/';
  r.filename = `${scheme(r)}://${serverName(r)}${portSuffix(r)}${slash}${filename}`;
}

/** Takes scheme and host away where they are this server's own (reduce_uri). */
export function reduceToPath(context: RewriteContext): void {
  const { r } = context;
  const filename = r.filename ?? '';
  const own = `${scheme(r)}://`;
  if (filename.length <= own.length || filename.slice(0, own.length).toLowerCase() !== own) return;
  const found = /^([^/:]*)(?::([^/]*))?(.*)$/s.exec(filename.slice(own.length));
  const port = found?.[2] === undefined ? (r.host.https ? 443 : 80) : Number.parseInt(found[2], 10) || 0;
  if (found === null || !isOwnHost(r, found[1] ?? '', port)) return;
  const path = found[3] === '' ? '/' : (found[3] ?? '/');
  log(context, 3, () => `reduce ${filename} -> ${path}`, false);
  r.filename = path;
}

/** Escapes what follows the host of an absolute URL (escape_absolute_uri). */
export function escapeAbsolute(uri: string): string {
  const length = absoluteLength(uri);
  if (uri[length - 1] !== '/') return uri.slice(0, length) + escapeUri(uri.slice(length));
  const slash = uri.indexOf('/', length);
  if (slash < 0 || slash === uri.length - 1) return uri;
  const head = uri.slice(0, slash + 1);
  const path = uri.slice(slash + 1);
  if (uri.slice(0, 4).toLowerCase() !== 'ldap') return head + escapeUri(path);
  const parts = path.split('?');
  const tokens = parts.length > 5 ? [...parts.slice(0, 4), parts.slice(4).join('?')] : parts;
  return head + tokens.map(escapeUri).join('?');
}

/** Replaces the folder's prefix by another one (subst_prefix_path); a text without the prefix stays. */
export function replacePrefix(context: RewriteContext, input: string, prefix: string, by: string): string {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (!input.startsWith(`${bare}/`)) return input;
  const rest = input.slice(bare.length + 1);
  log(context, 5, () => `strip matching prefix: ${input} -> ${rest}`, false);
  const output = `${by}${by === '' || by.endsWith('/') ? '' : '/'}${rest}`;
  log(context, 4, () => `add subst prefix: ${rest} -> ${output}`, false);
  return output;
}
