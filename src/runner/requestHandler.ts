import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as path from 'node:path';
import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import { encodeRequest, type HeaderField, type NameValue } from '../fastcgi';
import { byteStringOf, textOfByteString } from '../text/bytes';
import { readBody } from './body';
import { CgiAnswer } from './cgiAnswer';
import { headerOf } from './conditions';
import type { DiskSite } from './diskSite';
import type { EventSink } from './events';
import { REQUEST_ID } from './exchange';
import { faultInWords, TOO_MANY_REDIRECTS, tooLong, unknownHandler } from './failures';
import { httpRequest, isHidden, isNameAllowed } from './incoming';
import { developerPage, listingPage, type Failure, type PageFacts } from './pages';
import type { DispatcherPool, JobEnd } from './pool';
import { ObservedResponse } from './observedResponse';
import { RequestRecorder } from './record';
import { overlay, sendPage, sendText, writeHead } from './reply';
import { connectionEnds, requestVariables, type Leg } from './requestVariables';
import { planStatic, sendContent, statFile } from './staticFile';

/** What Apache does with a request; the real one is `evaluate` of apache/request. */
export type Evaluate = (input: {
  readonly request: HttpRequest;
  readonly site: Site;
  readonly host: HostProfile;
  readonly documentRoot: string;
  /** False: the steps need not be kept. */
  readonly trace?: boolean;
  /** Seconds since 1970. */
  readonly time?: number;
}) => Outcome;

/** What all requests of a site share. */
export interface RequestContext {
  readonly site: DiskSite;
  readonly host: HostProfile;
  /** Absolute on the server, a byte string. */
  readonly documentRoot: string;
  readonly evaluate: Evaluate;
  readonly poolOf: (file: string) => DispatcherPool;
  readonly emit: EventSink;
  /** Names that a Host header may hold, in lower case. */
  readonly names: ReadonlySet<string>;
  /** Bytes of a request's body that a program may get. */
  readonly maxBody: number;
  /** Failures are explained instead of hidden behind Apache's page. */
  readonly developerPages: boolean;
  /** A number for each request, ascending. */
  readonly nextId: () => number;
  /** Everything about each request is told, its trace included. */
  readonly record: boolean;
}

/** Apache's limit (LimitInternalRecursion). */
const MOST_REDIRECTS = 10;

/** Answers one HTTP request; never rejects. Emits its `request` event when the answer is out. */
export async function handleRequest(
  context: RequestContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = new RequestExchange(context, message, response);
  try {
    await exchange.answer();
  } catch (error) {
    exchange.fail({
      message: `The local server failed: ${(error as Error).message}`,
      logMessage: null,
      errorOutput: '',
    });
  } finally {
    message.resume();
    exchange.report();
  }
}

class RequestExchange {
  readonly #context: RequestContext;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #request: HttpRequest;
  readonly #began = performance.now();
  readonly #id: number;
  readonly #recorder: RequestRecorder | null;
  readonly #uniqueId = randomBytes(20).toString('base64url');
  #dispatcher: string | null = null;
  #body: Uint8Array = new Uint8Array(0);
  constructor(context: RequestContext, message: IncomingMessage, response: ServerResponse) {
    this.#context = context;
    this.#message = message;
    this.#response = response;
    this.#request = httpRequest(message);
    this.#id = context.nextId();
    this.#recorder = context.record ? new RequestRecorder() : null;
    const { method, target } = this.#request;
    context.emit({ kind: 'arrived', id: this.#id, time: Date.now(), method, target });
    if (response instanceof ObservedResponse) this.#observe(response);
  }

  #observe(response: ObservedResponse): void {
    const recorder = this.#recorder;
    if (recorder === null) return;
    response.onHead = ({ headers }) => {
      recorder.responseHead(headers);
      return { headers };
    };
    response.onBody = (piece) => recorder.responseBody(piece);
  }

  async answer(): Promise<void> {
    if (!isNameAllowed(this.#request, this.#context.names)) return this.#refuseName();
    let leg: Leg | null = { request: this.#request, earlierFields: [] };
    for (let redirects = 0; leg !== null; redirects++) {
      if (redirects > MOST_REDIRECTS) return this.fail(TOO_MANY_REDIRECTS);
      leg = await this.#answerLeg(leg);
    }
  }

  report(): void {
    const { method, target, protocol = '', headers } = this.#request;
    const milliseconds = performance.now() - this.#began;
    const { statusCode: status, destroyed } = this.#response;
    const cut = destroyed && !this.#response.writableFinished;
    const told = { id: this.#id, method, target, status, milliseconds, dispatcher: this.#dispatcher };
    const record = this.#recorder?.finish({ ...told, protocol, requestHeaders: headers, cut }) ?? null;
    this.#context.emit({ kind: 'request', ...told, record });
  }

  /** Answers 500, with the explanation or Apache's page; cuts the connection when a part is already out. */
  fail(failure: Failure): void {
    this.#recorder?.failure(failure);
    this.#context.emit({ kind: 'problem', message: failure.message, dispatcher: this.#dispatcher });
    if (this.#response.headersSent) {
      this.#response.destroy();
    } else if (this.#context.developerPages) {
      const headers: HeaderField[] = [['Content-Type', 'text/html; charset=utf-8']];
      sendText(this.#response, { status: 500, headers }, byteStringOf(Buffer.from(developerPage(failure))));
    } else {
      sendPage(this.#response, { status: 500, headers: [['Connection', 'close']] }, this.#facts());
    }
  }

  /** The next leg when a program sends the request elsewhere inside the server, else null. */
  async #answerLeg(leg: Leg): Promise<Leg | null> {
    const outcome = this.#evaluate(leg.request, this.#context.record);
    this.#recorder?.outcome(outcome);
    if (outcome.answer.kind === 'handler') return this.#answerByHandler(leg, outcome, outcome.answer);
    if (outcome.answer.kind === 'file') await this.#answerByFile(leg, outcome, outcome.answer);
    else if (outcome.answer.kind === 'listing') this.#answerByListing(leg, outcome, outcome.answer.file);
    else this.#answerByPage(leg, outcome);
    return null;
  }

  #evaluate(request: HttpRequest, trace = false): Outcome {
    const { evaluate, site, documentRoot } = this.#context;
    return evaluate({
      request,
      site,
      host: this.#host(),
      documentRoot,
      trace,
      time: Date.now() / 1000,
    });
  }

  /** The host as this connection shows it. */
  #host(): HostProfile {
    const { remoteAddr, serverAddr } = connectionEnds(this.#message.socket);
    return { ...this.#context.host, remoteAddr, serverAddr };
  }

  #refuseName(): void {
    const host = headerOf(this.#request, 'host') ?? '';
    const message = `A request for the host name "${host}" was refused: the local server answers only to localhost, so that no other web site can read it through your browser. Open it as http://localhost.`;
    this.#context.emit({ kind: 'problem', message, dispatcher: null });
    sendPage(this.#response, { status: 403, headers: [['Connection', 'close']] }, this.#facts());
  }

  #answerByPage(leg: Leg, outcome: Outcome): void {
    const { status, location, answer, logMessage } = outcome;
    if (status >= 500 && logMessage !== null && answer.kind === 'error' && answer.message === null) {
      return this.fail({ message: `Apache answers ${status}: ${logMessage}`, logMessage, errorOutput: '' });
    }
    const own: HeaderField[] = location === null ? [] : [['Location', location]];
    if (status === 405) own.push(ALLOW);
    const headers = headersOf(leg, outcome, own);
    if (answer.kind === 'error' && status === 200)
      return sendText(this.#response, { status, headers: [ALLOW] }, '');
    if (answer.kind === 'error' && answer.message !== null) {
      const typed = overlay([['Content-Type', 'text/html; charset=iso-8859-1']], headers);
      return sendText(this.#response, { status, headers: typed }, answer.message);
    }
    sendPage(this.#response, { status, headers }, { ...this.#facts(), location });
  }

  #answerByListing(leg: Leg, outcome: Outcome, folder: string): void {
    const { site } = this.#context;
    const names = (site.list(folder) ?? []).filter((name) => !name.startsWith('.')).sort();
    const entries = names.map((name) => {
      const isFolder = site.stat(`${folder.replace(/\/$/, '')}/${name}`)?.kind === 'directory';
      return { name, isFolder };
    });
    const headers = headersOf(leg, outcome, [['Content-Type', 'text/html;charset=ISO-8859-1']]);
    sendText(this.#response, { status: 200, headers }, listingPage(outcome.uri, entries, this.#context.host));
  }

  async #answerByFile(
    leg: Leg,
    outcome: Outcome,
    { file, contentType }: { readonly file: string; readonly contentType: string | null },
  ): Promise<void> {
    const local = this.#context.site.localPath(file);
    if (local === undefined || isHidden(file, this.#context.site.treeRoot)) return this.#refuseFile(file);
    const { request } = leg;
    const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
    if (request.method === 'OPTIONS') {
      const headers = headersOf(leg, outcome, [ALLOW, ...type]);
      return sendText(this.#response, { status: outcome.status, headers }, '');
    }
    if (!METHODS_OF_FILES.has(request.method))
      return sendPage(this.#response, { status: 405, headers: [ALLOW] }, this.#facts());
    return this.#sendFile(leg, outcome, { local, type });
  }

  async #sendFile(
    leg: Leg,
    outcome: Outcome,
    { local, type }: { readonly local: string; readonly type: readonly HeaderField[] },
  ): Promise<void> {
    const { request } = leg;
    const stats = statFile(local);
    if (typeof stats === 'number')
      return sendPage(this.#response, { status: stats, headers: [] }, this.#facts());
    const plan = planStatic({ request, path: local, status: outcome.status }, stats);
    if (plan.status === 416) return sendPage(this.#response, plan, this.#facts());
    const headers = headersOf(leg, outcome, [...plan.headers, ...type]);
    writeHead(this.#response, { status: plan.status, headers });
    await sendContent(this.#response, local, request.method === 'HEAD' ? null : plan.range);
  }

  #refuseFile(file: string): void {
    const message = `${textOfByteString(file)} is not served: names that begin with a dot, and files outside the site, stay private.`;
    this.#context.emit({ kind: 'problem', message, dispatcher: null });
    sendPage(this.#response, { status: 403, headers: [] }, this.#facts());
  }

  async #answerByHandler(
    leg: Leg,
    outcome: Outcome,
    answer: { file: string; handler: string },
  ): Promise<Leg | null> {
    const local = this.#context.site.localPath(answer.file);
    if (!FASTCGI_HANDLERS.has(answer.handler) || local === undefined) {
      this.fail(unknownHandler(answer));
      return null;
    }
    this.#dispatcher = local;
    if (leg.redirectedFrom === undefined && !(await this.#readBody())) return null;
    const environment = this.#environment(leg, outcome);
    this.#recorder?.environment(environment);
    const sink = this.#sink(leg, outcome, local);
    const end = await this.#run(leg, { sink, local, environment });
    this.#recorder?.program(end.pid, sink.errorOutput + end.processOutput);
    if (end.kind === 'aborted') return null;
    if (end.kind === 'failed') {
      this.#failRun(sink, end, local);
      return null;
    }
    return this.#complete(sink, end, { leg, environment, outcome });
  }

  async #readBody(): Promise<boolean> {
    const { maxBody } = this.#context;
    const body = await readBody(this.#message, maxBody);
    if (body === null) return false;
    if (typeof body === 'number') {
      this.fail(tooLong(body, maxBody));
      return false;
    }
    this.#body = body;
    this.#recorder?.requestBody(body);
    return true;
  }

  #environment(leg: Leg, outcome: Outcome): NameValue[] {
    return requestVariables(leg, outcome, {
      target: this.#request.target,
      host: this.#host(),
      documentRoot: this.#context.documentRoot,
      connection: connectionEnds(this.#message.socket),
      bodyLength: this.#body.length,
      uniqueId: this.#uniqueId,
      evaluate: (request) => this.#evaluate(request),
    });
  }

  #sink(leg: Leg, outcome: Outcome, local: string): CgiAnswer {
    return new CgiAnswer({
      response: this.#response,
      request: leg.request,
      script: path.basename(local),
      earlierFields: leg.earlierFields,
      directiveHeaders: outcome.headers,
    });
  }

  async #run(
    { request: { method }, redirectedFrom }: Leg,
    { sink, local, environment }: { sink: CgiAnswer; local: string; environment: readonly NameValue[] },
  ): Promise<JobEnd> {
    const body = redirectedFrom === undefined ? this.#body : new Uint8Array(0);
    const request = encodeRequest({ requestId: REQUEST_ID, keepConnection: true, params: environment, body });
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    this.#response.once('close', onClose);
    if (this.#response.destroyed) gone.abort();
    const repeatable = method === 'GET' || method === 'HEAD';
    const end = await this.#context.poolOf(local).run({ request, sink, signal: gone.signal, repeatable });
    this.#response.off('close', onClose);
    return end;
  }

  #failRun(sink: CgiAnswer, end: JobEnd, local: string): void {
    const logMessage = `End of script output before headers: ${path.basename(local)}`;
    this.fail({ message: end.message, logMessage, errorOutput: sink.errorOutput + end.processOutput });
  }

  #complete(sink: CgiAnswer, end: JobEnd, from: Departure): Leg | null {
    const answer = sink.finish();
    if (answer.kind === 'fault') {
      const errorOutput = sink.errorOutput + end.processOutput;
      this.fail({ message: faultInWords(answer.fault), logMessage: answer.fault.logMessage, errorOutput });
      return null;
    }
    const { logMessages } = answer.head;
    for (const message of logMessages)
      this.#context.emit({ kind: 'problem', message, dispatcher: this.#dispatcher });
    if (answer.kind === 'redirect') return this.#redirect(answer.redirect, answer.head.fields, from);
    if (answer.kind === 'condition') {
      sendPage(this.#response, { status: answer.status, headers: [] }, this.#facts());
    }
    return null;
  }

  /** Answers with a 302, or gives the next leg inside the server. */
  #redirect(
    { kind, location }: { readonly kind: 'internal' | 'external'; readonly location: string },
    fields: readonly HeaderField[],
    { leg, environment, outcome }: Departure,
  ): Leg | null {
    const kept = fields.filter(([name]) => !LOST_ON_REDIRECT.has(name.toLowerCase()));
    const request: HttpRequest = { ...leg.request, method: 'GET', target: location };
    const redirectedFrom = { environment, uri: outcome.uri, query: outcome.query };
    const next: Leg = { request, redirectedFrom, earlierFields: [...leg.earlierFields, ...kept] };
    if (kind === 'internal') return next;
    const headers = headersOf(next, outcome, location === '' ? [] : [['Location', location]]);
    sendPage(this.#response, { status: 302, headers }, { ...this.#facts(), location });
    return null;
  }

  #facts(): PageFacts {
    return { method: this.#request.method, host: this.#context.host };
  }
}

/** Where a program's redirect starts from. */
interface Departure {
  readonly leg: Leg;
  readonly environment: readonly NameValue[];
  readonly outcome: Outcome;
}

/** The server's own headers with those of earlier programs and of directives. */
function headersOf(leg: Leg, outcome: Outcome, own: readonly HeaderField[]): HeaderField[] {
  return overlay([...leg.earlierFields, ...own], outcome.headers);
}

/** What Apache's default handler allows (measured). */
const ALLOW: HeaderField = ['Allow', 'GET,POST,OPTIONS,HEAD,TRACE'];
const METHODS_OF_FILES = new Set(['GET', 'HEAD', 'POST']);
const FASTCGI_HANDLERS = new Set(['fcgid-script', 'fastcgi-script']);
/** Headers of a program that do not outlive its answer. */
const LOST_ON_REDIRECT = new Set([
  'location',
  'content-length',
  'content-range',
  'transfer-encoding',
  'etag',
  'last-modified',
]);
