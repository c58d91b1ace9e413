import type { RequestRecord } from '../../request/record';
import { sslVariable } from '../../request/sslVariable';
import { lookUpFile, lookUpUri } from '../../request/subrequest';
import { SERVER_VARIABLES } from '../../request/variables';
import { log, type RewriteContext } from './context';
import { lookup } from '../../../text/lookup';

/** The variables that mod_rewrite reads from request headers, by upper-case name. */
const HEADER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ['HTTP_HOST', 'Host'],
  ['HTTP_ACCEPT', 'Accept'],
  ['HTTP_COOKIE', 'Cookie'],
  ['HTTP_REFERER', 'Referer'],
  ['HTTP_FORWARDED', 'Forwarded'],
  ['HTTP_USER_AGENT', 'User-Agent'],
  ['HTTP_PROXY_CONNECTION', 'Proxy-Connection'],
]);

/** The value of `%{NAME}`; the empty string for an unknown or unset one (lookup_variable). */
export function lookUpVariable(name: string, context: RewriteContext): string {
  if (name.length < 4) return '';
  if (name[3] === ':') return lookUpScoped(name.slice(0, 3).toUpperCase(), name.slice(4), context);
  if (name[4] === ':') return lookUpLong(name.slice(0, 4).toUpperCase(), name.slice(5), context);
  const header = HEADER_VARIABLES.get(name.toUpperCase());
  if (header !== undefined) return lookUpHeader(header, context) ?? '';
  const value = SERVER_VARIABLES.get(name.toUpperCase())?.(context.r) ?? '';
  if (name.toUpperCase() === 'IPV6') log(context, 1, () => `IPV6='${value}'`);
  if (name.toUpperCase() === 'TIME') log(context, 1, () => `RESULT='${value}'`);
  return value;
}

function lookUpScoped(kind: string, name: string, { r }: RewriteContext): string {
  if (name === '') return '';
  if (kind === 'SSL') return sslVariable(name, r);
  if (kind !== 'ENV') return '';
  const own = lookup(r.host.environment, name);
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
  if (!mayLookAhead(outer)) return '';
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
