import { defineModule } from './define';

export const mod_dav_fs = defineModule({
  name: 'mod_dav_fs',
  directives: {
    DAVLockDB: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'specify a lock database',
      summary: 'The database of locks that DAV clients hold.',
    },
  },
});
