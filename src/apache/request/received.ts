import { scheme } from './url';
import type { HostProfile } from '../host';
import type { HttpRequest } from './outcome';

/** A request as the server takes it from the wire. */
export interface Received {
  /** Path and query: without scheme and server where the target named them. */
  readonly target: string;
  /** With the Host header of the target, where that names one. */
  readonly headers: HttpRequest['headers'];
}

/** A request that the server does not take at all; `uri` is what it had understood of it. */
export interface Refused {
  readonly status: 400;
  readonly uri: string;
}

const UNREADABLE: Refused = { status: 400, uri: '' };

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Request line and headers as Apache checks them before any configuration of a folder counts (ap_parse_request_line, fix_hostname). */
export function receive(request: HttpRequest, host: HostProfile): Received | Refused {
  const { target, headers, method } = request;
  if (/[\0-\x20\x7f#]/.test(target) || !TOKEN.test(method) || headers.some(isBadHeader)) return UNREADABLE;
  const whole = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?]*)|(?=\/))([^]*)$/i.exec(target);
  if (whole !== null) return receiveWhole(request, host, whole);
  const isOfServer = target === '*' && method === 'OPTIONS';
  if (method === 'CONNECT' || (!isOfServer && !/^[/?]/.test(target))) return UNREADABLE;
  return hasBadHost(headers) ? UNREADABLE : { target, headers };
}

const isBadHeader = ([name, value]: HttpRequest['headers'][number]): boolean =>
  !TOKEN.test(name) || /[\0-\x08\n-\x1f\x7f]/.test(value.replaceAll(/^[\t\v\f ]+|[\t\v\f ]+$/g, ''));

/** A target with a server, as proxies get it: the server's own scheme names the host, `https` is ignored, others are refused. */
function receiveWhole(
  { headers }: HttpRequest,
  host: HostProfile,
  [, given = '', authority, rest = '']: readonly (string | undefined)[],
): Received | Refused {
  if (authority?.includes('@') === true) return UNREADABLE;
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  const name = given.toLowerCase();
  if (authority !== undefined && authority !== '' && name === scheme({ host })) {
    const named = nameOf(authority);
    if (named === undefined) return UNREADABLE;
    const others = headers.filter(([header]) => header.toLowerCase() !== 'host');
    return { target, headers: [['Host', authority.toLowerCase().replace(/\.(?=:|$)/, '')], ...others] };
  }
  if (hasBadHost(headers)) return UNREADABLE;
  return name === 'http' || name === 'https'
    ? { target, headers }
    : { status: 400, uri: target.split('?', 1)[0] ?? '' };
}

function hasBadHost(headers: HttpRequest['headers']): boolean {
  const given = headers.filter(([name]) => name.toLowerCase() === 'host').map(([, value]) => value);
  return given.length > 1 || given.some((value) => isBadHost(value.trim()));
}

function isBadHost(text: string): boolean {
  const name = nameOf(text);
  if (name === undefined) return true;
  if (text.length === name.length) return false;
  const port = Number(text.slice(name.length + 1));
  return port < 1 || port > 65_535;
}

/** The name of a host without its port: letters, digits, `-`, `_` and single dots, or an address in brackets; undefined for anything else. */
function nameOf(text: string): string | undefined {
  const name = /^(\[[0-9a-f.]*:[0-9a-f:.]*\]|[\w.-]+)(?::\d*)?$/i.exec(text)?.[1];
  if (name === undefined || name.startsWith('[')) return name;
  const labels = name.replace(/\.$/, '').split('.');
  if (labels.includes('') && !name.startsWith('.')) return undefined;
  const isAddress = labels.length === 4 && labels.every((label) => /^\d+$/.test(label));
  const isTopmost = /^[a-z_]/i.test(labels.at(-1) ?? '') || labels.length === 1;
  return isAddress || (isTopmost && /[a-z_-]/i.test(name)) ? name : undefined;
}
