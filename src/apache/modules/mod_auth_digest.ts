import { isAtLeast } from '../host';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { findProvider, type NamedProvider } from './authnProviders';
import { defineModule, type ApacheModule, type Command, type Refusal } from './define';
import { authName, authType } from './mod_authn_core';
import { readInteger } from './numbers';

/** mod_auth_digest's per-directory configuration. A deeper folder's replaces it whole. */
export interface DigestConfig {
  providers: NamedProvider[];
  protections: string[];
  domains: string[];
}

/** Since 2.4.69 there is nothing to choose any more. */
const ONLY_AUTH = 69;

function setProtection(cmd: Command, config: DigestConfig, value: string): Refusal {
  const word = value.toLowerCase();
  if (isAtLeast(cmd.host, ONLY_AUTH))
    return word === 'auth' ? undefined : "AuthDigestQop is deprecated: only 'auth' is supported";
  if (word === 'auth-int') return 'AuthDigestQop auth-int is not implemented';
  if (word !== 'none' && word !== 'auth') return `Unrecognized qop: ${value}`;
  config.protections = word === 'none' ? ['none'] : [...config.protections, value];
  return undefined;
}

function checkLifetime(_cmd: Command, _config: DigestConfig, value: string): Refusal {
  const { rest } = readInteger(value);
  return rest === '' || /^[ \t\n\v\f\r]/.test(rest)
    ? undefined
    : `Invalid time in AuthDigestNonceLifetime: ${value}`;
}

function checkAlgorithm(cmd: Command, _config: DigestConfig, value: string): Refusal {
  const word = value.toLowerCase();
  if (word === 'md5') return undefined;
  if (isAtLeast(cmd.host, ONLY_AUTH)) return `Unsupported algorithm in AuthDigestAlgorithm: ${value}`;
  if (word === 'md5-sess') return "AuthDigestAlgorithm: ERROR: algorithm `MD5-sess' is not implemented";
  return `Invalid algorithm in AuthDigestAlgorithm: ${value}`;
}

export const mod_auth_digest: ApacheModule<DigestConfig> = defineModule<DigestConfig>({
  name: 'mod_auth_digest',
  createDirConfig: () => ({ providers: [], protections: [], domains: [] }),
  directives: {
    AuthDigestProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
      summary: 'Where the hashes of users are looked up, in this order.',
      values: ['file', 'dbm', 'dbd', 'socache'],
      apply(cmd, config, name) {
        const found = findProvider(cmd, name, { needs: 'realmHash', title: 'Digest' });
        if ('refusal' in found) return found.refusal;
        config.providers.push(found);
        return undefined;
      },
    },
    AuthDigestQop: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'A list of quality-of-protection options',
      summary: 'Which protection is offered; since 2.4.69 only auth exists.',
      deprecated: 'There is nothing to choose any more; leave it out.',
      values: ['auth'],
      apply: setProtection,
    },
    AuthDigestNonceLifetime: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Maximum lifetime of the server nonce (seconds)',
      summary: 'How many seconds a visitor may go on with the same challenge.',
      apply: checkLifetime,
    },
    AuthDigestNcCheck: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: 'Whether or not to check the nonce-count sent by the client',
      summary: 'Turns away requests that were sent twice.',
      apply: () => undefined,
    },
    AuthDigestAlgorithm: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The algorithm used for the hash calculation',
      summary: 'The hash that is used; only MD5 exists.',
      values: ['MD5'],
      apply: checkAlgorithm,
    },
    AuthDigestDomain: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: "A list of URI's which belong to the same protection space as the current URI",
      summary: 'The URLs that share this password.',
      apply(_cmd, config, url) {
        config.domains.push(url);
        return undefined;
      },
    },
    AuthDigestShmemSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The amount of shared memory to allocate for keeping track of clients',
      summary: 'How many bytes of memory hold the state of visitors.',
    },
  },
  hooks: { checkUserId: authenticateDigest, noteAuthFailure: noteDigestFailure },
});

const isDigest = (type: string | null): boolean => type?.toLowerCase() === 'digest';

/**
 * Asks for a password by Digest. Whatever a client answers refers to a random number of a running server, so that no
 * answer is right here.
 */
function authenticateDigest(r: RequestRecord): HookResult {
  const type = authType(r);
  if (!isDigest(type)) return 'declined';
  if (authName(r) === null) {
    r.logError(`AH01780: need AuthName: ${r.uri}`);
    return 500;
  }
  challenge(r);
  return 401;
}

function noteDigestFailure(r: RequestRecord): HookResult {
  if (!isDigest(authType(r))) return 'declined';
  challenge(r);
  return 'ok';
}

/** What stands where a running server puts its random number. */
const NONCE = 'random';

function challenge(r: RequestRecord): void {
  const config = r.perDirConfig.get(mod_auth_digest);
  const domains = config?.domains.join(' ') ?? '';
  const qop = config?.protections[0]?.toLowerCase() === 'none' ? '' : ', qop="auth"';
  r.errHeadersOut.merge(
    'WWW-Authenticate',
    `Digest realm="${authName(r) ?? ''}", nonce="${NONCE}", algorithm=MD5${domains === '' ? '' : `, domain="${domains}"`}${qop}`,
  );
}
