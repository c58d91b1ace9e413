import { defineModule } from './define';

export const mod_authn_socache = defineModule({
  name: 'mod_authn_socache',
  directives: {
    AuthnCacheSOCache: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'socache provider for authn cache',
      summary: 'Which store keeps passwords that were checked lately.',
    },
    AuthnCacheEnable: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'enable socache configuration in htaccess even if not enabled anywhere else',
      summary: 'Makes the store of checked passwords ready for folders that ask for it.',
    },
    AuthnCacheProvideFor: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'Determine what authn providers to cache for',
      summary: 'The sources of passwords whose answers are kept for a while.',
      values: ['file', 'dbm', 'dbd'],
      /** Names are compared when an answer is kept; an unknown one does nothing. */
      apply: () => undefined,
    },
    AuthnCacheTimeout: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Timeout (secs) for cached credentials',
      summary: 'How many seconds a checked password is kept.',
      /** What is no number counts as 0. */
      apply: () => undefined,
    },
    AuthnCacheContext: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Context for authn cache',
      summary: 'Which folders share what is kept: this one, the whole server, or those of the same name.',
      values: ['directory', 'server'],
    },
  },
  /** The store is empty at first, so the next provider is asked. */
  authnProviders: { socache: { checkPassword: () => 'not found', realmHash: () => 'not found' } },
});
