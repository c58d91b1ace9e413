import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { headerOf } from '../apache/request/conditions';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { ConnectionEnds, HeaderField } from '../fastcgi';
import type { Leg } from '../fastcgi/requestVariables';
import { byteStringOf } from '../text/bytes';
import { TOO_MANY_REDIRECTS, unknownHandler } from './failures';
import type { IncomingRequest } from './http/connection';
import type { HeadFault } from './http/head';
import type { HttpResponse } from './http/response';
import { isNameAllowed } from './incoming';
import { apachePage, developerPage, escapeHtml, type Failure, type PageFacts } from './pages';
import { ProgramRequest, type ProgramContext, type ProgramEnd } from './programRequest';
import { programFor, withNamedHandler } from './programs';
import type { KnownQuestion, Responder } from './question';
import { RequestRecorder } from './record';
import { sendPage, sendText } from './reply';
import type { RequestContext } from './requestContext';
import { ALLOW, echo, isUnmappable, ServerAnswer, type ServerContext } from './serverAnswer';

type UnansweredEnd = Exclude<ProgramEnd, { readonly kind: 'answered' }>;

/** What stands for a page with nothing on it. */
const EMPTY_PAGE = '<p>An empty page</p>';

/** Apache's limit (LimitInternalRecursion). */
const MOST_REDIRECTS = 10;

/** Answers one HTTP request; never rejects. Emits its `request` event when the answer is out. */
export function handleRequest(
  context: RequestContext,
  incoming: IncomingRequest,
  response: HttpResponse,
): Promise<void> {
  return new RequestExchange(context, incoming, response).run();
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
  const time = Date.now();
  context.emit({ kind: 'arrived', id, time, method, target });
  sendPage(at.response, { status, headers: [] }, { method, host: context.host, note });
  const { remoteAddr } = at.ends;
  const { bytes } = at.response;
  context.accessLog?.add({ time, remoteAddr, user: null, requestLine, status, bytes, headers: [] });
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

class RequestExchange implements ProgramContext, ServerContext {
  readonly shared: RequestContext;
  readonly incoming: IncomingRequest;
  readonly response: HttpResponse;
  readonly recorder: RequestRecorder | null;
  readonly id: number;
  readonly #request: HttpRequest;
  /** What was asked of a program when the client last sent the same words on this connection. */
  readonly #known: KnownQuestion | null;
  readonly #began = performance.now();
  /** Milliseconds since 1970. */
  readonly #time = Date.now();
  #dispatcher: string | null = null;
  #user: string | null = null;

  constructor(shared: RequestContext, incoming: IncomingRequest, response: HttpResponse) {
    this.shared = shared;
    this.incoming = incoming;
    this.response = response;
    const { method, path } = incoming.head;
    this.#request = incoming.head.request;
    this.#known = incoming.head.memory.question;
    this.id = shared.nextId();
    this.recorder = shared.record ? new RequestRecorder() : null;
    shared.emit({ kind: 'arrived', id: this.id, time: this.#time, method, target: path });
    this.#observe();
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

  /** Every `await` costs on the way of a request: the legs are waited for here, and nowhere between. */
  async run(): Promise<void> {
    const { handling } = this.shared;
    handling.begin();
    try {
      let leg = this.#firstLeg();
      for (let redirects = 0; leg !== null; redirects++) {
        if (redirects > MOST_REDIRECTS) return this.fail(TOO_MANY_REDIRECTS);
        leg = await this.#answerLeg(leg, this.#outcomeOf(leg.request));
      }
    } catch (error) {
      const message = `The local server failed: ${(error as Error).message}`;
      this.fail({ message, logMessage: null, errorOutput: '' });
    } finally {
      this.#report();
      handling.end();
    }
  }

  /** Null where the request is answered whatever the site says. */
  #firstLeg(): Leg | null {
    // What was asked before has been let in before.
    if (this.#known === null && !isNameAllowed(this.#request, this.shared.names)) this.#refuseName();
    else if (this.#request.method === 'CONNECT')
      sendPage(this.response, { status: 405, headers: [ALLOW] }, this.facts());
    else if (this.#request.target === '*' && this.#request.method !== 'TRACE')
      sendText(this.response, { status: 200, headers: [] }, '');
    else return { request: this.#request, earlierFields: [] };
    return null;
  }

  #report(): void {
    const { method, target, protocol = '', headers } = this.#request;
    const milliseconds = performance.now() - this.#began;
    const { status, bytes, isComplete } = this.response;
    const { accessLog, emit } = this.shared;
    const { requestLine } = this.incoming.head;
    const { remoteAddr } = this.incoming.ends;
    const time = this.#time;
    accessLog?.add({ time, remoteAddr, user: this.#user, requestLine, status, bytes, headers });
    const { id } = this;
    const dispatcher = this.#dispatcher;
    const told = { id, method, target, status, milliseconds, dispatcher };
    const end = { protocol, requestHeaders: headers, cut: !isComplete };
    const record = this.recorder === null ? null : this.recorder.finish({ ...told, ...end });
    emit({ kind: 'request', id, method, target, status, milliseconds, dispatcher, record });
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
    const { message, place } = failure;
    const told = { message, dispatcher: this.#dispatcher, request: this.id };
    this.shared.emit({ kind: 'problem', ...told, ...(place && { place }) });
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
    const { ends, head } = this.incoming;
    const isFirst = request === this.#request;
    const now = isFirst ? this.#time : Date.now();
    const outcome = this.shared.evaluator.outcome(request, ends, now, isFirst ? head.memory : undefined);
    this.recorder?.outcome(outcome);
    return outcome;
  }

  /** The next leg when a program sends the request elsewhere inside the server, else null. */
  #answerLeg(leg: Leg, outcome: Outcome): Promise<Leg | null> {
    if (leg.request.method === 'TRACE' && !isBadPath(outcome, leg.request)) return this.#trace();
    if (outcome.dropsConnection === true) this.response.isLast = true;
    this.#user = outcome.user ?? outcome.earlierUser ?? null;
    const answer = withNamedHandler(outcome.answer, this.shared.handlers);
    if (answer.kind === 'handler') return this.#answerByHandler(leg, outcome, answer);
    return new ServerAnswer(this, leg, outcome).send(answer).then(() => null);
  }

  #trace(): Promise<null> {
    echo(this.incoming, this.response, this.facts());
    return Promise.resolve(null);
  }

  #refuseName(): void {
    const host = headerOf(this.#request, 'host') ?? '';
    const port = /:\d+$/.exec(host)?.[0] ?? '';
    const message = `A request for the host name "${host}" was refused: the local server answers only to localhost and names below it, so that no other web site can read it through your browser. Open it as http://localhost${port}, or by a name such as shop.localhost${port}.`;
    this.shared.emit({ kind: 'problem', message, dispatcher: null, request: this.id });
    const note = this.shared.developerPages ? `<br />\n${escapeHtml(message)}` : '';
    sendPage(this.response, { status: 403, headers: [['Connection', 'close']] }, { ...this.facts(), note });
  }

  async #answerByHandler(
    leg: Leg,
    outcome: Outcome,
    answer: Outcome['answer'] & { readonly kind: 'handler' },
  ): Promise<Leg | null> {
    const known = leg.request === this.#request ? this.#known : null;
    const responder = known?.outcome === outcome ? known.responder : this.#responder(answer);
    if (responder === null) {
      this.fail(unknownHandler(answer));
      return null;
    }
    this.#dispatcher = responder.local;
    const end = await new ProgramRequest(this, { leg, outcome, responder, known }).run();
    if (end.kind === 'answered') return null;
    return this.#afterProgram(end, leg, outcome);
  }

  /** The program for an answer; null where nothing here runs it. */
  #responder(answer: Outcome['answer'] & { readonly kind: 'handler' }): Responder | null {
    const { site, handlers, headsOf } = this.shared;
    const local = site.localPath(answer.file);
    if (local === undefined) return null;
    const program = programFor(answer, local, handlers);
    if (program === null) return null;
    const script = path.basename(local);
    return { program, local, script, heads: headsOf(program.via, script) };
  }

  async #afterProgram(end: UnansweredEnd, leg: Leg, outcome: Outcome): Promise<Leg | null> {
    if (end.kind === 'failed') return this.#failByDocument(end.failure, end.status, { leg, outcome });
    if (end.kind === 'blank') {
      this.fail(end.failure, end.status, EMPTY_PAGE);
      return null;
    }
    if (end.kind === 'page') {
      const headers = pageHeaders(outcome, end.status, [...leg.earlierFields, ...lasting(end.fields)]);
      sendPage(this.response, { status: end.status, headers }, this.facts());
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
      this.response.isLast = true;
      sendPage(
        this.response,
        { status: outcome.status, headers: [] },
        { ...this.facts(), further: outcome.status },
      );
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
    const headers = pageHeaders(outcome, 302, next.earlierFields);
    if (location !== '') headers.push(['Location', location]);
    sendPage(this.response, { status: 302, headers }, { ...this.facts(), location });
    return null;
  }
}

/** TRACE sends any request back but one whose path makes no sense. */
function isBadPath({ status }: Outcome, request: HttpRequest): boolean {
  return status === 400 || (status === 404 && isUnmappable(request));
}

/** Of a page that Apache sends in place of a program's answer: what stays of the program's own, and `Header always`. */
function pageHeaders({ headersFor }: Outcome, status: number, fields: readonly HeaderField[]): HeaderField[] {
  return [...(headersFor?.({ status, contentType: null, fields }, 'page') ?? fields)];
}

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
