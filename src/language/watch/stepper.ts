import type { TraceEvent, TraceStep } from '../../apache/request/trace';

/** A moment of a request's way at which a debugger can stop: one visit of one line. */
export interface Stop {
  /** The last step of this visit: its place in the trace. */
  readonly step: number;
  /** Absolute on the server, a byte string. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly event: TraceEvent;
  /** Ours or Apache's words for it. */
  readonly text: string;
  readonly requestId: number;
  /** `initial`, `initial/redir#1`, `subreq`. */
  readonly request: string;
}

/** Every line visit of a trace, in order. What one visit tells in several steps is one stop. */
export function stopsOf(trace: readonly TraceStep[]): Stop[] {
  const stops: Stop[] = [];
  for (const [step, one] of trace.entries()) {
    const { file, line, event, text, requestId = 0, request = 'initial' } = one;
    if (file === undefined || line === undefined || event === undefined) continue;
    if (event.result === 'read' || event.result === 'not reached') continue;
    const last = stops.at(-1);
    const stop: Stop = { step, file, line, event, text, requestId, request };
    const isSame = last?.file === file && last.line === line && last.requestId === requestId;
    if (isSame) stops[stops.length - 1] = stop;
    else stops.push(stop);
  }
  return stops;
}

/** How a person goes on: to the next line of this request, into subrequests too, to the next request of the chain, or to a breakpoint. */
export type Going = 'over' | 'in' | 'out' | 'on';

/** The place of the next stop behind `from` (-1: before the first); undefined at the end. */
export function nextStop(
  stops: readonly Stop[],
  from: number,
  going: Going,
  isBreakpoint: (stop: Stop) => boolean,
): number | undefined {
  const current = stops[from];
  for (let at = from + 1; at < stops.length; at++) {
    const stop = stops[at];
    if (stop === undefined) break;
    if (isBreakpoint(stop)) return at;
    if (going === 'in' || (going !== 'on' && current === undefined)) return at;
    if (going === 'over' && !isDeeper(stop, current)) return at;
    if (going === 'out' && isAfter(stop, current)) return at;
  }
  return undefined;
}

/** A subrequest of the request at hand. */
function isDeeper(stop: Stop, current: Stop | undefined): boolean {
  return stop.request.startsWith('subreq') && current?.request.startsWith('subreq') !== true;
}

/** Out of a subrequest to the request that asked for it, out of a request to the one that it is redirected to. */
function isAfter(stop: Stop, current: Stop | undefined): boolean {
  return stop.requestId !== current?.requestId && !isDeeper(stop, current);
}

/** `$0`…, `%0`… as they are at a stop: groups of the rule's pattern and of the last condition that matched. */
export function capturesAt(
  trace: readonly TraceStep[],
  { step, requestId }: Stop,
): readonly (readonly [name: string, value: string])[] {
  let rule: readonly (string | null)[] = [];
  let condition: readonly (string | null)[] = [];
  for (const one of trace.slice(0, step + 1)) {
    const { event } = one;
    if (one.requestId !== requestId || event?.comparison === undefined) continue;
    if (event.directive === 'RewriteRule') {
      rule = event.captures ?? [];
      condition = [];
    } else if (event.directive === 'RewriteCond' && event.result === 'matched' && event.captures) {
      condition = event.captures;
    }
  }
  return [...named('$', rule), ...named('%', condition)];
}

function named(letter: string, groups: readonly (string | null)[]) {
  return groups.flatMap((group, at) => (group === null ? [] : [[`${letter}${at}`, group] as const]));
}
