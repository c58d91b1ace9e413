import { defineModule } from './define';

export const mod_remoteip = defineModule({
  name: 'mod_remoteip',
  directives: {
    RemoteIPHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Specifies a request header to trust as the client IP, e.g. X-Forwarded-For',
    },
    RemoteIPProxiesHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Specifies a request header to record proxy IP's, e.g. X-Forwarded-By; if not given then do not record",
    },
    RemoteIPTrustedProxy: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'Specifies one or more proxies which are trusted to present IP headers',
    },
    RemoteIPInternalProxy: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'Specifies one or more internal (transparent) proxies which are trusted to present IP headers',
    },
    RemoteIPTrustedProxyList: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The filename to read the list of trusted proxies, see the RemoteIPTrustedProxy directive',
    },
    RemoteIPInternalProxyList: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The filename to read the list of internal proxies, see the RemoteIPInternalProxy directive',
    },
    RemoteIPProxyProtocol: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Enable PROXY protocol handling ('on', 'off')",
    },
    RemoteIPProxyProtocolExceptions: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'Disable PROXY protocol handling for this list of networks in CIDR format',
    },
  },
});
