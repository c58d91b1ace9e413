import { defineModule } from './define';

export const mod_reqtimeout = defineModule({
  name: 'mod_reqtimeout',
  directives: {
    RequestReadTimeout: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Set various timeout parameters for TLS handshake and/or reading request headers and body',
      summary: 'How long a visitor may take for handshake, headers and body before the connection is closed.',
    },
  },
});
