import { connect, type Socket } from 'node:net';

/** One answer of an HTTP server: its status and its body as a byte string. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What to send, and what to do with the answer; `undefined` means that the connection died instead. */
export interface PendingRequest {
  readonly bytes: Uint8Array;
  readonly done: (answer: HttpAnswer | undefined) => void;
}

/**
 * Sends requests down one kept-alive connection, `window` at a time, and reads the answers in order. Made for servers
 * that give a Content-Length with every answer. When the connection ends, what was not answered is sent again, one by
 * one, because the dead process may have kept answers back; the request that ends a connection alone gets `undefined`.
 */
export class Pipeline {
  readonly #port: number;
  readonly #window: number;
  readonly #queue: PendingRequest[] = [];
  readonly #sent: PendingRequest[] = [];
  #socket: Socket | undefined;
  #received = '';
  /** Requests still to be sent one by one. */
  #careful = 0;

  constructor(port: number, window = 1) {
    this.#port = port;
    this.#window = window;
  }

  send(request: PendingRequest): void {
    this.#queue.push(request);
    this.#fill();
  }

  close(): void {
    this.#socket?.removeAllListeners('close').destroy();
    this.#socket = undefined;
    for (const request of [...this.#sent.splice(0), ...this.#queue.splice(0)]) request.done(undefined);
  }

  #fill(): void {
    const room = (this.#careful > 0 ? 1 : this.#window) - this.#sent.length;
    if (room <= 0 || this.#queue.length === 0) return;
    const batch = this.#queue.splice(0, room);
    this.#sent.push(...batch);
    const bytes = batch.length === 1 ? batch[0]?.bytes : Buffer.concat(batch.map((request) => request.bytes));
    if (bytes) this.#open().write(bytes);
  }

  #open(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#reconnect());
    this.#received = '';
    this.#socket = socket;
    return socket;
  }

  #receive(text: string): void {
    this.#received += text;
    for (let answer = this.#nextAnswer(); answer; answer = this.#nextAnswer()) {
      this.#finish(answer);
    }
    this.#fill();
  }

  #nextAnswer(): HttpAnswer | undefined {
    const headerEnd = this.#received.indexOf('\r\n\r\n');
    if (headerEnd < 0) return undefined;
    const header = this.#received.slice(0, headerEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(header)?.[1] ?? 0);
    const end = headerEnd + 4 + length;
    if (this.#received.length < end) return undefined;
    const body = this.#received.slice(headerEnd + 4, end);
    this.#received = this.#received.slice(end);
    return { status: Number(header.slice(9, 12)), body };
  }

  #finish(answer: HttpAnswer | undefined): void {
    this.#careful = Math.max(0, this.#careful - 1);
    this.#sent.shift()?.done(answer);
  }

  #reconnect(): void {
    this.#socket = undefined;
    if (this.#sent.length === 1) this.#finish(undefined);
    else this.#careful = this.#sent.length;
    this.#queue.unshift(...this.#sent.splice(0));
    this.#fill();
  }
}
