import { defineModule } from './define';

export const mod_heartmonitor = defineModule({
  name: 'mod_heartmonitor',
  directives: {
    HeartbeatListen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Address to listen for heartbeat requests',
      summary: 'Where reports of other servers are received.',
    },
    HeartbeatStorage: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Path to store heartbeat data.',
      summary: 'The file of the reports.',
    },
    HeartbeatMaxServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Max number of servers when using slotmem (instead file) to store heartbeat data.',
      summary: 'How many servers may report.',
    },
  },
});
