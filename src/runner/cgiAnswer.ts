import { endsInChunked } from '../apache/request/coding';
import type { HttpRequest } from '../apache/request/outcome';
import type { HeadersFor } from '../apache/request/programHead';
import {
  CgiResponseParser,
  type CgiFault,
  type CgiHead,
  type HeaderField,
  type KnownHeads,
} from '../fastcgi';
import { hasConditions, meetsConditions } from '../apache/request/conditions';
import type { AnswerSink } from './exchange';
import { isBodiless, type HttpResponse } from './http/response';
import type { ModeRules } from './mode';
import { writeHead, type ReplyHead } from './reply';
import { httpDate } from '../text/httpDate';

const NOTHING = new Uint8Array(0);
/** Bytes of a program's error output that are kept for the page. */
const ERROR_LIMIT = 65_536;

/** Where a program's answer goes. */
export interface CgiAnswerOptions {
  readonly response: HttpResponse;
  readonly request: HttpRequest;
  /** The status where the program names none: that of the error whose document this is. */
  readonly status: number;
  readonly rules: Pick<ModeRules, 'outputBuffer' | 'flushAfter' | 'keepsRepeats'>;
  /** mod_cgi does not believe a length that a program names. */
  readonly via: 'fastcgi' | 'cgi';
  /** Name of the dispatcher without folders. */
  readonly script: string;
  /** Heads that this dispatcher sent before. */
  readonly known: KnownHeads;
  /** Headers of a program that sent the request on to this one. */
  readonly earlierFields: readonly HeaderField[];
  /** What directives make of all headers together. */
  readonly headersFor: HeadersFor | undefined;
}

/** What became of a program's answer. */
export type CgiAnswerEnd =
  /** The client has it, or is getting it. */
  | { readonly kind: 'sent'; readonly head: CgiHead }
  /** Nothing was sent: the answer lies elsewhere. */
  | { readonly kind: 'redirect'; readonly head: CgiHead; readonly redirect: NonNullable<CgiHead['redirect']> }
  /** Nothing was sent: the request's conditions failed. */
  | { readonly kind: 'condition'; readonly head: CgiHead; readonly status: 412 }
  /** Nothing was sent: a failure with an empty page, which is to be explained. */
  | { readonly kind: 'blank'; readonly head: CgiHead }
  /** Nothing was sent: the output is no CGI response. */
  | { readonly kind: 'fault'; readonly fault: CgiFault };

/**
 * Turns a program's output into an HTTP answer as mod_fcgid does: the first 64 KB are held back, so that a program
 * that dies early still gives a clean 500; from then on output is passed as it comes. In other modes a silence passes
 * on what is held.
 */
export class CgiAnswer implements AnswerSink {
  readonly #options: CgiAnswerOptions;
  readonly #parser: CgiResponseParser;
  #errorText: TextDecoder | null = null;
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #started = false;
  /** Bytes that the program's own Content-Length still allows. */
  #allowed = Number.POSITIVE_INFINITY;
  #error = '';
  #timer: NodeJS.Timeout | undefined;
  #isWhole = false;

  constructor(options: CgiAnswerOptions) {
    this.#options = options;
    this.#parser = new CgiResponseParser(options.script, {
      keepsRepeats: options.rules.keepsRepeats,
      joinsFolds: options.via === 'fastcgi',
      known: options.known,
    });
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
    if (content.length === 0) this.#isWhole = true;
    const body = this.#parser.push(content);
    const head = this.#parser.result;
    if (head?.kind !== 'head' || head.redirect !== null || body.length === 0) return true;
    // Its memory is the connection's: what is kept, by us or on its way out, is a copy.
    const kept = Buffer.from(body);
    if (this.#started) return this.#write(kept);
    this.#held.push(kept);
    this.#heldSize += body.length;
    return this.#heldSize <= this.#options.rules.outputBuffer || this.#isLeftToEnd(head) || this.#start(head);
  }

  pause(): void {
    const { flushAfter } = this.#options.rules;
    if (flushAfter === null || this.#started || this.#parser.result?.kind !== 'head') return;
    clearTimeout(this.#timer);
    // What is whole waits for the end of the request, which decides whether it counts.
    if (this.#isWhole) return;
    this.#timer = setTimeout(() => this.#flush(), flushAfter);
  }

  /** Nothing came for a while: what is held need not wait for more. */
  #flush(): void {
    const head = this.#parser.result;
    if (this.#started || head?.kind !== 'head' || head.redirect !== null) return;
    if (!this.#isLeftToEnd(head)) this.#start(head);
  }

  /** What is sent is decided when the program has finished. */
  #isLeftToEnd(head: CgiHead): boolean {
    return this.#conditionFor(head) !== 200 || this.#codingFault(head) !== null;
  }

  /** Nothing more will come, well or badly. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  error(content: Uint8Array): void {
    this.#errorText ??= new TextDecoder();
    this.#error = (this.#error + this.#errorText.decode(content, { stream: true })).slice(-ERROR_LIMIT);
  }

  onceReady(go: () => void): void {
    this.#options.response.onceDrained(go);
  }

  /**
   * The program has finished; sends what is still held, unless the answer is not the program's body. `explainsBlank`: neither is
   * a failure with an empty page.
   */
  finish({ explainsBlank = false } = {}): CgiAnswerEnd {
    this.stop();
    const head = this.#parser.end();
    if (head.kind === 'fault') return { kind: 'fault', fault: head };
    const condition = this.#conditionFor(head);
    if (head.redirect !== null && condition === 200)
      return { kind: 'redirect', head, redirect: head.redirect };
    if (condition === 412) return { kind: 'condition', head, status: 412 };
    const fault = this.#started || condition === 304 ? null : this.#codingFault(head);
    if (fault !== null) return { kind: 'fault', fault };
    if (explainsBlank && this.#isBlankFailure(head)) return { kind: 'blank', head };
    if (condition === 304) this.#sendNotModified(head);
    else this.#sendRest(head);
    return { kind: 'sent', head };
  }

  /** PHP's white page, for one, where errors are not displayed. */
  #isBlankFailure({ status, explicitStatus }: CgiHead): boolean {
    const isEmpty = !this.#started && this.#heldSize === 0 && this.#options.request.method !== 'HEAD';
    return isEmpty && explicitStatus && status >= 500;
  }

  /** Apache gives up an answer whose own coding does not end in chunked, unless it puts that there itself (check_headers). */
  #codingFault(head: CgiHead): CgiFault | null {
    const coding = this.#options.via === 'cgi' ? null : fieldOf(head, 'transfer-encoding');
    const { method, protocol = 'HTTP/1.1' } = this.#options.request;
    if (coding === null || endsInChunked(coding) || protocol === 'HTTP/0.9' || isBodiless(head.status))
      return null;
    const isCounted = fieldOf(head, 'content-length') !== null || this.#framing().length > 0;
    if (!isCounted && method !== 'HEAD' && protocol !== 'HTTP/1.0') return null;
    const logMessage = `Response header 'Transfer-Encoding' value of '${coding}' does not end in "chunked", aborting request`;
    return { kind: 'fault', reason: 'coding', logMessage };
  }

  #conditionFor(head: CgiHead): 200 | 304 | 412 {
    const { request, status } = this.#options;
    // The document of an error has no conditions.
    if (status !== 200 || head.explicitStatus || (request.method !== 'GET' && request.method !== 'HEAD'))
      return 200;
    if (!hasConditions(request)) return 200;
    const lastModified = fieldOf(head, 'last-modified');
    return meetsConditions(request, { etag: fieldOf(head, 'etag'), lastModified }, Date.now());
  }

  #sendNotModified(head: CgiHead): void {
    writeHead(this.#options.response, { status: 304, headers: this.#headers(head) });
    this.#options.response.end();
  }

  #sendRest(head: CgiHead): void {
    const { response, request } = this.#options;
    const held = this.#started ? [] : this.#begin(head);
    const rest = held.length === 1 ? (held[0] ?? NOTHING) : Buffer.concat(held);
    const isShort =
      this.#allowed > 0 && this.#allowed !== Number.POSITIVE_INFINITY && request.method !== 'HEAD';
    // A body shorter than its Content-Length: the client must see the connection end.
    if (!isShort) return response.end(rest);
    response.write(rest);
    response.destroy();
  }

  /** Writes the head and what was held, before the program has finished. */
  #start(head: CgiHead): boolean {
    const { response } = this.#options;
    return this.#begin(head)
      .map((part) => response.write(part))
      .every(Boolean);
  }

  /** Writes the head, and gives what was held, for the one who writes it. */
  #begin(head: CgiHead): Uint8Array[] {
    this.#started = true;
    const isCounted = this.#options.via !== 'cgi' && fieldOf(head, 'transfer-encoding') === null;
    const length = isCounted ? fieldOf(head, 'content-length') : null;
    if (length !== null && /^\d+$/.test(length)) this.#allowed = Number(length);
    const framing = length === null ? this.#framing() : [];
    const headers = framing.length === 0 ? this.#headers(head) : [...this.#headers(head), ...framing];
    // A status that Apache could not read is no failure to it.
    this.#options.response.isProgram = head.logMessages.length > 0;
    const { explicitStatus, reason } = head;
    // A spread here would cost more than all the rest: V8 makes a new shape for each (measured).
    const outgoing: ReplyHead = explicitStatus
      ? { status: head.status, reason, headers }
      : { status: this.#options.status, headers };
    writeHead(this.#options.response, outgoing);
    const held = this.#held.map((part) => this.#take(part));
    this.#held = [];
    return held;
  }

  /** Apache knows the length only of an empty body: it counts what comes in one piece with the end. */
  #framing(): HeaderField[] {
    const { via, request, response, status } = this.#options;
    const isEmpty = this.#heldSize === 0 && this.#parser.isOver && via !== 'cgi';
    // Behind a body beyond LimitRequestBody the end of the connection is the end of the answer.
    const isCut = response.isLast && status === 200;
    return isEmpty && !isCut && request.method !== 'HEAD' ? [['Content-Length', '0']] : [];
  }

  /** The fields of a head that came before are known, where nothing else plays a part in them. */
  #headers(head: CgiHead): readonly HeaderField[] {
    const { headersFor, earlierFields } = this.#options;
    if (earlierFields.length > 0 || fieldOf(head, 'last-modified') !== null) return this.#newHeaders(head);
    const known = HEADERS.get(head);
    if (known !== undefined && known.headersFor === headersFor) return known.headers;
    const headers = this.#newHeaders(head);
    HEADERS.set(head, { headersFor, headers });
    return headers;
  }

  #newHeaders(head: CgiHead): readonly HeaderField[] {
    const { contentType } = head;
    const own = this.#options.via === 'cgi' ? head.fields.filter(isNoFraming) : head.fields;
    const { earlierFields, headersFor } = this.#options;
    const fields = [...earlierFields, ...own.filter(isOwnField).flatMap(soundField)];
    if (headersFor !== undefined) {
      // A status that Apache could not read is none to directives, and so no error.
      const known = head.explicitStatus ? head.status : this.#options.status;
      const status = head.logMessages.length > 0 ? 0 : known;
      return headersFor({ status, contentType, fields }).map(([name, value]) => [name, value]);
    }
    return contentType === null ? fields : [...fields, ['Content-Type', contentType]];
  }

  #write(body: Uint8Array): boolean {
    return this.#options.response.write(this.#take(body));
  }

  /** As much of a piece as the program's own length allows. */
  #take(body: Uint8Array): Uint8Array {
    if (this.#allowed === Number.POSITIVE_INFINITY) return body;
    const allowed = body.subarray(0, Math.min(this.#allowed, body.length));
    this.#allowed -= allowed.length;
    return allowed;
  }
}

/** What was made of a head last, with the directives that it was made with. */
const HEADERS = new WeakMap<
  CgiHead,
  { readonly headersFor: HeadersFor | undefined; readonly headers: readonly HeaderField[] }
>();

/** Fields that the server writes itself, whatever the program says. */
const SERVER_FIELDS = new Set(['date', 'server']);

/** mod_cgi frames an answer anew. */
const isNoFraming = ([name]: HeaderField): boolean => !FRAMING.has(name.toLowerCase());
const FRAMING = new Set(['content-length', 'transfer-encoding']);
const isOwnField = ([name]: HeaderField): boolean => !SERVER_FIELDS.has(name.toLowerCase());

/** A date of change that is no date is left out, one in the future is now. */
function soundField([name, value]: HeaderField): HeaderField[] {
  if (name.toLowerCase() !== 'last-modified') return [[name, value]];
  const time = Date.parse(value);
  if (Number.isNaN(time)) return [];
  return [[name, httpDate(Math.min(time, Date.now()))]];
}

function fieldOf(head: CgiHead, key: string): string | null {
  return head.fields.find(([name]) => name.toLowerCase() === key)?.[1] ?? null;
}
