import { defineModule } from './define';

export const mod_authz_groupfile = defineModule({
  name: 'mod_authz_groupfile',
  directives: {
    AuthGroupFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'text file containing group names and member user IDs',
    },
  },
});
