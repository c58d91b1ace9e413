import { lowerCase } from '../../../text/bytes';
import { evaluateExpr } from '../../expr';
import { patchOf } from '../../host';
import { exprContext } from '../../request/exprContext';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import type { CoreConfig } from './config';

function forceType(r: RequestRecord, type: string): void {
  r.traceDirective('core', {
    directive: 'ForceType',
    text: `ForceType ${type}`,
    result: 'applied',
    changes: [{ what: 'content type', before: r.contentType, after: type }],
  });
  r.contentType = type;
  r.handedOnType = null;
}

function setHandler(r: RequestRecord, handler: string): void {
  r.traceDirective('core', {
    directive: 'SetHandler',
    text: `SetHandler ${handler}`,
    result: 'applied',
    changes: [{ what: 'handler', before: r.handler, after: handler }],
  });
  r.handler = handler;
}

/** ForceType, SetHandler and AcceptPathInfo, before all other fixups (core_override_type). */
export function overrideType(r: RequestRecord, config: CoreConfig | undefined): HookResult {
  if (config === undefined) return 'declined';
  if (config.forcedType !== undefined && config.forcedType !== 'none') forceType(r, config.forcedType);
  if (config.handler !== undefined) {
    const result = evaluateExpr(config.handler, exprContext(r), { patch: patchOf(r.host) });
    if (result.problem !== undefined) {
      r.logError(`AH03154: Can't evaluate handler expression: ${result.problem}`);
      return 500;
    }
    const value = String(result.value);
    const handler = value.startsWith('proxy:unix') ? value : lowerCase(value);
    if (handler !== 'none') setHandler(r, handler);
  }
  if (r.usedPathInfo === 'default') r.usedPathInfo = config.acceptPathInfo ?? 'default';
  return 'ok';
}
