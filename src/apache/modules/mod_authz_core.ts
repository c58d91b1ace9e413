import { defineModule } from './define';

export const mod_authz_core = defineModule({
  name: 'mod_authz_core',
  directives: {
    '<AuthzProviderAlias': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "container for grouping an authorization provider's directives under a provider alias",
    },
    Require: {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'specifies authorization directives which one must pass (or not) for a request to suceeed',
    },
    '<RequireAll': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which none must fail and at least one must pass for a request to succeed',
    },
    '<RequireAny': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which one must pass for a request to succeed',
    },
    '<RequireNone': {
      args: 'RAW_ARGS',
      where: ['AuthConfig'],
      help: 'container for grouping authorization directives of which none must pass for a request to succeed',
    },
    AuthMerging: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "controls how a <Directory>, <Location>, or similar directive's authorization directives are combined with those of its predecessor",
    },
    AuthzSendForbiddenOnFailure: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: "Controls if an authorization failure should result in a '403 FORBIDDEN' response instead of the HTTP-conforming '401 UNAUTHORIZED'",
    },
  },
});
