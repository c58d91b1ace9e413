import { evaluateExpr, parseExpr } from '../expr';
import { patchOf } from '../host';
import { exprContext } from './exprContext';
import { evaluate, type EvaluationInput } from './index';
import type { RequestRecord } from './record';
import { SERVER_VARIABLES } from './variables';

type Pairs = readonly (readonly [name: string, value: string])[];

/** A request as it stood at a step of its trace. All texts are byte strings. */
export interface Inspection {
  /** Server variables that have a value, by name. */
  readonly variables: Pairs;
  /** What SetEnv, SetEnvIf and `[E=]` have set so far. */
  readonly environment: Pairs;
  readonly requestHeaders: Pairs;
  readonly responseHeaders: Pairs;
  /** What an expression gives there; `problem` in Apache's words where it gives nothing. */
  readonly expression?: { readonly value: string } | { readonly problem: string };
}

/**
 * Goes the way of a request again, up to a step (its place in the trace), and looks around there. `expression` is an ap_expr, a
 * condition or a text with variables. Undefined where the trace has no such step.
 */
export function inspectAt(input: EvaluationInput, step: number, expression?: string): Inspection | undefined {
  let seen: Inspection | undefined;
  const inspect = (r: RequestRecord): void => {
    seen = inspectionOf(r, expression);
  };
  evaluate({ ...input, trace: true, pause: { step, inspect } });
  return seen;
}

function inspectionOf(r: RequestRecord, expression: string | undefined): Inspection {
  const variables = Array.from(SERVER_VARIABLES, ([name, lookUp]) => [name, lookUp(r) ?? ''] as const);
  return {
    variables: variables.filter(([, value]) => value !== '').sort(([one], [other]) => (one < other ? -1 : 1)),
    environment: [...r.env.entries()],
    requestHeaders: [...r.headersIn.entries()],
    responseHeaders: [...r.errHeadersOut.entries(), ...r.headersOut.entries()],
    ...(expression === undefined ? {} : { expression: valueOf(r, expression) }),
  };
}

/** First as a condition, then as a text: `%{REQUEST_URI}` alone is no condition. */
function valueOf(r: RequestRecord, text: string): NonNullable<Inspection['expression']> {
  const options = { patch: patchOf(r.host), modules: r.host.modules };
  const condition = parseExpr(text, { ...options, mode: 'condition' });
  const parsed = 'problem' in condition ? parseExpr(text, { ...options, mode: 'string' }) : condition;
  if ('problem' in parsed) return { problem: parsed.problem.message };
  // A word alone is a text that stands for itself: it is meant as a condition, and that is refused.
  if ('problem' in condition && !text.includes('%{')) return { problem: condition.problem.message };
  const { value, problem } = evaluateExpr(parsed.ast, exprContext(r), { patch: options.patch });
  return problem === undefined ? { value: String(value) } : { problem };
}
