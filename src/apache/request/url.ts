import { lowerCase } from '../../text/bytes';
import type { RequestRecord } from './record';

/** The name of the server as it goes into URLs (ap_get_server_name_for_url): from the Host header with UseCanonicalName Off. */
export function serverName(r: RequestRecord): string {
  if (r.host.useCanonicalName !== 'Off') return r.host.serverName;
  return hostAndPort(r).name ?? r.host.serverName;
}

/** The port of the server as it goes into URLs: the Host header's, which redirected requests inherit, but no subrequest. */
export function serverPort(r: RequestRecord): number {
  let first = r;
  while (first.prev !== null) first = first.prev;
  if (r.host.useCanonicalName !== 'Off' || first.main !== null) return r.host.port;
  const { name, port } = hostAndPort(r);
  return port ?? (name === null ? r.host.port : defaultPort(r));
}

/** `http` or `https`. */
export const scheme = (r: Pick<RequestRecord, 'host'>): string => (r.host.https ? 'https' : 'http');

const defaultPort = (r: RequestRecord): number => (r.host.https ? 443 : 80);

function hostAndPort(r: RequestRecord): { name: string | null; port: number | null } {
  const header = r.evaluation.authority;
  const found = header === undefined ? null : /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(header.trim());
  if (found?.[1] === undefined) return { name: null, port: null };
  const port = found[2] === undefined || found[2] === '' ? null : Number.parseInt(found[2], 10);
  // The dot of the root of all names is not shown.
  return { name: lowerCase(found[1]).replace(/\.$/, ''), port };
}

/** `:8080`, or nothing for the scheme's own port. */
export function portSuffix(r: RequestRecord): string {
  const port = serverPort(r);
  return port === defaultPort(r) ? '' : `:${port}`;
}

/** A whole URL for a path of this server (ap_construct_url). */
export function constructUrl(r: RequestRecord, path: string): string {
  return `${scheme(r)}://${serverName(r)}${portSuffix(r)}${path}`;
}

/** True when a host and port are those of ServerName (ap_matches_request_vhost); the profile knows no aliases. */
export function isOwnHost(r: RequestRecord, name: string, port: number): boolean {
  return port === r.host.port && lowerCase(name) === lowerCase(r.host.serverName);
}
