import type { HostProfile } from '../apache/host';
import type { HttpRequest } from '../apache/request/outcome';
import { byteStringOfText } from '../text/bytes';
import type { WrittenRequest } from './case';

/** A request, and what its address says of the server. */
export interface AskedRequest {
  readonly request: HttpRequest;
  readonly host: Partial<HostProfile>;
}

/**
 * A request as a person writes it -> as a browser sends it. A whole address also names the server: Host header, port,
 * https. Undefined for a URL that begins neither with `/` nor with `http://` or `https://`.
 */
export function askedRequest({ method, url, headers }: WrittenRequest): AskedRequest | undefined {
  const whole = /^(https?):\/\/([^/?#]*@)?([^/?#]+)([^#]*)/i.exec(url);
  if (whole === null && !url.startsWith('/')) return undefined;
  const target = asSent(whole ? (whole[4] ?? '') : (url.split('#', 1)[0] ?? ''));
  const sent = headers.map(({ name, value }) => [name, byteStringOfText(value)] as const);
  if (whole === null) return { request: { method, target, headers: sent }, host: {} };
  const [, scheme = 'http', , authority = ''] = whole;
  const named = hostHeader(sent) === undefined ? [['Host', byteStringOfText(authority)] as const] : [];
  return {
    request: { method, target, headers: [...named, ...sent] },
    host: addressHost(scheme.toLowerCase() === 'https', authority),
  };
}

function addressHost(https: boolean, authority: string): Partial<HostProfile> {
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  return { https, port: port === undefined ? (https ? 443 : 80) : Number(port) };
}

/** An empty path is `/`; blanks and characters beyond ASCII are percent-encoded. */
function asSent(target: string): string {
  const encoded = byteStringOfText(target).replaceAll(
    /[^\u0021-\u007E]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

function hostHeader(headers: HttpRequest['headers']): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
}

/** HTTP/1.1 wants a Host header: without one, that of the described server, with its port unless it is the usual one. */
export function withHost(request: HttpRequest, host: HostProfile): HttpRequest {
  if (hostHeader(request.headers) !== undefined) return request;
  return { ...request, headers: [['Host', authorityOf(host)], ...request.headers] };
}

function authorityOf({ serverName, port, https }: HostProfile): string {
  const isUsual = port === (https ? 443 : 80) || /:\d+$/.test(serverName);
  return isUsual ? serverName : `${serverName}:${port}`;
}

/**
 * How this server names itself in a Location for a request, as `http://www.example.test`: by the Host header or by its
 * own name, with its port (ap_construct_url).
 */
export function originsOf(request: HttpRequest, host: HostProfile): readonly string[] {
  const scheme = host.https ? 'https' : 'http';
  const asked = hostHeader(request.headers) ?? host.serverName;
  const name = asked.replace(/:\d*$/, '');
  const authorities = [asked, `${name}:${host.port}`, authorityOf(host), `${host.serverName}:${host.port}`];
  return [...new Set(authorities.map((authority) => plainOrigin(`${scheme}://${authority}`)))];
}

/** A Location of this server as a path; any other one as it is, with its host in small letters and no usual port. */
export function comparableLocation(location: string, origins: readonly string[]): string {
  const found = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([\s\S]*)$/i.exec(location);
  if (found === null) return location;
  const origin = plainOrigin(found[1] ?? '');
  const rest = found[2] ?? '';
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return origins.includes(origin) ? path : origin + path;
}

function plainOrigin(origin: string): string {
  const small = origin.toLowerCase();
  if (small.startsWith('https:')) return small.replace(/:443$/, '');
  return small.startsWith('http:') ? small.replace(/:80$/, '') : small;
}
