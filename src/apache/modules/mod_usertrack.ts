import { defineModule } from './define';

export const mod_usertrack = defineModule({
  name: 'mod_usertrack',
  directives: {
    CookieExpires: { args: 'TAKE1', where: ['FileInfo'], help: 'an expiry date code' },
    CookieDomain: { args: 'TAKE1', where: ['FileInfo'], help: 'domain to which this cookie applies' },
    CookieStyle: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: "'Netscape', 'Cookie' (RFC2109), or 'Cookie2' (RFC2965)",
    },
    CookieTracking: { args: 'FLAG', where: ['FileInfo'], help: 'whether or not to enable cookies' },
    CookieName: { args: 'TAKE1', where: ['FileInfo'], help: 'name of the tracking cookie' },
    CookieSameSite: { args: 'TAKE1', where: ['FileInfo'], help: 'SameSite setting' },
    CookieSecure: { args: 'FLAG', where: ['FileInfo'], help: 'is cookie secure' },
    CookieHttpOnly: { args: 'FLAG', where: ['FileInfo'], help: 'is cookie http only' },
  },
});
