import type { Expr } from '../expr';
import { textFor } from '../request/evaluateFor';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule, type Command, type Refusal } from './define';

/** mod_authn_core's per-directory configuration; undefined means not set. */
export interface AuthnCoreConfig {
  type: Expr | undefined;
  name: Expr | undefined;
}

function setExpr(
  place: 'AuthType' | 'AuthName',
  field: keyof AuthnCoreConfig,
): (cmd: Command, config: AuthnCoreConfig, value: string) => Refusal {
  return (cmd, config, value) => {
    const parsed = cmd.parseExpr(place, value);
    if ('refusal' in parsed) return parsed.refusal;
    config[field] = parsed.expr;
    return undefined;
  };
}

export const mod_authn_core: ApacheModule<AuthnCoreConfig> = defineModule<AuthnCoreConfig>({
  name: 'mod_authn_core',
  createDirConfig: () => ({ type: undefined, name: undefined }),
  mergeDirConfig: (base, add) => ({ type: add.type ?? base.type, name: add.name ?? base.name }),
  directives: {
    AuthType: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'an HTTP authorization type (e.g., "Basic")',
      summary: 'How visitors prove who they are; None switches it off again.',
      values: ['Basic', 'Digest', 'Form', 'None'],
      apply: setExpr('AuthType', 'type'),
    },
    AuthName: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'the authentication realm (e.g. "Members Only")',
      summary: 'The name of the protected area, which browsers show when they ask for a password.',
      apply: setExpr('AuthName', 'name'),
    },
    '<AuthnProviderAlias': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "container for grouping an authentication provider's directives under a provider alias",
      summary: 'Gives a source of passwords with its settings a name of its own.',
    },
  },
  hooks: { checkUserId: authenticateNobody },
});

/** The kind of authentication that is asked for; null for none (ap_auth_type). */
export function authType(r: RequestRecord): string | null {
  const expr = r.perDirConfig.get(mod_authn_core)?.type;
  if (expr === undefined) return null;
  const result = textFor(r, expr);
  if ('problem' in result) {
    r.logError(`AH02834: AuthType expression could not be evaluated: ${result.problem}`);
    return null;
  }
  return result.text.toLowerCase() === 'none' ? null : result.text;
}

/** The name of the protected area, its quotes escaped; null where none is set (ap_auth_name). */
export function authName(r: RequestRecord): string | null {
  const expr = r.perDirConfig.get(mod_authn_core)?.name;
  if (expr === undefined) return null;
  const result = textFor(r, expr);
  if ('text' in result) return escapeQuotes(result.text);
  r.logError(`AH02835: AuthName expression could not be evaluated: ${result.problem}`);
  return null;
}

/** Puts a backslash before each quote that has none (ap_escape_quotes). */
function escapeQuotes(text: string): string {
  return text.replaceAll(/\\[^]|"/g, (found) => (found === '"' ? '\\"' : found));
}

function authenticateNobody(r: RequestRecord): HookResult {
  const type = authType(r);
  if (type === null) return 'ok';
  r.logError(`AH01796: AuthType ${type} configured without corresponding module`);
  return 500;
}
