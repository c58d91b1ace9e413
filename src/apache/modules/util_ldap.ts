import { defineModule } from './define';

export const util_ldap = defineModule({
  name: 'util_ldap',
  identifier: 'ldap_module',
  directives: {
    LDAPSharedCacheSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the size of the shared memory cache (in bytes). Use 0 to disable the shared memory cache. (default: 500000)',
    },
    LDAPSharedCacheFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the file name for the shared memory cache.',
    },
    LDAPCacheEntries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum number of entries that are possible in the LDAP search cache. Use 0 or -1 to disable the search cache (default: 1024)',
    },
    LDAPCacheTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum time (in seconds) that an item can be cached in the LDAP search cache. Use 0 for no limit. (default 600)',
    },
    LDAPOpCacheEntries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum number of entries that are possible in the LDAP compare cache. Use 0 or -1 to disable the compare cache (default: 1024)',
    },
    LDAPOpCacheTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the maximum time (in seconds) that an item is cached in the LDAP operation cache. Use 0 for no limit. (default: 600)',
    },
    LDAPTrustedGlobalCert: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'Takes three arguments; the first argument is the cert type of the second argument, one of CA_DER, CA_BASE64, CA_CERT7_DB, CA_SECMOD, CERT_DER, CERT_BASE64, CERT_KEY3_DB, CERT_NICKNAME, KEY_DER, or KEY_BASE64. The second argument specifes the file and/or directory containing the trusted CA certificates (and global client certs for Netware) used to validate the LDAP server. The third argument is an optional passphrase if applicable.',
    },
    LDAPTrustedClientCert: {
      args: 'TAKE23',
      where: ['AuthConfig'],
      help: 'Takes three arguments: the first argument is the certificate type of the second argument, one of CA_DER, CA_BASE64, CA_CERT7_DB, CA_SECMOD, CERT_DER, CERT_BASE64, CERT_KEY3_DB, CERT_NICKNAME, KEY_DER, or KEY_BASE64. The second argument specifies the file and/or directory containing the client certificate, or certificate ID used to validate this LDAP client.  The third argument is an optional passphrase if applicable.',
    },
    LDAPTrustedMode: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the type of security that should be applied to an LDAP connection. One of; NONE, SSL or STARTTLS.',
    },
    LDAPVerifyServerCert: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Set to 'ON' requires that the server certificate be verified before a secure LDAP connection can be establish.  Default 'ON'",
    },
    LDAPConnectionTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the LDAP socket connection timeout in seconds (default: 10)',
    },
    LDAPReferrals: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "Choose whether referrals are chased ['ON'|'OFF'|'DEFAULT'].  Default 'ON'",
    },
    LDAPReferralHopLimit: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Limit the number of referral hops that LDAP can follow. (Integer value, Consult LDAP SDK documentation for applicability and defaults',
    },
    LDAPLibraryDebug: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable debugging in LDAP SDK (Default: off, values: SDK specific',
    },
    LDAPTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the LDAP bind/search timeout in seconds (0 = no limit). Default: 60',
    },
    LDAPConnectionPoolTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the maximum amount of time a bound connection can sit idle and still be considered valid for reuse(0 = no pool, -1 = no limit, n = time in seconds). Default: -1',
    },
    LDAPRetries: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the number of times a failed LDAP operation should be retried (0 = no retries). Default: 3',
    },
    LDAPRetryDelay: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specify the delay between retries of a failed LDAP operation (0 = no delay). Default: 0',
    },
  },
});
