/** A URL or path taken apart as APR does (apr_uri_t). Parts that are missing are undefined. */
export interface AprUri {
  readonly scheme?: string;
  readonly user?: string;
  readonly password?: string;
  /** Without the brackets of an IPv6 address. */
  readonly hostname?: string;
  readonly port?: string;
  readonly path?: string;
  readonly query?: string;
  readonly fragment?: string;
}

/** Ports that APR leaves out when it puts a URL together (apr_uri_port_of_scheme). */
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['gopher', 70],
  ['http', 80],
  ['pop', 110],
  ['nntp', 119],
  ['imap', 143],
  ['prospero', 191],
  ['wais', 210],
  ['https', 443],
  ['rtsp', 554],
  ['snews', 563],
  ['acap', 674],
  ['nfs', 2049],
  ['tip', 3372],
  ['sip', 5060],
]);

/** Takes a text apart (apr_uri_parse). Where APR gives up half way, the parts found so far are given, as its callers in Apache use them. */
export function parseAprUri(text: string): AprUri {
  if (text.startsWith('/')) {
    return text[1] === '/' && text[2] !== '/' ? parseAuthority({}, text.slice(2)) : parsePath(text);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  if (scheme !== undefined) {
    const rest = text.slice(scheme.length + 1);
    return rest.startsWith('//') ? parseAuthority({ scheme }, rest.slice(2)) : { scheme, ...parsePath(rest) };
  }
  return (text.split('/', 1)[0] ?? '').includes(':') ? {} : parsePath(text);
}

function parsePath(text: string): AprUri {
  const found = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, path = '', query, fragment] = found ?? [];
  return {
    ...(path === '' ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(fragment === undefined ? {} : { fragment }),
  };
}

function parseAuthority(known: AprUri, text: string): AprUri {
  const length = text.search(/[/?#]/);
  const authority = length < 0 ? text : text.slice(0, length);
  const path = (): AprUri => (length < 0 ? {} : parsePath(text.slice(length)));
  const at = authority.lastIndexOf('@');
  const withUser = at < 0 ? known : { ...known, ...parseUser(authority.slice(0, at)) };
  const host = /^(?:\[([^\]]*)\]|([^:]*))(:.*)?/s.exec(authority.slice(at + 1));
  if (host === null || (authority[at + 1] === '[' && host[1] === undefined)) return withUser;
  const withHost = { ...withUser, hostname: host[1] ?? host[2] ?? '' };
  if (host[3] === undefined) return { ...withHost, ...path() };
  const withPort = { ...withHost, port: host[3].slice(1) };
  return /^(?:[ \t\n\v\f\r]*[+-]?\d+)?$/.test(withPort.port) ? { ...withPort, ...path() } : withPort;
}

function parseUser(text: string): AprUri {
  const colon = text.indexOf(':');
  return colon < 0 ? { user: text } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Puts the parts before the query together again (apr_uri_unparse with APR_URI_UNP_OMITQUERY): passwords are hidden, default ports left out. */
export function unparseWithoutQuery(uri: AprUri): string {
  return `${siteOf(uri)}${uri.path ?? ''}`;
}

function siteOf({ scheme, user, password, hostname, port }: AprUri): string {
  const login =
    user === undefined && password === undefined
      ? ''
      : `${user ?? ''}${password === undefined ? '' : ':XXXXXXXX'}@`;
  const prefix = scheme === undefined ? '//' : `${scheme}://`;
  if (hostname === undefined) return scheme === undefined ? login : `${scheme}:${login}`;
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  const number = port === undefined ? 0 : Number.parseInt(port, 10) || 0;
  const isDefault = number === 0 || number === DEFAULT_PORTS.get((scheme ?? '').toLowerCase());
  return `${prefix}${login}${name}${isDefault ? '' : `:${port}`}`;
}
