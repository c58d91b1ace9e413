import { defineModule } from './define';

export const mod_authn_socache = defineModule({
  name: 'mod_authn_socache',
  directives: {
    AuthnCacheSOCache: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'socache provider for authn cache' },
    AuthnCacheEnable: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'enable socache configuration in htaccess even if not enabled anywhere else',
    },
    AuthnCacheProvideFor: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'Determine what authn providers to cache for',
    },
    AuthnCacheTimeout: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Timeout (secs) for cached credentials',
    },
    AuthnCacheContext: { args: 'TAKE1', where: ['ACCESS_CONF'], help: 'Context for authn cache' },
  },
});
