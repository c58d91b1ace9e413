import type { RequestRecord } from './record';

/** What a hook answers: go on, done with this phase, or the status of an error or redirect. */
export type HookResult = 'declined' | 'ok' | number;

export type Hook = (r: RequestRecord) => HookResult;

/** The phases of a request in Apache's order, as far as modules of a .htaccess take part. */
export interface PhaseHooks {
  /** SetEnvIf; not for subrequests. */
  readonly headerParser?: Hook;
  /** Who may come in at all, whatever the user. */
  readonly accessChecker?: Hook;
  /** The same by modules that may ask for a user ('declined': a user is needed). */
  readonly accessCheckerEx?: Hook;
  readonly checkUserId?: Hook;
  readonly authChecker?: Hook;
  /** Asks for a password again when the rules refused a known user. */
  readonly noteAuthFailure?: Hook;
  readonly typeChecker?: Hook;
  /** Before the fixups of all other modules. */
  readonly firstFixups?: Hook;
  readonly fixups?: Hook;
  /** After the fixups of all others (APR_HOOK_LAST). */
  readonly lastFixups?: Hook;
  /** Changes the headers of a response that a handler gives. */
  readonly insertFilter?: Hook;
  /** Changes the headers of a response that Apache itself makes: errors and redirects. */
  readonly insertErrorFilter?: Hook;
}

type Phase = keyof PhaseHooks;

/** Which module comes when in a phase: by Apache's hook orders, and by the order of a stock server among equals. */
const ORDER: Readonly<Record<Phase, readonly string[]>> = {
  headerParser: ['mod_setenvif'],
  accessChecker: ['mod_allowmethods', 'mod_ssl', 'mod_access_compat', 'mod_fcgid'],
  accessCheckerEx: ['mod_authz_core'],
  checkUserId: [
    'mod_ssl',
    'mod_authnz_fcgi',
    'mod_auth_basic',
    'mod_auth_digest',
    'mod_auth_form',
    'mod_fcgid',
    'mod_authn_core',
  ],
  authChecker: ['mod_ssl', 'mod_fcgid', 'mod_authz_core'],
  noteAuthFailure: ['mod_auth_basic', 'mod_auth_digest', 'mod_auth_form'],
  typeChecker: ['mod_negotiation', 'mod_mime'],
  firstFixups: ['core'],
  fixups: ['mod_rewrite', 'mod_alias', 'mod_env', 'mod_negotiation'],
  lastFixups: ['mod_auth_basic', 'mod_dir', 'mod_headers', 'mod_include', 'mod_rewrite', 'mod_speling'],
  insertFilter: ['mod_expires', 'http_core', 'mod_headers'],
  insertErrorFilter: ['mod_expires', 'mod_headers'],
};

/** All hooks of the loaded modules, by phase in Apache's order. */
export type HookTable = Readonly<Record<Phase, readonly Hook[]>>;

/** The hooks of modules, put in order. */
export function orderedHooks(
  modules: readonly { readonly name: string; readonly hooks?: PhaseHooks }[],
): HookTable {
  const byName = new Map(modules.map((module) => [module.name, module.hooks ?? {}]));
  const inOrder = (phase: Phase): Hook[] => ORDER[phase].flatMap((name) => byName.get(name)?.[phase] ?? []);
  const phases = Object.keys(ORDER) as Phase[];
  return Object.fromEntries(phases.map((phase) => [phase, inOrder(phase)])) as Record<Phase, Hook[]>;
}

/** The hooks of a phase in Apache's order. */
export function hooksOf(table: HookTable, phase: Phase): readonly Hook[] {
  return table[phase];
}

/** Runs all hooks until one gives a status (AP_IMPLEMENT_HOOK_RUN_ALL). */
export function runAll(hooks: readonly Hook[], r: RequestRecord): HookResult {
  for (const hook of hooks) {
    const result = hook(r);
    if (typeof result === 'number') return result;
  }
  return 'ok';
}

/** Runs hooks until one does not decline (AP_IMPLEMENT_HOOK_RUN_FIRST). */
export function runFirst(hooks: readonly Hook[], r: RequestRecord): HookResult {
  for (const hook of hooks) {
    const result = hook(r);
    if (result !== 'declined') return result;
  }
  return 'declined';
}
