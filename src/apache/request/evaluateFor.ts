import { evaluateExpr, type EvaluateOptions, type Expr } from '../expr';
import { patchOf } from '../host';
import { exprContext } from './exprContext';
import type { RequestRecord } from './record';

/** The text of a string expression for a request, or why Apache cannot tell. */
export function textFor(
  r: RequestRecord,
  expr: Expr,
): { readonly text: string } | { readonly problem: string } {
  const { value, problem } = evaluateExpr(expr, exprContext(r), { patch: patchOf(r.host) });
  return problem === undefined ? { text: String(value) } : { problem };
}

/** Whether a condition holds for a request, or why Apache cannot tell; the headers that it read go into Vary. */
export function conditionFor(
  r: RequestRecord,
  expr: Expr,
  options: EvaluateOptions = {},
): { readonly holds: boolean } | { readonly problem: string } {
  const result = evaluateExpr(expr, exprContext(r), { patch: patchOf(r.host), ...options });
  if (result.problem !== undefined) return { problem: result.problem };
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  return { holds: result.value === true };
}
