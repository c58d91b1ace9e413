import { defineModule, type Command, type Refusal } from './define';
import { leadingInteger } from './numbers';
import { serverRootRelative } from './serverFile';

const CLIENT_CERTIFICATES = [
  'ca_der',
  'ca_base64',
  'cert_der',
  'cert_base64',
  'cert_nickname',
  'key_der',
  'key_base64',
];
const ONLY_GLOBAL = ['ca_cert7_db', 'ca_secmod', 'cert_pfx', 'cert_key3_db'];
const KEY_PFX = 'key_pfx';

function trustedClientCert(cmd: Command, _config: unknown, kind: string, file: string): Refusal {
  const word = kind.toLowerCase();
  if (ONLY_GLOBAL.includes(word))
    return `The certificate type "${kind}" is only valid within a LDAPTrustedGlobalCert directive. Only CA_DER, CA_BASE64, CERT_DER, CERT_BASE64, CERT_NICKNAME, KEY_DER, and KEY_BASE64 may be used.`;
  if (!CLIENT_CERTIFICATES.includes(word) && word !== KEY_PFX)
    return `The certificate type "${kind}" is not recognised. It should be one of CA_DER, CA_BASE64, CERT_DER, CERT_BASE64, CERT_NICKNAME, CERT_PFX, KEY_DER, KEY_BASE64, KEY_PFX`;
  if (word === 'cert_nickname') return undefined;
  const path = serverRootRelative(file);
  return path === undefined || cmd.fileExists(path) ? undefined : 'Invalid client certificate file path';
}

export const util_ldap = defineModule({
  name: 'util_ldap',
  identifier: 'ldap_module',
  directives: {
    LDAPSharedCacheSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the size of the shared memory cache (in bytes). Use 0 to disable the shared memory cache. (default: 500000)',
      summary: 'How many bytes of memory hold answers of the directory for all processes.',
    },
    LDAPSharedCacheFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the file name for the shared memory cache.',
      summary: 'The file behind the shared memory for answers of the directory.',
    },
    LDAPCacheEntries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum number of entries that are possible in the LDAP search cache. Use 0 or -1 to disable the search cache (default: 1024)',
      summary: 'How many searches of the directory are kept.',
    },
    LDAPCacheTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum time (in seconds) that an item can be cached in the LDAP search cache. Use 0 for no limit. (default 600)',
      summary: 'How many seconds a search of the directory is kept.',
    },
    LDAPOpCacheEntries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum number of entries that are possible in the LDAP compare cache. Use 0 or -1 to disable the compare cache (default: 1024)',
      summary: 'How many comparisons with the directory are kept.',
    },
    LDAPOpCacheTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum time (in seconds) that an item is cached in the LDAP operation cache. Use 0 for no limit. (default: 600)',
      summary: 'How many seconds a comparison with the directory is kept.',
    },
    LDAPTrustedGlobalCert: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'Takes three arguments; the first argument is the cert type of the second argument, one of CA_DER, CA_BASE64, CA_CERT7_DB, CA_SECMOD, CERT_DER, CERT_BASE64, CERT_KEY3_DB, CERT_NICKNAME, KEY_DER, or KEY_BASE64. The second argument specifes the file and/or directory containing the trusted CA certificates (and global client certs for Netware) used to validate the LDAP server. The third argument is an optional passphrase if applicable.',
      summary: 'The authorities that are trusted for directories, for the whole server.',
    },
    LDAPTrustedClientCert: {
      args: 'TAKE23',
      where: ['AuthConfig'],
      help: 'Takes three arguments: the first argument is the certificate type of the second argument, one of CA_DER, CA_BASE64, CA_CERT7_DB, CA_SECMOD, CERT_DER, CERT_BASE64, CERT_KEY3_DB, CERT_NICKNAME, KEY_DER, or KEY_BASE64. The second argument specifies the file and/or directory containing the client certificate, or certificate ID used to validate this LDAP client.  The third argument is an optional passphrase if applicable.',
      summary: 'The certificate that this server shows to the directory.',
      apply: trustedClientCert,
    },
    LDAPTrustedMode: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the type of security that should be applied to an LDAP connection. One of; NONE, SSL or STARTTLS.',
      summary: 'How connections to directories are secured.',
    },
    LDAPVerifyServerCert: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Set to 'ON' requires that the server certificate be verified before a secure LDAP connection can be establish.  Default 'ON'",
      summary: "Checks the directory's certificate before it is trusted.",
    },
    LDAPConnectionTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the LDAP socket connection timeout in seconds (default: 10)',
      summary: 'How many seconds to wait for a connection to the directory.',
    },
    LDAPReferrals: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "Choose whether referrals are chased ['ON'|'OFF'|'DEFAULT'].  Default 'ON'",
      summary: 'Whether the server follows a directory that points to another one.',
      values: ['on', 'off', 'default'],
      apply: (_cmd, _config, value) =>
        ['on', 'off', 'default'].includes(value.toLowerCase())
          ? undefined
          : "LDAPReferrals must be 'on', 'off', or 'default'",
    },
    LDAPReferralHopLimit: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Limit the number of referral hops that LDAP can follow. (Integer value, Consult LDAP SDK documentation for applicability and defaults',
      summary: 'How often the server follows a directory that points to another one.',
      apply: (_cmd, _config, value) =>
        leadingInteger(value) <= 0
          ? "LDAPReferralHopLimit must be greater than zero (Use 'LDAPReferrals Off' to disable referral chasing)"
          : undefined,
    },
    LDAPLibraryDebug: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable debugging in LDAP SDK (Default: off, values: SDK specific',
      summary: 'Makes the LDAP library write what it does.',
    },
    LDAPTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the LDAP bind/search timeout in seconds (0 = no limit). Default: 60',
      summary: 'How many seconds a question to the directory may take.',
    },
    LDAPConnectionPoolTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the maximum amount of time a bound connection can sit idle and still be considered valid for reuse(0 = no pool, -1 = no limit, n = time in seconds). Default: -1',
      summary: 'How many seconds an unused connection to the directory stays good.',
    },
    LDAPRetries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the number of times a failed LDAP operation should be retried (0 = no retries). Default: 3',
      summary: 'How often a failed question to the directory is asked again.',
    },
    LDAPRetryDelay: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the delay between retries of a failed LDAP operation (0 = no delay). Default: 0',
      summary: 'How long to wait before a failed question to the directory is asked again.',
    },
  },
});
