import type { RequestRecord } from '../../request/record';
import { lookUpFile, lookUpUri } from '../../request/subrequest';
import { scheme, serverName, serverPort } from '../../request/url';
import { log, type RewriteContext } from './context';

type Lookup = (r: RequestRecord, context: RewriteContext) => string | null | undefined;

const header =
  (name: string): Lookup =>
  (_r, context) =>
    lookUpHeader(name, context);

const MONTH = 1;

/** A two-digit part of the time of the request. Apache takes the server's zone; the evaluation has none and takes UTC. */
const time =
  (part: (date: Date) => number): Lookup =>
  (r) =>
    String(part(new Date(r.evaluation.time * 1000))).padStart(2, '0');

const year: Lookup = (r) => String(new Date(r.evaluation.time * 1000).getUTCFullYear()).padStart(4, '0');
const month = time((date) => date.getUTCMonth() + MONTH);
const day = time((date) => date.getUTCDate());
const hour = time((date) => date.getUTCHours());
const minute = time((date) => date.getUTCMinutes());
const second = time((date) => date.getUTCSeconds());

const filename: Lookup = (r) => r.filename;
const documentRoot: Lookup = (r) => r.evaluation.documentRoot;

/** The variables that mod_rewrite itself knows, by upper-case name. */
const VARIABLES: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ['TIME', (r, context) => [year, month, day, hour, minute, second].map((part) => part(r, context)).join('')],
  ['TIME_YEAR', year],
  ['TIME_MON', month],
  ['TIME_DAY', day],
  ['TIME_HOUR', hour],
  ['TIME_MIN', minute],
  ['TIME_SEC', second],
  ['TIME_WDAY', (r) => String(new Date(r.evaluation.time * 1000).getUTCDay())],
  ['IPV6', (r) => (r.host.remoteAddr.includes(':') && !/^::ffff:/i.test(r.host.remoteAddr) ? 'on' : 'off')],
  ['HTTPS', (r) => (r.host.https ? 'on' : 'off')],
  ['IS_SUBREQ', (r) => (r.main === null ? 'false' : 'true')],
  ['PATH_INFO', (r) => r.pathInfo],
  ['AUTH_TYPE', (r) => r.authType],
  ['HTTP_HOST', header('Host')],
  ['SERVER_NAME', (r) => serverName(r)],
  ['REMOTE_ADDR', (r) => r.host.remoteAddr],
  ['SERVER_ADDR', (r) => r.host.serverAddr],
  ['HTTP_ACCEPT', header('Accept')],
  ['THE_REQUEST', (r) => r.requestLine],
  ['API_VERSION', () => '20120211:142'],
  ['HTTP_COOKIE', header('Cookie')],
  ['SERVER_PORT', (r) => String(serverPort(r))],
  ['REMOTE_HOST', (r) => r.host.remoteAddr],
  ['REMOTE_PORT', () => '49152'],
  ['REMOTE_USER', (r) => r.user],
  ['SCRIPT_USER', () => '<unknown>'],
  ['REQUEST_URI', (r) => r.uri],
  ['SCRIPT_GROUP', () => '<unknown>'],
  ['REMOTE_IDENT', () => ''],
  ['HTTP_REFERER', header('Referer')],
  ['QUERY_STRING', (r) => r.args],
  ['SERVER_ADMIN', (r) => r.host.serverAdmin],
  ['DOCUMENT_ROOT', documentRoot],
  ['HTTP_FORWARDED', header('Forwarded')],
  ['CONTEXT_PREFIX', () => ''],
  ['REQUEST_METHOD', (r) => r.method],
  ['REQUEST_SCHEME', (r) => scheme(r)],
  ['HTTP_USER_AGENT', header('User-Agent')],
  ['SCRIPT_FILENAME', filename],
  ['SERVER_PROTOCOL', (r) => r.evaluation.request.protocol ?? 'HTTP/1.1'],
  ['SERVER_SOFTWARE', (r) => `Apache/${r.host.apache} (Unix)`],
  ['CONN_REMOTE_ADDR', (r) => r.host.remoteAddr],
  ['REQUEST_FILENAME', filename],
  ['HTTP_PROXY_CONNECTION', header('Proxy-Connection')],
  ['CONTEXT_DOCUMENT_ROOT', documentRoot],
]);

/** The value of `%{NAME}`; the empty string for an unknown or unset one (lookup_variable). */
export function lookUpVariable(name: string, context: RewriteContext): string {
  if (name.length < 4) return '';
  if (name[3] === ':') return lookUpScoped(name.slice(0, 3).toUpperCase(), name.slice(4), context);
  if (name[4] === ':') return lookUpLong(name.slice(0, 4).toUpperCase(), name.slice(5), context);
  return VARIABLES.get(name.toUpperCase())?.(context.r, context) ?? '';
}

function lookUpScoped(kind: string, name: string, { r }: RewriteContext): string {
  if (name === '' || kind !== 'ENV') return '';
  const own = Object.hasOwn(r.host.environment, name) ? r.host.environment[name] : undefined;
  return r.notes.get(name) ?? r.env.get(name) ?? own ?? '';
}

function lookUpLong(kind: string, name: string, context: RewriteContext): string {
  if (name === '') return '';
  if (kind === 'HTTP') return lookUpHeader(name, context) ?? '';
  return kind === 'LA-U' || kind === 'LA-F' ? lookAhead(kind, name, context) : '';
}

/** A request header; that it decided is remembered for Vary, but for Host. */
function lookUpHeader(name: string, context: RewriteContext): string | undefined {
  const value = context.r.headersIn.get(name);
  if (value !== undefined && name.toLowerCase() !== 'host') context.varyNow.push(name);
  return value;
}

/** A variable as it will be when the request has gone through all phases, found out by a subrequest. */
function lookAhead(kind: 'LA-U' | 'LA-F', name: string, context: RewriteContext): string {
  const outer = context.r;
  if (context.uri === '' || !mayLookAhead(outer)) return '';
  const asFile = kind === 'LA-F' && !context.uri.startsWith('/');
  const path = asFile ? context.perdir + context.uri : kind === 'LA-U' ? lookAheadUri(context) : context.uri;
  context.r = asFile ? lookUpFile(outer, path) : lookUpUri(outer, path);
  const value = lookUpVariable(name, context);
  context.r = outer;
  log(context, 5, () => `lookahead: path=${path} var=${name} -> val=${value}`);
  return value;
}

/** The URL of what the rule sees now: below RewriteBase where there is one (la_u). */
function lookAheadUri(context: RewriteContext): string {
  if (context.uri.startsWith('/')) return context.uri;
  return `${context.baseUrl ?? context.perdir}${context.uri}`;
}

/** No look-ahead within a subrequest for the same URL: it would never end (subreq_ok). */
export function mayLookAhead(r: RequestRecord): boolean {
  return r.main === null || r.uri !== r.main.uri;
}
