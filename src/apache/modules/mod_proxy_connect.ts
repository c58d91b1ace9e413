import { defineModule } from './define';

export const mod_proxy_connect = defineModule({
  name: 'mod_proxy_connect',
  directives: {
    AllowCONNECT: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A list of ports or port ranges which CONNECT may connect to',
      summary: 'The ports that a client may have itself connected to.',
    },
  },
});
