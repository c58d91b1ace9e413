import { defineModule } from './define';

export const mod_remoteip = defineModule({
  name: 'mod_remoteip',
  directives: {
    RemoteIPHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specifies a request header to trust as the client IP, e.g. X-Forwarded-For',
      summary: "The header in which proxies tell the visitor's address.",
    },
    RemoteIPProxiesHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Specifies a request header to record proxy IP's, e.g. X-Forwarded-By; if not given then do not record",
      summary: 'The header in which the addresses of the proxies on the way are noted.',
    },
    RemoteIPTrustedProxy: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'Specifies one or more proxies which are trusted to present IP headers',
      summary: 'Proxies that are believed when they name a public address.',
    },
    RemoteIPInternalProxy: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'Specifies one or more internal (transparent) proxies which are trusted to present IP headers',
      summary: 'Proxies of the own network that are believed whatever they name.',
    },
    RemoteIPTrustedProxyList: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The filename to read the list of trusted proxies, see the RemoteIPTrustedProxy directive',
      summary: 'The file with proxies that are believed when they name a public address.',
    },
    RemoteIPInternalProxyList: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The filename to read the list of internal proxies, see the RemoteIPInternalProxy directive',
      summary: 'The file with proxies of the own network.',
    },
    RemoteIPProxyProtocol: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Enable PROXY protocol handling ('on', 'off')",
      summary: "Takes the visitor's address from the PROXY protocol.",
      since: 31,
    },
    RemoteIPProxyProtocolExceptions: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'Disable PROXY protocol handling for this list of networks in CIDR format',
      summary: 'Networks whose connections do not speak the PROXY protocol.',
      since: 31,
    },
  },
});
