import { lowerCase } from '../../text/bytes';
import { parseAddress, type Subnet } from '../expr';
import type { RequestRecord } from '../request/record';
import { defineModule } from './define';
import type { AuthzProvider, AuthzStatus } from './providers';
import {
  isInDomain,
  isLocalVisitor,
  isVisitorIn,
  readSubnet,
  remoteHostName,
  SUBNET_MESSAGES,
} from './remoteHost';
import { wordsOf, wordsProvider } from './requireWords';

const ip: AuthzProvider = {
  parse(_cmd, args) {
    const words = wordsOf(args);
    if (words.length === 0) return { refusal: "'require ip' requires an argument" };
    const subnets: Subnet[] = [];
    for (const word of words) {
      const subnet = readSubnet(word);
      if (typeof subnet === 'string') {
        const because = subnet === 'no address' ? '' : `: ${SUBNET_MESSAGES[subnet]}`;
        return { refusal: `ip address '${word}' appears to be invalid${because}` };
      }
      subnets.push(subnet);
    }
    return { check: (r) => (subnets.some((subnet) => isVisitorIn(r, subnet)) ? 'granted' : 'denied') };
  },
};

const local: AuthzProvider = {
  parse: () => ({ check: (r) => (isLocalVisitor(r) ? 'granted' : 'denied') }),
};

function checkHost(r: RequestRecord, words: () => readonly string[] | undefined): AuthzStatus {
  const host = remoteHostName(r);
  if (host === null) {
    r.logError(`AH01753: access check to ${r.uri} failed, reason: unable to get the remote host name`);
    return 'denied';
  }
  for (const word of words() ?? []) {
    const hash = word.indexOf('#');
    const domain = hash < 0 ? word : word.slice(0, hash);
    if (domain !== '' && isInDomain(domain, host)) return 'granted';
    if (hash >= 0) break;
  }
  return 'denied';
}

/** Only addresses and `localhost` can be compared without a name server. */
function checkForwardDns(r: RequestRecord, words: () => readonly string[] | undefined): AuthzStatus {
  for (const word of words() ?? []) {
    const hash = word.indexOf('#');
    const name = hash < 0 ? word : word.slice(0, hash);
    if (name !== '' && (lowerCase(name) === remoteHostName(r) || isVisitor(r, name))) return 'granted';
    if (hash >= 0) break;
  }
  return 'denied';
}

function isVisitor(r: RequestRecord, name: string): boolean {
  const visitor = parseAddress(r.host.remoteAddr);
  const address = parseAddress(name);
  return visitor !== undefined && address !== undefined && String(visitor) === String(address);
}

export const mod_authz_host = defineModule({
  name: 'mod_authz_host',
  directives: {},
  authzProviders: {
    ip,
    local,
    host: wordsProvider('AH02593: authz_host authorize: require host', checkHost),
    'forward-dns': wordsProvider('AH03354: authz_host authorize: require forward-dns', checkForwardDns, 19),
  },
});
