import type { HttpRequest } from '../apache/request/outcome';

/**
 * A request must name this server, so that no foreign site can be made to point here (DNS rebinding). Names below
 * `.localhost` are nobody's (RFC 6761, section 6.3): browsers take them for this machine without asking a name server.
 */
export function isNameAllowed(request: HttpRequest, names: ReadonlySet<string>): boolean {
  const host = request.headers.find(isHost)?.[1];
  // No browser leaves it out, and only a browser can be tricked.
  if (host === undefined) return true;
  if (names.has(host)) return true;
  const name = /^(\[[^\]]*\]|[^:]*?)\.?(?::\d*)?$/.exec(host)?.[1]?.toLowerCase();
  return name !== undefined && (names.has(name) || name.endsWith('.localhost'));
}

function isHost(header: HttpRequest['headers'][number]): boolean {
  return header[0].length === 4 && header[0].toLowerCase() === 'host';
}

/** Dotfiles are never served but below .well-known, where certificates are proved. */
export function isHidden(file: string, treeRoot: string): boolean {
  const segments = file.slice(treeRoot.length).split('/');
  return segments.some((segment) => segment.startsWith('.') && segment !== '.well-known');
}
