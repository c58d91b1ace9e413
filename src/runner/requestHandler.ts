import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { mergeHeaders, type ConnectionEnds, type HeaderField, type KnownHeads } from '../fastcgi';
import { byteStringOf, textOfByteString } from '../text/bytes';
import type { AccessLog } from './accessLog';
import type { CgiPrograms } from './cgiPrograms';
import { headerOf } from '../apache/request/conditions';
import type { DiskSite } from './diskSite';
import type { Evaluator } from './evaluator';
import type { EventSink } from './events';
import type { InFlight } from './inFlight';
import { TOO_MANY_REDIRECTS, unknownHandler } from './failures';
import type { IncomingRequest } from './http/connection';
import type { HeadFault } from './http/head';
import { discard } from './http/requestBody';
import type { HttpResponse } from './http/response';
import { isHidden, isNameAllowed } from './incoming';
import type { ProgramCommand } from './launchPlan';
import type { ModeRules } from './mode';
import { apachePage, developerPage, escapeHtml, listingPage, type Failure, type PageFacts } from './pages';
import type { OwnPages } from './ownPages';
import type { DispatcherPool } from './pool';
import { ProgramRequest, type KnownQuestion, type ProgramContext, type ProgramEnd } from './programRequest';
import { programFor, type Handlers } from './programs';
import { RequestRecorder } from './record';
import { overlay, sendPage, sendText, writeHead } from './reply';
import type { Leg } from '../fastcgi/requestVariables';
import { planStatic, sendContent, statFile } from './staticFile';

/** What all requests of a site share. */
export interface RequestContext {
  readonly site: DiskSite;
  readonly host: HostProfile;
  /** Absolute on the server, a byte string. */
  readonly documentRoot: string;
  readonly evaluator: Evaluator;
  readonly rules: ModeRules;
  readonly handlers: Handlers;
  readonly poolOf: (command: ProgramCommand) => DispatcherPool;
  readonly cgi: CgiPrograms;
  /** Heads that dispatchers of this name have sent. */
  readonly headsOf: (via: 'fastcgi' | 'cgi', script: string) => KnownHeads;
  /** What programs were asked last, by the identity of a request that may come again. */
  readonly asked: WeakMap<HttpRequest, KnownQuestion>;
  /** A path for a temporary file that nothing has. */
  readonly temporaryPath: () => string;
  /** Milliseconds of silence before a program is given up; 0 for never. */
  readonly timeLimit: number;
  readonly emit: EventSink;
  readonly accessLog: AccessLog | null;
  /** Names that a Host header may hold, in lower case. */
  readonly names: ReadonlySet<string>;
  readonly ownPages: OwnPages;
  /** Failures are explained instead of hidden behind Apache's page. */
  readonly developerPages: boolean;
  /** Requests that are being answered. */
  readonly handling: InFlight;
  /** A number for each request, ascending. */
  readonly nextId: () => number;
  /** Everything about each request is told, its trace included. */
  readonly record: boolean;
}

/** Of this process; the request's number follows. */
const UNIQUE_PREFIX = randomBytes(15).toString('base64url');

/** Apache's limit (LimitInternalRecursion). */
const MOST_REDIRECTS = 10;

/** Answers one HTTP request; never rejects. Emits its `request` event when the answer is out. */
export async function handleRequest(
  context: RequestContext,
  incoming: IncomingRequest,
  response: HttpResponse,
): Promise<void> {
  const exchange = new RequestExchange(context, incoming, response);
  context.handling.add(exchange);
  try {
    await exchange.answer();
  } catch (error) {
    exchange.fail({
      message: `The local server failed: ${(error as Error).message}`,
      logMessage: null,
      errorOutput: '',
    });
  } finally {
    exchange.report();
    context.handling.delete(exchange);
  }
}

/** Answers a request that is refused as it stands. */
export function handleFault(
  context: RequestContext,
  fault: HeadFault,
  at: { readonly ends: ConnectionEnds; readonly response: HttpResponse },
): void {
  const { status, note, method, requestLine } = fault;
  const id = context.nextId();
  const [, target = ''] = requestLine.split(' ');
  context.emit({ kind: 'arrived', id, time: Date.now(), method, target });
  sendPage(at.response, { status, headers: [] }, { method, host: context.host, note });
  const { remoteAddr } = at.ends;
  const { bytes } = at.response;
  context.accessLog?.add({ remoteAddr, user: null, requestLine, status, bytes, headers: [] });
  context.emit({
    kind: 'request',
    id,
    method,
    target,
    status,
    milliseconds: 0,
    dispatcher: null,
    record: null,
  });
}

class RequestExchange implements ProgramContext {
  readonly shared: RequestContext;
  readonly incoming: IncomingRequest;
  readonly response: HttpResponse;
  readonly recorder: RequestRecorder | null;
  readonly id: number;
  readonly #request: HttpRequest;
  readonly #began = performance.now();
  #uniqueId: string | undefined;
  #dispatcher: string | null = null;
  #user: string | null = null;

  constructor(shared: RequestContext, incoming: IncomingRequest, response: HttpResponse) {
    this.shared = shared;
    this.incoming = incoming;
    this.response = response;
    const { method, path } = incoming.head;
    this.#request = incoming.head.request;
    this.id = shared.nextId();
    this.recorder = shared.record ? new RequestRecorder() : null;
    shared.emit({ kind: 'arrived', id: this.id, time: Date.now(), method, target: path });
    this.#observe();
  }

  /** What mod_unique_id gives a request. */
  get uniqueId(): string {
    return (this.#uniqueId ??= UNIQUE_PREFIX + this.id.toString(36).padStart(7, '0'));
  }

  #observe(): void {
    const { recorder } = this;
    if (recorder === null && !this.shared.ownPages.isLive) return;
    this.response.onHead = (head) => {
      recorder?.responseHead(head.headers);
      return this.shared.ownPages.carry(this.#request, head);
    };
    if (recorder !== null) this.response.onBody = (piece) => recorder.responseBody(piece);
  }

  async answer(): Promise<void> {
    if (!isNameAllowed(this.#request, this.shared.names)) return this.#refuseName();
    if (this.#request.method === 'TRACE') return this.#trace();
    if (this.#request.method === 'CONNECT')
      return sendPage(this.response, { status: 405, headers: [ALLOW] }, this.facts());
    if (this.#request.target === '*') return sendText(this.response, { status: 200, headers: [] }, '');
    let leg: Leg | null = { request: this.#request, earlierFields: [] };
    for (let redirects = 0; leg !== null; redirects++) {
      if (redirects > MOST_REDIRECTS) return this.fail(TOO_MANY_REDIRECTS);
      leg = await this.#answerLeg(leg, this.#outcomeOf(leg.request));
    }
  }

  report(): void {
    const { method, target, protocol = '', headers } = this.#request;
    const milliseconds = performance.now() - this.#began;
    const { status, bytes, isComplete } = this.response;
    const { accessLog, emit } = this.shared;
    const { requestLine } = this.incoming.head;
    const { remoteAddr } = this.incoming.ends;
    accessLog?.add({ remoteAddr, user: this.#user, requestLine, status, bytes, headers });
    const told = { id: this.id, method, target, status, milliseconds, dispatcher: this.#dispatcher };
    const end = { ...told, protocol, requestHeaders: headers, cut: !isComplete };
    emit({ kind: 'request', ...told, record: this.recorder?.finish(end) ?? null });
  }

  /** Answers 500, with the explanation or Apache's page; cuts the connection when a part is already out. */
  fail(failure: Failure, status = 500, visitorPage = apachePage(status, this.facts())): void {
    this.#tellFailure(failure);
    if (this.response.headersSent) this.response.destroy();
    else if (this.shared.developerPages) this.#sendDeveloperPage(failure, status, visitorPage);
    else sendPage(this.response, { status, headers: [] }, this.facts());
  }

  #tellFailure(failure: Failure): void {
    this.recorder?.failure(failure);
    const { message } = failure;
    this.shared.emit({ kind: 'problem', message, dispatcher: this.#dispatcher, request: this.id });
  }

  /** What the site's ErrorDocument makes of a failure, a byte string; undefined where it has none that can be shown. */
  #visitorPage(leg: Leg, status: number): string | undefined {
    const { evaluator, site } = this.shared;
    const { status: shown, answer, location } = evaluator.failure(leg.request, this.incoming.ends, status);
    if (answer.kind === 'redirect') return `<p>Redirect to ${escapeHtml(location ?? '')}</p>`;
    if (shown === 200) return undefined;
    if (answer.kind === 'error') return answer.message ?? undefined;
    if (answer.kind === 'handler') {
      const program = site.localPath(answer.file);
      // The program that has just failed is no help.
      return program === this.#dispatcher ? undefined : `<p>What ${escapeHtml(program ?? '')} prints</p>`;
    }
    const read = answer.kind === 'file' ? site.read(answer.file) : undefined;
    return typeof read === 'object' ? read.content : undefined;
  }

  #sendDeveloperPage(failure: Failure, status: number, visitorPage: string): void {
    const headers: HeaderField[] = [['Content-Type', 'text/html; charset=utf-8']];
    const page = developerPage(failure, {
      visitorPage,
      status,
      folder: path.dirname(this.#dispatcher ?? this.shared.site.folder),
      linkTo: (file, line) => this.shared.ownPages.linkTo(file, line),
    });
    sendText(this.response, { status, headers }, byteStringOf(Buffer.from(page)));
  }

  facts(): PageFacts {
    return { method: this.#request.method, host: this.shared.host };
  }

  #outcomeOf(request: HttpRequest): Outcome {
    const outcome = this.shared.evaluator.outcome(request, this.incoming.ends);
    this.recorder?.outcome(outcome);
    return outcome;
  }

  /** The next leg when a program sends the request elsewhere inside the server, else null. */
  #answerLeg(leg: Leg, outcome: Outcome): Promise<Leg | null> {
    this.#user = outcome.user ?? outcome.earlierUser ?? null;
    const answer = withNamedHandler(outcome.answer, this.shared.handlers);
    if (answer.kind === 'handler') return this.#answerByHandler(leg, outcome, answer);
    return this.#answerByServer(leg, outcome, answer);
  }

  async #answerByServer(leg: Leg, outcome: Outcome, answer: Outcome['answer']): Promise<null> {
    if (answer.kind === 'file') await this.#answerByFile(leg, outcome, answer);
    else if (answer.kind === 'listing') this.#answerByListing(leg, outcome, answer.file);
    else await this.#answerByPage(leg, outcome);
    return null;
  }

  #refuseName(): void {
    const host = headerOf(this.#request, 'host') ?? '';
    const message = `A request for the host name "${host}" was refused: the local server answers only to localhost, so that no other web site can read it through your browser. Open it as http://localhost.`;
    this.shared.emit({ kind: 'problem', message, dispatcher: null, request: this.id });
    sendPage(this.response, { status: 403, headers: [['Connection', 'close']] }, this.facts());
  }

  /** TRACE sends the request back, unless its path makes no sense. */
  async #trace(): Promise<void> {
    const outcome = this.#outcomeOf(this.#request);
    const isBadPath =
      outcome.status === 400 || (outcome.status === 404 && UNMAPPABLE.test(this.#request.target));
    if (isBadPath) await this.#answerLeg({ request: this.#request, earlierFields: [] }, outcome);
    else this.#echo();
  }

  #echo(): void {
    const { body, head } = this.incoming;
    if (body.declared !== 0) {
      return sendPage(this.response, { status: 413, headers: [] }, this.facts());
    }
    const fields = mergeHeaders(head.headers);
    const lines = [head.requestLine, ...Array.from(fields, ([name, value]) => `${name}: ${value}`)];
    writeHead(this.response, { status: 200, headers: [['Content-Type', 'message/http']] });
    this.response.end(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  }

  async #answerByPage(leg: Leg, outcome: Outcome): Promise<void> {
    const { status, location, answer, logMessage } = outcome;
    // The default handler reads what the client still sends before it says that nothing is there.
    const isUnmapped = UNMAPPABLE.test(leg.request.target);
    if (OF_DEFAULT_HANDLER.has(status) && !isUnmapped && !(await this.#discardBody())) return;
    const isPlain = answer.kind === 'error' && answer.message === null;
    if (status >= 500 && logMessage !== null && isPlain && this.shared.developerPages) {
      return this.fail({ message: `Apache answers ${status}: ${logMessage}`, logMessage, errorOutput: '' });
    }
    const own: HeaderField[] = location === null ? [] : [['Location', location]];
    if (status === 405 || status === 501) own.push(ALLOW);
    const headers = headersOf(leg, outcome, own);
    if (answer.kind === 'error' && status === 200)
      return sendText(this.response, { status, headers: [ALLOW] }, '');
    if (answer.kind === 'error' && answer.message !== null) {
      const typed = overlay([['Content-Type', 'text/html; charset=iso-8859-1']], headers);
      return sendText(this.response, { status, headers: typed }, answer.message);
    }
    sendPage(this.response, { status, headers }, { ...this.facts(), location });
  }

  #answerByListing(leg: Leg, outcome: Outcome, folder: string): void {
    const { site } = this.shared;
    const names = (site.list(folder) ?? []).filter((name) => !name.startsWith('.')).sort();
    const entries = names.map((name) => {
      const isFolder = site.stat(`${folder.replace(/\/$/, '')}/${name}`)?.kind === 'directory';
      return { name, isFolder };
    });
    const headers = headersOf(leg, outcome, [['Content-Type', 'text/html;charset=ISO-8859-1']]);
    sendText(this.response, { status: 200, headers }, listingPage(outcome.uri, entries, this.shared.host));
  }

  async #answerByFile(
    leg: Leg,
    outcome: Outcome,
    { file, contentType }: { readonly file: string; readonly contentType: string | null },
  ): Promise<void> {
    if (!(await this.#discardBody(outcome.status !== 200))) return;
    const local = this.shared.site.localPath(file);
    if (local === undefined || isHidden(file, this.shared.site.treeRoot)) return this.#refuseFile(file);
    const request = documentRequest(leg.request, outcome);
    if (request.method === 'OPTIONS') {
      const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
      const headers = headersOf(leg, outcome, [ALLOW, ...type]);
      return sendText(this.response, { status: outcome.status, headers }, '');
    }
    if (!METHODS_OF_FILES.has(request.method))
      return sendPage(this.response, { status: 405, headers: [ALLOW] }, this.facts());
    return this.#sendFile({ ...leg, request }, outcome, { local, contentType });
  }

  async #sendFile(
    leg: Leg,
    outcome: Outcome,
    { local, contentType }: { readonly local: string; readonly contentType: string | null },
  ): Promise<void> {
    const { request } = leg;
    const stats = statFile(local);
    if (typeof stats === 'number')
      return sendPage(this.response, { status: stats, headers: [] }, this.facts());
    const { status } = outcome;
    const plan = planStatic({ request, status, contentType, now: Date.now() }, stats);
    if (plan.status === 416) return sendPage(this.response, plan, this.facts());
    writeHead(this.response, { status: plan.status, headers: headersOf(leg, outcome, plan.headers) });
    const hasContent = request.method !== 'HEAD' && plan.content.length > 0;
    if (hasContent) await sendContent(this.response, local, plan.content);
    else this.response.end();
  }

  /** Reads the rest of the request; false where it was no body, and the client has been told. */
  async #discardBody(isError = false): Promise<boolean> {
    const { body, head } = this.incoming;
    // A client that waits to be asked for its body is not asked for the sake of an error.
    if (isError && head.framing.expects && !body.isStarted) return true;
    if (body.isDone || (await discard(body))) return true;
    sendPage(this.response, { status: 400, headers: [] }, this.facts());
    return false;
  }

  #refuseFile(file: string): void {
    const message = `${textOfByteString(file)} is not served: names that begin with a dot, and files outside the site, stay private.`;
    this.shared.emit({ kind: 'problem', message, dispatcher: null, request: this.id });
    sendPage(this.response, { status: 403, headers: [] }, this.facts());
  }

  async #answerByHandler(
    leg: Leg,
    outcome: Outcome,
    answer: Outcome['answer'] & { readonly kind: 'handler' },
  ): Promise<Leg | null> {
    const local = this.shared.site.localPath(answer.file);
    const program = local === undefined ? null : programFor(answer, local, this.shared.handlers);
    if (local === undefined || program === null) {
      this.fail(unknownHandler(answer));
      return null;
    }
    this.#dispatcher = local;
    const end = await new ProgramRequest(this, { leg, outcome, program, local }).run();
    return this.#afterProgram(end, leg, outcome);
  }

  async #afterProgram(end: ProgramEnd, leg: Leg, outcome: Outcome): Promise<Leg | null> {
    if (end.kind === 'answered') return null;
    if (end.kind === 'failed') return this.#failByDocument(end.failure, end.status, { leg, outcome });
    if (end.kind === 'page') {
      sendPage(this.response, { status: end.status, headers: lasting(end.fields) }, this.facts());
      return null;
    }
    return this.#redirect(end, { leg, outcome });
  }

  /** A program that has failed: its explanation, or what the site's ErrorDocument makes of the status. */
  async #failByDocument(
    failure: Failure,
    status: number,
    { leg, outcome }: { readonly leg: Leg; readonly outcome: Outcome },
  ): Promise<Leg | null> {
    // The document of an error that fails itself has none: Apache's own page ends it.
    if (this.response.headersSent || this.shared.developerPages) {
      this.fail(failure, status, outcome.status === 200 ? this.#visitorPage(leg, status) : undefined);
      return null;
    }
    this.#tellFailure(failure);
    if (outcome.status !== 200) {
      sendPage(this.response, { status: outcome.status, headers: [] }, { ...this.facts(), further: status });
      return null;
    }
    const document = this.shared.evaluator.failure(leg.request, this.incoming.ends, status);
    if (document.status !== 200) return this.#answerLeg(leg, document);
    sendPage(this.response, { status, headers: [] }, this.facts());
    return null;
  }

  /** Answers with a 302, or gives the next leg inside the server. */
  #redirect(
    { redirect, fields, environment }: ProgramEnd & { readonly kind: 'redirect' },
    { leg, outcome }: { readonly leg: Leg; readonly outcome: Outcome },
  ): Leg | null {
    const { location } = redirect;
    const request: HttpRequest = { ...leg.request, method: 'GET', target: location };
    const redirectedFrom = { environment, uri: outcome.uri, query: outcome.query };
    const next: Leg = { request, redirectedFrom, earlierFields: [...leg.earlierFields, ...lasting(fields)] };
    if (redirect.kind === 'internal') return next;
    const headers = headersOf(next, outcome, location === '' ? [] : [['Location', location]]);
    sendPage(this.response, { status: 302, headers }, { ...this.facts(), location });
    return null;
  }
}

/** A handler that no module of Apache's has is the default one, unless the project says what runs it. */
function withNamedHandler(answer: Outcome['answer'], handlers: Handlers): Outcome['answer'] {
  if (answer.kind !== 'file' || answer.handler === undefined) return answer;
  const { file, handler } = answer;
  return Object.hasOwn(handlers, handler) ? { kind: 'handler', file, handler } : answer;
}

/** The server's own headers with those of earlier programs and of directives. */
function headersOf(leg: Leg, outcome: Outcome, own: readonly HeaderField[]): HeaderField[] {
  return overlay([...leg.earlierFields, ...own], outcome.headers);
}

/** The document of an error is asked for by GET, whatever the client's method was; HEAD still gets no body. */
function documentRequest(request: HttpRequest, { status }: Outcome): HttpRequest {
  if (status === 200 || request.method === 'HEAD') return request;
  return { ...request, method: 'GET' };
}

/** What a path may not hold: 404 before anything is looked at. */
const UNMAPPABLE = /%(?:00|2f)/i;
/** Statuses by which the default handler says that it has nothing. */
const OF_DEFAULT_HANDLER = new Set([404, 405, 501]);
/** What Apache's default handler allows (measured). */
const ALLOW: HeaderField = ['Allow', 'GET,POST,OPTIONS,HEAD,TRACE'];
const METHODS_OF_FILES = new Set(['GET', 'HEAD', 'POST']);
/** Headers of a program that stay when another answer takes the place of its own. */
function lasting(fields: readonly HeaderField[]): readonly HeaderField[] {
  return fields.filter(([name]) => !LOST_ON_REDIRECT.has(name.toLowerCase()));
}

const LOST_ON_REDIRECT = new Set([
  'location',
  'content-length',
  'content-range',
  'transfer-encoding',
  'etag',
  'last-modified',
]);
