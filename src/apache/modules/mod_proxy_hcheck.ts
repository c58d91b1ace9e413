import { checkContext } from './context';
import { defineModule, type Command, type Refusal } from './define';

/** Registered for .htaccess, but refused there by the directive itself. */
const refusesHtaccess = (cmd: Command): Refusal => checkContext(cmd, ['htaccess']);

export const mod_proxy_hcheck = defineModule({
  name: 'mod_proxy_hcheck',
  directives: {
    ProxyHCTemplate: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'Health check template',
      summary: 'Names a set of parameters for health checks of proxied servers. Refused in .htaccess files.',
      apply: refusesHtaccess,
    },
    ProxyHCExpr: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'Define a health check condition ruleset expression',
      summary: 'Names a condition by which an answer counts as healthy. Refused in .htaccess files.',
      apply: refusesHtaccess,
    },
    ProxyHCTPsize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set size of health check thread pool',
      summary: 'How many threads carry out health checks of proxied servers.',
    },
  },
});
