import { defineModule } from './define';
import { checkCookieName } from './formNames';

export const mod_session_cookie = defineModule({
  name: 'mod_session_cookie',
  directives: {
    SessionCookieName: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2109 cookie carrying the session',
      summary: 'The cookie that holds the session, and its attributes.',
      apply: checkCookieName,
    },
    SessionCookieName2: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2965 cookie carrying the session',
      summary: 'The cookie of the second kind (RFC 2965) that holds the session, and its attributes.',
      apply: checkCookieName,
    },
    SessionCookieRemove: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "Set to 'On' to remove the session cookie from the headers and hide the cookie from a backend server or process",
      summary: 'Hides the session cookie from programs.',
      apply: () => undefined,
    },
  },
});
