import { defineModule } from './define';

export const mod_heartmonitor = defineModule({
  name: 'mod_heartmonitor',
  directives: {
    HeartbeatListen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Address to listen for heartbeat requests',
    },
    HeartbeatStorage: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Path to store heartbeat data.' },
    HeartbeatMaxServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Max number of servers when using slotmem (instead file) to store heartbeat data.',
    },
  },
});
