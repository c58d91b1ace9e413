import type { RequestRecord } from '../request/record';
import { defineModule } from './define';

export const mod_authn_dbd = defineModule({
  name: 'mod_authn_dbd',
  directives: {
    AuthDBDUserPWQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Query used to fetch password for user',
      summary: "The SQL query that finds the hash of a user's password.",
    },
    AuthDBDUserRealmQuery: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Query used to fetch password for user+realm',
      summary: 'The SQL query that finds the hash of user, realm and password, for Digest.',
    },
  },
  authnProviders: { dbd: { checkPassword: withoutQuery, realmHash: withoutQuery } },
});

/** Queries can only be given in the server's own files, and no database is asked here. */
function withoutQuery(r: RequestRecord): 'error' {
  r.logError('AH01654: No AuthDBDUserPWQuery has been specified');
  return 'error';
}
