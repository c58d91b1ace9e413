import { defineModule } from './define';

export const mod_authz_dbm = defineModule({
  name: 'mod_authz_dbm',
  directives: {
    AuthDBMGroupFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'database file containing group names and member user IDs',
    },
    AuthzDBMType: { args: 'TAKE1', where: ['AuthConfig'], help: 'what type of DBM file the group file is' },
  },
});
