import type { Socket } from 'node:net';

type Field = readonly [name: string, value: string];

/** What a response needs to know of its request and connection. */
export interface ResponseContext {
  readonly socket: Socket;
  readonly method: string;
  readonly protocol: string;
  /** Of the Server field. */
  readonly server: string;
  /** Decides, when the head is written, whether the connection goes on; gives the fields that say so. */
  /** Whether a body of unknown length may be chunked. */
  readonly canChunk: (status: number) => boolean;
  readonly connectionFields: (status: number, isDelimited: boolean, isProgram: boolean) => readonly Field[];
  /** The answer is out, or has been given up. */
  readonly onEnd: () => void;
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

const CHUNKED: Field = ['Transfer-Encoding', 'chunked'];
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * One answer on a connection, framed as Apache frames it. The head waits for the first piece of the body, so that a short
 * answer is one write. All text is byte strings.
 */
export class HttpResponse {
  readonly #context: ResponseContext;
  #head: string | null = null;
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
  status = 0;
  reason = '';
  /** All fields that were sent, without those of the connection. */
  fields: readonly Field[] = [];

  constructor(context: ResponseContext) {
    this.#context = context;
  }

  get headersSent(): boolean {
    return this.status !== 0;
  }

  /** The client cannot get anything any more. */
  get destroyed(): boolean {
    return this.#context.socket.destroyed;
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
    if (!this.headersSent && !this.destroyed) this.#context.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }

  /** A status without content loses the fields of a body. */
  writeHead(status: number, reason: string, own: readonly Field[]): void {
    const { method, protocol, server, connectionFields, canChunk } = this.#context;
    const { headers: fields, tail = NOTHING } = this.onHead?.({ status, headers: own }) ?? { headers: own };
    this.#tail = tail;
    this.status = status;
    this.reason = reason;
    this.#hasContent = method !== 'HEAD' && !isBodiless(status);
    const kept = method === 'HEAD' ? fields.filter(isNoEmptyLength) : fields;
    const isKnown = !this.#hasContent || fields.some(isContentLength);
    this.#isChunked = !isKnown && protocol !== 'HTTP/1.0' && protocol !== 'HTTP/0.9' && canChunk(status);
    this.fields = [['Date', httpDate()], ['Server', server], ...kept, ...(this.#isChunked ? [CHUNKED] : [])];
    const sent = [...this.fields, ...connectionFields(status, isKnown || this.#isChunked, this.isProgram)];
    if (protocol === 'HTTP/0.9') this.#head = '';
    else this.#head = headText(status, reason, sent);
  }

  /** False when the client is slow: `onceDrained` tells when to go on. */
  write(part: Uint8Array): boolean {
    if (this.destroyed || part.length === 0 || !this.#hasContent) return true;
    this.#bytes += part.length;
    this.onBody?.(part);
    const { socket } = this.#context;
    const head = this.#head ?? '';
    this.#head = null;
    if (this.#isChunked) return socket.write(chunk(head, part, NOTHING));
    return socket.write(head === '' ? part : joined(head, part));
  }

  /** Ends the answer, with a last piece. */
  end(part: Uint8Array = NOTHING): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    const { socket } = this.#context;
    const last = this.#tail.length === 0 ? part : Buffer.concat([part, this.#tail]);
    const content = this.#hasContent ? last : NOTHING;
    if (content.length > 0) this.onBody?.(content);
    this.#bytes += content.length;
    const head = this.#head ?? '';
    this.#head = null;
    if (this.#isChunked && this.#hasContent) socket.write(chunk(head, content, LAST_CHUNK));
    else if (head !== '' || content.length > 0) socket.write(joined(head, content));
    this.#context.onEnd();
  }

  onceDrained(go: () => void): void {
    this.#context.socket.once('drain', go);
  }

  /** Cuts the connection, so that the client notices that the answer is not whole. */
  destroy(): void {
    const { socket } = this.#context;
    if (this.#head !== null && !socket.destroyed) socket.write(Buffer.from(this.#head, 'latin1'));
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
    this.#context.onEnd();
  }
}

const isContentLength = ([name]: Field): boolean =>
  name.length === 14 && name.toLowerCase() === 'content-length';

/** Apache leaves a length of 0 out of the answer to HEAD: it may just not know the body. */
const isNoEmptyLength = (field: Field): boolean => field[1] !== '0' || !isContentLength(field);

function headText(status: number, reason: string, fields: readonly Field[]): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const [name, value] of fields) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

function joined(head: string, content: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(head.length + content.length);
  whole.write(head, 0, 'latin1');
  whole.set(content, head.length);
  return whole;
}

/** A head, a chunk, and what follows it, in one piece. */
function chunk(head: string, content: Uint8Array, after: Buffer): Buffer {
  if (content.length === 0) return Buffer.concat([Buffer.from(head, 'latin1'), after]);
  const before = `${head}${content.length.toString(16)}\r\n`;
  const whole = Buffer.allocUnsafe(before.length + content.length + 2 + after.length);
  whole.write(before, 0, 'latin1');
  whole.set(content, before.length);
  const end = before.length + content.length;
  whole[end] = 0x0d;
  whole[end + 1] = 0x0a;
  whole.set(after, end + 2);
  return whole;
}

let dateSecond = 0;
let dateText = '';

/** Now, for the Date field; put together once a second. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}
