import { defineModule } from './define';

export const mod_session = defineModule({
  name: 'mod_session',
  directives: {
    Session: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on if a session should be maintained for these URLs',
    },
    SessionMaxAge: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'length of time for which a session should be valid. Zero to disable',
    },
    SessionHeader: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'output header, if present, whose contents will be injected into the session.',
    },
    SessionEnv: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on if a session should be written to the CGI environment. Defaults to off',
    },
    SessionInclude: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'URL prefixes to include in the session. Defaults to all URLs',
    },
    SessionExclude: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'URL prefixes to exclude from the session. Defaults to no URLs',
    },
    SessionExpiryUpdateInterval: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "time interval for which a session's expiry time may change without having to be rewritten. Zero to disable",
    },
  },
});
