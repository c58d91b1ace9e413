import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import type { ConnectionEnds } from '../fastcgi';
import type { RequestMemory } from './requestMemory';

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
  /** The program, or the listing, that answers has failed with this status. */
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

/** An outcome, and when it stands: from and until, in milliseconds since 1970, within one second. */
export interface Kept {
  readonly from: number;
  readonly until: number;
  readonly outcome: Outcome;
  /** Another one stands where files have changed since. */
  readonly epoch: object;
}

/**
 * Evaluates requests to a site. An outcome depends on nothing but the request, the files, the client's address and the
 * second: the same question is not worked out twice within a moment.
 */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  /** One profile for each pair of addresses: what is known of a profile is known by its identity. */
  readonly #hosts = new Map<string, HostProfile>();
  readonly #outcomes = new Map<string, Kept>();
  #epoch = {};

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

  /**
   * @param now milliseconds since 1970
   * @param memory of a request whose words may come again
   */
  outcome(request: HttpRequest, ends: ConnectionEnds, now: number, memory?: RequestMemory): Outcome {
    const recent = memory?.outcome;
    if (recent && recent.epoch === this.#epoch && stands(recent, now)) return recent.outcome;
    const key = keyOf(request, ends);
    const known = this.#outcomes.get(key);
    const kept = known !== undefined && stands(known, now) ? known : this.#keep(key, request, ends, now);
    if (memory !== undefined) memory.outcome = kept;
    return kept.outcome;
  }

  #keep(key: string, request: HttpRequest, ends: ConnectionEnds, now: number): Kept {
    if (this.#outcomes.size >= MOST_OUTCOMES) this.#outcomes.clear();
    const outcome = this.#evaluate(request, ends, now);
    const until = Math.min(now + LIFE, (Math.floor(now / 1000) + 1) * 1000);
    const kept: Kept = { from: now, until, outcome, epoch: this.#epoch };
    this.#outcomes.set(key, kept);
    return kept;
  }

  /** What the client gets when the program that answers this request has failed. */
  failure(request: HttpRequest, ends: ConnectionEnds, programStatus: number): Outcome {
    return this.#evaluate(request, ends, Date.now(), { programStatus });
  }

  /** The same with the request's conditions in it, as for 412. */
  withConditions(request: HttpRequest, ends: ConnectionEnds): Outcome {
    return this.#evaluate(request, ends, Date.now(), { leavesContent: false });
  }

  /** Files have changed. */
  invalidate(): void {
    this.#outcomes.clear();
    this.#epoch = {};
  }

  #evaluate(
    request: HttpRequest,
    ends: ConnectionEnds,
    now: number,
    more: { readonly programStatus?: number; readonly leavesContent?: boolean } = {},
  ): Outcome {
    const { evaluate, site, documentRoot, trace } = this.#options;
    const time = now / 1000;
    const host = this.hostFor(ends);
    return evaluate({
      request: asReceived(request),
      site,
      host,
      documentRoot,
      trace,
      time,
      leavesContent: true,
      ...more,
    });
  }
}

/** A request line without a version has an empty protocol there. */
function asReceived(request: HttpRequest): HttpRequest {
  return request.protocol === 'HTTP/0.9' ? { ...request, protocol: '' } : request;
}

const stands = ({ from, until }: Kept, now: number): boolean => from <= now && now < until;

function keyOf({ method, target, protocol, headers }: HttpRequest, ends: ConnectionEnds): string {
  let key = `${ends.remoteAddr} ${ends.serverAddr} ${protocol} ${method} ${target}`;
  for (const [name, value] of headers) key += `\n${name}:${value}`;
  return key;
}
