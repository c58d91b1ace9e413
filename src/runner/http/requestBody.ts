import { ChunkedDecoder } from './body';
import type { Framing } from './fields';

/** Takes a body piece by piece. */
export interface BodySink {
  /** False holds the client back until `RequestBody.resume`. */
  data(part: Buffer): boolean;
  end(): void;
  /** The client broke off, or sent what is no body. */
  fail(reason: 'closed' | 'malformed'): void;
}

/** The connection of a body. */
export interface BodyOwner {
  /** Somebody begins to read. */
  onBodyWanted(framing: Framing): void;
  /** More may be pushed. */
  onBodyResumed(): void;
}

/** The body of a request, which nobody has to read. */
export class RequestBody {
  /** Bytes as announced. */
  readonly declared: number | 'chunked';
  readonly #framing: Framing;
  readonly #owner: BodyOwner;
  readonly #chunked: ChunkedDecoder | null;
  #left: number;
  #sink: BodySink | null = null;
  #isHeld = false;
  #failed: 'closed' | 'malformed' | null = null;

  constructor(framing: Framing, owner: BodyOwner) {
    const { length } = framing;
    this.declared = length;
    this.#left = length === 'chunked' ? 0 : length;
    this.#chunked = length === 'chunked' ? new ChunkedDecoder() : null;
    this.#framing = framing;
    this.#owner = owner;
  }

  /** All of it has been read. */
  get isDone(): boolean {
    return this.#chunked === null ? this.#left === 0 : this.#chunked.isDone;
  }

  get hasFailed(): boolean {
    return this.#failed !== null;
  }

  /** Somebody has begun to read. */
  get isStarted(): boolean {
    return this.#sink !== null;
  }

  /** More bytes are wanted now. */
  get isWanting(): boolean {
    return this.#sink !== null && !this.#isHeld && !this.isDone && this.#failed === null;
  }

  /** Begins to read, or hands what is left to another sink. */
  read(sink: BodySink): void {
    const isFirst = this.#sink === null;
    this.#sink = sink;
    this.#isHeld = false;
    if (this.isDone) sink.end();
    else if (this.#failed !== null) sink.fail(this.#failed);
    else if (isFirst) this.#owner.onBodyWanted(this.#framing);
    else this.#owner.onBodyResumed();
  }

  resume(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#owner.onBodyResumed();
  }

  /** Takes bytes from the connection; gives how many belonged to the body. */
  push(bytes: Buffer): number {
    return this.#chunked === null ? this.#pushPlain(bytes) : this.#pushChunked(bytes, this.#chunked);
  }

  #pushPlain(bytes: Buffer): number {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    this.#give([part]);
    return part.length;
  }

  #pushChunked(bytes: Buffer, decoder: ChunkedDecoder): number {
    const { content, used } = decoder.push(bytes);
    this.#give(content);
    if (decoder.isBad) this.fail('malformed');
    return used;
  }

  #give(parts: readonly Buffer[]): void {
    for (const part of parts) if (this.#sink?.data(part) === false) this.#isHeld = true;
    if (this.isDone) this.#sink?.end();
  }

  /** No more will come. */
  fail(reason: 'closed' | 'malformed'): void {
    if (this.isDone || this.#failed !== null) return;
    this.#failed = reason;
    this.#sink?.fail(reason);
  }
}

/** Reads a body and forgets it; resolves to false when it does not end well. */
export function discard(body: RequestBody): Promise<boolean> {
  if (body.isDone) return Promise.resolve(true);
  return new Promise((resolve) => {
    body.read({ data: () => true, end: () => resolve(true), fail: () => resolve(false) });
  });
}
