import { defineModule } from './define';

export const mod_authn_dbm = defineModule({
  name: 'mod_authn_dbm',
  directives: {
    AuthDBMUserFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'dbm database file containing user IDs and passwords',
    },
    AuthDBMType: { args: 'TAKE1', where: ['AuthConfig'], help: 'what type of DBM file the user file is' },
  },
});
