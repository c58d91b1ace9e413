import { defineModule } from './define';

export const mod_authnz_fcgi = defineModule({
  name: 'mod_authnz_fcgi',
  directives: {
    AuthnzFcgiDefineProvider: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'Define a FastCGI authn and/or authz provider',
    },
    AuthnzFcgiCheckAuthnProvider: {
      args: 'TAKE_ARGV',
      where: ['FileInfo'],
      help: 'Enable/disable a FastCGI authorizer to handle check_authn phase',
    },
  },
});
