import { defineModule } from './define';

export const mod_heartbeat = defineModule({
  name: 'mod_heartbeat',
  directives: {
    HeartbeatAddress: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Address to send heartbeat requests',
      summary: 'Where the server reports how busy it is.',
    },
  },
});
