import { defineModule } from './define';

export const mod_dav_lock = defineModule({
  name: 'mod_dav_lock',
  directives: {
    DAVGenericLockDB: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'specify a lock database',
      summary: 'The database of locks for other DAV providers.',
    },
  },
});
