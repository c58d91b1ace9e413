import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../apache/request/outcome';

/** The request as the client sent it, as byte strings. */
export function httpRequest(message: IncomingMessage): HttpRequest {
  const { rawHeaders } = message;
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  const { method = 'GET', url = '/', httpVersion } = message;
  return { method, target: url, protocol: `HTTP/${httpVersion}`, headers };
}

/** A request must name this server, so that no foreign site can be made to point here (DNS rebinding). */
export function isNameAllowed(request: HttpRequest, names: ReadonlySet<string>): boolean {
  const hosts = request.headers.filter(([name]) => name.toLowerCase() === 'host');
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(hosts[0]?.[1] ?? '')?.[1];
  return hosts.length === 1 && name !== undefined && names.has(name.toLowerCase());
}

/** Dotfiles are never served but below .well-known, where certificates are proved. */
export function isHidden(file: string, treeRoot: string): boolean {
  const segments = file.slice(treeRoot.length).split('/');
  return segments.some((segment) => segment.startsWith('.') && segment !== '.well-known');
}
