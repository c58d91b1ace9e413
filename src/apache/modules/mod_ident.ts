import { defineModule } from './define';

export const mod_ident = defineModule({
  name: 'mod_ident',
  directives: {
    IdentityCheck: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Enable identd (RFC 1413) user lookups - SLOW',
    },
    IdentityCheckTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Identity check (RFC 1413) timeout duration (sec)',
    },
  },
});
