import { defineModule } from './define';

export const mod_authn_dbd = defineModule({
  name: 'mod_authn_dbd',
  directives: {
    AuthDBDUserPWQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Query used to fetch password for user',
    },
    AuthDBDUserRealmQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Query used to fetch password for user+realm',
    },
  },
});
