import { findProvider } from '../authnProviders';
import { defineModule, type ApacheModule, type Command, type Refusal } from '../define';
import { authenticateBasic, fakeCredentials, noteBasicFailure } from './authenticate';
import { createBasicConfig, mergeBasicConfig, type BasicConfig } from './config';

function addProvider(cmd: Command, config: BasicConfig, name: string): Refusal {
  const found = findProvider(cmd, name, { needs: 'checkPassword', title: 'Basic' });
  if ('refusal' in found) return found.refusal;
  (config.providers ??= []).push(found);
  return undefined;
}

function setFake(cmd: Command, config: BasicConfig, userText: string, passwordText = 'password'): Refusal {
  if (userText.toLowerCase() === 'off') {
    config.fake = null;
    return undefined;
  }
  const user = cmd.parseExpr('AuthBasicFake user', userText);
  if ('refusal' in user) return user.refusal;
  const password = cmd.parseExpr('AuthBasicFake password', passwordText, userText);
  if ('refusal' in password) return password.refusal;
  config.fake = { user: user.expr, password: password.expr };
  return undefined;
}

export const mod_auth_basic: ApacheModule<BasicConfig> = defineModule<BasicConfig>({
  name: 'mod_auth_basic',
  createDirConfig: createBasicConfig,
  mergeDirConfig: mergeBasicConfig,
  directives: {
    AuthBasicProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
      summary:
        'Where names and passwords are looked up, in this order; the file of AuthUserFile when absent.',
      values: ['file', 'anon', 'dbm', 'dbd', 'ldap', 'socache'],
      apply: addProvider,
    },
    AuthBasicAuthoritative: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Set to 'Off' to allow access control to be passed along to lower modules if the UserID is not known to this module",
      summary: 'Off hands users whom no provider knows on to other modules.',
      apply(_cmd, config, on) {
        config.isAuthoritative = on;
        return undefined;
      },
    },
    AuthBasicFake: {
      args: 'TAKE12',
      where: ['AuthConfig'],
      help: "Fake basic authentication using the given expressions for username and password, 'off' to disable. Password defaults to 'password' if missing.",
      summary: 'Gives the program behind the server a name and password as if the visitor had sent them.',
      since: 5,
      apply: setFake,
    },
    AuthBasicUseDigestAlgorithm: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "Set to 'MD5' to use the auth provider's authentication check for digest auth, using a hash of 'user:realm:pass'",
      summary: 'Compares with hashes made for Digest, so that both kinds can share one list of users.',
      values: ['MD5', 'Off'],
      since: 7,
      apply(_cmd, config, value) {
        const word = value.toLowerCase();
        if (word !== 'off' && word !== 'md5')
          return `Invalid algorithm in AuthBasicUseDigestAlgorithm: ${value}`;
        config.usesDigestHash = word === 'md5';
        return undefined;
      },
    },
  },
  hooks: {
    checkUserId: (r) => authenticateBasic(r, r.perDirConfig.get(mod_auth_basic)),
    noteAuthFailure: noteBasicFailure,
    lastFixups: (r) => fakeCredentials(r, r.perDirConfig.get(mod_auth_basic)),
  },
});
