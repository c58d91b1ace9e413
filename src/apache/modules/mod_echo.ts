import { defineModule } from './define';

export const mod_echo = defineModule({
  name: 'mod_echo',
  directives: {
    ProtocolEcho: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Run an echo server on this host',
      summary: 'Makes a host send back whatever it receives.',
    },
  },
});
