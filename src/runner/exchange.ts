import type { OnReadOpts, Socket } from 'node:net';
import {
  encodeAbort,
  encodeRecord,
  MAX_CONTENT,
  readAnswerRecord,
  RecordDecoder,
  RecordType,
} from '../fastcgi';
import type { Departure } from './departure';
import type { BodySink } from './http/requestBody';

/** How an exchange ended. Everything but `complete` leaves the connection useless. */
export type ExchangeEnd =
  | { readonly kind: 'complete' }
  /** The program closed the connection, or there was none to be had. `isUnseen`: one that has answered before and takes no more. */
  | {
      readonly kind: 'closed';
      readonly message: string;
      readonly answered: boolean;
      readonly isUnseen?: true;
    }
  /** Silence for the whole time limit, or an answer that took too long in all. `bodyEnded`: it was whole but END_REQUEST never came. */
  | { readonly kind: 'timeout'; readonly bodyEnded: boolean }
  | { readonly kind: 'protocol'; readonly message: string }
  /** The client is gone and the program did not stop in time. */
  | { readonly kind: 'aborted' };

/**
 * Receives an answer. `output` gets whole STDOUT records and holds the program back by answering false. The memory of what it and
 * `error` get is used again after the call: what is kept must be copied.
 */
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
export interface ExchangeJob {
  /** The encoded request: whole, or without STDIN where there is a `body`. */
  readonly request: Uint8Array;
  readonly body: BodySource | null;
  readonly sink: AnswerSink;
  /** Of the client. */
  readonly departure: Departure;
}

/** How long an exchange may take. */
export interface ExchangeLimits {
  /** Milliseconds of silence after which it ends; 0 for none. */
  readonly timeLimit: number;
  /** Milliseconds after which it ends in any case; 0 for none. */
  readonly totalLimit: number;
  /** The end of STDOUT ends the answer after the time limit too. */
  readonly forgivesMissingEnd: boolean;
}

/** Every exchange on its own connection has this id, as in mod_fcgid. */
export const REQUEST_ID = 1;

/** Bytes that are read from a program at once. */
const READ_SIZE = 65_536;

/** Milliseconds that a program has to stop after ABORT_REQUEST. */
const ABORT_GRACE = 2000;

/** A connection to a program, which serves one exchange after the other. */
export class ProgramConnection {
  readonly socket: Socket;
  readonly limits: ExchangeLimits;
  readonly decoder = new RecordDecoder();
  #exchange: Exchange | null = null;
  #silence: NodeJS.Timeout | undefined;
  #isListening = false;
  /** Takes what goes to the error stream in the present exchange. */
  onErrorOutput: (content: Uint8Array) => void = () => undefined;

  /**
   * @param connect begins to connect with these options, which let all that is read pass through one piece of memory
   * @param onClose called when it closes, before the exchange is told
   */
  constructor(connect: (onread: OnReadOpts) => Socket, limits: ExchangeLimits, onClose: () => void) {
    const buffer = Buffer.allocUnsafeSlow(READ_SIZE);
    const callback = (length: number): boolean => {
      this.#exchange?.onData(buffer.subarray(0, length));
      this.decoder.own();
      return true;
    };
    const socket = connect({ buffer, callback });
    this.socket = socket;
    this.limits = limits;
    // A failure between two requests shows when the next one is sent.
    socket.on('error', (error) => this.#exchange?.onError(error));
    socket.on('close', () => {
      clearTimeout(this.#silence);
      onClose();
      this.#exchange?.onClose();
    });
  }

  /**
   * Sends a request and hands its answer to the sink. Always ends: with the answer, the connection, or the time limit. `onError` gets
   * what goes to the error stream, beside the sink.
   */
  run(job: ExchangeJob, onError: (content: Uint8Array) => void, done: (end: ExchangeEnd) => void): void {
    this.onErrorOutput = onError;
    this.#exchange = new Exchange(job, this, done);
    this.#exchange.start();
  }

  /** The time limit begins anew. One timer serves all exchanges: most of them end before it has to be looked at. */
  listen(): void {
    this.#isListening = true;
    const { timeLimit } = this.limits;
    if (this.socket.destroyed) return;
    if (this.#silence !== undefined) this.#silence.refresh();
    else if (timeLimit > 0) this.#silence = setTimeout(() => this.#onSilence(), timeLimit);
  }

  /** Until `listen` is called again, a silent program is not given up. */
  ignoreSilence(): void {
    this.#isListening = false;
  }

  #onSilence(): void {
    if (this.#isListening) this.#exchange?.onSilence();
  }

  /** The exchange is over. */
  leave(): void {
    this.#exchange = null;
    this.#isListening = false;
  }
}

class Exchange {
  readonly #job: ExchangeJob;
  readonly #connection: ProgramConnection;
  readonly #done: (end: ExchangeEnd) => void;
  #onGone: (() => void) | null = null;
  #grace: NodeJS.Timeout | undefined;
  #total: NodeJS.Timeout | undefined;
  #over = false;
  #answered = false;
  #bodyEnded = false;
  #isSent = false;
  /** The client is slow: the program is not listened to. */
  #isHeld = false;

  constructor(job: ExchangeJob, connection: ProgramConnection, done: (end: ExchangeEnd) => void) {
    this.#job = job;
    this.#connection = connection;
    this.#done = done;
  }

  start(): void {
    const { request, departure } = this.#job;
    const { socket, limits } = this.#connection;
    const { totalLimit } = limits;
    // First of all: what follows is done while the program is at work.
    socket.write(request);
    this.#onGone = () => this.#onAbort();
    departure.onGone(this.#onGone);
    this.#arm();
    if (totalLimit > 0) this.#total = setTimeout(() => this.onSilence(), totalLimit);
    if (socket.destroyed) this.#finish(this.#closed('the connection is closed'));
    else if (departure.isGone) this.#onAbort();
    else this.#sendBody();
  }

  #sendBody(): void {
    const { body } = this.#job;
    const { socket } = this.#connection;
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

  onData(chunk: Buffer): void {
    const { decoder } = this.#connection;
    for (const record of decoder.push(chunk)) {
      const part = readAnswerRecord(record);
      if (part.kind === 'stdout') this.#takeOutput(part.content);
      else if (part.kind === 'stderr') this.#takeError(part.content);
      else if (part.kind === 'refused' && !this.#answered)
        return this.#finish({ kind: 'protocol', message: `it refuses the request: ${part.message}` });
      // With an answer before it mod_fcgid takes any end for a good one.
      else if (part.kind !== 'ignored') return this.#finish({ kind: 'complete' });
    }
    if (decoder.fault !== null) this.#finish({ kind: 'protocol', message: decoder.fault });
    else if (!this.#over) this.#waitOn();
  }

  /** The program has said something, and not yet all. */
  #waitOn(): void {
    if (!this.#isHeld) this.#arm();
    this.#job.sink.pause();
  }

  #takeError(content: Uint8Array): void {
    this.#job.sink.error(content);
    this.#connection.onErrorOutput(content);
  }

  #takeOutput(content: Uint8Array): void {
    this.#answered = true;
    if (content.length === 0) this.#bodyEnded = true;
    if (this.#over || this.#job.sink.output(content)) return;
    this.#connection.ignoreSilence();
    this.#isHeld = true;
    this.#connection.socket.pause();
    this.#job.sink.onceReady(() => {
      if (this.#over) return;
      this.#isHeld = false;
      this.#arm();
      this.#connection.socket.resume();
    });
  }

  onError(error: Error): void {
    this.#finish(this.#closed(error.message));
  }

  onClose(): void {
    this.#finish(this.#closed('the program closed the connection'));
  }

  #onAbort(): void {
    const { socket } = this.#connection;
    if (this.#over) return;
    this.#connection.ignoreSilence();
    socket.resume();
    if (!socket.destroyed) socket.write(encodeAbort(REQUEST_ID));
    this.#grace ??= setTimeout(() => this.#finish({ kind: 'aborted' }), ABORT_GRACE);
  }

  /** Nothing was heard for too long, or it took too long in all. */
  onSilence(): void {
    const isEnough = this.#connection.limits.forgivesMissingEnd && this.#bodyEnded;
    this.#finish(isEnough ? { kind: 'complete' } : { kind: 'timeout', bodyEnded: this.#bodyEnded });
  }

  #closed(message: string): ExchangeEnd {
    return { kind: 'closed', message, answered: this.#answered };
  }

  /** The time limit begins anew, unless the client's abort runs. */
  #arm(): void {
    if (!this.#over && !this.#job.departure.isGone) this.#connection.listen();
  }

  #finish(end: ExchangeEnd): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#grace);
    clearTimeout(this.#total);
    this.#connection.leave();
    const { socket, decoder } = this.#connection;
    // The end may have come with what filled the client: the next request listens again.
    if (this.#isHeld) socket.resume();
    if (this.#onGone !== null) this.#job.departure.off(this.#onGone);
    if (end.kind !== 'complete' || !decoder.atBoundary || !this.#isSent || this.#hasNoEnd(end))
      socket.destroy();
    this.#done(end);
  }

  /** The end was forgiven: it may still come, and would be taken for the next request's. */
  #hasNoEnd(end: ExchangeEnd): boolean {
    return end.kind === 'complete' && this.#connection.limits.forgivesMissingEnd;
  }
}
