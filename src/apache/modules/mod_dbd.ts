import { defineModule } from './define';

export const mod_dbd = defineModule({
  name: 'mod_dbd',
  directives: {
    DBDriver: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SQL Driver',
      summary: 'The kind of SQL database.',
    },
    DBDParams: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SQL Driver Params',
      summary: 'How to reach the SQL database.',
    },
    DBDPersist: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Use persistent connection/pool',
      summary: 'Keeps connections to the SQL database open.',
    },
    DBDPrepareSQL: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'SQL statement to prepare (or nothing, to override statement inherited from main server) and label',
      summary: 'Prepares an SQL query under a name that other directives use.',
    },
    DBDInitSQL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SQL statement to be executed after connection is created',
      summary: 'An SQL statement that each new connection begins with.',
    },
    DBDMin: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Minimum number of connections',
      summary: 'How many connections to the SQL database are always open.',
    },
    DBDKeep: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of sustained connections',
      summary: 'How many unused connections to the SQL database stay open.',
    },
    DBDMax: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of connections',
      summary: 'How many connections to the SQL database may be open.',
    },
    DBDExptime: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Keepalive time for idle connections',
      summary: 'How many seconds an unused connection to the SQL database stays open.',
    },
  },
});
