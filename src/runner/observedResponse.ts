import { ServerResponse, type IncomingMessage } from 'node:http';
import type { HeaderField } from '../fastcgi';

/** Status and headers of an answer on its way out. */
export interface OutgoingHead {
  readonly status: number;
  readonly headers: readonly HeaderField[];
}

type Sent = (error?: Error | null) => void;

/** An HTTP answer that lets others see what is sent, and append to its body. */
export class ObservedResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** Sees the head before it goes out; may give other headers, and what follows the body. */
  onHead: ((head: OutgoingHead) => { headers: readonly HeaderField[]; tail?: Uint8Array }) | null = null;
  /** Sees every piece of the body before it goes out. */
  onBody: ((piece: Uint8Array) => void) | null = null;
  #tail: Uint8Array | null = null;

  /** The headers to send for a head. */
  observeHead(head: OutgoingHead): readonly HeaderField[] {
    if (this.onHead === null) return head.headers;
    const { headers, tail } = this.onHead(head);
    this.#tail = tail ?? null;
    return headers;
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Sent, sent?: Sent): boolean {
    this.#observe(chunk, encoding);
    return super.write(chunk, encoding as BufferEncoding, sent);
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | Sent, sent?: Sent): this {
    const tail = this.#tail;
    const body = typeof chunk === 'function' ? undefined : chunk;
    this.#observe(body, encoding);
    if (tail === null) return super.end(chunk, encoding as BufferEncoding, sent as () => void);
    this.#tail = null;
    if (body !== undefined && body !== null) super.write(body, encoding as BufferEncoding);
    return super.end(tail);
  }

  #observe(chunk: unknown, encoding: BufferEncoding | Sent | undefined): void {
    if (this.onBody === null) return;
    if (typeof chunk === 'string')
      this.onBody(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    else if (chunk instanceof Uint8Array) this.onBody(chunk);
  }
}
