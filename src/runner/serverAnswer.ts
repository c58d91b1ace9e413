import { missingTarget, type MissingTarget } from '../apache/missingTarget';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { LISTING_TYPE } from '../apache/request/responseHeaders';
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
import { overlay, sendPage, sendText, typeOfPage, writeHead } from './reply';
import type { RequestContext } from './requestContext';
import { planStatic, planText, sendContent, statFile } from './staticFile';

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

  async send(answer: Outcome['answer'], isOfRange = false): Promise<void> {
    if (this.#isSiteGone(answer))
      this.#context.fail(siteGone(this.#shared.site.localPath(this.#shared.documentRoot)), 404);
    else if (answer.kind === 'file') await this.#file(answer);
    else if (answer.kind === 'listing') await this.#listing(answer);
    else await this.#page(isOfRange);
  }

  /** Nothing is found, or nothing is in the listing, because the whole document root went away. */
  #isSiteGone({ kind }: Outcome['answer']): boolean {
    if (kind !== 'listing' && this.#outcome.status !== 404) return false;
    const { site, documentRoot } = this.#shared;
    return site.stat(documentRoot) === undefined;
  }

  async #page(isOfRange: boolean): Promise<void> {
    const { status, location, answer, logMessage, isBodyDiscarded, redirects } = this.#outcome;
    if (isBodyDiscarded === true && !(await this.#discardBody())) return;
    const isPlain = answer.kind === 'error' && (answer.message ?? '') === '';
    if (status >= 500 && logMessage !== null && isPlain && this.#shared.developerPages) {
      const words = textOfByteString(logMessage);
      const message = words.startsWith('AH00124')
        ? roundAndRound(this.#missing())
        : `Apache answers ${status}: ${words}`;
      return this.#context.fail({ message, logMessage: words, errorOutput: '', ...this.#place() });
    }
    // Who reads a body, or a range, says that it is too long in the place of who answers.
    const isOfFilter = isOfRange || (status === 413 && logMessage?.startsWith(BODY_TOO_LONG) === true);
    const own: HeaderField[] = location === null ? [] : [['Location', location]];
    // What a directive refuses does not come to the handler, which knows what it takes.
    if (status === 405 || status === 501) own.push(isBodyDiscarded === true ? ALLOW : ['Allow', 'TRACE']);
    const headers = this.#headers(own);
    if (answer.kind === 'error' && status === 200)
      return sendText(this.#response, { status, headers: [ALLOW] }, '');
    const contentType = 'contentType' in answer ? answer.contentType : undefined;
    if (answer.kind === 'error' && answer.message !== null) {
      const typed = overlay(headers, typeOfPage(contentType));
      return sendText(this.#response, { status, headers: typed }, answer.message, isOfFilter);
    }
    const further = answer.kind === 'error' ? answer.further : undefined;
    const facts = { ...this.#context.facts(), location, further, contentType, isOfFilter };
    // The document that failed itself was asked for by GET.
    if (further !== undefined && redirects > 0) facts.method = 'GET';
    sendPage(this.#response, { status, headers }, facts);
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

  async #listing({
    file: folder,
    contentType = LISTING_TYPE,
  }: Outcome['answer'] & { readonly kind: 'listing' }): Promise<void> {
    if (!(await this.#discardBody())) return;
    const { site } = this.#shared;
    const names = (site.list(folder) ?? []).filter((name) => !name.startsWith('.')).sort();
    const entries = names.map((name) => {
      const isFolder = site.stat(`${folder.replace(/\/$/, '')}/${name}`)?.kind === 'directory';
      return { name, isFolder };
    });
    const page = listingPage(this.#outcome.uri, entries, this.#shared.host);
    const request = asChanged(this.#leg.request, this.#outcome);
    const plan = planText(page, { request, status: this.#outcome.status, contentType });
    if (plan === 'unsatisfiable') {
      const { evaluator } = this.#shared;
      return this.#unsatisfiable(evaluator.failure(this.#leg.request, this.#context.incoming.ends, 416));
    }
    sendText(this.#response, { ...plan, headers: this.#headers(plan.headers) }, plan.body);
  }

  async #file({
    file,
    contentType,
  }: {
    readonly file: string;
    readonly contentType: string | null;
  }): Promise<void> {
    const { status, isBodyDiscarded } = this.#outcome;
    if (!(await this.#discardBody(status !== 200 && isBodyDiscarded !== true))) return;
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
      return sendPage(
        this.#response,
        { status: 416, headers: [] },
        { ...this.#context.facts(), isOfFilter: true },
      );
    return new ServerAnswer(this.#context, this.#leg, outcome).send(outcome.answer, true);
  }

  /** Directives may ask for the status that the conditions of the request led to, or be silent on an error. */
  #outcomeFor(status: number): Outcome {
    const isHeaderOnly = status === 304 || status === 412;
    if (status === this.#outcome.status) return this.#outcome;
    if (status !== 416 && !(isHeaderOnly && this.#outcome.headers.length > 0)) return this.#outcome;
    return this.#shared.evaluator.withConditions(this.#leg.request, this.#context.incoming.ends);
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
  const { without = [], headers, location, answer } = outcome;
  // A page has it among its own.
  const isContent = location !== null && (answer.kind === 'file' || answer.kind === 'listing');
  if (isContent) return headersOf(leg, { ...outcome, location: null }, [...own, ['Location', location]]);
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

/** What Apache logs with the 413 of LimitRequestBody. */
const BODY_TOO_LONG = 'AH01588: ';
/** What Apache's default handler allows (measured). */
export const ALLOW: HeaderField = ['Allow', 'GET,POST,OPTIONS,HEAD,TRACE'];
const METHODS_OF_FILES = new Set(['GET', 'HEAD', 'POST']);
