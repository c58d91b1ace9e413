import { defineModule } from './define';

export const mod_lbmethod_heartbeat = defineModule({
  name: 'mod_lbmethod_heartbeat',
  directives: {
    HeartbeatStorage: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Path to read heartbeat data.',
      summary: 'The file of reports that requests are distributed by.',
    },
  },
});
