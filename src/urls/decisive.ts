import type { Outcome, TraceStep } from '../apache/request/outcome';

/** The line of a file that made an outcome. */
export interface Decisive {
  /** Absolute on the server, a byte string. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** mod_rewrite's own words where a rule has changed the request. The steps around them may name a later rule. */
const ACTED = /^(?:rewrite '|forcing responsecode )/;
/** After these words what the rules of a folder did has no effect. */
const IGNORED = 'initial URL equal rewritten URL';

/**
 * The place of the line that decided: the last one of the chain that rewrote, redirected or refused, or the one for
 * which Apache refuses its .htaccess. Undefined where no line did (a file that is simply there).
 */
export function decisivePlace({ trace }: Outcome): Decisive | undefined {
  for (let at = trace.length - 1; at >= 0; at--) {
    const step = trace[at] as TraceStep;
    if (step.module === 'mod_rewrite' && step.text.startsWith(IGNORED)) at = startOfRound(trace, at);
    else if (step.file !== undefined && step.line !== undefined && hasActed(step)) {
      return { file: step.file, line: step.line };
    }
  }
  return undefined;
}

function hasActed({ module, text, request, file, event }: TraceStep): boolean {
  if (request?.startsWith('subreq') === true) return false;
  if (module === 'core') return text.startsWith(`${file}: `);
  return module === 'mod_rewrite' ? ACTED.test(text) : module === 'mod_alias' && event?.result === 'applied';
}

/** The first step of the same request and folder. */
function startOfRound(trace: readonly TraceStep[], from: number): number {
  const last = trace[from];
  let at = from;
  while (at > 0) {
    const before = trace[at - 1];
    if (before?.request !== last?.request || (before?.perdir ?? last?.perdir) !== last?.perdir) break;
    at -= 1;
  }
  return at;
}
