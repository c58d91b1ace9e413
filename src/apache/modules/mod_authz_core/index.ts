import { defineModule, type ApacheModule, type Command, type Refusal } from '../define';
import { authorize } from './authorize';
import { mergeAuthz, type AuthzConfig } from './config';
import { coreProviders } from './providers';
import { addLine, addSection } from './require';

const MERGING = { off: 'off', and: 'and', or: 'or' } as const;

function authMerging(cmd: Command, config: AuthzConfig, value: string): Refusal {
  const key = value.toLowerCase();
  if (!Object.hasOwn(MERGING, key)) return `${cmd.name} must be one of: Off | And | Or`;
  config.merging = MERGING[key as keyof typeof MERGING];
  return undefined;
}

export const mod_authz_core: ApacheModule<AuthzConfig> = defineModule<AuthzConfig>({
  name: 'mod_authz_core',
  createDirConfig: () => ({ section: undefined, merging: undefined, forbidsOnFailure: undefined }),
  mergeDirConfig: mergeAuthz,
  directives: {
    '<AuthzProviderAlias': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "container for grouping an authorization provider's directives under a provider alias",
      summary: 'Gives a kind of Require with its settings a name of its own that Require lines can use.',
    },
    Require: {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'specifies authorization directives which one must pass (or not) for a request to suceeed',
      summary: 'Lets in only requests that meet this rule: by user, group, address, variable or expression.',
      apply: addLine,
    },
    '<RequireAll': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which none must fail and at least one must pass for a request to succeed',
      summary: 'Lets a request in only when every rule inside is met.',
      apply: addSection('and'),
    },
    '<RequireAny': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which one must pass for a request to succeed',
      summary: 'Lets a request in as soon as one of the rules inside is met.',
      apply: addSection('or'),
    },
    '<RequireNone': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which none must pass for a request to succeed',
      summary:
        'Keeps a request out when one of the rules inside is met; must stand beside a rule that lets in.',
      apply: addSection('or', true),
    },
    AuthMerging: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "controls how a <Directory>, <Location>, or similar directive's authorization directives are combined with those of its predecessor",
      summary: 'Says whether the rules of the folders above still count beside those of this one.',
      values: ['Off', 'And', 'Or'],
      apply: authMerging,
    },
    AuthzSendForbiddenOnFailure: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Controls if an authorization failure should result in a '403 FORBIDDEN' response instead of the HTTP-conforming '401 UNAUTHORIZED'",
      summary: 'Answers 403 instead of asking again when a known user is not let in.',
      apply(_cmd, config, on) {
        config.forbidsOnFailure = on;
        return undefined;
      },
    },
  },
  authzProviders: coreProviders,
  hooks: {
    accessCheckerEx: (r) => authorize(r, r.perDirConfig.get(mod_authz_core), false),
    authChecker: (r) => authorize(r, r.perDirConfig.get(mod_authz_core), true),
  },
});
