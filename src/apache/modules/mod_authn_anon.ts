import { lowerCase } from '../../text/bytes';
import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule, type Directive } from './define';
import type { AuthnStatus } from './providers';

/** mod_authn_anon's per-directory configuration. A deeper folder's replaces it whole. */
export interface AnonymousConfig {
  users: string[];
  takesAnyName: boolean;
  needsEmail: boolean;
  takesNoName: boolean;
  verifiesEmail: boolean;
}

function flag(
  field: 'needsEmail' | 'takesNoName' | 'verifiesEmail' | undefined,
  summary: string,
): Directive<AnonymousConfig> {
  return {
    args: 'FLAG',
    where: ['AuthConfig'],
    help: "Limited to 'on' or 'off'",
    summary,
    apply(_cmd, config, on) {
      if (field !== undefined) config[field] = on;
      return undefined;
    },
  };
}

export const mod_authn_anon: ApacheModule<AnonymousConfig> = defineModule<AnonymousConfig>({
  name: 'mod_authn_anon',
  createDirConfig: () => ({
    users: [],
    takesAnyName: false,
    needsEmail: true,
    takesNoName: false,
    verifiesEmail: false,
  }),
  directives: {
    Anonymous: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'a space-separated list of user IDs',
      summary: 'Names that get in without a password of their own; * for any name.',
      apply(_cmd, config, name) {
        if (config.takesAnyName) return undefined;
        if (name === '*') config.takesAnyName = true;
        else config.users.push(name);
        return undefined;
      },
    },
    Anonymous_MustGiveEmail: flag(
      'needsEmail',
      'Asks anonymous visitors for something in place of a password.',
    ),
    Anonymous_NoUserId: flag('takesNoName', 'Lets anonymous visitors leave the name empty.'),
    Anonymous_VerifyEmail: flag(
      'verifiesEmail',
      'Wants an @ and a dot in what anonymous visitors give as their password.',
    ),
    Anonymous_LogEmail: flag(
      undefined,
      'Writes what anonymous visitors give as their password to the error log.',
    ),
  },
  authnProviders: { anon: { checkPassword: checkAnonymous } },
});

function checkAnonymous(r: RequestRecord, user: string, password: string): AuthnStatus {
  const config = r.perDirConfig.get(mod_authn_anon);
  if (config === undefined || !knows(config, user)) return 'not found';
  if (config.needsEmail && password === '') return 'denied';
  const isEmail = password.includes('@') && password.includes('.');
  return config.verifiesEmail && !isEmail ? 'denied' : 'granted';
}

function knows(config: AnonymousConfig, user: string): boolean {
  if (!config.takesAnyName && config.users.length === 0) return false;
  if (user === '') return config.takesNoName;
  return config.takesAnyName || config.users.some((name) => lowerCase(name) === lowerCase(user));
}
