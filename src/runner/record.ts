import type { Outcome, TraceStep } from '../apache/request/outcome';
import type { HeaderField, NameValue } from '../fastcgi';
import type { Failure } from './pages';

/** The first bytes of a body, and how many there were in all. */
export interface BodyPart {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Everything about one answered request. Names and values of headers and variables, and `target`, are byte strings. */
export interface RequestRecord {
  /** Ascending within one runner. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly milliseconds: number;
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
  readonly requestHeaders: readonly HeaderField[];
  /** What a program got; empty where no program was asked. */
  readonly requestBody: BodyPart;
  readonly status: number;
  readonly responseHeaders: readonly HeaderField[];
  readonly responseBody: BodyPart;
  /** The client went away, or the answer was broken off. */
  readonly cut: boolean;
  /** Path of the program that answered, on this machine, and its process; null where there was none. */
  readonly dispatcher: string | null;
  readonly pid: number | null;
  /** What the program got beside the body. */
  readonly environment: readonly NameValue[];
  /** What the program wrote to its error stream, and outside the protocol, during this request. */
  readonly errorOutput: string;
  /** Why it failed, in words. */
  readonly failure: Failure | null;
  /** What the `.htaccess` files made of it; null where the request was refused before. */
  readonly outcome: Outcome | null;
  /** All steps, those of later legs included, when a program sent the request round inside the server. */
  readonly trace: readonly TraceStep[];
}

/** Bytes of a request's body that are kept, so that it can be sent again. */
const REQUEST_BODY = 65_536;
/** Bytes of an answer that are kept. */
const RESPONSE_BODY = 16_384;

/** A body of which the first bytes are kept. */
export class KeptBody implements BodyPart {
  readonly #limit: number;
  readonly #parts: Uint8Array[] = [];
  #kept = 0;
  length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  add(part: Uint8Array): void {
    this.length += part.length;
    const room = this.#limit - this.#kept;
    if (room <= 0) return;
    // Copied: the caller may use its memory again.
    const kept = Uint8Array.from(part.subarray(0, room));
    this.#parts.push(kept);
    this.#kept += kept.length;
  }
}

/** A request while it is being answered: collects what `RequestRecord` tells. */
export class RequestRecorder {
  readonly #time = Date.now();
  readonly #responseBody = new KeptBody(RESPONSE_BODY);
  #requestBody = new KeptBody(REQUEST_BODY);
  #responseHeaders: readonly HeaderField[] = [];
  #pid: number | null = null;
  #environment: readonly NameValue[] = [];
  #errorOutput = '';
  #failure: Failure | null = null;
  #outcome: Outcome | null = null;
  #trace: TraceStep[] = [];

  outcome(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#trace.push(...outcome.trace);
  }

  requestBody(body: Uint8Array): void {
    this.#requestBody = new KeptBody(REQUEST_BODY);
    this.#requestBody.add(body);
  }

  /** A piece of a body that is on its way to the program. */
  addRequestBody(part: Uint8Array): void {
    this.#requestBody.add(part);
  }

  environment(environment: readonly NameValue[]): void {
    this.#environment = environment;
  }

  program(pid: number | null, errorOutput: string): void {
    this.#pid = pid;
    this.#errorOutput += errorOutput;
  }

  failure(failure: Failure): void {
    this.#failure = failure;
  }

  responseHead(headers: readonly HeaderField[]): void {
    this.#responseHeaders = headers;
  }

  responseBody(part: Uint8Array): void {
    this.#responseBody.add(part);
  }

  /** The whole, once the answer is out. */
  finish(end: RecordEnd): RequestRecord {
    return {
      ...end,
      time: this.#time,
      requestBody: plain(this.#requestBody),
      responseHeaders: this.#responseHeaders,
      responseBody: plain(this.#responseBody),
      pid: this.#pid,
      environment: this.#environment,
      errorOutput: this.#errorOutput,
      failure: this.#failure,
      outcome: this.#outcome,
      trace: this.#trace,
    };
  }
}

/** What is known of a request without having watched it. */
export type RecordEnd = Pick<
  RequestRecord,
  | 'id'
  | 'milliseconds'
  | 'method'
  | 'target'
  | 'protocol'
  | 'requestHeaders'
  | 'status'
  | 'cut'
  | 'dispatcher'
>;

function plain({ bytes, length }: BodyPart): BodyPart {
  return { bytes, length };
}
