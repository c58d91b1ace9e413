import type { Socket } from 'node:net';
import { dropsConnection } from '../../apache/request/status';
import type { ConnectionEnds } from '../../fastcgi';
import type { Framing } from './fields';
import { readHead, type HeadFault, type HeadReading, type RequestHead } from './head';
import { discard, RequestBody } from './requestBody';
import { HttpResponse, type AnswerFraming, type ResponseOwner } from './response';

/** A request whose head has been read. */
export interface IncomingRequest {
  readonly head: RequestHead;
  readonly ends: ConnectionEnds;
  readonly body: RequestBody;
}

/** Who answers, and how long connections are kept. */
export interface ConnectionOptions {
  readonly onRequest: (request: IncomingRequest, response: HttpResponse) => void;
  /** A request that is refused as it stands. */
  readonly onFault: (fault: HeadFault, ends: ConnectionEnds, response: HttpResponse) => void;
  /** Of the Server field. */
  readonly server: string;
  /** KeepAliveTimeout, in seconds. */
  readonly keepAliveSeconds: number;
  /** MaxKeepAliveRequests; 0 for any number. */
  readonly maxRequests: number;
}

/** Milliseconds in which a head, or the next piece of a body, must arrive. */
const READ_LIMIT = 60_000;
/** Milliseconds for which a closed connection still takes what the client is sending, so that it reads our answer. */
const LINGER = 2000;
/** Bytes that may wait while nobody reads them. */
const WAITING_LIMIT = 65_536;
const NOTHING = Buffer.alloc(0);

/** One client's connection: requests one after the other, also when they arrive in one piece. */
export class HttpConnection implements ResponseOwner {
  readonly socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #ends: ConnectionEnds;
  #waiting: Buffer = NOTHING;
  #current: { readonly body: RequestBody; readonly response: HttpResponse } | null = null;
  #requests = 0;
  #closes = false;
  #hasEnded = false;
  #isPaused = false;
  #isLingering = false;
  /** One timer for all the times between requests. */
  #keepAlive: NodeJS.Timeout | undefined;
  /** The head before this one, as it came: a client mostly asks in the same words again. */
  #known: { readonly bytes: Buffer; readonly reading: HeadReading } | null = null;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.socket = socket;
    this.#options = options;
    this.#ends = {
      remoteAddr: socket.remoteAddress ?? '127.0.0.1',
      remotePort: socket.remotePort ?? 0,
      serverAddr: socket.localAddress ?? '127.0.0.1',
    };
    socket.setNoDelay(true);
    this.#limitReading();
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('end', () => this.#onEnd());
    socket.on('timeout', () => this.#onTimeout());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
  }

  /** Ends it as soon as the answer that is being given is out. */
  endSoon(): void {
    this.#closes = true;
    if (this.#current === null) this.socket.destroy();
  }

  #onData(bytes: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    this.#advance();
  }

  #advance(): void {
    if (this.#current === null) this.#readHead();
    else this.#feed(this.#current.body);
    const isFull = this.#waiting.length > WAITING_LIMIT && this.#current !== null;
    if (isFull !== this.#isPaused) {
      this.#isPaused = isFull;
      if (isFull) this.socket.pause();
      else this.socket.resume();
    }
  }

  #feed(body: RequestBody): void {
    while (body.isWanting && this.#waiting.length > 0) {
      const used = body.push(this.#waiting);
      this.#waiting = this.#waiting.subarray(used);
    }
    if (this.#hasEnded && this.#waiting.length === 0) body.fail('closed');
  }

  /** What is being read must go on. */
  #limitReading(): void {
    if (this.socket.timeout !== READ_LIMIT) this.socket.setTimeout(READ_LIMIT);
  }

  /** Nothing is read that must go on: the socket need not tell its timer of each read and write. */
  #waitFreely(): void {
    if (this.socket.timeout !== 0) this.socket.setTimeout(0);
  }

  #readHead(): void {
    if (this.#waiting.length === 0 || this.#closes) return;
    const reading = this.#reading();
    if (reading.kind === 'incomplete') {
      this.#limitReading();
      this.#keepAlive?.refresh();
      if (this.#hasEnded) this.socket.end();
      return;
    }
    this.#requests++;
    this.#waitFreely();
    if (reading.kind === 'fault') return this.#refuse(reading);
    this.#waiting =
      reading.length === this.#waiting.length ? NOTHING : this.#waiting.subarray(reading.length);
    this.#begin(reading.head);
  }

  /** The same words are the same head, and the same object: what was found out about it is known by that. */
  #reading(): HeadReading {
    const known = this.#known;
    const waiting = this.#waiting;
    const length = known?.bytes.length ?? 0;
    if (
      known !== null &&
      waiting.length >= length &&
      waiting.compare(known.bytes, 0, length, 0, length) === 0
    )
      return known.reading;
    const reading = readHead(waiting);
    if (reading.kind === 'head') this.#known = { bytes: waiting.subarray(0, reading.length), reading };
    return reading;
  }

  #refuse(fault: HeadFault): void {
    this.#closes = fault.status !== 417;
    this.#waiting = NOTHING;
    const framing: Framing = { length: 0, closes: true, isSuspect: true, keepsAlive: false, expects: false };
    const response = new HttpResponse(this, { method: fault.method, protocol: 'HTTP/1.1', framing });
    this.#current = { body: new RequestBody(framing, NOBODY), response };
    this.#options.onFault(fault, this.#ends, response);
  }

  #begin(head: RequestHead): void {
    const { framing, protocol, method } = head;
    if (framing.closes || this.#hasEnded) this.#closes = true;
    const response = new HttpResponse(this, { method, protocol, framing });
    const body = new RequestBody(framing, this);
    this.#current = { body, response };
    this.#options.onRequest({ head, ends: this.#ends, body }, response);
  }

  get server(): string {
    return this.#options.server;
  }

  /** Apache has given the connection up by then: the end of it is the end of the body. */
  canChunk(status: number, framing: Framing): boolean {
    return !framing.isSuspect && !this.#isAwaited(framing) && !(status === 416 && framing.closes);
  }

  /** Somebody begins to read the body. */
  onBodyWanted({ expects }: Framing): void {
    if (expects) this.#current?.response.writeContinue();
    this.#limitReading();
    this.#advance();
  }

  onBodyResumed(): void {
    this.#advance();
  }

  /** Whether the connection goes on, in Apache's words: it says so only to clients that asked (ap_set_keepalive). */
  connectionFields(
    status: number,
    { isDelimited, saysClose, isLast }: AnswerFraming,
    framing: Framing,
  ): string {
    const { keepAliveSeconds, maxRequests } = this.#options;
    const left = maxRequests === 0 ? 1 : maxRequests - this.#requests;
    // An unmet expectation closes without a word.
    if (status === 417) {
      this.#closes = true;
      return '';
    }
    const hasFailed = this.#current?.body.hasFailed === true;
    if (
      saysClose ||
      dropsConnection(status) ||
      !isDelimited ||
      isLast ||
      left <= 0 ||
      this.#isAwaited(framing) ||
      hasFailed
    ) {
      this.#closes = true;
    }
    if (this.#closes) return saysClose ? '' : 'Connection: close\r\n';
    if (!framing.keepsAlive) return '';
    const most = maxRequests === 0 ? '' : `, max=${left}`;
    return `Keep-Alive: timeout=${keepAliveSeconds}${most}\r\nConnection: Keep-Alive\r\n`;
  }

  /** The client still waits for a word from us before it sends a body: it would have to be told that none is wanted. */
  #isAwaited({ expects }: Framing): boolean {
    return expects && this.#current?.body.isStarted === false;
  }

  onAnswered(): void {
    const { body } = this.#current ?? {};
    if (this.#closes || this.socket.destroyed || body === undefined) return this.#linger();
    if (body.isDone) return this.#next();
    void discard(body).then((isWhole) => (isWhole ? this.#next() : this.#linger()));
  }

  #next(): void {
    this.#current = null;
    if (this.#closes) return this.#linger();
    const { keepAliveSeconds } = this.#options;
    if (this.#keepAlive !== undefined) this.#keepAlive.refresh();
    else this.#keepAlive = setTimeout(() => this.#onIdle(), keepAliveSeconds * 1000).unref();
    if (this.#waiting.length > 0) process.nextTick(() => this.#advance());
    else if (this.#hasEnded) this.socket.end();
    if (this.#isPaused) this.#advance();
  }

  /** Ends our side, and reads on for a moment: a client that is still sending would else lose our answer. */
  #linger(): void {
    const socket = this.socket;
    this.#isLingering = true;
    this.#closes = true;
    this.#waiting = NOTHING;
    if (socket.destroyed) return;
    socket.removeAllListeners('data');
    socket.resume();
    socket.end();
    if (this.#hasEnded) socket.destroySoon();
    else socket.setTimeout(LINGER);
  }

  #onEnd(): void {
    this.#hasEnded = true;
    if (this.#current === null) {
      if (this.#waiting.length === 0 || this.#closes) this.socket.end();
      return;
    }
    this.#advance();
  }

  /** Nothing went either way for a while: the head, or a piece of the body, does not come. Who waits for an answer may wait. */
  #onTimeout(): void {
    const body = this.#current?.body;
    if (body !== undefined && !this.#isLingering && !(body.isStarted && !body.isDone)) return;
    body?.fail('closed');
    this.socket.destroy();
  }

  #onIdle(): void {
    if (this.#current === null) this.socket.destroy();
  }

  #onClose(): void {
    clearTimeout(this.#keepAlive);
    this.#closes = true;
    const current = this.#current;
    current?.body.fail('closed');
    current?.response.closed();
  }
}

/** Nothing will be read. */
const NOBODY = { onBodyWanted: (): void => undefined, onBodyResumed: (): void => undefined };
