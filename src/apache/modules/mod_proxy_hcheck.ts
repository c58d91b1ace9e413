import { defineModule } from './define';

export const mod_proxy_hcheck = defineModule({
  name: 'mod_proxy_hcheck',
  directives: {
    ProxyHCTemplate: { args: 'RAW_ARGS', where: ['FileInfo'], help: 'Health check template' },
    ProxyHCExpr: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'Define a health check condition ruleset expression',
    },
    ProxyHCTPsize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Set size of health check thread pool' },
  },
});
