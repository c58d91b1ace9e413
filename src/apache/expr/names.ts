import { parseSubnet, type Subnet } from './subnet';

/** What is asked for by name in an expression. */
export type NameKind = 'variable' | 'function' | 'listFunction' | 'unary' | 'binary';

/** One name that a module provides for expressions. */
export interface ExprName {
  readonly kind: NameKind;
  /** Without the dash of an operator. A trailing `*` stands for the rest of a variable's name. */
  readonly name: string;
  readonly module: string;
  /** The first `2.4.N` with it. */
  readonly since: number;
  /** Refused where the expression is restricted (see places.ts). */
  readonly restricted?: true;
  /** The right operand must be a network, written as a constant. */
  readonly subnet?: true;
}

function names(kind: NameKind, module: string, list: string, since = 0): ExprName[] {
  return list.split(' ').map((name) => ({ kind, name, module, since }));
}

/**
 * Every name of an expression in a `.htaccess` (source: the lookup hooks of core, mod_ssl and mod_proxy_hcheck;
 * versions: the sources of each release; scanner and grammar are the same in all of 2.4). Names of modules that no `.htaccess` reaches (mod_include's `v`) are left out.
 */
export const EXPR_NAMES: readonly ExprName[] = [
  ...names('variable', 'core', 'TIME_YEAR TIME_MON TIME_DAY TIME_HOUR TIME_MIN TIME_SEC TIME_WDAY TIME'),
  ...names('variable', 'core', 'SERVER_SOFTWARE API_VERSION HTTPS IPV6 CONN_LOG_ID CONN_REMOTE_ADDR'),
  ...names('variable', 'core', 'HTTP2', 19),
  ...names(
    'variable',
    'core',
    'HTTP_USER_AGENT HTTP_PROXY_CONNECTION HTTP_REFERER HTTP_COOKIE HTTP_FORWARDED',
  ),
  ...names(
    'variable',
    'core',
    'HTTP_HOST HTTP_ACCEPT REQUEST_METHOD REQUEST_SCHEME REQUEST_URI REQUEST_FILENAME',
  ),
  ...names('variable', 'core', 'REMOTE_HOST REMOTE_IDENT REMOTE_USER SERVER_ADMIN SERVER_NAME SERVER_PORT'),
  ...names(
    'variable',
    'core',
    'SERVER_PROTOCOL SCRIPT_FILENAME PATH_INFO QUERY_STRING IS_SUBREQ DOCUMENT_ROOT',
  ),
  ...names(
    'variable',
    'core',
    'AUTH_TYPE THE_REQUEST CONTENT_TYPE HANDLER REQUEST_LOG_ID SCRIPT_USER SCRIPT_GROUP',
  ),
  ...names(
    'variable',
    'core',
    'DOCUMENT_URI LAST_MODIFIED CONTEXT_PREFIX CONTEXT_DOCUMENT_ROOT REQUEST_STATUS',
  ),
  ...names('variable', 'core', 'REMOTE_ADDR'),
  ...names('variable', 'core', 'REMOTE_PORT', 26),
  ...names('variable', 'mod_ssl', 'SSL_*'),
  ...names('variable', 'mod_proxy_hcheck', 'HC_*', 21),
  ...names('function', 'core', 'osenv env resp req http note reqenv tolower toupper escape unescape'),
  ...names('function', 'core', 'req_novary', 4),
  ...names('function', 'core', 'base64 unbase64 sha1 md5', 5),
  ...names('function', 'core', 'ldap', 53),
  { kind: 'function', name: 'file', module: 'core', since: 0, restricted: true },
  { kind: 'function', name: 'filesize', module: 'core', since: 0, restricted: true },
  ...names('function', 'mod_ssl', 'SSL'),
  ...names('function', 'mod_proxy_hcheck', 'HC', 21),
  ...names('listFunction', 'mod_ssl', 'PeerExtList'),
  ...names('unary', 'core', 'n z T d e f s L h x F U A'),
  { kind: 'unary', name: 'R', module: 'core', since: 0, subnet: true },
  ...names('binary', 'core', 'fnmatch strmatch strcmatch'),
  { kind: 'binary', name: 'ipmatch', module: 'core', since: 0, subnet: true },
];

/** What decides which names exist. */
export interface NameContext {
  /** The N of `2.4.N`. */
  readonly patch: number;
  readonly modules: ReadonlySet<string>;
  readonly restricted: boolean;
}

export interface NameQuery {
  readonly kind: NameKind;
  readonly name: string;
  /** The constant argument, or undefined when the argument is no plain string. */
  readonly argument: string | undefined;
}

/** What a name means: its provider (with a network for `-R` and `-ipmatch`), or Apache's words of refusal. */
export type NameAnswer =
  { readonly found: ExprName; readonly subnet?: Subnet } | { readonly problem: string };

/** Looks a name up as Apache does while it parses. Only the names of unary operators are case-sensitive. */
export function lookUpName(query: NameQuery, context: NameContext): NameAnswer {
  const candidate = candidateFor(query);
  const found = candidate && isProvided(candidate, context) ? candidate : undefined;
  const dash = query.kind === 'unary' || query.kind === 'binary' ? '-' : '';
  if (!found) return { problem: `${KIND_TITLES[query.kind]} '${dash}${query.name}' does not exist` };
  if (found.restricted && context.restricted) {
    return { problem: `${dash}${found.name} not available in restricted context` };
  }
  return found.subnet ? withSubnet(found, query) : { found };
}

function isProvided(entry: ExprName, context: NameContext): boolean {
  return entry.since <= context.patch && (entry.module === 'core' || context.modules.has(entry.module));
}

const KIND_TITLES: Readonly<Record<NameKind, string>> = {
  variable: 'Variable',
  function: 'Function',
  listFunction: 'List-returning function',
  unary: 'Unary operator',
  binary: 'Binary operator',
};

const BY_KEY: ReadonlyMap<string, ExprName> = new Map(EXPR_NAMES.map((entry) => [keyOf(entry), entry]));
const BY_PREFIX: readonly ExprName[] = EXPR_NAMES.filter((entry) => entry.name.endsWith('*'));

function keyOf({ kind, name }: { readonly kind: NameKind; readonly name: string }): string {
  return `${kind} ${kind === 'unary' ? name : name.toLowerCase()}`;
}

function candidateFor(query: NameQuery): ExprName | undefined {
  const exact = BY_KEY.get(keyOf(query));
  if (exact || query.kind !== 'variable') return exact;
  const name = query.name.toUpperCase();
  return BY_PREFIX.find((entry) => name.startsWith(entry.name.slice(0, -1)));
}

function withSubnet(found: ExprName, query: NameQuery): NameAnswer {
  if (query.argument === undefined) {
    return { problem: `-${query.name} requires subnet/netmask as constant argument` };
  }
  const subnet = parseSubnet(query.argument);
  return subnet ? { found, subnet } : { problem: 'parsing of subnet/netmask failed' };
}
