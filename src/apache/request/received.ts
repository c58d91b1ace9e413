import { lowerCase } from '../../text/bytes';
import { endsInChunked } from './coding';
import { scheme } from './url';
import type { HostProfile } from '../host';
import type { HttpRequest } from './outcome';

/** A request as the server takes it from the wire. */
export interface Received {
  /** Path and query: without scheme and server where the target named them. */
  readonly target: string;
  /** With the Host header of the target, where that names one. */
  readonly headers: HttpRequest['headers'];
  /** The server's name with its port, as the client gave it; undefined where it gave none. */
  readonly authority: string | undefined;
}

/** A request that the server does not take at all; `uri` is what it had understood of it. */
export interface Refused {
  readonly status: 400 | 417;
  readonly uri: string;
}

const UNREADABLE: Refused = { status: 400, uri: '' };

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** One digit on each side of the dot, and no version before 1.0, which has no name. */
const PROTOCOL = /^HTTP\/[1-9]\.\d$/;

/**
 * Request line and headers as Apache checks them before any configuration of a folder counts (ap_parse_request_line,
 * ap_get_mime_headers_core, fix_hostname). A request without a protocol counts as one of HTTP/1.1, and its Host as told
 * elsewhere where it has none; the empty protocol is that of a line that ends with the target.
 */
export function receive(request: HttpRequest, host: HostProfile): Received | Refused {
  const { target, method, protocol = 'HTTP/1.1' } = request;
  if (/[\0-\x20\x7f#]/.test(target) || !TOKEN.test(method)) return UNREADABLE;
  const headers = protocol === '' ? [] : request.headers;
  if (protocol === '' ? method !== 'GET' : !PROTOCOL.test(protocol)) return UNREADABLE;
  const received = receiveTarget({ ...request, headers }, host);
  if (received === UNREADABLE) return received;
  const isNamed =
    hostOf(headers) !== undefined || ('authority' in received && received.authority !== undefined);
  // Only HTTP/1.1 itself wants the header where the target names the server, if it be empty.
  const lacksHost = !isNamed || (request.protocol === 'HTTP/1.1' && valuesOf(headers, 'host').length === 0);
  const tellsHost = request.protocol !== undefined || valuesOf(headers, 'host').length > 0;
  const needsHost = tellsHost && !['', 'HTTP/1.0'].includes(protocol);
  return (needsHost && lacksHost ? UNREADABLE : refusal(headers)) ?? received;
}

function receiveTarget(request: HttpRequest, host: HostProfile): Received | Refused {
  const { target, method, headers } = request;
  if (method === 'CONNECT') return receiveAuthority(request, target);
  const whole = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?]*)|(?=\/))([^]*)$/i.exec(target);
  if (whole !== null) return receiveWhole(request, host, whole);
  const isOfServer = method === 'OPTIONS' && /^\*?(?:\?|$)/.test(target) && target !== '';
  if (!isOfServer && !/^[/?]/.test(target)) return UNREADABLE;
  const received = isOfServer ? ofServer(target) : target;
  return hasBadHost(headers) ? UNREADABLE : { target: received, headers, authority: hostOf(headers) };
}

/** OPTIONS without a path asks what the server as a whole can do. */
const ofServer = (target: string): string => target.replace(/^\*?/, '*');

/** What else is refused: headers that cannot be read, a body of unknown length, a wish that no server knows. */
function refusal(headers: HttpRequest['headers']): Refused | undefined {
  if (headers.length > MOST_HEADERS || headers.some(isBadHeader) || hasBadLength(headers)) return UNREADABLE;
  const expected = valuesOf(headers, 'expect').join(', ');
  return expected === '' || expected.toLowerCase() === '100-continue' ? undefined : { status: 417, uri: '' };
}

/** LimitRequestFields and LimitRequestFieldSize, by default. */
const MOST_HEADERS = 100;
const LONGEST_HEADER = 8190;

const isBadHeader = ([name, value]: HttpRequest['headers'][number]): boolean =>
  !TOKEN.test(name) ||
  name.length + value.length + ': '.length > LONGEST_HEADER ||
  (CONTROL.test(value) && CONTROL.test(value.replaceAll(/^[\t\v\f ]+|[\t\v\f ]+$/g, '')));

const CONTROL = /[\0-\x08\n-\x1f\x7f]/;

/** The values of a header (its name in lower case) without the blanks around them. */
const valuesOf = (headers: HttpRequest['headers'], wanted: string): readonly string[] =>
  headers
    .filter(([name]) => name.length === wanted.length && name.toLowerCase() === wanted)
    .map(([, value]) => value.trim());

/** An empty one counts as none. */
const hostOf = (headers: HttpRequest['headers']): string | undefined =>
  valuesOf(headers, 'host')[0] || undefined;

/** The body is as long as its last piece says, or as one number does that the server can count to. */
function hasBadLength(headers: HttpRequest['headers']): boolean {
  const coding = valuesOf(headers, 'transfer-encoding').join(', ');
  if (coding !== '') return !endsInChunked(coding);
  const length = valuesOf(headers, 'content-length');
  return length.length > 0 && !(/^\d+$/.test(length.join(', ')) && BigInt(length[0] ?? '') < 2n ** 63n);
}

/** A server and port alone, for a tunnel, which no rule of a folder sees as a path. */
function receiveAuthority({ headers }: HttpRequest, authority: string): Received | Refused {
  if (!/^[^/?]+:\d+$/.test(authority) || nameOf(authority) === undefined) return UNREADABLE;
  const others = headers.filter(([header]) => header.toLowerCase() !== 'host');
  if (others.length === headers.length) return { target: '', headers, authority };
  return { target: '', headers: [['Host', lowerCase(authority)], ...others], authority };
}

/**
 * A target with a server, as proxies get it: the server's own scheme names the host, in place of the header if there is one;
 * `https` is ignored, others are refused.
 */
function receiveWhole(
  { headers, method }: HttpRequest,
  host: HostProfile,
  [, given = '', authority, rest = '']: readonly (string | undefined)[],
): Received | Refused {
  if (authority?.includes('@') === true) return UNREADABLE;
  const withPath = method === 'OPTIONS' ? ofServer(rest) : `/${rest}`;
  const target = rest.startsWith('/') ? rest : withPath;
  const name = given.toLowerCase();
  if (authority !== undefined && name === scheme({ host })) {
    // No name at all is a name, too.
    if (!/^(?::\d*)?$/.test(authority) && nameOf(authority) === undefined) return UNREADABLE;
    const asGiven = lowerCase(authority).replace(/\.(?=:|$)/, '');
    const others = headers.filter(([header]) => header.toLowerCase() !== 'host');
    const isReplaced = others.length < headers.length;
    const named = isReplaced ? [['Host', asGiven] as const, ...others] : headers;
    return { target, headers: named, authority: asGiven };
  }
  if (hasBadHost(headers)) return UNREADABLE;
  return name === 'http' || name === 'https'
    ? { target, headers, authority: hostOf(headers) }
    : { status: 400, uri: target.split('?', 1)[0] ?? '' };
}

function hasBadHost(headers: HttpRequest['headers']): boolean {
  const given = valuesOf(headers, 'host');
  return given.length > 1 || given.some((value) => value !== '' && isBadHost(value));
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
