import { defineModule } from './define';

export const mod_session_dbd = defineModule({
  name: 'mod_session_dbd',
  directives: {
    SessionDBDSelectLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to select a new session',
    },
    SessionDBDInsertLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to insert a new session',
    },
    SessionDBDUpdateLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to update an existing session',
    },
    SessionDBDDeleteLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to delete an existing session',
    },
    SessionDBDPerUser: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Save the session per user',
    },
    SessionDBDCookieRemove: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Remove the session cookie after session load. On by default.',
    },
    SessionDBDCookieName: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2109 cookie carrying the session key',
    },
    SessionDBDCookieName2: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2965 cookie carrying the session key',
    },
  },
});
