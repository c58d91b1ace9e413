import type { Socket } from 'node:net';
import { endsInChunked } from '../../apache/request/coding';
import type { Framing } from './fields';
import { codingOf, headBytes, isContentLength, type Field } from './responseHead';

/** The connection of a response. */
export interface ResponseOwner {
  readonly socket: Socket;
  /** Of the Server field. */
  readonly server: string;
  /** Whether a body of unknown length may be chunked. */
  canChunk(status: number, framing: Framing): boolean;
  /**
   * Decides, when the head is written, whether the connection goes on; gives the fields that say so, line by line. Where the answer
   * `saysClose` itself, it does not go on.
   */
  connectionFields(status: number, answer: AnswerFraming, framing: Framing): string;
  /** The answer is out, or has been given up. */
  onAnswered(): void;
}

/** What the fields of an answer say of its connection. */
export interface AnswerFraming {
  /** Its end can be told without the end of the connection. */
  readonly isDelimited: boolean;
  readonly saysClose: boolean;
  /** What the client still sends is not read. */
  readonly isLast: boolean;
}

/** What a response needs to know of its request. */
export interface ResponseContext {
  readonly method: string;
  readonly protocol: string;
  readonly framing: Framing;
}

/** Status and fields of an answer on its way out. */
export interface OutgoingHead {
  readonly status: number;
  readonly headers: readonly Field[];
}

/** Statuses that never have content. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const CRLF = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * One answer on a connection, framed as Apache frames it. The head waits for the first piece of the body, so that a short
 * answer is one write. All text is byte strings.
 */
export class HttpResponse {
  readonly #owner: ResponseOwner;
  readonly #context: ResponseContext;
  #head: Buffer | null = null;
  #isChunked = false;
  #hasContent = true;
  #ended = false;
  #closed = false;
  #bytes = 0;
  #onClose: (() => void) | null = null;
  #tail: Uint8Array = NOTHING;
  /** Sees the head before it goes out; may give other fields, and what follows the body. */
  onHead: ((head: OutgoingHead) => { headers: readonly Field[]; tail?: Uint8Array }) | null = null;
  /** Sees every piece of the body before it goes out. */
  onBody: ((piece: Uint8Array) => void) | null = null;
  /** The status is a program's own, which ends no connection. */
  isProgram = false;
  /** What the client still sends is not read: the connection ends with this answer. */
  isLast = false;
  status = 0;
  reason = '';

  constructor(owner: ResponseOwner, context: ResponseContext) {
    this.#owner = owner;
    this.#context = context;
  }

  get headersSent(): boolean {
    return this.status !== 0;
  }

  /** The client cannot get anything any more. */
  get destroyed(): boolean {
    return this.#owner.socket.destroyed;
  }

  /** The answer has no body, whatever it says. */
  get isHead(): boolean {
    return this.#context.method === 'HEAD';
  }

  /** Bytes of content that were sent. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True once the answer is whole. */
  get isComplete(): boolean {
    return this.#ended;
  }

  /** Called once when the connection breaks before the answer is out. */
  onClose(then: (() => void) | null): void {
    this.#onClose = then;
  }

  /** The client may go on waiting: an answer will come, the body is wanted. */
  writeContinue(): void {
    if (!this.headersSent && !this.destroyed) this.#owner.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }

  /** A status without content loses the fields of a body. */
  writeHead(status: number, reason: string, own: readonly Field[]): void {
    const { protocol, framing } = this.#context;
    const owner = this.#owner;
    const { headers: fields, tail = NOTHING } = this.onHead?.({ status, headers: own }) ?? { headers: own };
    this.#tail = tail;
    this.status = status;
    this.reason = reason;
    this.#hasContent = !this.isHead && !isBodiless(status);
    const coding = codingOf(fields);
    const isCoded = coding !== '' && endsInChunked(coding);
    const isKnown = !this.#hasContent || isCoded || (coding === '' && fields.some(isContentLength));
    this.#isChunked =
      !isKnown &&
      !this.isLast &&
      protocol !== 'HTTP/1.0' &&
      protocol !== 'HTTP/0.9' &&
      owner.canChunk(status, framing);
    const isDelimited = isKnown || this.#isChunked;
    const answer = { isDelimited, saysClose: fields.some(isConnectionClose), isLast: this.isLast };
    const connection = owner.connectionFields(this.isProgram ? 200 : status, answer, framing);
    const { server } = owner;
    const isChunked = this.#isChunked;
    this.#head =
      protocol === 'HTTP/0.9'
        ? NOTHING
        : headBytes({ status, reason, server, fields, coding, isChunked, isHead: this.isHead, connection });
  }

  /** False when the client is slow: `onceDrained` tells when to go on. */
  write(part: Uint8Array): boolean {
    if (this.destroyed || part.length === 0 || !this.#hasContent) return true;
    this.#bytes += part.length;
    this.onBody?.(part);
    const { socket } = this.#owner;
    const head = this.#head ?? NOTHING;
    this.#head = null;
    if (this.#isChunked) return socket.write(chunk(head, part, NOTHING));
    return socket.write(head.length === 0 ? part : Buffer.concat([head, part]));
  }

  /** Ends the answer, with a last piece. */
  end(part: Uint8Array = NOTHING): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    const { socket } = this.#owner;
    const last = this.#tail.length === 0 ? part : Buffer.concat([part, this.#tail]);
    const content = this.#hasContent ? last : NOTHING;
    if (content.length > 0) this.onBody?.(content);
    this.#bytes += content.length;
    const head = this.#head ?? NOTHING;
    this.#head = null;
    if (this.#isChunked && this.#hasContent) socket.write(chunk(head, content, LAST_CHUNK));
    else if (head.length + content.length > 0) socket.write(Buffer.concat([head, content]));
    this.#owner.onAnswered();
  }

  onceDrained(go: () => void): void {
    this.#owner.socket.once('drain', go);
  }

  /** Cuts the connection, so that the client notices that the answer is not whole. */
  destroy(): void {
    const { socket } = this.#owner;
    if (this.#head !== null && !socket.destroyed) socket.write(this.#head);
    this.#head = null;
    socket.destroySoon();
    this.closed();
  }

  /** The connection is gone. */
  closed(): void {
    if (this.#closed || this.#ended) return;
    this.#closed = true;
    this.#onClose?.();
    this.#onClose = null;
    this.#owner.onAnswered();
  }
}

const isConnectionClose = ([name, value]: Field): boolean =>
  name.length === 10 && name.toLowerCase() === 'connection' && /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(value);

/** A head, a chunk, and what follows it, in one piece. */
function chunk(head: Buffer, content: Uint8Array, after: Buffer): Buffer {
  if (content.length === 0) return Buffer.concat([head, after]);
  const size = content.length.toString(16);
  const start = head.length + size.length + 2;
  const end = start + content.length;
  const whole = Buffer.allocUnsafe(end + 2 + after.length);
  whole.set(head);
  for (let at = 0; at < size.length; at++) whole[head.length + at] = size.charCodeAt(at);
  whole.set(CRLF, start - 2);
  whole.set(content, start);
  whole.set(CRLF, end);
  whole.set(after, end + 2);
  return whole;
}
