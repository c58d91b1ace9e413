import { defineModule } from './define';

export const mod_authz_dbd = defineModule({
  name: 'mod_authz_dbd',
  directives: {
    AuthzDBDLoginToReferer: {
      args: 'FLAG',
      where: ['ACCESS_CONF'],
      help: 'Whether to redirect to referer on successful login',
    },
    AuthzDBDQuery: { args: 'TAKE1', where: ['ACCESS_CONF'], help: 'SQL query for DBD Authz or login' },
    AuthzDBDRedirectQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'SQL query to get per-user redirect URL after login',
    },
  },
});
