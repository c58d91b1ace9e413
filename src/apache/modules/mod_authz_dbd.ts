import type { RequestRecord } from '../request/record';
import { defineModule } from './define';
import type { AuthzProvider, AuthzStatus } from './providers';
import { wordsProvider } from './requireWords';

/** Queries can only be given in the server's own files, and no database is asked here. */
function withoutQuery(status: AuthzStatus): (r: RequestRecord) => AuthzStatus {
  return (r) => {
    if (r.user === null) return 'no user';
    r.logError('AH01649: No query configured for dbd-group!');
    return status;
  };
}

const session: AuthzProvider = { parse: () => ({ check: withoutQuery('denied') }) };

export const mod_authz_dbd = defineModule({
  name: 'mod_authz_dbd',
  directives: {
    AuthzDBDLoginToReferer: {
      args: 'FLAG',
      where: ['ACCESS_CONF'],
      help: 'Whether to redirect to referer on successful login',
      summary: 'Sends a visitor back to the page that they came from after a login or logout.',
    },
    AuthzDBDQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'SQL query for DBD Authz or login',
      summary: 'The SQL query that finds the groups of a user, or notes a login or logout.',
    },
    AuthzDBDRedirectQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'SQL query to get per-user redirect URL after login',
      summary: 'The SQL query that finds the page to show a user after a login.',
    },
  },
  authzProviders: {
    'dbd-group': wordsProvider('AH02590: authz_dbd authorize: require dbd-group', withoutQuery('error')),
    'dbd-login': session,
    'dbd-logout': session,
  },
});
