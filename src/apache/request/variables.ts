import { serverSoftware } from '../host';
import type { RequestRecord } from './record';
import { scheme, serverName, serverPort } from './url';

type Lookup = (r: RequestRecord) => string | null | undefined;

const JANUARY = 1;

const dateOf = (r: RequestRecord): Date => new Date(r.evaluation.time * 1000);

/** A two-digit part of the time of the request. Apache takes the server's zone; the evaluation knows none and takes UTC. */
const time =
  (part: (date: Date) => number): Lookup =>
  (r) =>
    String(part(dateOf(r))).padStart(2, '0');

/** Seconds since 1970 as Apache writes them in one number: `20240101000000`; in UTC, too. */
export function timestamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

const year: Lookup = (r) => String(dateOf(r).getUTCFullYear()).padStart(4, '0');
const month = time((date) => date.getUTCMonth() + JANUARY);
const day = time((date) => date.getUTCDate());
const hour = time((date) => date.getUTCHours());
const minute = time((date) => date.getUTCMinutes());
const second = time((date) => date.getUTCSeconds());

const filename: Lookup = (r) => r.filename;
const documentRoot: Lookup = (r) => r.evaluation.documentRoot;
const isIpv6 = (address: string): boolean => address.includes(':') && !/^::ffff:/i.test(address);

/** The server variables that both mod_rewrite and ap_expr know, by upper-case name; those read from headers are not here. */
export const SERVER_VARIABLES: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ['TIME', (r) => timestamp(r.evaluation.time)],
  ['TIME_YEAR', year],
  ['TIME_MON', month],
  ['TIME_DAY', day],
  ['TIME_HOUR', hour],
  ['TIME_MIN', minute],
  ['TIME_SEC', second],
  ['TIME_WDAY', (r) => String(dateOf(r).getUTCDay())],
  ['IPV6', (r) => (isIpv6(r.host.remoteAddr) ? 'on' : 'off')],
  ['HTTPS', (r) => (r.host.https ? 'on' : 'off')],
  ['IS_SUBREQ', (r) => (r.main === null ? 'false' : 'true')],
  ['PATH_INFO', (r) => r.pathInfo],
  ['AUTH_TYPE', (r) => r.authType],
  ['SERVER_NAME', (r) => serverName(r)],
  ['REMOTE_ADDR', (r) => r.host.remoteAddr],
  ['SERVER_ADDR', (r) => r.host.serverAddr],
  ['THE_REQUEST', (r) => r.requestLine],
  ['API_VERSION', () => '20120211:142'],
  ['SERVER_PORT', (r) => String(serverPort(r))],
  ['REMOTE_HOST', (r) => r.host.remoteAddr],
  ['REMOTE_PORT', () => '49152'],
  ['REMOTE_USER', (r) => r.user],
  ['SCRIPT_USER', () => '<unknown>'],
  ['REQUEST_URI', (r) => r.uri],
  ['SCRIPT_GROUP', () => '<unknown>'],
  ['REMOTE_IDENT', () => ''],
  ['QUERY_STRING', (r) => r.args],
  ['SERVER_ADMIN', (r) => r.host.serverAdmin],
  ['DOCUMENT_ROOT', documentRoot],
  ['CONTEXT_PREFIX', () => ''],
  ['REQUEST_METHOD', (r) => r.method],
  ['REQUEST_SCHEME', (r) => scheme(r)],
  ['SCRIPT_FILENAME', filename],
  ['SERVER_PROTOCOL', (r) => r.protocol],
  ['SERVER_SOFTWARE', (r) => serverSoftware(r.host)],
  ['CONN_REMOTE_ADDR', (r) => r.host.remoteAddr],
  ['REQUEST_FILENAME', filename],
  ['CONTEXT_DOCUMENT_ROOT', documentRoot],
]);
