import type { RequestRecord } from './record';
import { SERVER_VARIABLES } from './variables';
import { lookup } from '../../text/lookup';

/** Request headers that mod_ssl gives under the names of CGI. */
const HEADERS: ReadonlyMap<string, string> = new Map([
  ['HTTP_USER_AGENT', 'User-Agent'],
  ['HTTP_REFERER', 'Referer'],
  ['HTTP_COOKIE', 'Cookie'],
  ['HTTP_FORWARDED', 'Forwarded'],
  ['HTTP_HOST', 'Host'],
  ['HTTP_PROXY_CONNECTION', 'Proxy-Connection'],
  ['HTTP_ACCEPT', 'Accept'],
]);

/** Server variables that mod_ssl knows too. */
// prettier-ignore
const SHARED: ReadonlySet<string> = new Set([
  'REQUEST_METHOD', 'REQUEST_SCHEME', 'REQUEST_URI', 'REQUEST_FILENAME', 'REMOTE_ADDR', 'REMOTE_HOST', 'REMOTE_IDENT',
  'REMOTE_USER', 'SERVER_ADMIN', 'SERVER_NAME', 'SERVER_PORT', 'SERVER_PROTOCOL', 'SCRIPT_FILENAME', 'PATH_INFO',
  'QUERY_STRING', 'IS_SUBREQ', 'DOCUMENT_ROOT', 'AUTH_TYPE', 'THE_REQUEST', 'HTTPS', 'SERVER_SOFTWARE', 'TIME',
  'TIME_YEAR', 'TIME_MON', 'TIME_DAY', 'TIME_HOUR', 'TIME_MIN', 'TIME_SEC', 'TIME_WDAY',
]);

/** The value of `%{SSL:NAME}` (ssl_var_lookup), names by case; nothing of the TLS connection itself is known. */
export function sslVariable(name: string, r: RequestRecord): string {
  if (!r.host.modules.includes('mod_ssl')) return '';
  const header = HEADERS.get(name) ?? (name.startsWith('HTTP:') ? name.slice(5) : undefined);
  if (header !== undefined) return r.headersIn.get(header) ?? '';
  if (name.startsWith('ENV:')) {
    const own = name.slice(4);
    const ofProcess = lookup(r.host.environment, own);
    return r.notes.get(own) ?? r.env.get(own) ?? ofProcess ?? '';
  }
  if (name === 'API_VERSION') return '20120211';
  return SHARED.has(name) ? (SERVER_VARIABLES.get(name)?.(r) ?? '') : '';
}
