import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule, type Command, type Refusal } from './define';
import { ldapUrlRefusal } from './ldapUrl';
import { wordsProvider } from './requireWords';

/** mod_authnz_ldap's per-directory configuration, as far as it is checked. */
export interface LdapConfig {
  url: string | undefined;
  groupAttributes: number;
  subgroupAttributes: number;
  subgroupClasses: number;
}

const MODES = ['none', 'ssl', 'tls', 'starttls'];

function setUrl(_cmd: Command, config: LdapConfig, url: string, mode: string | undefined): Refusal {
  const refusal = ldapUrlRefusal(url);
  if (refusal !== undefined) return refusal;
  if (mode !== undefined && !MODES.includes(mode.toLowerCase()))
    return 'Invalid LDAP connection mode setting: must be one of NONE, SSL, or TLS/STARTTLS';
  config.url = url;
  return undefined;
}

/** `exec:` runs a program of the server; what it says is not known here. */
function checkBindPassword(_cmd: Command, _config: LdapConfig, password: string): Refusal {
  return password === '' ? 'Empty passwords are invalid for AuthLDAPBindPassword' : undefined;
}

function checkAliases(_cmd: Command, _config: LdapConfig, value: string): Refusal {
  const isKnown =
    ['never', 'searching', 'finding', 'always'].includes(value) ||
    ['on', 'off'].includes(value.toLowerCase());
  return isKnown ? undefined : 'Unrecognized value for AuthLDAPDereferenceAliases directive';
}

/** A list that has room for so many words. */
function limited(
  field: 'groupAttributes' | 'subgroupAttributes' | 'subgroupClasses',
  most: number,
  refusal: string,
): (cmd: Command, config: LdapConfig) => Refusal {
  return (_cmd, config) => {
    if (config[field] >= most) return refusal;
    config[field] += 1;
    return undefined;
  };
}

export const mod_authnz_ldap: ApacheModule<LdapConfig> = defineModule<LdapConfig>({
  name: 'mod_authnz_ldap',
  createDirConfig: () => ({ url: undefined, groupAttributes: 0, subgroupAttributes: 0, subgroupClasses: 0 }),
  mergeDirConfig: (base, add) => ({ ...add, url: add.url ?? base.url }),
  directives: {
    AuthLDAPURL: {
      args: 'TAKE12',
      where: ['AuthConfig'],
      help: 'URL to define LDAP connection. This should be an RFC 2255 compliant\nURL of the form ldap://host[:port]/basedn[?attrib[?scope[?filter]]].\n<ul>\n<li>Host is the name of the LDAP server. Use a space separated list of hosts \nto specify redundant servers.\n<li>Port is optional, and specifies the port to connect to.\n<li>basedn specifies the base DN to start searches from\n<li>Attrib specifies what attribute to search for in the directory. If not provided, it defaults to <b>uid</b>.\n<li>Scope is the scope of the search, and can be either <b>sub</b> or <b>one</b>. If not provided, the default is <b>sub</b>.\n<li>Filter is a filter to use in the search. If not provided, defaults to <b>(objectClass=*)</b>.\n</ul>\nSearches are performed using the attribute and the filter combined. For example, assume that the\nLDAP URL is <b>ldap://ldap.airius.com/ou=People, o=Airius?uid?sub?(posixid=*)</b>. Searches will\nbe done using the filter <b>(&((posixid=*))(uid=<i>username</i>))</b>, where <i>username</i>\nis the user name passed by the HTTP client. The search will be a subtree search on the branch <b>ou=People, o=Airius</b>.',
      summary: 'Which directory is asked for users, and where and how it is searched.',
      apply: setUrl,
    },
    AuthLDAPBindDN: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'DN to use to bind to LDAP server. If not provided, will do an anonymous bind.',
      summary: 'The name under which the server itself signs in at the directory.',
      apply: () => undefined,
    },
    AuthLDAPBindPassword: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Password to use to bind to LDAP server. If not provided, will do an anonymous bind.',
      summary: 'The password with which the server itself signs in at the directory.',
      apply: checkBindPassword,
    },
    AuthLDAPBindAuthoritative: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to return failures when user-specific bind fails - defaults to on.",
      summary: 'Off lets other sources of passwords try when the directory refuses one.',
      apply: () => undefined,
    },
    AuthLDAPRemoteUserIsDN: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to set the REMOTE_USER environment variable to be the full DN of the remote user. By default, this is set to off, meaning that the REMOTE_USER variable will contain whatever value the remote user sent.",
      summary: "Shows programs the user's full name in the directory.",
      apply: () => undefined,
    },
    AuthLDAPRemoteUserAttribute: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Override the user supplied username and place the contents of this attribute in the REMOTE_USER environment variable.',
      summary: 'Shows programs this attribute as the name of the user.',
      apply: () => undefined,
    },
    AuthLDAPCompareDNOnServer: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to force auth_ldap to do DN compares (for the \"require dn\" directive) using the server, and set it 'off' to do the compares locally (at the expense of possible false matches). See the documentation for a complete description of this option.",
      summary: 'Lets the directory compare names instead of comparing their texts here.',
      apply: () => undefined,
    },
    AuthLDAPSubGroupAttribute: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'Attribute labels used to define sub-group (or nested group) membership in groups - defaults to member and uniqueMember',
      summary: 'The attributes that name groups within a group.',
      apply: limited('subgroupAttributes', 10, 'Too many AuthLDAPSubGroupAttribute values'),
    },
    AuthLDAPSubGroupClass: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'LDAP objectClass values used to identify sub-group instances - defaults to groupOfNames and groupOfUniqueNames',
      summary: 'The kinds of entries that count as groups within a group.',
      apply: limited('subgroupClasses', 11, 'Too many AuthLDAPSubGroupClass values'),
    },
    AuthLDAPMaxSubGroupDepth: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Maximum subgroup nesting depth to be evaluated - defaults to 10 (top-level group = 0)',
      summary: 'How deep groups within groups are followed.',
      /** What is no number counts as 0. */
      apply: () => undefined,
    },
    AuthLDAPGroupAttribute: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'A list of attribute labels used to identify the user members of groups - defaults to member and uniquemember',
      summary: 'The attributes that name the members of a group.',
      apply: limited('groupAttributes', 11, 'Too many AuthLDAPGroupAttribute directives'),
    },
    AuthLDAPGroupAttributeIsDN: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "If set to 'on', auth_ldap uses the DN that is retrieved from the server for subsequent group comparisons. If set to 'off', auth_ldap uses the string provided by the client directly. Defaults to 'on'.",
      summary: 'Compares members by their full names rather than by the name that was typed.',
      apply: () => undefined,
    },
    AuthLDAPDereferenceAliases: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Determines how aliases are handled during a search. Can be one of the values "never", "searching", "finding", or "always". Defaults to always.',
      summary: 'When the directory follows its aliases.',
      values: ['never', 'searching', 'finding', 'always'],
      apply: checkAliases,
    },
    AuthLDAPCharsetConfig: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Character set conversion configuration file. If omitted, character set conversion is disabled.',
      summary: 'The file that says which language of a browser stands for which charset.',
    },
    AuthLDAPAuthorizePrefix: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "The prefix to add to environment variables set during successful authorization, default 'AUTHORIZE_'",
      summary: 'What the names of the environment variables with attributes begin with.',
      apply: () => undefined,
    },
    AuthLDAPInitialBindAsUser: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to perform the initial DN lookup with the basic auth credentials instead of anonymous or hard-coded credentials",
      summary: "Searches the directory with the visitor's own name and password.",
      apply: () => undefined,
    },
    AuthLDAPInitialBindPattern: {
      args: 'TAKE2',
      where: ['AuthConfig'],
      help: 'The regex and substitution to determine a username that can bind based on an HTTP basic auth username',
      summary: 'Makes the name to sign in with from the name that the visitor typed.',
      apply: (cmd, _config, pattern) =>
        cmd.compile(pattern) === undefined
          ? `AuthLDAPInitialBindPattern: cannot compile regular expression '${pattern}'`
          : undefined,
    },
    AuthLDAPSearchAsUser: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to perform authorization-based searches with the users credentials, when this module has also performed authentication.  Does not affect nested groups lookup.",
      summary: "Uses the visitor's own name and password for searches that decide who may come in.",
      apply: () => undefined,
    },
    AuthLDAPCompareAsUser: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to perform authorization-based compares with the users credentials, when this module has also performed authentication.  Does not affect nested groups lookups.",
      summary: "Uses the visitor's own name and password for comparisons that decide who may come in.",
      apply: () => undefined,
    },
  },
  authnProviders: {
    ldap: {
      /** No directory is asked here, and Apache's answer for one that is silent is 500. */
      checkPassword(r) {
        const hasUrl = r.perDirConfig.get(mod_authnz_ldap)?.url !== undefined;
        r.logError(
          hasUrl
            ? `AH01695: auth_ldap authenticate: no answer of the directory: ${r.uri}`
            : 'AH02558: no AuthLDAPURL',
        );
        return 'error';
      },
    },
  },
  authzProviders: {
    'ldap-user': ldapProvider('ldap-user'),
    'ldap-group': ldapProvider('ldap-group'),
    'ldap-dn': ldapProvider('ldap-dn'),
    'ldap-attribute': ldapProvider('ldap-attribute'),
    'ldap-filter': ldapProvider('ldap-filter'),
    'ldap-search': ldapProvider('ldap-search', 63),
  },
});

/** No directory is asked here, so nobody is in it. */
function ldapProvider(name: string, since = 0): ReturnType<typeof wordsProvider> {
  return wordsProvider(
    `auth_ldap authorize: require ${name}`,
    (r: RequestRecord) => (r.user === null ? 'no user' : 'denied'),
    since,
  );
}
