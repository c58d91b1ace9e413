import { defineModule } from './define';

export const mod_ssl = defineModule({
  name: 'mod_ssl',
  directives: {
    SSLPassPhraseDialog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL dialog mechanism for the pass phrase query ('builtin', '|/path/to/pipe_program', or 'exec:/path/to/cgi_program')",
    },
    SSLSessionCache: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Session Cache storage ('none', 'nonenotnull', 'dbm:/path/to/file')",
    },
    SSLCryptoDevice: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL external Crypto Device usage ('builtin', '...')",
    },
    SSLRandomSeed: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: "SSL Pseudo Random Number Generator (PRNG) seeding source ('startup|connect builtin|file:/path|exec:/path [bytes]')",
    },
    SSLVHostSNIPolicy: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL VirtualHost SNI compatibility policy setting',
    },
    SSLEngine: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL switch for the protocol engine ('on', 'off')",
    },
    SSLFIPS: { args: 'FLAG', where: ['RSRC_CONF'], help: "Enable FIPS-140 mode (`on', `off')" },
    SSLCipherSuite: {
      args: 'TAKE12',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "Colon-delimited list of permitted SSL Ciphers, optional preceded by protocol identifier ('XXX:...:XXX' - see manual)",
    },
    SSLCertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Server Certificate file ('/path/to/file' - PEM or DER encoded)",
    },
    SSLCertificateKeyFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Server Private Key file ('/path/to/file' - PEM or DER encoded)",
    },
    SSLCertificateChainFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Server CA Certificate Chain file ('/path/to/file' - PEM encoded)",
    },
    SSLSessionTicketKeyFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "TLS session ticket encryption/decryption key file (RFC 5077) ('/path/to/file' - file with 48 bytes of random data)",
    },
    SSLCACertificatePath: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "SSL CA Certificate path ('/path/to/dir' - contains PEM encoded files)",
    },
    SSLCACertificateFile: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "SSL CA Certificate file ('/path/to/file' - PEM encoded)",
    },
    SSLCADNRequestPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL CA Distinguished Name path ('/path/to/dir' - symlink hashes to PEM of acceptable CA names to request)",
    },
    SSLCADNRequestFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL CA Distinguished Name file ('/path/to/file' - PEM encoded to derive acceptable CA names to request)",
    },
    SSLCARevocationPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL CA Certificate Revocation List (CRL) path ('/path/to/dir' - contains PEM encoded files)",
    },
    SSLCARevocationFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM encoded)",
    },
    SSLCARevocationCheck: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'SSL CA Certificate Revocation List (CRL) checking mode',
    },
    SSLVerifyClient: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "SSL Client verify type ('none', 'optional', 'require', 'optional_no_ca')",
    },
    SSLVerifyDepth: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "SSL Client verify depth ('N' - number of intermediate certificates)",
    },
    SSLSessionCacheTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Session Cache object lifetime ('N' - number of seconds)",
    },
    SSLProtocol: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "Enable or disable various SSL protocols ('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)",
    },
    SSLHonorCipherOrder: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Use the server's cipher ordering preference",
    },
    SSLCompression: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Enable SSL level compression (`on', `off')",
    },
    SSLSessionTickets: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Enable or disable TLS session tickets(`on', `off')",
    },
    SSLInsecureRenegotiation: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable support for insecure renegotiation',
    },
    SSLUserName: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Set user name to SSL variable value',
    },
    SSLStrictSNIVHostCheck: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Strict SNI virtual host checking' },
    SSLSRPVerifierFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SRP verifier file ('/path/to/file' - created by srptool)",
    },
    SSLSRPUnknownUserSeed: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SRP seed for unknown users (to avoid leaking a user's existence) ('some secret text')",
    },
    SSLProxyEngine: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL switch for the proxy protocol engine ('on', 'off')",
    },
    SSLProxyProtocol: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: enable or disable SSL protocol flavors ('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)",
    },
    SSLProxyCipherSuite: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: colon-delimited list of permitted SSL ciphers , optionally preceded by protocol specifier ('XXX:...:XXX' - see manual)",
    },
    SSLProxyVerify: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: whether to verify the remote certificate ('on' or 'off')",
    },
    SSLProxyVerifyDepth: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: maximum certificate verification depth ('N' - number of intermediate certificates)",
    },
    SSLProxyCACertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: file containing server certificates ('/path/to/file' - PEM encoded certificates)",
    },
    SSLProxyCACertificatePath: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: directory containing server certificates ('/path/to/dir' - contains PEM encoded certificates)",
    },
    SSLProxyCARevocationPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: CA Certificate Revocation List (CRL) path ('/path/to/dir' - contains PEM encoded files)",
    },
    SSLProxyCARevocationFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM encoded)",
    },
    SSLProxyCARevocationCheck: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: 'SSL Proxy: CA Certificate Revocation List (CRL) checking mode',
    },
    SSLProxyMachineCertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: file containing client certificates ('/path/to/file' - PEM encoded certificates)",
    },
    SSLProxyMachineCertificatePath: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: directory containing client certificates ('/path/to/dir' - contains PEM encoded certificates)",
    },
    SSLProxyMachineCertificateChainFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: file containing issuing certificates of the client certificate (`/path/to/file' - PEM encoded certificates)",
    },
    SSLProxyCheckPeerExpire: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: check the peer certificate's expiration date",
    },
    SSLProxyCheckPeerCN: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: check the peer certificate's CN",
    },
    SSLProxyCheckPeerName: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'PROXY_CONF'],
      help: "SSL Proxy: check the peer certificate's name (must be present in subjectAltName extension or CN",
    },
    SSLOptions: {
      args: 'RAW_ARGS',
      where: ['Options'],
      help: "Set one or more options to configure the SSL engine('[+-]option[=value] ...' - see manual)",
    },
    SSLRequireSSL: {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'Require the SSL protocol for the per-directory context (no arguments)',
    },
    SSLRequire: {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'Require a boolean expression to evaluate to true for granting access(arbitrary complex boolean expression - see manual)',
    },
    SSLRenegBufferSize: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Configure the amount of memory that will be used for buffering the request body if a per-location SSL renegotiation is required due to changed access control requirements',
    },
    SSLOCSPEnable: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "Enable use of OCSP to verify certificate revocation mode ('on', 'leaf', 'off')",
    },
    SSLOCSPDefaultResponder: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'URL of the default OCSP Responder',
    },
    SSLOCSPOverrideResponder: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Force use of the default responder URL ('on', 'off')",
    },
    SSLOCSPResponseTimeSkew: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum time difference in OCSP responses',
    },
    SSLOCSPResponseMaxAge: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Maximum age of OCSP responses' },
    SSLOCSPResponderTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'OCSP responder query timeout' },
    SSLOCSPUseRequestNonce: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Whether OCSP queries use a nonce or not ('on', 'off')",
    },
    SSLOCSPProxyURL: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Proxy URL to use for OCSP requests' },
    SSLOCSPNoVerify: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Do not verify OCSP Responder certificate ('on', 'off')",
    },
    SSLOCSPResponderCertificateFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Trusted OCSP responder certificates(`/path/to/file' - PEM encoded certificates)",
    },
    SSLStaplingCache: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "SSL Stapling Response Cache storage (`dbm:/path/to/file')",
    },
    SSLUseStapling: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "SSL switch for the OCSP Stapling protocol (`on', `off')",
    },
    SSLStaplingResponseTimeSkew: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option for maximum time difference in OCSP responses',
    },
    SSLStaplingResponderTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option for OCSP responder timeout',
    },
    SSLStaplingResponseMaxAge: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option for maximum age of OCSP responses',
    },
    SSLStaplingStandardCacheTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option for normal OCSP Response Cache Lifetime',
    },
    SSLStaplingReturnResponderErrors: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "SSL stapling switch to return Status Errors Back to Client(`on', `off')",
    },
    SSLStaplingFakeTryLater: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "SSL stapling switch to send tryLater response to client on error (`on', `off')",
    },
    SSLStaplingErrorCacheTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option for OCSP Response Error Cache Lifetime',
    },
    SSLStaplingForceURL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSL stapling option to Force the OCSP Stapling URL',
    },
    SSLOpenSSLConfCmd: { args: 'TAKE2', where: ['RSRC_CONF'], help: 'OpenSSL configuration command' },
    SSLLog: {
      args: 'RAW_ARGS',
      where: ['All'],
      help: 'SSLLog directive is no longer supported - use ErrorLog.',
    },
    SSLLogLevel: {
      args: 'RAW_ARGS',
      where: ['All'],
      help: 'SSLLogLevel directive is no longer supported - use LogLevel.',
    },
  },
});
