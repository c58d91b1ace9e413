import type { RequestRecord } from './record';
import { scheme, serverName, serverPort } from './url';
import { lookup } from '../../text/lookup';

type Lookup = (r: RequestRecord) => string | null | undefined;

/** Variables of a CGI program by upper-case name (ap_add_common_vars, ap_add_cgi_vars), but for those of headers. */
const CGI_VARIABLES: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ['CONTENT_TYPE', (r) => r.headersIn.get('Content-Type')],
  ['CONTENT_LENGTH', (r) => r.headersIn.get('Content-Length')],
  ['PATH', (r) => r.env.get('PATH') ?? lookup(r.host.environment, 'PATH')],
  ['SERVER_SIGNATURE', () => ''],
  ['SERVER_NAME', (r) => serverName(r)],
  ['SERVER_ADDR', (r) => r.host.serverAddr],
  ['SERVER_PORT', (r) => String(serverPort(r))],
  ['SERVER_ADMIN', (r) => r.host.serverAdmin],
  ['REMOTE_ADDR', (r) => r.host.remoteAddr],
  ['REMOTE_USER', (r) => r.user],
  ['AUTH_TYPE', (r) => r.authType],
  ['DOCUMENT_ROOT', (r) => r.evaluation.documentRoot],
  ['REQUEST_SCHEME', (r) => scheme(r)],
  ['CONTEXT_PREFIX', () => ''],
  ['CONTEXT_DOCUMENT_ROOT', (r) => r.evaluation.documentRoot],
  ['SCRIPT_FILENAME', (r) => r.filename],
  ['REDIRECT_URL', (r) => r.prev?.uri],
  ['REDIRECT_QUERY_STRING', (r) => r.prev?.args],
  ['GATEWAY_INTERFACE', () => 'CGI/1.1'],
  ['SERVER_PROTOCOL', (r) => r.protocol],
  ['REQUEST_METHOD', (r) => r.method],
  ['QUERY_STRING', (r) => r.args ?? ''],
  ['REQUEST_URI', (r) => (r.cgiRules?.hasCurrentUri === true ? r.uri : r.evaluation.request.target)],
  ['SCRIPT_NAME', (r) => r.uri.slice(0, scriptNameLength(r.uri, r.pathInfo ?? ''))],
  ['PATH_INFO', (r) => (r.pathInfo === '' ? null : r.pathInfo)],
  ['PATH_TRANSLATED', (r) => r.pathTranslated],
]);

/**
 * A variable as directives find it when the answer is sent: a program's own stand above what directives have set, and of one that
 * was set twice, by SetEnvIf and SetEnv, the last counts for a program, the first otherwise (apr_table_overlap).
 */
export function environmentVariable(r: RequestRecord, name: string): string | undefined {
  if (r.cgiRules === undefined) return r.env.get(name);
  return cgiVariable(r, name.toUpperCase()) ?? r.env.all(name).at(-1);
}

function cgiVariable(r: RequestRecord, name: string): string | undefined {
  if (r.handler === 'fcgid-script' && name === 'HTTP_CONNECTION') return 'close';
  if (name.startsWith('HTTP_')) return headerVariable(r, name.slice('HTTP_'.length));
  return CGI_VARIABLES.get(name)?.(r) ?? undefined;
}

const AUTHORIZATION: ReadonlySet<string> = new Set(['AUTHORIZATION', 'PROXY_AUTHORIZATION']);
const WITHHELD: ReadonlySet<string> = new Set(['PROXY', 'CONTENT_TYPE', 'CONTENT_LENGTH']);

/** Headers of the connection, as variables without HTTP_: mod_fcgid takes them out. */
export const OF_CONNECTION: ReadonlySet<string> = new Set([
  'KEEP_ALIVE',
  'TE',
  'TRAILER',
  'TRANSFER_ENCODING',
  'UPGRADE',
]);

/** Whether programs do not get a header, by its variable without HTTP_: passwords, and what has a variable of another name or meaning. */
export function isWithheld(name: string, passesAuthorization: boolean): boolean {
  return AUTHORIZATION.has(name) ? !passesAuthorization : WITHHELD.has(name);
}

function headerVariable(r: RequestRecord, name: string): string | undefined {
  if (r.handler === 'fcgid-script' && OF_CONNECTION.has(name)) return undefined;
  if (isWithheld(name, r.cgiRules?.passAuthorization === true)) return undefined;
  const values = r.headersIn
    .entries()
    .filter(([header]) => variableOf(header) === name)
    .map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** A header's variable without HTTP_; undefined for names that would make an ambiguous one (http2env). */
export function variableOf(header: string): string | undefined {
  if (variables.has(header)) return variables.get(header);
  const variable = /^[a-z\d-]*$/i.test(header) ? header.toUpperCase().replaceAll('-', '_') : undefined;
  if (variables.size >= MOST_VARIABLES) variables.clear();
  variables.set(header, variable);
  return variable;
}

/** Variables of headers that came before: clients mostly send the same. */
const variables = new Map<string, string | undefined>();
const MOST_VARIABLES = 256;

/** How much of a URL path is the script's, when its end is the path info: the two are compared from their ends (ap_find_path_info). */
export function scriptNameLength(uri: string, pathInfo: string): number {
  if (pathInfo === '') return uri.length;
  let at = uri.length;
  let info = pathInfo.length;
  while (at > 0 && info > 0 && uri[at - 1] === pathInfo[info - 1]) {
    at--;
    info--;
    while (pathInfo[info] === '/' && at > 0 && uri[at - 1] === '/') at--;
  }
  while (at < uri.length && uri[at] !== '/') at++;
  return at;
}
