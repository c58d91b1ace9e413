import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { isBasic, sentCredentials } from '../mod_auth_basic/authenticate';
import { authName, authType } from '../mod_authn_core';
import type { FcgidConfig, Role } from './program';

/** What a refusal comes to where it is not final. */
const NOT_FINAL: Readonly<Record<Role, string>> = {
  accessChecker: 'the request goes on, and keeps the status that the program gave',
  authenticator: 'no other module knows the user, and Apache answers 500',
  authorizer: 'the Require lines decide',
};

/**
 * Asks a program about a request, in its phase (mod_fcgid_check_auth). Only the program knows its answer: that it grants
 * is assumed, and said, with what else comes of it (measured, mod_fcgid 2.3.9).
 */
export function askProgram(r: RequestRecord, role: Role, config: FcgidConfig | undefined): HookResult {
  const program = config?.programs.get(role);
  if (program === undefined) return 'declined';
  const identified = role === 'authenticator' ? identify(r) : 'ok';
  if (identified !== 'ok') {
    r.logError('mod_fcgid: authenticator requires basic HTTP auth credentials');
    return identified;
  }
  const isFinal = config?.authoritative.get(role) ?? true;
  const otherwise = isFinal ? 'Apache answers 401, or 500 where it fails' : NOT_FINAL[role];
  r.noteUnknown(
    program,
    `what the program answers is not known here: it is taken to grant (200); otherwise ${otherwise}`,
  );
  return 'ok';
}

/** Name and password must be there before an authenticator is asked (ap_get_basic_auth_pw). */
function identify(r: RequestRecord): HookResult {
  const type = authType(r);
  if (!isBasic(type)) return 'declined';
  if (authName(r) === null) {
    r.logError(`AH00026: need AuthName: ${r.uri}`);
    return 500;
  }
  const sent = sentCredentials(r);
  if (sent === undefined) return 401;
  r.user = sent.user;
  r.authType = type;
  return 'ok';
}
