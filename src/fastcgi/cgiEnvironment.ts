import { serverSoftware, type HostProfile } from '../apache/host';
import { isWithheld, OF_CONNECTION, scriptNameLength, variableOf } from '../apache/request/cgiVariables';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { NameValue } from './params';

/** The ends of the connection on which the request came. */
export interface ConnectionEnds {
  readonly remoteAddr: string;
  readonly remotePort: number;
  readonly serverAddr: string;
}

/** All that a program's variables are made of. */
export interface EnvironmentInput {
  readonly request: HttpRequest;
  readonly outcome: Outcome;
  readonly host: HostProfile;
  /** Absolute path on the server, a byte string. */
  readonly documentRoot: string;
  readonly connection: ConnectionEnds;
  /** How the program is run: mod_fcgid says more of the connection than mod_cgi. `fastcgi` when not given. */
  readonly via?: 'fastcgi' | 'cgi';
  /** Bytes of the request's body as read, whatever its Content-Length or Transfer-Encoding said. */
  readonly bodyLength: number;
  /** What `GET` of the path info alone is mapped to; document root and path info when not given. */
  readonly pathTranslated?: string;
  /** What mod_unique_id gave the request, where it is loaded. */
  readonly uniqueId?: string;
  /** The request from which a script's `Location: /path` led here, when one did. */
  readonly redirectedFrom?: {
    readonly environment: readonly NameValue[];
    /** URL path, decoded. */
    readonly uri: string;
    readonly query: string | null;
  };
}

/**
 * The variables that Apache 2.4 with mod_fcgid gives a responder for one request, as byte strings (measured, list
 * by list, against a real server). Names compare without case, as in Apache's tables.
 */
export function cgiEnvironment(input: EnvironmentInput): NameValue[] {
  const table = new EnvironmentTable();
  addInherited(table, input);
  addHeaders(table, input);
  addServer(table, input);
  addRequest(table, input);
  if (input.via !== 'cgi') addFastCgi(table, input);
  return table.entries();
}

/** What mod_fcgid takes away and adds. */
function addFastCgi(table: EnvironmentTable, { bodyLength }: EnvironmentInput): void {
  for (const name of OF_CONNECTION) table.delete(`HTTP_${name}`);
  table.set('HTTP_CONNECTION', 'close');
  table.set('CONTENT_LENGTH', String(bodyLength));
}

/** What a redirect renamed, then what directives set. */
function addInherited(table: EnvironmentTable, input: EnvironmentInput): void {
  const { outcome, redirectedFrom, host, uniqueId } = input;
  const prefix = 'REDIRECT_'.repeat(1 + outcome.redirects);
  for (const [name, value] of redirectedFrom?.environment ?? []) table.setForeign(prefix + name, value);
  if (redirectedFrom !== undefined) table.set(`${prefix}STATUS`, '200');
  if (host.https) table.set('HTTPS', 'on');
  if (uniqueId !== undefined) {
    for (let copies = 0; copies <= outcome.redirects; copies++) {
      table.set(`${'REDIRECT_'.repeat(copies)}UNIQUE_ID`, uniqueId);
    }
  }
  for (const [name, value] of Object.entries(outcome.env)) table.setForeign(name, value);
}

function addHeaders(table: EnvironmentTable, { request, outcome }: EnvironmentInput): void {
  for (const [name, value] of mergeHeaders(outcome.requestHeaders ?? request.headers)) {
    const variable = variableOf(name);
    if (variable === undefined) continue;
    if (variable === 'CONTENT_TYPE' || variable === 'CONTENT_LENGTH') table.set(variable, value);
    else if (!isWithheld(variable, outcome.passesAuthorization ?? false))
      table.set(`HTTP_${variable}`, value);
  }
}

/** Repeated headers are one, joined by a comma. */
export function mergeHeaders(headers: HttpRequest['headers']): Iterable<readonly [string, string]> {
  const merged = new Map<string, readonly [string, string]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = merged.get(key);
    merged.set(key, before === undefined ? [name, value] : [before[0], `${before[1]}, ${value}`]);
  }
  return merged.values();
}

function addServer(
  table: EnvironmentTable,
  { request, outcome, host, documentRoot, connection }: EnvironmentInput,
): void {
  const address = serverAddress(request, host);
  if (!table.has('PATH')) table.set('PATH', host.environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin');
  table.set('SERVER_SIGNATURE', '');
  table.set('SERVER_SOFTWARE', serverSoftware(host));
  table.set('SERVER_NAME', escapeHtml(address.name));
  table.set('SERVER_ADDR', connection.serverAddr);
  table.set('SERVER_PORT', String(address.port));
  table.set('REMOTE_ADDR', connection.remoteAddr);
  table.set('DOCUMENT_ROOT', documentRoot);
  table.set('REQUEST_SCHEME', host.https ? 'https' : 'http');
  table.set('CONTEXT_PREFIX', '');
  table.set('CONTEXT_DOCUMENT_ROOT', documentRoot);
  table.set('SERVER_ADMIN', host.serverAdmin);
  table.set('REMOTE_PORT', String(connection.remotePort));
  addVisitor(table, outcome);
}

/** Who sent the request, when a password was asked for. */
function addVisitor(table: EnvironmentTable, { user, earlierUser, authType }: Outcome): void {
  if (typeof user === 'string') table.set('REMOTE_USER', user);
  if (typeof earlierUser === 'string') table.set('REDIRECT_REMOTE_USER', earlierUser);
  if (typeof authType === 'string') table.set('AUTH_TYPE', authType);
}

/** The name and port of UseCanonicalName: the client's Host header when it is off, else the server's own. */
function serverAddress(request: HttpRequest, host: HostProfile): { name: string; port: number } {
  const own = { name: host.serverName, port: host.port };
  const sent = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(sent ?? '');
  if (host.useCanonicalName !== 'Off' || parts === null || !parts[1]) return own;
  return {
    name: parts[1].toLowerCase().replace(/\.$/, ''),
    port: parts[2] === undefined ? host.port : Number(parts[2]),
  };
}

function addRequest(table: EnvironmentTable, input: EnvironmentInput): void {
  const { request, outcome, documentRoot } = input;
  addRedirect(table, input);
  table.set('SCRIPT_FILENAME', outcome.filename);
  table.set('GATEWAY_INTERFACE', 'CGI/1.1');
  table.set('SERVER_PROTOCOL', request.protocol ?? 'HTTP/1.1');
  table.set('REQUEST_METHOD', request.method);
  table.set('QUERY_STRING', outcome.query ?? '');
  table.set('REQUEST_URI', outcome.hasCurrentUri === true ? outcome.uri : request.target);
  const pathInfo = outcome.pathInfo ?? '';
  table.set('SCRIPT_NAME', outcome.uri.slice(0, scriptNameLength(outcome.uri, pathInfo)));
  if (pathInfo === '') return;
  table.set('PATH_INFO', pathInfo);
  table.set('PATH_TRANSLATED', input.pathTranslated ?? documentRoot + pathInfo);
}

/** Where an internal redirect came from: the URL path before it, decoded, and its query. */
function addRedirect(table: EnvironmentTable, { outcome, redirectedFrom }: EnvironmentInput): void {
  const from = outcome.redirectedFrom ?? redirectedFrom;
  if (from === undefined) return;
  table.set('REDIRECT_URL', from.uri);
  if (from.query !== null) table.set('REDIRECT_QUERY_STRING', from.query);
}

function escapeHtml(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Variables by name without case; a name keeps its first spelling. Names become what a shell could hold. */
class EnvironmentTable {
  readonly #entries = new Map<string, NameValue>();
  /** A name is not what a shell could hold. */
  #hasOddName = false;

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    const key = name.toLowerCase();
    this.#entries.set(key, [this.#entries.get(key)?.[0] ?? name, value]);
  }

  /** The same with a name that may be any. */
  setForeign(name: string, value: string): void {
    this.#hasOddName ||= NEEDS_CHANGE.test(name);
    this.set(name, value);
  }

  delete(name: string): void {
    this.#entries.delete(name.toLowerCase());
  }

  entries(): NameValue[] {
    const entries = [...this.#entries.values()];
    return this.#hasOddName ? entries.map(([name, value]) => [variableName(name), value]) : entries;
  }
}

const NEEDS_CHANGE = /^\d|[^0-9A-Za-z_]/;

function variableName(name: string): string {
  if (!NEEDS_CHANGE.test(name)) return name;
  return name.replace(/^\d/, '_').replace(/[^0-9A-Za-z]/g, '_');
}
