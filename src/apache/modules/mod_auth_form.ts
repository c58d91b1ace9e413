import type { Expr, ExprPlace } from '../expr';
import { textFor } from '../request/evaluateFor';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { findProvider } from './authnProviders';
import { defineModule, type ApacheModule, type Command, type Refusal } from './define';
import { checkFieldName } from './formNames';
import { authName, authType } from './mod_authn_core';

/** mod_auth_form's per-directory configuration, as far as it shows without a session; undefined means not set. */
export interface FormConfig {
  loginPage: Expr | undefined;
  location: string | undefined;
  keepsLoginPage: boolean | undefined;
}

function checkExpr(place: ExprPlace): (cmd: Command, config: FormConfig, value: string) => Refusal {
  return (cmd, _config, value) => {
    const parsed = cmd.parseExpr(place, value);
    return 'refusal' in parsed ? parsed.refusal : undefined;
  };
}

export const mod_auth_form: ApacheModule<FormConfig> = defineModule<FormConfig>({
  name: 'mod_auth_form',
  createDirConfig: () => ({ loginPage: undefined, location: undefined, keepsLoginPage: undefined }),
  mergeDirConfig: (base, add) => ({
    loginPage: add.loginPage ?? base.loginPage,
    location: add.location ?? base.location,
    keepsLoginPage: add.keepsLoginPage ?? base.keepsLoginPage,
  }),
  directives: {
    AuthFormProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
      summary: 'Where names and passwords are looked up, in this order.',
      values: ['file', 'anon', 'dbm', 'dbd', 'ldap', 'socache'],
      apply(cmd, _config, name) {
        const found = findProvider(cmd, name, { needs: 'checkPassword', title: 'Form' });
        return 'refusal' in found ? found.refusal : undefined;
      },
    },
    AuthFormUsername: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the username',
      summary: 'The field of the login form with the name.',
      apply: checkFieldName,
    },
    AuthFormPassword: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the password',
      summary: 'The field of the login form with the password.',
      apply: checkFieldName,
    },
    AuthFormLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the URL to redirect on successful login.',
      summary: 'The field of the login form with the page to go to after the login.',
      apply(cmd, config, name) {
        config.location = name;
        return checkFieldName(cmd, config, name);
      },
    },
    AuthFormMethod: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the original request method.',
      summary: 'The field of the login form with the method of the request that was interrupted.',
      apply: checkFieldName,
    },
    AuthFormMimetype: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the original request mimetype.',
      summary: 'The field of the login form with the type of the body that was interrupted.',
      apply: checkFieldName,
    },
    AuthFormBody: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The field of the login form carrying the urlencoded original request body.',
      summary: 'The field of the login form with the body that was interrupted.',
      apply: checkFieldName,
    },
    AuthFormSize: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Maximum size of body parsed by the form parser',
      summary: 'How many bytes a login form may send.',
    },
    AuthFormLoginRequiredLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, redirect the browser to this URL rather than return 401 Not Authorized.',
      summary: 'The page with the login form, to which visitors are led instead of getting 401.',
      apply(cmd, config, value) {
        const parsed = cmd.parseExpr('AuthFormLoginRequiredLocation', value);
        if ('refusal' in parsed) return parsed.refusal;
        config.loginPage = parsed.expr;
        return undefined;
      },
    },
    AuthFormLoginSuccessLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, redirect the browser to this URL when a login processed by the login handler is successful.',
      summary: 'The page to which visitors are led after a login.',
      apply: checkExpr('AuthFormLoginSuccessLocation'),
    },
    AuthFormLogoutLocation: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The URL of the logout successful page. An attempt to access an URL handled by the handler form-logout-handler will result in an redirect to this page after logout.',
      summary: 'The page to which visitors are led after a logout.',
      apply: checkExpr('AuthFormLogoutLocation'),
    },
    AuthFormSitePassphrase: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'If set, use this passphrase to determine whether the user should be authenticated. Bypasses the user authentication check on every website hit, and is useful for high traffic sites.',
      summary: 'Trusts sessions with this secret instead of checking the password each time.',
      apply: () => undefined,
    },
    AuthFormAuthoritative: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'Off' to allow access control to be passed along to lower modules if the UserID is not known to this module",
      summary: 'Off hands users whom no provider knows on to other modules.',
      apply: () => undefined,
    },
    AuthFormFakeBasicAuth: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'On' to pass through authentication to the rest of the server as a basic authentication header.",
      summary: 'Gives programs name and password as if they had come by Basic authentication.',
      apply: () => undefined,
    },
    AuthFormDisableNoStore: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'on' to stop the sending of a Cache-Control no-store header with the login screen. This allows the browser to cache the credentials, but at the risk of it being possible for the login form to be resubmitted and revealed to the backend server through XSS. Use at own risk.",
      summary: 'Lets browsers keep the login page, with the risk that it is sent again.',
      apply(_cmd, config, on) {
        config.keepsLoginPage = on;
        return undefined;
      },
    },
  },
  hooks: { checkUserId: authenticateForm, noteAuthFailure: noteFormFailure },
});

const isForm = (type: string | null): boolean => type?.toLowerCase() === 'form';

/** Leads a visitor without a session to the login form; sessions live on a running server. */
function authenticateForm(r: RequestRecord): HookResult {
  const type = authType(r);
  if (!isForm(type)) return 'declined';
  if (authName(r) === null) {
    r.logError(`AH01810: need AuthName: ${r.uri}`);
    return 500;
  }
  r.authType = type;
  const config = r.perDirConfig.get(mod_auth_form);
  if (config?.loginPage !== undefined) return leadTo(r, config.loginPage);
  if (config?.keepsLoginPage !== true) {
    r.headersOut.add('Cache-Control', 'no-store');
    r.errHeadersOut.add('Cache-Control', 'no-store');
  }
  return 401;
}

function leadTo(r: RequestRecord, page: Expr): HookResult {
  const target = textFor(r, page);
  if ('problem' in target) {
    r.logError(`AH02340: Can't evaluate login required expression: ${target.problem}`);
    return 500;
  }
  r.headersOut.set('Location', target.text);
  return 302;
}

function noteFormFailure(r: RequestRecord): HookResult {
  if (!isForm(authType(r))) return 'declined';
  const location = r.perDirConfig.get(mod_auth_form)?.location;
  if (location?.includes(':') === true) r.errHeadersOut.set('Location', location);
  return 'ok';
}
