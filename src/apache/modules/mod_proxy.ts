import { defineModule } from './define';

export const mod_proxy = defineModule({
  name: 'mod_proxy',
  directives: {
    '<Proxy': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources located in the proxied location',
    },
    '<ProxyMatch': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources located in the proxied location, in regular expression syntax',
    },
    ProxyRequests: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'on if the true proxy requests should be accepted',
    },
    ProxyRemote: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: "a scheme, partial URL or '*' and a proxy server",
    },
    ProxyRemoteMatch: { args: 'TAKE23', where: ['RSRC_CONF'], help: 'a regex pattern and a proxy server' },
    ProxyPassInterpolateEnv: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Interpolate Env Vars in reverse Proxy',
    },
    ProxyPass: { args: 'RAW_ARGS', where: ['RSRC_CONF', 'ACCESS_CONF'], help: 'a virtual path and a URL' },
    ProxyPassMatch: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a virtual path and a URL',
    },
    ProxyPassReverse: {
      args: 'TAKE123',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a virtual path and a URL for reverse proxy behaviour',
    },
    ProxyPassReverseCookiePath: {
      args: 'TAKE23',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Path rewrite rule for proxying cookies',
    },
    ProxyPassReverseCookieDomain: {
      args: 'TAKE23',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Domain rewrite rule for proxying cookies',
    },
    ProxyBlock: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A list of names, hosts or domains to which the proxy will not connect',
    },
    ProxyReceiveBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Receive buffer size for outgoing HTTP and FTP connections in bytes',
    },
    ProxyIOBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'IO buffer size for outgoing HTTP and FTP connections in bytes',
    },
    ProxyMaxForwards: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The maximum number of proxies a request may be forwarded through.',
    },
    NoProxy: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A list of domains, hosts, or subnets to which the proxy will connect directly',
    },
    ProxyDomain: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The default intranet domain name (in absence of a domain in the URL)',
    },
    ProxyVia: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Configure Via: proxy header header to one of: on | off | block | full',
    },
    ProxyErrorOverride: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: "use our error handling pages instead of the servers' we are proxying",
    },
    ProxyPreserveHost: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'on if we should preserve host header while proxying',
    },
    ProxyTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the timeout (in seconds) for a proxied connection. This overrides the server timeout',
    },
    ProxyBadHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'How to handle bad header line in response: IsError | Ignore | StartBody',
    },
    BalancerMember: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A balancer name and scheme with list of params',
    },
    BalancerGrowth: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Number of additional Balancers that can be added post-config',
    },
    BalancerPersist: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'on if the balancer should persist changes on reboot/restart made via the Balancer Manager',
    },
    BalancerInherit: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'on if this server should inherit Balancers and Workers defined in the main server (Setting to off recommended if using the Balancer Manager)',
    },
    ProxyPassInherit: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'on if this server should inherit all ProxyPass directives defined in the main server (Setting to off recommended if using the Balancer Manager)',
    },
    ProxyStatus: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Configure Status: proxy status to one of: on | off | full',
    },
    ProxySet: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A balancer or worker name with list of params',
    },
    ProxySourceAddress: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Configure local source IP used for request forward',
    },
    ProxyAddHeaders: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'on if X-Forwarded-* headers should be added or completed',
    },
    Proxy100Continue: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'on if 100-Continue should be forwarded to the origin server, off if the proxy should handle it by itself',
    },
  },
});
