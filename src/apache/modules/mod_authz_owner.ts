import type { RequestRecord } from '../request/record';
import { defineModule } from './define';
import type { AuthzStatus } from './providers';

/** The site knows owners by number only, while Apache compares names; so nobody is ever the owner. */
function checkOwner(r: RequestRecord): AuthzStatus {
  if (r.user === null) return 'no user';
  const reason =
    r.finfo === undefined ? `could not stat file ${r.filename ?? ''}` : 'file owner does not match.';
  r.logError(`AH01637: Authorization of user ${r.user} to access ${r.uri} failed, reason: ${reason}`);
  return 'denied';
}

export const mod_authz_owner = defineModule({
  name: 'mod_authz_owner',
  directives: {},
  authzProviders: { 'file-owner': { parse: () => ({ check: checkOwner }) } },
});
