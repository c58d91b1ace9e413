import { defineModule } from './define';

export const mod_auth_basic = defineModule({
  name: 'mod_auth_basic',
  directives: {
    AuthBasicProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
    },
    AuthBasicAuthoritative: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'Off' to allow access control to be passed along to lower modules if the UserID is not known to this module",
    },
    AuthBasicFake: {
      args: 'TAKE12',
      where: ['AuthConfig'],
      help: "Fake basic authentication using the given expressions for username and password, 'off' to disable. Password defaults to 'password' if missing.",
    },
    AuthBasicUseDigestAlgorithm: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "Set to 'MD5' to use the auth provider's authentication check for digest auth, using a hash of 'user:realm:pass'",
    },
  },
});
