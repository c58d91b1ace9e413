import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import type { TraceEvent } from '../../request/trace';
import { authType } from '../mod_authn_core';
import { requestMethodBit } from '../methods';
import type { AuthzStatus } from '../providers';
import { sectionName, type AuthzConfig, type AuthzLogic, type AuthzNode, type AuthzSection } from './config';

/** Whether the request may go on. Before anybody is known, 'declined' asks for a user (authorize_user_core). */
export function authorize(
  r: RequestRecord,
  config: AuthzConfig | undefined,
  isAuthenticated: boolean,
): HookResult {
  if (config?.section === undefined) return withoutRules(r);
  const status = apply(r, config.section, 'and');
  if (status === 'granted') return 'ok';
  if (status === 'error') return 500;
  if (status === 'no user') {
    if (!isAuthenticated) return 'declined';
    r.logError(`AH01629: authorization failure (no authenticated user): ${r.uri}`);
    return 401;
  }
  if (!isAuthenticated || authType(r) === null) {
    r.logError(`AH01630: client denied by server configuration: ${r.filename ?? `uri ${r.uri}`}`);
    return 403;
  }
  r.logError(`AH01631: user ${r.user ?? '(null)'}: authorization failure for "${r.uri}": `);
  return config.forbidsOnFailure === true ? 403 : 401;
}

function withoutRules(r: RequestRecord): HookResult {
  if (authType(r) === null) return 'ok';
  r.logError('AH01627: AuthType configured with no corresponding authorization directives');
  return 500;
}

function apply(r: RequestRecord, node: AuthzNode, parent: AuthzLogic): AuthzStatus {
  if ((node.limited & requestMethodBit(r)) === 0) {
    traceOtherMethod(r, node);
    return parent === 'and' ? 'granted' : 'neutral';
  }
  const status = node.kind === 'line' ? node.check(r) : applyChildren(r, node);
  if (status === 'error') return status;
  const result = node.negate ? negated(status) : status;
  trace(r, node, result);
  return result;
}

function trace(r: RequestRecord, node: AuthzNode, result: AuthzStatus): void {
  if (!r.isTracing) return;
  r.addTrace({
    module: 'mod_authz_core',
    text: `authorization result of ${nameOf(node)}: ${RESULT_WORDS[result]}`,
    ...node.origin,
    event: {
      ...directiveOf(node),
      result: result === 'granted' ? 'matched' : 'not matched',
      reason: RESULT_WORDS[result],
    },
  });
}

function traceOtherMethod(r: RequestRecord, node: AuthzNode): void {
  if (!r.isTracing) return;
  const reason = `it is not for the method ${r.method}`;
  r.addTrace({
    module: 'mod_authz_core',
    text: `${nameOf(node)} skipped: ${reason}`,
    ...node.origin,
    event: { ...directiveOf(node), result: 'skipped', reason },
  });
}

function nameOf(node: AuthzNode): string {
  return node.kind === 'line' ? `Require ${node.negate ? 'not ' : ''}${node.text}` : sectionName(node);
}

function directiveOf(node: AuthzNode): Pick<TraceEvent, 'directive' | 'args'> {
  if (node.kind === 'line')
    return { directive: 'Require', args: `${node.negate ? 'not ' : ''}${node.text}`.trim() };
  return node.isMerged ? { directive: 'AuthMerging' } : { directive: sectionName(node).slice(0, -1) };
}

const RESULT_WORDS: Readonly<Record<AuthzStatus, string>> = {
  granted: 'granted',
  denied: 'denied',
  'no user': 'denied (no authenticated user yet)',
  neutral: 'neutral',
  error: 'neutral',
};

/** That a negated rule is not met says nothing for the request, hence neutral. */
function negated(status: AuthzStatus): AuthzStatus {
  if (status === 'granted') return 'denied';
  return status === 'denied' || status === 'no user' ? 'neutral' : status;
}

/** The first child that decides ends it: a denial in <RequireAll>, a grant in <RequireAny>. */
function applyChildren(r: RequestRecord, section: AuthzSection): AuthzStatus {
  const deciding = section.logic === 'and' ? 'denied' : 'granted';
  const overriding = section.logic === 'and' ? 'granted' : 'denied';
  let result: AuthzStatus = 'neutral';
  for (const child of section.children) {
    const status = apply(r, child, section.logic);
    if (status === 'error' || status === deciding) return status;
    if (status === 'neutral') continue;
    if (result === 'neutral' || (status === 'no user' && result === overriding)) result = status;
  }
  return result;
}
