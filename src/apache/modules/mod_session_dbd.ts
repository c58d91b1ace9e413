import { defineModule } from './define';
import { checkKeyCookieName } from './formNames';

export const mod_session_dbd = defineModule({
  name: 'mod_session_dbd',
  directives: {
    SessionDBDSelectLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to select a new session',
      summary: 'The prepared query that reads a session.',
      apply: () => undefined,
    },
    SessionDBDInsertLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to insert a new session',
      summary: 'The prepared query that stores a new session.',
      apply: () => undefined,
    },
    SessionDBDUpdateLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to update an existing session',
      summary: 'The prepared query that changes a session.',
      apply: () => undefined,
    },
    SessionDBDDeleteLabel: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Query label used to delete an existing session',
      summary: 'The prepared query that removes a session.',
      apply: () => undefined,
    },
    SessionDBDPerUser: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Save the session per user',
      summary: 'Keeps one session for each user instead of one for each browser.',
      apply: () => undefined,
    },
    SessionDBDCookieRemove: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'Remove the session cookie after session load. On by default.',
      summary: 'Hides the cookie with the key of the session from programs.',
      apply: () => undefined,
    },
    SessionDBDCookieName: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2109 cookie carrying the session key',
      summary: 'The cookie that holds the key of the session, and its attributes.',
      apply: checkKeyCookieName,
    },
    SessionDBDCookieName2: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2965 cookie carrying the session key',
      summary:
        'The cookie of the second kind (RFC 2965) that holds the key of the session, and its attributes.',
      apply: checkKeyCookieName,
    },
  },
});
