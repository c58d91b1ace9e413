import { connect, type Socket } from 'node:net';

/** One answer of an HTTP server: its status and its body as a byte string. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What to send, and what to do with the answer; `undefined` means that the request ended the connection. */
export interface PendingRequest {
  readonly bytes: Uint8Array;
  readonly done: (answer: HttpAnswer | undefined) => void;
}

/**
 * Sends requests down one kept-alive connection, one at a time, so that a process that dies can only have died of the
 * one it was working on. Made for servers that give a Content-Length with every answer.
 */
export class KeptConnection {
  readonly #port: number;
  readonly #queue: PendingRequest[] = [];
  #current: PendingRequest | undefined;
  #socket: Socket | undefined;
  #received = '';

  constructor(port: number) {
    this.#port = port;
  }

  send(request: PendingRequest): void {
    this.#queue.push(request);
    if (!this.#current) this.#next();
  }

  close(): void {
    this.#socket?.removeAllListeners('close').destroy();
    this.#socket = undefined;
    this.#current?.done(undefined);
    for (const request of this.#queue.splice(0)) request.done(undefined);
  }

  #next(): void {
    this.#current = this.#queue.shift();
    if (this.#current) this.#open().write(this.#current.bytes);
  }

  #open(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#ended());
    this.#received = '';
    this.#socket = socket;
    return socket;
  }

  #receive(text: string): void {
    this.#received += text;
    const answer = answerIn(this.#received);
    if (!answer) return;
    this.#received = '';
    this.#current?.done(answer);
    this.#next();
  }

  #ended(): void {
    this.#socket = undefined;
    this.#current?.done(undefined);
    this.#next();
  }
}

/** The whole answer, or undefined while a part is missing. */
function answerIn(received: string): HttpAnswer | undefined {
  const headerEnd = received.indexOf('\r\n\r\n');
  if (headerEnd < 0) return undefined;
  const header = received.slice(0, headerEnd);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(header)?.[1] ?? 0);
  if (received.length < headerEnd + 4 + length) return undefined;
  return { status: Number(header.slice(9, 12)), body: received.slice(headerEnd + 4, headerEnd + 4 + length) };
}
