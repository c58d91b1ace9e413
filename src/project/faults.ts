import * as v from 'valibot';
import type { JsonPath } from './json';
import { UNKNOWN_FIELD, type SchemaOf } from './fields';

/** One thing that is wrong with a value: where, and what it should be. The value itself is never repeated. */
export interface Fault {
  readonly path: JsonPath;
  readonly code: 'unknown-field' | 'invalid';
  readonly message: string;
}

/** After so many rounds the rest of a hopeless file is given up, and defaults hold. */
const MOST_ROUNDS = 50;

/**
 * What a schema makes of a plain value, with every faulty field left out: one typing error must not silence
 * the rest of the file. `otherwise` stands where nothing can be used.
 */
export function faultsOf<Output>(
  schema: SchemaOf<Output>,
  value: unknown,
  otherwise: Output,
): { output: Output; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  let rest: unknown = structuredClone(value);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = v.safeParse(schema, rest);
    if (result.success) return { output: result.output, faults };
    const found = result.issues.map(faultOf);
    for (const fault of found) if (!isEcho(fault, faults)) faults.push(fault);
    if (found.some((fault) => fault.path.length === 0)) return { output: otherwise, faults };
    for (const fault of found) rest = without(rest, fault.path);
  }
  return { output: otherwise, faults };
}

/** A field that was left out is missing in the next round, and then what cannot be without it: said once is enough. */
function isEcho({ path }: Fault, known: readonly Fault[]): boolean {
  return known.some((one) => path.every((step, depth) => one.path[depth] === step));
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const code = issue.message === UNKNOWN_FIELD ? 'unknown-field' : 'invalid';
  return { path, code, message: issue.message };
}

/** Takes the member at a path away; of a list the whole list, of a missing member the object that lacks it. */
function without(value: unknown, path: JsonPath): unknown {
  const holders: Record<string, unknown>[] = [];
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) break;
    holders.push(at as Record<string, unknown>);
    at = (at as Record<string, unknown>)[step];
  }
  for (let depth = holders.length - 1; depth >= 0; depth--) {
    const holder = holders[depth];
    const name = String(path[depth]);
    if (holder !== undefined && Object.hasOwn(holder, name)) {
      delete holder[name];
      return value;
    }
  }
  return undefined;
}
