import type { Directive } from '../define';

/** OCSP, asked and stapled; server configuration only. */
export const revocationDirectives = {
  SSLOCSPEnable: {
    args: 'RAW_ARGS',
    where: ['RSRC_CONF'],
    help: "Enable use of OCSP to verify certificate revocation mode ('on', 'leaf', 'off')",
    summary: 'Asks the authority whether a client certificate still counts.',
  },
  SSLOCSPDefaultResponder: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'URL of the default OCSP Responder',
    summary: 'The address to ask about client certificates that name none.',
  },
  SSLOCSPOverrideResponder: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "Force use of the default responder URL ('on', 'off')",
    summary: 'Asks the default address even where a certificate names another.',
  },
  SSLOCSPResponseTimeSkew: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'Maximum time difference in OCSP responses',
    summary: 'How many seconds the clocks of server and authority may differ.',
  },
  SSLOCSPResponseMaxAge: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'Maximum age of OCSP responses',
    summary: "How many seconds an authority's answer stays good.",
  },
  SSLOCSPResponderTimeout: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'OCSP responder query timeout',
    summary: "How many seconds to wait for an authority's answer.",
  },
  SSLOCSPUseRequestNonce: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "Whether OCSP queries use a nonce or not ('on', 'off')",
    summary: 'Puts a random number into questions to authorities, against old answers.',
    since: 10,
  },
  SSLOCSPProxyURL: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'Proxy URL to use for OCSP requests',
    summary: 'The proxy through which authorities are asked.',
    since: 19,
  },
  SSLOCSPNoVerify: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "Do not verify OCSP Responder certificate ('on', 'off')",
    summary: 'Believes answers about certificates without checking who signed them.',
    since: 26,
  },
  SSLOCSPResponderCertificateFile: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: "Trusted OCSP responder certificates(`/path/to/file' - PEM encoded certificates)",
    summary: 'Certificates that are trusted to sign answers about certificates.',
    since: 26,
  },
  SSLStaplingCache: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: "SSL Stapling Response Cache storage (`dbm:/path/to/file')",
    summary: 'Where answers about the own certificate are kept, to be sent along with it.',
  },
  SSLUseStapling: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "SSL switch for the OCSP Stapling protocol (`on', `off')",
    summary: 'Sends a fresh proof along that the own certificate still counts.',
  },
  SSLStaplingResponseTimeSkew: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option for maximum time difference in OCSP responses',
    summary: 'How many seconds the clock of the authority may differ for stapled answers.',
  },
  SSLStaplingResponderTimeout: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option for OCSP responder timeout',
    summary: 'How many seconds to wait for the answer that is to be stapled.',
  },
  SSLStaplingResponseMaxAge: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option for maximum age of OCSP responses',
    summary: 'How many seconds a stapled answer stays good.',
  },
  SSLStaplingStandardCacheTimeout: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option for normal OCSP Response Cache Lifetime',
    summary: 'How many seconds a good answer is kept for stapling.',
  },
  SSLStaplingReturnResponderErrors: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "SSL stapling switch to return Status Errors Back to Client(`on', `off')",
    summary: 'Passes errors of the authority on to visitors.',
  },
  SSLStaplingFakeTryLater: {
    args: 'FLAG',
    where: ['RSRC_CONF'],
    help: "SSL stapling switch to send tryLater response to client on error (`on', `off')",
    summary: 'Tells visitors to try again when the authority does not answer.',
  },
  SSLStaplingErrorCacheTimeout: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option for OCSP Response Error Cache Lifetime',
    summary: 'How many seconds a failed answer is kept for stapling.',
  },
  SSLStaplingForceURL: {
    args: 'TAKE1',
    where: ['RSRC_CONF'],
    help: 'SSL stapling option to Force the OCSP Stapling URL',
    summary: 'The address to ask for answers to staple, whatever the certificate says.',
  },
} satisfies Record<string, Directive<unknown>>;
