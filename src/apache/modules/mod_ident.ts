import { defineModule } from './define';

export const mod_ident = defineModule({
  name: 'mod_ident',
  directives: {
    IdentityCheck: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Enable identd (RFC 1413) user lookups - SLOW',
      summary: "Asks the visitor's machine for the name of its user (RFC 1413).",
    },
    IdentityCheckTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Identity check (RFC 1413) timeout duration (sec)',
      summary: "How many seconds to wait for the visitor's machine to tell a name.",
    },
  },
});
