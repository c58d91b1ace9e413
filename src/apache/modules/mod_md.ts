import { defineModule } from './define';

export const mod_md = defineModule({
  name: 'mod_md',
  directives: {
    MDCertificateAuthority: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'URL(s) or known name(s) of CA issuing the certificates',
    },
    MDCertificateAgreement: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "either 'accepted' or the URL of CA Terms-of-Service agreement you accept",
    },
    MDCAChallenges: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'A list of challenge types to be used.',
    },
    MDCertificateProtocol: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Protocol used to obtain/renew certificates',
    },
    MDContactEmail: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Email address used for account registration',
    },
    MDDriveMode: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'deprecated, older name for MDRenewMode' },
    MDRenewMode: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Controls how renewal of Managed Domain certificates shall be handled.',
    },
    MDomain: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'A group of server names with one certificate',
    },
    '<MDomainSet': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for a managed domain with common settings and certificate.',
    },
    '<MDomain': { args: 'RAW_ARGS', where: ['RSRC_CONF'], help: 'Short form for <MDomainSet> container.' },
    MDMember: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: "Define domain name(s) part of the Managed Domain. Use 'auto' or 'manual' to enable/disable auto adding names from virtual hosts.",
    },
    MDMembers: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: "Define domain name(s) part of the Managed Domain. Use 'auto' or 'manual' to enable/disable auto adding names from virtual hosts.",
    },
    MDMustStaple: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable/Disable the Must-Staple flag for new certificates.',
    },
    MDPortMap: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Declare the mapped ports 80 and 443 on the local server. E.g. 80:8000 to indicate that the server port 8000 is reachable as port 80 from the internet. Use 80:- to indicate that port 80 is not reachable from the outside.',
    },
    MDPrivateKeys: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'set the type and parameters for private key generation',
    },
    MDHttpProxy: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'URL of a HTTP(S) proxy to use for outgoing connections',
    },
    MDStoreDir: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the directory for file system storage of managed domain data.',
    },
    MDRenewWindow: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Time length for renewal before certificate expires (defaults to days).',
    },
    MDRequireHttps: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Redirect non-secure requests to the https: equivalent.',
    },
    MDNotifyCmd: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Set the command to run when signup/renew of domain is complete.',
    },
    MDBaseServer: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Allow managing of base server outside virtual hosts.',
    },
    MDChallengeDns01: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Set the command for setup/teardown of dns-01 challenges',
    },
    MDChallengeDns01Version: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the type of arguments to call `MDChallengeDns01` with',
    },
    MDCertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'set the static certificate (chain) file to use for this domain.',
    },
    MDCertificateKeyFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'set the static private key file to use for this domain.',
    },
    MDServerStatus: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'On to see Managed Domains in server-status.',
    },
    MDCertificateStatus: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'On to see Managed Domain expose /.httpd/certificate-status.',
    },
    MDWarnWindow: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'When less time remains for a certificate, send our/log a warning (defaults to days)',
    },
    MDMessageCmd: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Set the command run when a message about a domain is issued.',
    },
    MDStapling: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable/Disable OCSP Stapling for this/all Managed Domain(s).',
    },
    MDStapleOthers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable/Disable OCSP Stapling for certificates not in Managed Domains.',
    },
    MDStaplingKeepResponse: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The amount of time to keep an OCSP response in the store.',
    },
    MDStaplingRenewWindow: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Time length for renewal before OCSP responses expire (defaults to days).',
    },
    MDCertificateCheck: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'Set name and URL pattern for a certificate monitoring site.',
    },
    MDActivationDelay: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'How long to delay activation of new certificates',
    },
    MDCACertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the CA file to use for connections',
    },
    MDHttpProxyCACertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the CA file to use for connections to the HTTP(S) proxy',
    },
    MDExternalAccountBinding: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Set the external account binding keyid and hmac values to use at CA',
    },
    MDRetryDelay: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Time length for first retry, doubled on every consecutive error.',
    },
    MDRetryFailover: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The number of errors before a failover to another CA is triggered.',
    },
    MDStoreLocks: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Configure locking of store for updates.' },
    MDMatchNames: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Determines how DNS names are matched to vhosts.',
    },
    MDInitialDelay: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'How long to delay the first certificate check.',
    },
    MDCheckInterval: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Time between certificate checks.' },
    MDProfile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The name of an CA profile to order certificates for.',
    },
    MDProfileMandatory: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Determines if a configured CA profile is mandatory.',
    },
    MDRenewViaARI: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Enable/Disable ACME ARI (RFC 9773) to trigger renewals.',
    },
  },
});
