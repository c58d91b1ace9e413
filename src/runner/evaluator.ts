import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import type { ConnectionEnds } from '../fastcgi';

/** What Apache does with a request; the real one is `evaluate` of apache/request. */
export type Evaluate = (input: {
  readonly request: HttpRequest;
  readonly site: Site;
  readonly host: HostProfile;
  readonly documentRoot: string;
  /** False: the steps need not be kept. */
  readonly trace?: boolean;
  /** Seconds since 1970. */
  readonly time?: number;
  /** The program that answers has failed with this status. */
  readonly programStatus?: number;
  /** Conditions and ranges of the request are left to the caller. */
  readonly leavesContent?: boolean;
}) => Outcome;

/** What all evaluations of a site share. */
export interface EvaluatorOptions {
  readonly evaluate: Evaluate;
  readonly site: Site;
  readonly host: HostProfile;
  readonly documentRoot: string;
  readonly trace: boolean;
}

/** Milliseconds for which an outcome stands: a changed file is noticed at once, one on a slow disk soon. */
const LIFE = 250;
const MOST_OUTCOMES = 500;

/**
 * Evaluates requests to a site. An outcome depends on nothing but the request, the files, the client's address and the
 * second: the same question is not worked out twice within a moment.
 */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  /** One profile for each pair of addresses: what is known of a profile is known by its identity. */
  readonly #hosts = new Map<string, HostProfile>();
  readonly #outcomes = new Map<string, { readonly until: number; readonly outcome: Outcome }>();

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** The host as a connection shows it. */
  hostFor({ remoteAddr, serverAddr }: ConnectionEnds): HostProfile {
    const key = `${remoteAddr} ${serverAddr}`;
    let host = this.#hosts.get(key);
    if (host === undefined) {
      host = { ...this.#options.host, remoteAddr, serverAddr };
      this.#hosts.set(key, host);
    }
    return host;
  }

  outcome(request: HttpRequest, ends: ConnectionEnds): Outcome {
    const now = Date.now();
    const key = keyOf(request, ends, now);
    const known = this.#outcomes.get(key);
    if (known !== undefined && known.until > now) return known.outcome;
    if (this.#outcomes.size >= MOST_OUTCOMES) this.#outcomes.clear();
    const outcome = this.#evaluate(request, ends, now);
    this.#outcomes.set(key, { until: now + LIFE, outcome });
    return outcome;
  }

  /** What the client gets when the program that answers this request has failed. */
  failure(request: HttpRequest, ends: ConnectionEnds, programStatus: number): Outcome {
    return this.#evaluate(request, ends, Date.now(), { programStatus });
  }

  /** Files have changed. */
  invalidate(): void {
    this.#outcomes.clear();
  }

  #evaluate(
    request: HttpRequest,
    ends: ConnectionEnds,
    now: number,
    more: { readonly programStatus?: number } = {},
  ): Outcome {
    const { evaluate, site, documentRoot, trace } = this.#options;
    const time = now / 1000;
    const host = this.hostFor(ends);
    return evaluate({ request, site, host, documentRoot, trace, time, leavesContent: true, ...more });
  }
}

function keyOf(
  { method, target, protocol, headers }: HttpRequest,
  ends: ConnectionEnds,
  now: number,
): string {
  let key = `${Math.floor(now / 1000)} ${ends.remoteAddr} ${ends.serverAddr} ${protocol} ${method} ${target}`;
  for (const [name, value] of headers) key += `\n${name}:${value}`;
  return key;
}
