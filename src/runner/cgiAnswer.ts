import type { ServerResponse } from 'node:http';
import type { HttpRequest } from '../apache/request/outcome';
import { CgiResponseParser, type CgiFault, type CgiHead, type HeaderField } from '../fastcgi';
import { meetsConditions } from './conditions';
import type { AnswerSink } from './exchange';
import { overlay, writeHead } from './reply';

/** Bytes that mod_fcgid holds back before the client sees any (FcgidOutputBufferSize). */
const BUFFER_SIZE = 65_536;
/** Bytes of a program's error output that are kept for the page. */
const ERROR_LIMIT = 65_536;

/** Where a program's answer goes. */
export interface CgiAnswerOptions {
  readonly response: ServerResponse;
  readonly request: HttpRequest;
  /** Name of the dispatcher without folders. */
  readonly script: string;
  /** Headers of a program that sent the request on to this one. */
  readonly earlierFields: readonly HeaderField[];
  /** Headers that directives set. */
  readonly directiveHeaders: readonly HeaderField[];
}

/** What became of a program's answer. */
export type CgiAnswerEnd =
  /** The client has it, or is getting it. */
  | { readonly kind: 'sent'; readonly head: CgiHead }
  /** Nothing was sent: the answer lies elsewhere. */
  | { readonly kind: 'redirect'; readonly head: CgiHead; readonly redirect: NonNullable<CgiHead['redirect']> }
  /** Nothing was sent: the request's conditions failed. */
  | { readonly kind: 'condition'; readonly head: CgiHead; readonly status: 412 }
  /** Nothing was sent: the output is no CGI response. */
  | { readonly kind: 'fault'; readonly fault: CgiFault };

/**
 * Turns a program's output into an HTTP answer as mod_fcgid does: the first 64 KB are held back, so that a program
 * that dies early still gives a clean 500; from then on output is passed as it comes.
 */
export class CgiAnswer implements AnswerSink {
  readonly #options: CgiAnswerOptions;
  readonly #parser: CgiResponseParser;
  readonly #errorText = new TextDecoder();
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #started = false;
  /** Bytes that the program's own Content-Length still allows. */
  #allowed = Number.POSITIVE_INFINITY;
  #error = '';

  constructor(options: CgiAnswerOptions) {
    this.#options = options;
    this.#parser = new CgiResponseParser(options.script);
  }

  /** What the program wrote to the FastCGI error stream, at most 64 KB of its end. */
  get errorOutput(): string {
    return this.#error;
  }

  /** True once the client has got a status. */
  get started(): boolean {
    return this.#started;
  }

  output(content: Uint8Array): boolean {
    const body = this.#parser.push(content);
    const head = this.#parser.result;
    if (head?.kind !== 'head' || head.redirect !== null || body.length === 0) return true;
    if (this.#started) return this.#write(body);
    this.#held.push(body);
    this.#heldSize += body.length;
    return this.#heldSize <= BUFFER_SIZE || this.#conditionFor(head) !== 200 || this.#start(head);
  }

  error(content: Uint8Array): void {
    this.#error = (this.#error + this.#errorText.decode(content, { stream: true })).slice(-ERROR_LIMIT);
  }

  onceReady(go: () => void): void {
    this.#options.response.once('drain', go);
  }

  /** The program has finished; sends what is still held, unless the answer is not the program's body. */
  finish(): CgiAnswerEnd {
    const head = this.#parser.end();
    if (head.kind === 'fault') return { kind: 'fault', fault: head };
    if (head.redirect !== null) return { kind: 'redirect', head, redirect: head.redirect };
    const condition = this.#conditionFor(head);
    if (condition === 412) return { kind: 'condition', head, status: 412 };
    if (condition === 304) this.#sendNotModified(head);
    else this.#sendRest(head);
    return { kind: 'sent', head };
  }

  /** The program broke off after the client had got a part: the connection is cut, so that the client notices. */
  breakOff(): void {
    this.#options.response.destroy();
  }

  #conditionFor(head: CgiHead): 200 | 304 | 412 {
    const { request } = this.#options;
    if (head.explicitStatus || (request.method !== 'GET' && request.method !== 'HEAD')) return 200;
    const lastModified = fieldOf(head, 'last-modified');
    return meetsConditions(request, { etag: fieldOf(head, 'etag'), lastModified });
  }

  #sendNotModified(head: CgiHead): void {
    writeHead(this.#options.response, { status: 304, headers: this.#headers(head) });
    this.#options.response.end();
  }

  #sendRest(head: CgiHead): void {
    const { response, request } = this.#options;
    if (!this.#started) this.#start(head);
    const isShort =
      this.#allowed > 0 && this.#allowed !== Number.POSITIVE_INFINITY && request.method !== 'HEAD';
    // A body shorter than its Content-Length: the client must see the connection end.
    if (isShort) response.once('finish', () => response.socket?.destroy());
    response.end();
  }

  #start(head: CgiHead): boolean {
    this.#started = true;
    const length = fieldOf(head, 'content-length');
    if (length !== null && /^\d+$/.test(length)) this.#allowed = Number(length);
    const headers = this.#headers(head);
    if (length === null) headers.push(...this.#framing());
    writeHead(this.#options.response, { status: head.status, reason: head.reason, headers });
    const writable = this.#held.map((part) => this.#write(part)).every(Boolean);
    this.#held = [];
    return writable;
  }

  /** Apache knows the length only of an empty body: it counts what comes in one piece with the end. */
  #framing(): HeaderField[] {
    const { method, protocol } = this.#options.request;
    if (this.#heldSize === 0) return method === 'HEAD' ? [] : [['Content-Length', '0']];
    return protocol === 'HTTP/1.0' ? [] : [['Transfer-Encoding', 'chunked']];
  }

  #headers(head: CgiHead): HeaderField[] {
    const type: HeaderField[] = head.contentType === null ? [] : [['Content-Type', head.contentType]];
    const fields = head.fields.filter(([name]) => !SERVER_FIELDS.has(name.toLowerCase())).flatMap(soundField);
    return overlay([...this.#options.earlierFields, ...fields, ...type], this.#options.directiveHeaders);
  }

  #write(body: Uint8Array): boolean {
    const allowed = body.subarray(0, Math.min(this.#allowed, body.length));
    this.#allowed -= allowed.length;
    return allowed.length === 0 || this.#options.response.write(allowed);
  }
}

/** Fields that the server writes itself, whatever the program says. */
const SERVER_FIELDS = new Set(['date', 'server', 'transfer-encoding']);

/** A date of change that is no date is left out, one in the future is now. */
function soundField([name, value]: HeaderField): HeaderField[] {
  if (name.toLowerCase() !== 'last-modified') return [[name, value]];
  const time = Date.parse(value);
  if (Number.isNaN(time)) return [];
  return [[name, new Date(Math.min(time, Date.now())).toUTCString()]];
}

function fieldOf(head: CgiHead, key: string): string | null {
  return head.fields.find(([name]) => name.toLowerCase() === key)?.[1] ?? null;
}
