import { defineModule } from './define';

export const mod_authn_core = defineModule({
  name: 'mod_authn_core',
  directives: {
    AuthType: { args: 'TAKE1', where: ['AuthConfig'], help: 'an HTTP authorization type (e.g., "Basic")' },
    AuthName: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'the authentication realm (e.g. "Members Only")',
    },
    '<AuthnProviderAlias': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "container for grouping an authentication provider's directives under a provider alias",
    },
  },
});
