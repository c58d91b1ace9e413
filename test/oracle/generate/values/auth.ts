import type { Random } from '../random';
import type { ValueMaker } from './index';

const pickOf =
  (...values: readonly string[]): ValueMaker =>
  (random) =>
    random.pick(values);

const several =
  (most: number, ...values: readonly string[]): ValueMaker =>
  (random) =>
    random.times(1 + random.below(most), () => random.pick(values)).join(' ');

// prettier-ignore
const ADDRESSES = [
  '10.0.0.1', '10.', '10', '10.1', '10.1.2', '10.1.2.', '10.1.2.3.4', '256.1.1.1', '127.0.0.1', '::1', 'fe80::1', '::ffff:1.2.3.4', '2001:db8::/32', '10.0.0.0/8',
  '10.0.0.0/255.0.0.0', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/', '10.0/8', '/8', 'x/8', '::1/129', '::1/255.0.0.0', 'example.test', '.example.test', 'localhost', 'a#b', '#',
  '1.2.3.4#', '10.0.0.1x', '1..2', '010.001.0.1', '10.0.0.0/08', '10.0.0.0/+8', '127.0.0.0/8', '.', '..', ':', '::', '1:2', '10.0.0.0 /8', '""', '"10.0.0.1 10.0.0.2"', '%{REMOTE_ADDR}',
];

// prettier-ignore
const EXPRESSIONS = [
  "%{REMOTE_USER} == 'a'", '"%{REMOTE_USER} == \'a\'"', '"', '""', '"true', 'true', 'false', '-n %{REMOTE_USER}', "%{NOPE} == 'x'", '%{REQUEST_URI} =~ m#^/a#', '%{REQUEST_URI} =~ /(/',
  "req('X') == 'y'", "file('/x') == 'y'", 'true &&', '', "-R '10.0.0.0/8'", "%{REMOTE_ADDR} -ipmatch '10.0.0.0/33'", "%{SSL_PROTOCOL} == 'x'", '%{TIME_HOUR} -gt 9', 'not true', '! true',
];

// prettier-ignore
const TEXTS = [
  'a', 'a b', '"a b" c', '%{REMOTE_USER}', '%{NOPE}', '%{env:X}', '%{', '%', '# x', 'a#b', '', 'é', '%{tolower:%{REMOTE_USER}}', "%{file:/x}", '%{filesize:/x}', '$1', 'cn=a,o=b', 'mail=a@b', "\\", '%{SSL:X}',
];

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'get',
  'FOO',
  'PROPFIND',
  'BIND',
  'SEARCH',
  'TRACE',
  'PATCH',
  '',
  'OPTIONS',
  'UNBIND',
  'ACL',
  'BREW',
  'PRI',
  'VERSION-CONTROL',
  'BASELINE-CONTROL',
];

const NEEDLESS = [
  'valid-user',
  'local',
  'ssl',
  'ssl-verify-client',
  'file-owner',
  'file-group',
  'dbm-file-group',
  'dbd-login',
  'dbd-logout',
];

const WITH_TEXT = [
  'user',
  'group',
  'host',
  'forward-dns',
  'ldap-user',
  'ldap-group',
  'ldap-dn',
  'ldap-attribute',
  'ldap-filter',
  'ldap-search',
  'dbm-group',
  'dbd-group',
];

function requirement(random: Random): string {
  const not = random.maybe(0.12, random.pick(['not ', 'Not ', 'not  ', '"not" ']));
  return `${not}${random
    .weighted([
      {
        weight: 4,
        make: () =>
          `all ${random.pick(['granted', 'denied', 'Granted', 'grant', '"granted"', 'granted ', 'granted denied', ''])}`,
      },
      { weight: 2, make: () => `env ${random.pick(['X', 'X Y', '', '!X', '"X Y"', 'env=X'])}` },
      { weight: 2, make: () => `method ${several(3, ...METHODS)(random)}` },
      { weight: 4, make: () => `expr ${random.pick(EXPRESSIONS)}` },
      { weight: 5, make: () => `ip ${several(3, ...ADDRESSES)(random)}` },
      {
        weight: 3,
        make: () => `${random.pick(NEEDLESS)} ${random.maybe(0.2, random.pick(['x', '# x', 'on']))}`,
      },
      { weight: 5, make: () => `${random.pick(WITH_TEXT)} ${random.pick(TEXTS)}` },
      {
        weight: 2,
        make: () =>
          random.pick([
            '',
            'not',
            'all',
            'ip',
            'All granted',
            'nobody',
            'user',
            'valid-users',
            'not not all granted',
            '%{X}',
            'expr',
            'method',
            'User x',
            '"all" granted',
            'file',
            'ldap',
          ]),
      },
    ])
    .make()}`;
}

/** The lines of a container, with others inside; without the outer tags. */
function container(random: Random, depth: number): string {
  const count = random.pick([0, 1, 1, 2, 3]);
  return random
    .times(count, () => {
      if (depth < 3 && random.chance(0.3)) {
        const name = random.pick([
          'RequireAll',
          'RequireAny',
          'RequireNone',
          'requireall',
          'Limit GET',
          'LimitExcept POST',
          'Files x',
          'If true',
          'IfModule mod_rewrite.c',
        ]);
        return `<${name}>\n${container(random, depth + 1)}</${name.split(' ', 1)[0] ?? ''}>\n`;
      }
      if (random.chance(0.1))
        return `${random.pick(['AuthMerging And', 'Satisfy Any', 'AuthType Basic', 'Options +Indexes', 'RewriteEngine On', 'Order allow,deny'])}\n`;
      return `Require ${requirement(random)}\n`;
    })
    .join('');
}

/** A container's own arguments, then what stands in it, then a last line that the generator closes. */
const requireSection: ValueMaker = (random) =>
  `${random.maybe(0.05, 'x')}>\n${container(random, 1)}${random.pick(['# end', 'Require all granted', 'Require not ip 10.0.0.1', '<RequireNone'])} `;

const providers = several(
  3,
  'file',
  'anon',
  'dbm',
  'dbd',
  'ldap',
  'socache',
  'File',
  'nope',
  'fcgi',
  'lua',
  '',
);
const onOff = pickOf('On', 'Off', 'on', 'yes', '1', '');
const path = pickOf(
  '/home/x/.htpasswd',
  '.htpasswd',
  '/',
  '../x',
  '%{DOCUMENT_ROOT}/.htpasswd',
  '"a b"',
  '/nowhere/none',
);
const field = pickOf('httpd_username', 'a=b', 'a&b', '""', 'x y', "'a'", 'a;b', 'é');
const text = (random: Random): string => `"${random.pick(TEXTS).replaceAll(/[\\"]/g, '\\$&')}"`;

// prettier-ignore
const LDAP_URLS = [
  'ldap://localhost/o=x?uid?sub?(objectClass=*)', 'ldaps://a:636/dc=a', 'ldapi:///x', 'http://a/', 'ldap:/a', '<ldap://a/b>', '<ldap://a/b', 'URL:ldap://a/b', 'ldap://a:/b', 'ldap://[::1]:389/b',
  'ldap://[::1/b', 'ldap://a', 'ldap://a/b?', 'ldap://a/b?x?far', 'ldap://a/b?x?one?f?', 'ldap://a/b?x?one?f?e', 'ldap://a/b?x?one?f?e?', 'ldap://a/b?,?one', 'ldap://a/b??subtree', 'ldap://a/b???(a=b', 'LDAP://A/B?X?ONE', 'ldap://',
  'ldap://a/b??onelevel', 'ldap://a/b??base', 'ldap://a/b??onetree', 'ldap://a/b??children', 'ldap://a/b??subordinate', 'ldap://a/b???%', 'ldap://a/b???%00', 'ldap://a/b??s%75b', 'ldap://a:%', 'ldap://a:%33', 'ldap://a/b????,', 'ldap://a/b????!x,y', 'ldap://a:b:', 'ldap://[::1]', 'ldap://[::1]:', 'ldap://a?x',
];

const order = pickOf(
  'allow,deny',
  'deny,allow',
  'Deny,Allow',
  'allow, deny',
  'mutual-failure',
  'allow',
  'Allow,Deny x',
  'deny,allow,x',
);

const allowDeny: ValueMaker = (random) =>
  `${random.pick(['from', 'from', 'from', 'From', 'FROM', 'form', 'all'])} ${several(3, ...ADDRESSES, 'all', 'All', 'env=X', 'env=!X', 'ENV=x', 'env=', 'env=!', 'env=a/b', 'all,x')(random)}`;

/** Arguments of the directives that say who may come in. */
export const AUTH_VALUES: Readonly<Record<string, ValueMaker>> = {
  Require: requirement,
  '<RequireAll': requireSection,
  '<RequireAny': requireSection,
  '<RequireNone': requireSection,
  AuthMerging: pickOf('Off', 'And', 'Or', 'off', 'AND', 'xor', 'On'),
  AuthzSendForbiddenOnFailure: onOff,
  order,
  allow: allowDeny,
  deny: allowDeny,
  Satisfy: pickOf('all', 'any', 'All', 'ANY', 'none', ''),
  AuthType: (random) => random.pick(['Basic', 'Digest', 'None', 'Form', 'basic', 'Negotiate', text(random)]),
  AuthName: (random) => random.pick(['"Members only"', 'Members', 'Members only', "'x'", text(random)]),
  AuthBasicProvider: providers,
  AuthBasicAuthoritative: onOff,
  AuthBasicFake: (random) =>
    `${random.pick(['off', 'Off', 'user', '%{REMOTE_USER}', text(random)])} ${random.maybe(0.6, text(random))}`,
  AuthBasicUseDigestAlgorithm: pickOf('MD5', 'md5', 'Off', 'off', 'On', 'SHA'),
  AuthUserFile: path,
  AuthGroupFile: path,
  AuthDBMUserFile: path,
  AuthDBMGroupFile: path,
  AuthDBMType: pickOf('default', 'SDBM', 'nope'),
  AuthzDBMType: pickOf('default', 'SDBM', 'nope'),
  Anonymous: several(3, '*', 'anonymous', 'guest', '"visitor x"', '""'),
  Anonymous_MustGiveEmail: onOff,
  Anonymous_NoUserId: onOff,
  Anonymous_VerifyEmail: onOff,
  Anonymous_LogEmail: onOff,
  AuthnCacheProvideFor: providers,
  AuthnCacheTimeout: pickOf('300', '-1', 'x', '0'),
  AuthDigestProvider: providers,
  AuthDigestQop: several(2, 'auth', 'auth-int', 'none', 'Auth', 'NONE', 'x', 'AUTH-INT'),
  AuthDigestNonceLifetime: pickOf(
    '300',
    '0',
    '-1',
    '300s',
    '"300 s"',
    'x',
    '99999999999999999999',
    '" 3"',
    '"+3"',
    '3.5',
    '" "',
  ),
  AuthDigestNcCheck: onOff,
  AuthDigestAlgorithm: pickOf('MD5', 'md5', 'MD5-sess', 'md5-SESS', 'SHA', 'SHA-256'),
  AuthDigestDomain: several(2, '/a', 'http://example.test/', 'x'),
  AuthFormProvider: providers,
  AuthFormUsername: field,
  AuthFormPassword: field,
  AuthFormLocation: field,
  AuthFormMethod: field,
  AuthFormMimetype: field,
  AuthFormBody: field,
  AuthFormLoginRequiredLocation: text,
  AuthFormLoginSuccessLocation: text,
  AuthFormLogoutLocation: text,
  AuthLDAPURL: (random) =>
    `"${random.pick(LDAP_URLS)}" ${random.maybe(0.4, random.pick(['NONE', 'SSL', 'TLS', 'starttls', 'x', 'none']))}`,
  AuthLDAPBindPassword: pickOf('secret', '""', 'exec:', 'a b', '"a b"'),
  AuthLDAPSubGroupAttribute: several(13, 'member', 'uniqueMember'),
  AuthLDAPSubGroupClass: several(13, 'groupOfNames', 'x'),
  AuthLDAPGroupAttribute: several(13, 'member', 'x'),
  AuthLDAPMaxSubGroupDepth: pickOf('3', '-1', 'x'),
  AuthLDAPDereferenceAliases: pickOf('never', 'searching', 'finding', 'always', 'Never', 'on', 'OFF', 'x'),
  AuthLDAPInitialBindPattern: pickOf('(.+) $1@example.test', '( x', '^a', 'a b c', '"(.*)" "$1 x"'),
  LDAPTrustedClientCert: (random) =>
    `${random.pick(['CA_DER', 'CERT_BASE64', 'key_base64', 'CERT_NICKNAME', 'CA_SECMOD', 'CERT_KEY3_DB', 'CA_CERT7_DB', 'CERT_PFX', 'KEY_PFX', 'x'])} ${random.pick(['/nowhere/x.pem', 'x.pem', 'name'])} ${random.maybe(0.3, 'secret')}`,
  LDAPReferrals: pickOf('on', 'off', 'default', 'ON', 'Default', 'x'),
  LDAPReferralHopLimit: pickOf('5', '0', '-1', 'x', '5x', '4294967297', '99999999999999999999', '2147483648'),
  AuthnzFcgiCheckAuthnProvider: (random) =>
    `${random.pick(['None', 'none', 'Prov', '""'])} ${random.times(random.below(3), () => `${random.pick(['Authoritative', 'RequireBasicAuth', 'DefaultUser', 'UserExpr', 'authoritative', 'Nope'])} ${random.pick(['On', 'off', 'x', '%{REMOTE_USER}', '"%{reqenv:X}"', '%{NOPE}', ''])}`).join(' ')}`,
  Session: onOff,
  SessionEnv: onOff,
  SessionMaxAge: pickOf('1800', 'x', '-1'),
  SessionExpiryUpdateInterval: pickOf('60', '0', '-1', 'x', '4294967295', '2147483648', '-5x'),
  SessionCookieName: pickOf(
    'session',
    'session path=/',
    'a=b',
    'a&b',
    '""',
    'a;b',
    '"a b"',
    'session path=/;domain=x;httponly;secure',
  ),
  SessionCookieName2: pickOf('session', 'a=b x', 'a&b', 'session  path=/'),
  SessionCookieRemove: onOff,
  SessionDBDCookieName: pickOf('session', 'session path=/', 'a=b', 'a&b', 'a;b', '"a b"'),
  SessionDBDCookieName2: pickOf('session', 'a=b', 'a;b'),
  SessionDBDPerUser: onOff,
  SessionDBDCookieRemove: onOff,
  SessionCryptoPassphrase: several(2, 'secret', '"a b"', 'x'),
  SessionCryptoCipher: pickOf('aes256', 'nope'),
  SSLCipherSuite: pickOf(
    'HIGH:!aNULL',
    'SSL HIGH',
    'TLSv1.3 TLS_AES_128_GCM_SHA256',
    'tlsv1.3 x',
    'TLSv1.2 x',
    'ssl HIGH',
    '""',
    'nonsense',
    'HIGH ""',
  ),
  SSLCACertificatePath: pickOf('/nowhere', 'nowhere', '/nowhere/../x', '""', '/nowhere/'),
  SSLCACertificateFile: pickOf('/nowhere/x.pem', 'x.pem', './y'),
  SSLVerifyClient: pickOf('none', 'optional', 'require', 'optional_no_ca', 'Require', 'ON', 'off', 'yes', ''),
  SSLVerifyDepth: pickOf('1', '0', '-1', 'x', '1x', '4294967295', '-'),
  SSLUserName: pickOf('SSL_CLIENT_S_DN_CN', 'nope'),
  SSLOptions: several(
    3,
    '+StdEnvVars',
    '-StdEnvVars',
    'StdEnvVars',
    'ExportCertData',
    '+FakeBasicAuth',
    'strictrequire',
    '+StrictRequire',
    '-OptRenegotiate',
    'LegacyDNStringFormat',
    '+CompatEnvVars',
    '+',
    '-',
    '""',
    '++StdEnvVars',
    '# x',
  ),
  SSLRequireSSL: pickOf('', '', 'On', 'x y'),
  SSLRequire: (random) =>
    random.pick([
      ...EXPRESSIONS,
      '%{SSL_CIPHER} !~ m/^(EXP|NULL)/',
      "%{SSL_CLIENT_S_DN_O} eq 'x' and %{TIME_HOUR} >= 8",
      '( %{SSL_CIPHER} !~ m/^E/ \\ )',
    ]),
  SSLRenegBufferSize: pickOf('131072', '0', '-1', 'x', '4294967295', '2147483648'),
  SSLLog: pickOf('', 'x', 'x y'),
  SSLLogLevel: pickOf('', 'info'),
  MDRequireHttps: pickOf(
    'off',
    'temporary',
    'permanent',
    'Permanent',
    'o ff',
    '"o ff"',
    'on',
    '"off "',
    'temp',
  ),
};
