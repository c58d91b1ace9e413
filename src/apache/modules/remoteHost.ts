import { lowerCase } from '../../text/bytes';
import { isInSubnet, parseAddress, parseSubnet, type Subnet } from '../expr';
import type { RequestRecord } from '../request/record';

/** What stands in the way of reading a network: nothing like an address, no address, or no mask (APR's three errors). */
export type SubnetProblem = 'no address' | 'bad address' | 'bad mask';

/** A network as apr_ipsubnet_create reads it. */
export function readSubnet(text: string): Subnet | SubnetProblem {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  if (address === '' || !/^[0-9.]*$|:/.test(address)) return 'no address';
  const subnet = parseSubnet(text);
  if (subnet !== undefined) return subnet;
  return slash >= 0 && parseSubnet(`${address}/1`) !== undefined ? 'bad mask' : 'bad address';
}

/** APR's words for an address or mask that it cannot read. */
export const SUBNET_MESSAGES = {
  'bad address': 'The specified IP address is invalid.',
  'bad mask': 'The specified network mask is invalid.',
} as const;

/** True when the visitor's address lies in the network. */
export function isVisitorIn(r: RequestRecord, subnet: Subnet): boolean {
  const address = parseAddress(r.host.remoteAddr);
  return address !== undefined && isInSubnet(subnet, address);
}

const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => parseSubnet(text) ?? []);

/** True for a visitor on the server itself (Require local). */
export function isLocalVisitor(r: RequestRecord): boolean {
  const { remoteAddr, serverAddr } = r.host;
  return remoteAddr === serverAddr || LOOPBACK.some((subnet) => isVisitorIn(r, subnet));
}

/**
 * The visitor's host name after a look-up in both directions. Nothing here asks a name server; `localhost` is what every
 * server's own list of hosts knows.
 */
export function remoteHostName(r: RequestRecord): string | null {
  return r.host.remoteAddr === '127.0.0.1' || r.host.remoteAddr === '::1' ? 'localhost' : null;
}

/** True when a host is the domain or in it: whole labels count, any case (in_domain). */
export function isInDomain(domain: string, host: string): boolean {
  const wanted = lowerCase(domain);
  const given = lowerCase(host);
  if (!given.endsWith(wanted)) return false;
  return given.length === wanted.length || wanted.startsWith('.') || given.at(-wanted.length - 1) === '.';
}
