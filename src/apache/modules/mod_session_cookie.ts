import { defineModule } from './define';

export const mod_session_cookie = defineModule({
  name: 'mod_session_cookie',
  directives: {
    SessionCookieName: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2109 cookie carrying the session',
    },
    SessionCookieName2: {
      args: 'RAW_ARGS',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The name of the RFC2965 cookie carrying the session',
    },
    SessionCookieRemove: {
      args: 'FLAG',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: "Set to 'On' to remove the session cookie from the headers and hide the cookie from a backend server or process",
    },
  },
});
