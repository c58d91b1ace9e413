import { missingTarget, type MissingTarget } from '../apache/missingTarget';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { mergeHeaders, type HeaderField } from '../fastcgi';
import { asChanged, type Leg } from '../fastcgi/requestVariables';
import { textOfByteString } from '../text/bytes';
import { decisivePlace } from '../urls';
import type { IncomingRequest } from './http/connection';
import { discard } from './http/requestBody';
import type { HttpResponse } from './http/response';
import { roundAndRound, siteGone } from './failures';
import { isHidden } from './incoming';
import { listingPage, type Failure, type PageFacts } from './pages';
import { overlay, sendPage, sendText, writeHead } from './reply';
import type { RequestContext } from './requestContext';
import { planStatic, sendContent, statFile } from './staticFile';

/** The request that is answered. */
export interface ServerContext {
  readonly shared: RequestContext;
  readonly incoming: IncomingRequest;
  readonly response: HttpResponse;
  readonly id: number;
  facts(): PageFacts;
  /** Answers with the explanation or Apache's page; 500 where no status is given. */
  fail(failure: Failure, status?: number): void;
}

/** What the server answers itself, without a program: a file, a listing, or a page of its own. */
export class ServerAnswer {
  readonly #context: ServerContext;
  readonly #shared: RequestContext;
  readonly #response: HttpResponse;
  readonly #leg: Leg;
  readonly #outcome: Outcome;

  constructor(context: ServerContext, leg: Leg, outcome: Outcome) {
    this.#context = context;
    this.#shared = context.shared;
    this.#response = context.response;
    this.#leg = leg;
    this.#outcome = outcome;
  }

  async send(answer: Outcome['answer']): Promise<void> {
    if (this.#isSiteGone(answer))
      this.#context.fail(siteGone(this.#shared.site.localPath(this.#shared.documentRoot)), 404);
    else if (answer.kind === 'file') await this.#file(answer);
    else if (answer.kind === 'listing') await this.#listing(answer.file);
    else await this.#page();
  }

  /** Nothing is found, or nothing is in the listing, because the whole document root went away. */
  #isSiteGone({ kind }: Outcome['answer']): boolean {
    if (kind !== 'listing' && this.#outcome.status !== 404) return false;
    const { site, documentRoot } = this.#shared;
    return site.stat(documentRoot) === undefined;
  }

  async #page(): Promise<void> {
    const { status, location, answer, logMessage } = this.#outcome;
    if (this.#isOfDefaultHandler() && !(await this.#discardBody())) return;
    const isPlain = answer.kind === 'error' && (answer.message ?? '') === '';
    if (status >= 500 && logMessage !== null && isPlain && this.#shared.developerPages) {
      const words = textOfByteString(logMessage);
      const message = words.startsWith('AH00124')
        ? roundAndRound(this.#missing())
        : `Apache answers ${status}: ${words}`;
      return this.#context.fail({ message, logMessage: words, errorOutput: '', ...this.#place() });
    }
    const own: HeaderField[] = location === null ? [] : [['Location', location]];
    if (status === 405 || status === 501) own.push(ALLOW);
    const headers = this.#headers(own);
    if (answer.kind === 'error' && status === 200)
      return sendText(this.#response, { status, headers: [ALLOW] }, '');
    if (answer.kind === 'error' && answer.message !== null) {
      const typed = overlay([['Content-Type', 'text/html; charset=iso-8859-1']], headers);
      return sendText(this.#response, { status, headers: typed }, answer.message);
    }
    const further = answer.kind === 'error' ? answer.further : undefined;
    sendPage(this.#response, { status, headers }, { ...this.#context.facts(), location, further });
  }

  #missing(): MissingTarget | undefined {
    const { site, documentRoot } = this.#shared;
    return missingTarget(site, documentRoot, this.#outcome.uri);
  }

  /** The line that decided; none where the steps are not kept. */
  #place(): Pick<Failure, 'place'> {
    const decisive = decisivePlace(this.#outcome);
    if (decisive === undefined) return {};
    const file = this.#shared.site.localPath(decisive.file);
    return file === undefined ? {} : { place: { file, line: decisive.line } };
  }

  async #listing(folder: string): Promise<void> {
    if (!(await this.#discardBody())) return;
    const { site } = this.#shared;
    const names = (site.list(folder) ?? []).filter((name) => !name.startsWith('.')).sort();
    const entries = names.map((name) => {
      const isFolder = site.stat(`${folder.replace(/\/$/, '')}/${name}`)?.kind === 'directory';
      return { name, isFolder };
    });
    const headers = this.#headers([['Content-Type', 'text/html;charset=ISO-8859-1']]);
    sendText(
      this.#response,
      { status: 200, headers },
      listingPage(this.#outcome.uri, entries, this.#shared.host),
    );
  }

  async #file({
    file,
    contentType,
  }: {
    readonly file: string;
    readonly contentType: string | null;
  }): Promise<void> {
    const isError = this.#outcome.status !== 200 && !this.#isOfDefaultHandler();
    if (!(await this.#discardBody(isError))) return;
    const local = this.#shared.site.localPath(file);
    if (local === undefined || isHidden(file, this.#shared.site.treeRoot)) return this.#refuseFile(file);
    const request = documentRequest(this.#leg.request, this.#outcome);
    if (request.method === 'OPTIONS') {
      const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
      const headers = this.#headers([ALLOW, ...type]);
      return sendText(this.#response, { status: this.#outcome.status, headers }, '');
    }
    if (!METHODS_OF_FILES.has(request.method))
      return sendPage(this.#response, { status: 405, headers: [ALLOW] }, this.#context.facts());
    return this.#sendFile(request, { local, contentType });
  }

  async #sendFile(
    request: HttpRequest,
    { local, contentType }: { readonly local: string; readonly contentType: string | null },
  ): Promise<void> {
    const stats = statFile(local);
    if (typeof stats === 'number')
      return sendPage(this.#response, { status: stats, headers: [] }, this.#context.facts());
    const { status, etag } = this.#outcome;
    const plan = planStatic({ request, status, contentType, etag, now: Date.now() }, stats);
    const outcome = this.#outcomeFor(plan.status);
    if (plan.status === 416 && status !== 416) return this.#unsatisfiable(outcome);
    writeHead(this.#response, { status: plan.status, headers: headersOf(this.#leg, outcome, plan.headers) });
    const hasContent = request.method !== 'HEAD' && plan.content.length > 0;
    if (hasContent) await sendContent(this.#response, local, plan.content);
    else this.#response.end();
  }

  /** No part of the file is what the client asks for: an error, with its document. */
  async #unsatisfiable(outcome: Outcome): Promise<void> {
    if (outcome.status === 200 || outcome.answer.kind === 'handler')
      return sendPage(this.#response, { status: 416, headers: [] }, this.#context.facts());
    return new ServerAnswer(this.#context, this.#leg, outcome).send(outcome.answer);
  }

  /** Directives may ask for the status that the conditions of the request led to, or be silent on an error. */
  #outcomeFor(status: number): Outcome {
    const isHeaderOnly = status === 304 || status === 412;
    if (status === this.#outcome.status) return this.#outcome;
    if (status !== 416 && !(isHeaderOnly && this.#outcome.headers.length > 0)) return this.#outcome;
    return this.#shared.evaluator.withConditions(this.#leg.request, this.#context.incoming.ends);
  }

  /** The default handler reads what the client still sends before it says that nothing is there, or that the method is none. */
  #isOfDefaultHandler(): boolean {
    const { status, logMessage } = this.#outcome;
    if (isUnmappable(this.#leg.request)) return false;
    return status === 405 || status === 501 || (status === 404 && NOTHING_THERE.test(logMessage ?? ''));
  }

  #headers(own: readonly HeaderField[]): HeaderField[] {
    return headersOf(this.#leg, this.#outcome, own);
  }

  /** Reads the rest of the request; false where it was no body, and the client has been told. */
  async #discardBody(isError = false): Promise<boolean> {
    const { body, head } = this.#context.incoming;
    // A client that waits to be asked for its body is not asked for the sake of an error.
    if (isError && head.framing.expects && !body.isStarted) return true;
    if (body.isDone || (await discard(body))) return true;
    sendPage(this.#response, { status: 400, headers: [] }, this.#context.facts());
    return false;
  }

  #refuseFile(file: string): void {
    const message = `${textOfByteString(file)} is not served: names that begin with a dot, and files outside the site, stay private.`;
    this.#shared.emit({ kind: 'problem', message, dispatcher: null, request: this.#context.id });
    sendPage(this.#response, { status: 403, headers: [] }, this.#context.facts());
  }
}

/** The answer to TRACE: the request as it came. */
export function echo({ body, head }: IncomingRequest, response: HttpResponse, facts: PageFacts): void {
  if (body.declared !== 0) return sendPage(response, { status: 413, headers: [] }, facts);
  const fields = mergeHeaders(head.headers);
  const lines = [head.requestLine, ...Array.from(fields, ([name, value]) => `${name}: ${value}`)];
  writeHead(response, { status: 200, headers: [['Content-Type', 'message/http']] });
  response.end(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
}

/** The server's own headers with those of earlier programs and of directives. */
function headersOf(leg: Leg, outcome: Outcome, own: readonly HeaderField[]): HeaderField[] {
  const { without = [], headers } = outcome;
  const kept = without.length === 0 ? own : own.filter(([name]) => !without.includes(name.toLowerCase()));
  return overlay([...leg.earlierFields, ...kept], headers);
}

/** The document of an error is asked for by GET, whatever the client's method was; HEAD still gets no body. */
function documentRequest(sent: HttpRequest, outcome: Outcome): HttpRequest {
  const request = asChanged(sent, outcome);
  const { status } = outcome;
  if (status === 200 || request.method === 'HEAD') return request;
  return { ...request, method: 'GET' };
}

/** The path holds what no path may: 404 before anything is looked at. */
export function isUnmappable({ target }: HttpRequest): boolean {
  return /^[^?]*%(?:00|2f)/i.test(target);
}

/** What the default handler logs with its 404. */
const NOTHING_THERE = /^AH0012[89]: /;
/** What Apache's default handler allows (measured). */
export const ALLOW: HeaderField = ['Allow', 'GET,POST,OPTIONS,HEAD,TRACE'];
const METHODS_OF_FILES = new Set(['GET', 'HEAD', 'POST']);
