import type { Socket } from 'node:net';
import {
  encodeAbort,
  encodeRecord,
  MAX_CONTENT,
  readAnswerRecord,
  RecordDecoder,
  RecordType,
} from '../fastcgi';
import type { BodySink } from './http/requestBody';

/** How an exchange ended. Everything but `complete` leaves the connection useless. */
export type ExchangeEnd =
  | { readonly kind: 'complete' }
  /** The program closed the connection, or there was none to be had. */
  | { readonly kind: 'closed'; readonly message: string; readonly answered: boolean }
  /** Silence for the whole time limit, or an answer that took too long in all. `bodyEnded`: it was whole but END_REQUEST never came. */
  | { readonly kind: 'timeout'; readonly bodyEnded: boolean }
  | { readonly kind: 'protocol'; readonly message: string }
  /** The client is gone and the program did not stop in time. */
  | { readonly kind: 'aborted' };

/** Receives an answer. `output` gets whole STDOUT records and holds the program back by answering false. */
export interface AnswerSink {
  output(content: Uint8Array): boolean;
  error(content: Uint8Array): void;
  /** The program has said something, and not yet all. */
  pause(): void;
  /** Called once after `output` answered false, with what lets the program go on. */
  onceReady(go: () => void): void;
}

/** A body that is not yet there: `read` begins to push it into a sink. */
export interface BodySource {
  read(sink: BodySink): void;
  resume(): void;
}

/** One request on one connection. */
export interface ExchangeOptions {
  readonly socket: Socket;
  /** The encoded request: whole, or without STDIN where there is a `body`. */
  readonly request: Uint8Array;
  readonly body: BodySource | null;
  readonly sink: AnswerSink;
  /** Milliseconds of silence after which the exchange ends; 0 for none. */
  readonly timeLimit: number;
  /** Milliseconds after which it ends in any case; 0 for none. */
  readonly totalLimit: number;
  /** The end of STDOUT ends the answer after the time limit too. */
  readonly forgivesMissingEnd: boolean;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/** Every exchange on its own connection has this id, as in mod_fcgid. */
export const REQUEST_ID = 1;

/** Milliseconds that a program has to stop after ABORT_REQUEST. */
const ABORT_GRACE = 2000;

/** Sends a request and hands its answer to the sink. Always ends: with the answer, the connection, or the time limit. */
export function runExchange(options: ExchangeOptions): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    new Exchange(options, resolve).start();
  });
}

class Exchange {
  readonly #options: ExchangeOptions;
  readonly #resolve: (end: ExchangeEnd) => void;
  readonly #decoder = new RecordDecoder();
  #timer: NodeJS.Timeout | undefined;
  #total: NodeJS.Timeout | undefined;
  #over = false;
  #answered = false;
  #bodyEnded = false;
  #isSent = false;

  constructor(options: ExchangeOptions, resolve: (end: ExchangeEnd) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  start(): void {
    const { socket, request, signal, totalLimit } = this.#options;
    socket.on('data', this.#onData).on('error', this.#onError).on('close', this.#onClose);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#arm();
    if (totalLimit > 0) this.#total = setTimeout(() => this.#onTimeout(), totalLimit);
    socket.resume();
    socket.write(request);
    if (socket.destroyed) this.#finish(this.#closed('the connection is closed'));
    else if (signal.aborted) this.#onAbort();
    else this.#sendBody();
  }

  #sendBody(): void {
    const { body, socket } = this.#options;
    if (body === null) {
      this.#isSent = true;
      return;
    }
    const onDrain = (): void => body.resume();
    body.read({
      data: (part) => {
        if (this.#over) return true;
        this.#arm();
        let isFree = true;
        for (let at = 0; at < part.length; at += MAX_CONTENT) {
          const record = encodeRecord(RecordType.stdin, REQUEST_ID, part.subarray(at, at + MAX_CONTENT));
          isFree = socket.write(record);
        }
        if (!isFree) socket.once('drain', onDrain);
        return isFree;
      },
      end: () => {
        this.#isSent = true;
        if (!this.#over) socket.write(encodeRecord(RecordType.stdin, REQUEST_ID, new Uint8Array(0)));
      },
      fail: () => this.#onAbort(),
    });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#touch();
    for (const record of this.#decoder.push(chunk)) {
      const part = readAnswerRecord(record, REQUEST_ID);
      if (part.kind === 'stdout') this.#takeOutput(part.content);
      else if (part.kind === 'stderr') this.#options.sink.error(part.content);
      else if (part.kind === 'end') return this.#finish({ kind: 'complete' });
      else if (part.kind === 'refused')
        return this.#finish({ kind: 'protocol', message: `it refuses the request: ${part.message}` });
    }
    if (this.#decoder.fault !== null) this.#finish({ kind: 'protocol', message: this.#decoder.fault });
    else if (!this.#over) this.#options.sink.pause();
  };

  #takeOutput(content: Uint8Array): void {
    this.#answered = true;
    if (content.length === 0) this.#bodyEnded = true;
    if (this.#over || this.#options.sink.output(content)) return;
    this.#disarm();
    this.#options.socket.pause();
    this.#options.sink.onceReady(() => {
      if (this.#over) return;
      this.#arm();
      this.#options.socket.resume();
    });
  }

  readonly #onError = (error: Error): void => {
    this.#finish(this.#closed(error.message));
  };

  readonly #onClose = (): void => {
    this.#finish(this.#closed('the program closed the connection'));
  };

  readonly #onAbort = (): void => {
    if (this.#over) return;
    this.#disarm();
    this.#options.socket.resume();
    if (!this.#options.socket.destroyed) this.#options.socket.write(encodeAbort(REQUEST_ID));
    this.#timer = setTimeout(() => this.#finish({ kind: 'aborted' }), ABORT_GRACE);
  };

  #onTimeout(): void {
    const isEnough = this.#options.forgivesMissingEnd && this.#bodyEnded;
    this.#finish(isEnough ? { kind: 'complete' } : { kind: 'timeout', bodyEnded: this.#bodyEnded });
  }

  #closed(message: string): ExchangeEnd {
    return { kind: 'closed', message, answered: this.#answered };
  }

  #arm(): void {
    if (this.#options.timeLimit === 0 || this.#over || this.#options.signal.aborted) return;
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#onTimeout(), this.#options.timeLimit);
    } else this.#timer.refresh();
  }

  /** Something was heard: the time limit begins anew, unless the client's abort runs. */
  #touch(): void {
    if (!this.#options.signal.aborted) this.#timer?.refresh();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #finish(end: ExchangeEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#disarm();
    clearTimeout(this.#total);
    const { socket, signal } = this.#options;
    signal.removeEventListener('abort', this.#onAbort);
    socket.off('data', this.#onData).off('error', this.#onError).off('close', this.#onClose);
    if (end.kind !== 'complete' || !this.#decoder.atBoundary || !this.#isSent || this.#hasNoEnd(end))
      socket.destroy();
    this.#resolve(end);
  }

  /** The end was forgiven: it may still come, and would be taken for the next request's. */
  #hasNoEnd(end: ExchangeEnd): boolean {
    return end.kind === 'complete' && this.#options.forgivesMissingEnd;
  }
}
