import { satisfyFor } from '../modules/mod_access_compat';
import { hooksOf, runAll, runFirst, type HookResult, type HookTable } from './hooks';
import type { RequestRecord } from './record';

/**
 * Whether a request may come in, and who sent it: the middle of ap_process_request_internal. A request that an earlier
 * one of its chain led to is not asked again where it has the very same configuration. 'ok', or the status to answer with.
 */
export function checkAccess(r: RequestRecord, table: HookTable): 'ok' | number {
  const passed = [r.prev, r.main].find((before) => before?.perDirConfig === r.perDirConfig);
  if (passed !== null && passed !== undefined) {
    r.user = passed.user;
    r.authType = passed.authType;
    return 'ok';
  }
  const access = runAll(hooksOf(table, 'accessChecker'), r);
  if (satisfyFor(r) === 'any') {
    if (typeof access !== 'number') return 'ok';
  } else if (typeof access === 'number') {
    return access;
  }
  // No server runs without mod_authz_core; a profile that does not name it only leaves its directives out.
  if (hooksOf(table, 'accessCheckerEx').length === 0) return 'ok';
  const withoutUser = runFirst(hooksOf(table, 'accessCheckerEx'), r);
  return withoutUser === 'declined' ? checkUser(r, table) : withoutUser;
}

/** Finds out who sent the request, and whether that user may come in. */
function checkUser(r: RequestRecord, table: HookTable): 'ok' | number {
  const known = runFirst(hooksOf(table, 'checkUserId'), r);
  if (known !== 'ok') return statusOf(r, known, 'check user');
  if (r.user === null) {
    r.logError(
      `AH00027: No authentication done but request not allowed without authentication for ${r.uri}. Authentication not configured?`,
    );
    return 500;
  }
  const allowed = runFirst(hooksOf(table, 'authChecker'), r);
  // mod_authz_core asks again itself; it is the one that refuses in this phase.
  if (allowed === 401) runFirst(hooksOf(table, 'noteAuthFailure'), r);
  return allowed === 'ok' ? 'ok' : statusOf(r, allowed, 'check authorization');
}

/** That nobody felt responsible is an error of configuration (decl_die). */
function statusOf(r: RequestRecord, result: Exclude<HookResult, 'ok'>, phase: string): number {
  if (result !== 'declined') return result;
  r.logError(`AH00025: configuration error:  couldn't ${phase}: ${r.uri}`);
  return 500;
}
