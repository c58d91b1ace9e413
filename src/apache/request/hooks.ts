import type { RequestRecord } from './record';

/** What a hook answers: go on, done with this phase, or the status of an error or redirect. */
export type HookResult = 'declined' | 'ok' | number;

export type Hook = (r: RequestRecord) => HookResult;

/** The phases of a request in Apache's order, as far as modules of a .htaccess take part. */
export interface PhaseHooks {
  /** SetEnvIf; not for subrequests. */
  readonly headerParser?: Hook;
  readonly accessChecker?: Hook;
  readonly typeChecker?: Hook;
  readonly fixups?: Hook;
  /** A second fixup of the same module, after those of all others (APR_HOOK_LAST). */
  readonly lastFixups?: Hook;
}

type Phase = keyof PhaseHooks;

/**
 * Which module comes when in a phase. mod_rewrite's fixup is APR_HOOK_FIRST; mod_dir's, mod_headers' and mod_rewrite's
 * second one are APR_HOOK_LAST; the rest stands between, in the order of a stock server.
 */
const ORDER: Readonly<Record<Phase, readonly string[]>> = {
  headerParser: ['mod_setenvif'],
  accessChecker: ['mod_authz_core', 'mod_access_compat'],
  typeChecker: ['mod_negotiation', 'mod_mime', 'core'],
  fixups: ['mod_rewrite', 'core', 'mod_env', 'mod_alias', 'mod_dir', 'mod_headers'],
  lastFixups: ['mod_rewrite'],
};

/** Modules with their hooks, by name. */
export type HookTable = ReadonlyMap<string, PhaseHooks>;

/** The hooks of a phase in Apache's order. */
export function hooksOf(table: HookTable, phase: Phase): readonly Hook[] {
  return ORDER[phase].flatMap((name) => table.get(name)?.[phase] ?? []);
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
