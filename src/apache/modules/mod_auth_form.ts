import { defineModule } from './define';

export const mod_auth_form = defineModule({
  name: 'mod_auth_form',
  directives: {
    AuthFormProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
    },
    AuthFormUsername: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the username',
    },
    AuthFormPassword: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the password',
    },
    AuthFormLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the URL to redirect on successful login.',
    },
    AuthFormMethod: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the original request method.',
    },
    AuthFormMimetype: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the original request mimetype.',
    },
    AuthFormBody: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the urlencoded original request body.',
    },
    AuthFormSize: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Maximum size of body parsed by the form parser',
    },
    AuthFormLoginRequiredLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, redirect the browser to this URL rather than return 401 Not Authorized.',
    },
    AuthFormLoginSuccessLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, redirect the browser to this URL when a login processed by the login handler is successful.',
    },
    AuthFormLogoutLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The URL of the logout successful page. An attempt to access an URL handled by the handler form-logout-handler will result in an redirect to this page after logout.',
    },
    AuthFormSitePassphrase: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, use this passphrase to determine whether the user should be authenticated. Bypasses the user authentication check on every website hit, and is useful for high traffic sites.',
    },
    AuthFormAuthoritative: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'Off' to allow access control to be passed along to lower modules if the UserID is not known to this module",
    },
    AuthFormFakeBasicAuth: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'On' to pass through authentication to the rest of the server as a basic authentication header.",
    },
    AuthFormDisableNoStore: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to stop the sending of a Cache-Control no-store header with the login screen. This allows the browser to cache the credentials, but at the risk of it being possible for the login form to be resubmitted and revealed to the backend server through XSS. Use at own risk.",
    },
  },
});
