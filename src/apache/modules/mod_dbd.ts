import { defineModule } from './define';

export const mod_dbd = defineModule({
  name: 'mod_dbd',
  directives: {
    DBDriver: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'SQL Driver' },
    DBDParams: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'SQL Driver Params' },
    DBDPersist: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Use persistent connection/pool' },
    DBDPrepareSQL: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'SQL statement to prepare (or nothing, to override statement inherited from main server) and label',
    },
    DBDInitSQL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SQL statement to be executed after connection is created',
    },
    DBDMin: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Minimum number of connections' },
    DBDKeep: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Maximum number of sustained connections' },
    DBDMax: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Maximum number of connections' },
    DBDExptime: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Keepalive time for idle connections' },
  },
});
