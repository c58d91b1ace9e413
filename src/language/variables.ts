import { EXPR_NAMES } from '../apache/expr';
import { patchOf, type HostProfile } from '../apache/host';
import { SERVER_VARIABLES } from '../apache/request/variables';
import { lookup } from '../text/lookup';

/** Where a `%{NAME}` stands: mod_rewrite and expressions know different names. */
export type VariableUse = 'rewrite' | 'expression';

/** A name that may stand in `%{…}`. */
export interface Variable {
  /** As `HTTP_HOST`, or `ENV:` where a name of the writer's own follows. */
  readonly name: string;
  readonly meaning: string;
}

/** What the variables hold, in our words; an example of each value where that says more. */
const MEANINGS: Readonly<Record<string, string>> = {
  HTTP_HOST: 'The Host header: `www.example.com`, with the port where the client sends one.',
  HTTP_USER_AGENT: 'The User-Agent header: what the client says it is.',
  HTTP_REFERER: 'The Referer header: the page that the visitor comes from, where the client tells it.',
  HTTP_COOKIE: 'All cookies of the request, as `name=value; name=value`.',
  HTTP_ACCEPT: 'The Accept header: media types that the client takes.',
  HTTP_FORWARDED: 'The Forwarded header.',
  HTTP_PROXY_CONNECTION: 'The Proxy-Connection header.',
  REQUEST_URI: 'The path of the URL, with the slash before it, without query: `/shop/index.html`.',
  REQUEST_FILENAME:
    'The file on the server that the request has led to so far: `/home/me/public_html/a.html`.',
  QUERY_STRING: 'What follows `?` in the URL; empty without one.',
  REQUEST_METHOD: 'GET, POST, HEAD …',
  REQUEST_SCHEME:
    '`http` or `https`, as Apache received it; behind a proxy that is the connection to the proxy.',
  HTTPS:
    '`on` or `off`. Behind a proxy that ends TLS it is `off`: look at `%{HTTP:X-Forwarded-Proto}` there.',
  THE_REQUEST:
    "The request's first line, as the client sent it: `GET /a%20b?x=1 HTTP/1.1`. Rewriting does not change it.",
  REMOTE_ADDR: "The client's IP address.",
  REMOTE_HOST: "The client's host name where the server looks it up, else its IP address.",
  REMOTE_PORT: "The client's port.",
  REMOTE_USER: 'The user who is logged in; empty before authentication has run.',
  REMOTE_IDENT: 'The answer of an ident server; hardly ever set.',
  CONN_REMOTE_ADDR: 'The IP address of the connection, which behind mod_remoteip is the proxy.',
  SERVER_NAME: 'The name of the server: what the client asked for, or ServerName, as UseCanonicalName says.',
  SERVER_PORT: 'The port of the server.',
  SERVER_ADDR: 'The IP address of the server.',
  SERVER_ADMIN: 'The address of the administrator, from ServerAdmin.',
  SERVER_PROTOCOL: '`HTTP/1.1`, `HTTP/2.0` …',
  SERVER_SOFTWARE: 'Name and version of the server.',
  API_VERSION: 'The version of the module interface.',
  DOCUMENT_ROOT: 'The folder that visitors see as `/`.',
  SCRIPT_FILENAME: 'The same as REQUEST_FILENAME.',
  PATH_INFO: 'What follows the name of a file in the URL path: `/hello` in `/index.php/hello`.',
  AUTH_TYPE: '`Basic` or `Digest` for a visitor who has logged in.',
  IS_SUBREQ: '`true` in a request that Apache makes itself while it works on another, else `false`.',
  IPV6: '`on` when the client came by IPv6.',
  HTTP2: '`on` when the request came by HTTP/2.',
  CONTENT_TYPE: 'The media type of the answer; mostly empty this early.',
  HANDLER: 'The name of the handler; mostly empty this early.',
  DOCUMENT_URI: 'The same as REQUEST_URI.',
  LAST_MODIFIED: 'When the file was changed last, as 20251123101500.',
  REQUEST_STATUS: 'The status of the answer so far: of use in error documents.',
  REQUEST_LOG_ID: 'The number under which the request is in the error log.',
  CONN_LOG_ID: 'The number under which the connection is in the error log.',
  CONTEXT_PREFIX: 'The URL prefix of an Alias that led here.',
  CONTEXT_DOCUMENT_ROOT: 'The folder that belongs to CONTEXT_PREFIX.',
  SCRIPT_USER: 'The owner of the file.',
  SCRIPT_GROUP: "The file's group.",
  TIME: 'The time of the request, as 20251123101500.',
  TIME_YEAR: 'The year, four digits.',
  TIME_MON: 'The month, 01–12.',
  TIME_DAY: 'The day of the month, 01–31.',
  TIME_HOUR: 'The hour, 00–23.',
  TIME_MIN: 'The minute, 00–59.',
  TIME_SEC: 'The second, 00–60.',
  TIME_WDAY: 'The day of the week, 0 for Sunday.',
  'ENV:': 'An environment variable: one of SetEnvIf, of a rule with `[E=]`, or of the server.',
  'HTTP:': 'A request header by its name: `%{HTTP:X-Forwarded-Proto}`.',
  'SSL:': 'A variable of mod_ssl: `%{SSL:SSL_PROTOCOL}`.',
  'LA-U:':
    'A variable as it will be at the end, found out by a request within the request: `%{LA-U:REMOTE_USER}`.',
  'LA-F:': 'Like LA-U, for the file that the request leads to now.',
};

const HEADERS = [
  'HTTP_HOST',
  'HTTP_USER_AGENT',
  'HTTP_REFERER',
  'HTTP_COOKIE',
  'HTTP_ACCEPT',
  'HTTP_FORWARDED',
  'HTTP_PROXY_CONNECTION',
];
const REWRITE_PREFIXES = ['ENV:', 'HTTP:', 'SSL:', 'LA-U:', 'LA-F:'];
const EXPRESSION_PREFIXES = ['ENV:', 'HTTP:'];

/** Often used names come first. */
const OFTEN = [
  'REQUEST_FILENAME',
  'REQUEST_URI',
  'HTTP_HOST',
  'QUERY_STRING',
  'HTTPS',
  'REQUEST_METHOD',
  'THE_REQUEST',
  'REMOTE_ADDR',
  'HTTP_REFERER',
  'HTTP_USER_AGENT',
  'HTTP_COOKIE',
  'ENV:',
  'HTTP:',
];

const described = (name: string): Variable => ({ name, meaning: lookup(MEANINGS, name) ?? '' });

/** The names of `%{…}` on a host, often used ones first. */
export function variablesFor(use: VariableUse, host: HostProfile): readonly Variable[] {
  const names = use === 'rewrite' ? rewriteNames() : expressionNames(host);
  const known = new Set(names);
  const often = OFTEN.filter((name) => known.has(name));
  const others = names.filter((name) => !often.includes(name)).sort();
  return [...often, ...others].map(described);
}

function rewriteNames(): string[] {
  return [...HEADERS, ...SERVER_VARIABLES.keys(), ...REWRITE_PREFIXES];
}

function expressionNames(host: HostProfile): string[] {
  const modules = new Set(['core', ...host.modules]);
  const patch = patchOf(host);
  const names = EXPR_NAMES.filter(
    ({ kind, name, module, since }) =>
      kind === 'variable' && !name.endsWith('*') && since <= patch && modules.has(module),
  );
  return [...new Set([...names.map(({ name }) => name), ...EXPRESSION_PREFIXES])];
}

/** What a `%{…}` without its braces holds; undefined for a name that the place does not know. */
export function findVariable(written: string, use: VariableUse, host: HostProfile): Variable | undefined {
  const name = written.toUpperCase();
  const prefix = name.includes(':') ? name.slice(0, name.indexOf(':') + 1) : undefined;
  return variablesFor(use, host).find((one) => one.name === (prefix ?? name));
}
