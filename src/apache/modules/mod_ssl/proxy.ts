import type { Directive } from '../define';

/** TLS towards the servers behind this one; server configuration only. */
export const proxyDirectives = {
  SSLProxyEngine: {
    args: 'FLAG',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL switch for the proxy protocol engine ('on', 'off')",
    summary: 'Lets this server speak TLS to the servers behind it.',
  },
  SSLProxyProtocol: {
    args: 'RAW_ARGS',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: enable or disable SSL protocol flavors ('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)",
    summary: 'The versions of TLS for the servers behind this one.',
  },
  SSLProxyCipherSuite: {
    args: 'TAKE12',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: colon-delimited list of permitted SSL ciphers , optionally preceded by protocol specifier ('XXX:...:XXX' - see manual)",
    summary: 'The ciphers for the servers behind this one.',
  },
  SSLProxyVerify: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: whether to verify the remote certificate ('on' or 'off')",
    summary: 'Whether the servers behind this one must have a trusted certificate.',
  },
  SSLProxyVerifyDepth: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: maximum certificate verification depth ('N' - number of intermediate certificates)",
    summary: "How many authorities may stand behind a back-end server's certificate.",
  },
  SSLProxyCACertificateFile: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: file containing server certificates ('/path/to/file' - PEM encoded certificates)",
    summary: 'The file of authorities that are trusted for the servers behind this one.',
  },
  SSLProxyCACertificatePath: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: directory containing server certificates ('/path/to/dir' - contains PEM encoded certificates)",
    summary: 'The folder of authorities that are trusted for the servers behind this one.',
  },
  SSLProxyCARevocationPath: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: CA Certificate Revocation List (CRL) path ('/path/to/dir' - contains PEM encoded files)",
    summary: 'The folder of lists of revoked back-end certificates.',
  },
  SSLProxyCARevocationFile: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM encoded)",
    summary: 'The file with lists of revoked back-end certificates.',
  },
  SSLProxyCARevocationCheck: {
    args: 'RAW_ARGS',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: 'SSL Proxy: CA Certificate Revocation List (CRL) checking mode',
    summary: 'How much of a back-end certificate chain is looked up in the lists of revoked ones.',
  },
  SSLProxyMachineCertificateFile: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: file containing client certificates ('/path/to/file' - PEM encoded certificates)",
    summary: 'The file with the certificate and key that this server shows to those behind it.',
  },
  SSLProxyMachineCertificatePath: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: directory containing client certificates ('/path/to/dir' - contains PEM encoded certificates)",
    summary: 'The folder with certificates and keys that this server shows to those behind it.',
  },
  SSLProxyMachineCertificateChainFile: {
    args: 'TAKE1',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: file containing issuing certificates of the client certificate (`/path/to/file' - PEM encoded certificates)",
    summary:
      'The file with the authorities behind the certificate that this server shows to those behind it.',
  },
  SSLProxyCheckPeerExpire: {
    args: 'FLAG',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: check the peer certificate's expiration date",
    summary: 'Turns away back-end servers whose certificate has expired.',
  },
  SSLProxyCheckPeerCN: {
    args: 'FLAG',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: check the peer certificate's CN",
    summary: 'Turns away back-end servers whose certificate bears another common name.',
    deprecated: 'SSLProxyCheckPeerName covers it.',
  },
  SSLProxyCheckPeerName: {
    args: 'FLAG',
    where: ['RSRC_CONF', 'PROXY_CONF'],
    help: "SSL Proxy: check the peer certificate's name (must be present in subjectAltName extension or CN",
    summary: 'Turns away back-end servers whose certificate does not bear the name that was asked for.',
    since: 5,
  },
} satisfies Record<string, Directive<unknown>>;
