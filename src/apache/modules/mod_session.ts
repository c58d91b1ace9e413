import { defineModule } from './define';
import { leadingInteger } from './numbers';

export const mod_session = defineModule({
  name: 'mod_session',
  directives: {
    Session: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on if a session should be maintained for these URLs',
      summary: 'Keeps data between the requests of a visitor.',
      apply: () => undefined,
    },
    SessionMaxAge: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'length of time for which a session should be valid. Zero to disable',
      summary: 'How many seconds a session stays good without a request.',
      /** What is no number counts as 0. */
      apply: () => undefined,
    },
    SessionHeader: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'output header, if present, whose contents will be injected into the session.',
      summary: 'The response header by which a program changes the session.',
      apply: () => undefined,
    },
    SessionEnv: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on if a session should be written to the CGI environment. Defaults to off',
      summary: 'Shows programs the session in HTTP_SESSION.',
      apply: () => undefined,
    },
    SessionInclude: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'URL prefixes to include in the session. Defaults to all URLs',
      summary: 'The URL paths that have a session.',
      apply: () => undefined,
    },
    SessionExclude: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'URL prefixes to exclude from the session. Defaults to no URLs',
      summary: 'The URL paths that have none.',
      apply: () => undefined,
    },
    SessionExpiryUpdateInterval: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "time interval for which a session's expiry time may change without having to be rewritten. Zero to disable",
      summary: 'How many seconds old the noted end of a session may be before it is written again.',
      since: 41,
      apply: (_cmd, _config, value) =>
        leadingInteger(value) < 0
          ? 'SessionExpiryUpdateInterval must be zero (disable) or a positive value'
          : undefined,
    },
  },
});
