import { defineModule } from './define';

export const mod_proxy_wstunnel = defineModule({
  name: 'mod_proxy_wstunnel',
  directives: {
    ProxyWebsocketFallbackToProxyHttp: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'whether to let mod_proxy_http handle the upgrade and tunneling, On by default',
      summary: 'Whether mod_proxy_http takes WebSocket connections over.',
      since: 48,
    },
  },
});
