import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as path from 'node:path';
import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import {
  cgiEnvironment,
  encodeRequest,
  type ConnectionEnds,
  type HeaderField,
  type NameValue,
} from '../fastcgi';
import { byteStringOf, textOfByteString } from '../text/bytes';
import { readBody } from './body';
import { CgiAnswer, type CgiAnswerEnd } from './cgiAnswer';
import { headerOf } from './conditions';
import type { DiskSite } from './diskSite';
import type { EventSink } from './events';
import { REQUEST_ID } from './exchange';
import { faultInWords, TOO_MANY_REDIRECTS, tooLong, unknownHandler } from './failures';
import { httpRequest, isHidden, isNameAllowed } from './incoming';
import { developerPage, encodePath, listingPage, type Failure, type PageFacts } from './pages';
import type { DispatcherPool, JobEnd } from './pool';
import { overlay, sendPage, sendText, writeHead } from './reply';
import { planStatic, sendContent } from './staticFile';

/** What Apache does with a request; the real one is `evaluate` of apache/request. */
export type Evaluate = (input: {
  readonly request: HttpRequest;
  readonly site: Site;
  readonly host: HostProfile;
  readonly documentRoot: string;
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

/** A request on its way, which a program's `Location: /path` may send round again. */
interface Leg {
  readonly request: HttpRequest;
  readonly redirectedFrom?: {
    readonly environment: readonly NameValue[];
    readonly uri: string;
    readonly query: string | null;
  };
}

class RequestExchange {
  readonly #context: RequestContext;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #request: HttpRequest;
  readonly #began = performance.now();
  readonly #uniqueId = randomBytes(20).toString('base64url');
  #dispatcher: string | null = null;
  #body: Uint8Array = new Uint8Array(0);
  /** Headers of programs that sent the request on inside the server: Apache keeps them. */
  #kept: readonly HeaderField[] = [];

  constructor(context: RequestContext, message: IncomingMessage, response: ServerResponse) {
    this.#context = context;
    this.#message = message;
    this.#response = response;
    this.#request = httpRequest(message);
  }

  async answer(): Promise<void> {
    if (!isNameAllowed(this.#request, this.#context.names)) return this.#refuseName();
    let leg: Leg | null = { request: this.#request };
    for (let redirects = 0; leg !== null; redirects++) {
      if (redirects > MOST_REDIRECTS) return this.fail(TOO_MANY_REDIRECTS);
      leg = await this.#answerLeg(leg);
    }
  }

  report(): void {
    const { method, target } = this.#request;
    const milliseconds = performance.now() - this.#began;
    const status = this.#response.statusCode;
    this.#context.emit({
      kind: 'request',
      method,
      target,
      status,
      milliseconds,
      dispatcher: this.#dispatcher,
    });
  }

  /** Answers 500, with the explanation or Apache's page; cuts the connection when a part is already out. */
  fail(failure: Failure): void {
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
    const outcome = this.#evaluate(leg.request);
    if (outcome.answer.kind === 'handler') return this.#answerByHandler(leg, outcome, outcome.answer);
    if (outcome.answer.kind === 'file') await this.#answerByFile(leg.request, outcome, outcome.answer);
    else if (outcome.answer.kind === 'listing') this.#answerByListing(outcome, outcome.answer.file);
    else this.#answerByPage(outcome);
    return null;
  }

  #evaluate(request: HttpRequest): Outcome {
    const { evaluate, site, documentRoot } = this.#context;
    return evaluate({ request, site, host: this.#host(), documentRoot });
  }

  /** The host as this connection shows it. */
  #host(): HostProfile {
    const { remoteAddr, serverAddr } = this.#ends();
    return { ...this.#context.host, remoteAddr, serverAddr };
  }

  #ends(): ConnectionEnds {
    const { remoteAddress, remotePort, localAddress } = this.#message.socket;
    return {
      remoteAddr: remoteAddress ?? '127.0.0.1',
      remotePort: remotePort ?? 0,
      serverAddr: localAddress ?? '127.0.0.1',
    };
  }

  #refuseName(): void {
    const host = headerOf(this.#request, 'host') ?? '';
    const message = `A request for the host name "${host}" was refused: the local server answers only to localhost, so that no other web site can read it through your browser. Open it as http://localhost.`;
    this.#context.emit({ kind: 'problem', message, dispatcher: null });
    sendPage(this.#response, { status: 403, headers: [['Connection', 'close']] }, this.#facts());
  }

  #answerByPage(outcome: Outcome): void {
    const { status, location, answer, logMessage } = outcome;
    if (status >= 500 && logMessage !== null && answer.kind === 'error' && answer.message === null) {
      return this.fail({ message: `Apache answers ${status}: ${logMessage}`, logMessage, errorOutput: '' });
    }
    const own: HeaderField[] = location === null ? [] : [['Location', location]];
    if (status === 405) own.push(ALLOW);
    const headers = this.#headers(own, outcome);
    if (answer.kind === 'error' && status === 200)
      return sendText(this.#response, { status, headers: [ALLOW] }, '');
    if (answer.kind === 'error' && answer.message !== null) {
      const typed = overlay([['Content-Type', 'text/html; charset=iso-8859-1']], headers);
      return sendText(this.#response, { status, headers: typed }, answer.message);
    }
    sendPage(this.#response, { status, headers }, { ...this.#facts(), location });
  }

  #answerByListing(outcome: Outcome, folder: string): void {
    const { site } = this.#context;
    const names = (site.list(folder) ?? []).filter((name) => !name.startsWith('.')).sort();
    const entries = names.map((name) => {
      const isFolder = site.stat(`${folder.replace(/\/$/, '')}/${name}`)?.kind === 'directory';
      return { name, isFolder };
    });
    const headers = this.#headers([['Content-Type', 'text/html;charset=ISO-8859-1']], outcome);
    sendText(this.#response, { status: 200, headers }, listingPage(outcome.uri, entries, this.#context.host));
  }

  async #answerByFile(
    request: HttpRequest,
    outcome: Outcome,
    { file, contentType }: { readonly file: string; readonly contentType: string | null },
  ): Promise<void> {
    const local = this.#context.site.localPath(file);
    if (local === undefined || isHidden(file, this.#context.site.treeRoot)) return this.#refuseFile(file);
    if (!METHODS_OF_FILES.has(request.method)) return this.#refuseMethod(request);
    const stats = fs.statSync(local, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile())
      return sendPage(this.#response, { status: 404, headers: [] }, this.#facts());
    const plan = planStatic({ request, path: local, status: outcome.status }, stats);
    if (plan.status === 416) return sendPage(this.#response, plan, this.#facts());
    const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
    writeHead(this.#response, {
      status: plan.status,
      headers: this.#headers([...plan.headers, ...type], outcome),
    });
    await sendContent(this.#response, local, request.method === 'HEAD' ? null : plan.range);
  }

  #refuseFile(file: string): void {
    const message = `${textOfByteString(file)} is not served: names that begin with a dot, and files outside the site, stay private.`;
    this.#context.emit({ kind: 'problem', message, dispatcher: null });
    sendPage(this.#response, { status: 403, headers: [] }, this.#facts());
  }

  #refuseMethod(request: HttpRequest): void {
    if (request.method === 'OPTIONS') return sendText(this.#response, { status: 200, headers: [ALLOW] }, '');
    sendPage(this.#response, { status: 405, headers: [ALLOW] }, this.#facts());
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
    const sink = this.#sink(leg.request, outcome, local);
    const end = await this.#run(sink, { local, environment, method: leg.request.method });
    if (end.kind === 'aborted') return null;
    if (end.kind === 'failed') {
      this.#failRun(sink, end, local);
      return null;
    }
    return this.#complete(sink.finish(), { sink, end, environment, outcome });
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
    return true;
  }

  #environment(leg: Leg, outcome: Outcome): NameValue[] {
    const { documentRoot } = this.#context;
    const host = this.#host();
    const { redirectedFrom } = leg;
    const pathTranslated = this.#pathTranslated(outcome);
    return cgiEnvironment({
      // REQUEST_URI and the headers stay those of the client; the method of a second leg is GET.
      request: { ...this.#request, method: leg.request.method },
      outcome,
      host,
      documentRoot,
      connection: this.#ends(),
      bodyLength: redirectedFrom === undefined ? this.#body.length : 0,
      ...(redirectedFrom === undefined ? {} : { redirectedFrom }),
      ...(pathTranslated === null ? {} : { pathTranslated }),
      ...(host.modules.includes('mod_unique_id') ? { uniqueId: this.#uniqueId } : {}),
    });
  }

  /** Apache maps the path info as if it had been asked for itself: a folder becomes its index. */
  #pathTranslated({ pathInfo }: Outcome): string | null {
    if (pathInfo === null || pathInfo === '') return null;
    const mapped = this.#evaluate({ ...this.#request, method: 'GET', target: encodePath(pathInfo) });
    // A rewrite there is not followed: the substitution stays as mod_rewrite left it (measured).
    if (mapped.redirects > 0) return mapped.redirects === 1 ? `redirect:${mapped.uri}` : null;
    return mapped.filename === '' ? null : mapped.filename + (mapped.pathInfo ?? '');
  }

  #sink(request: HttpRequest, outcome: Outcome, local: string): CgiAnswer {
    return new CgiAnswer({
      response: this.#response,
      request,
      script: path.basename(local),
      earlierFields: this.#kept,
      directiveHeaders: outcome.headers,
    });
  }

  async #run(
    sink: CgiAnswer,
    { local, environment, method }: { local: string; environment: readonly NameValue[]; method: string },
  ): Promise<JobEnd> {
    const body = method === this.#request.method ? this.#body : new Uint8Array(0);
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

  #complete(
    answer: CgiAnswerEnd,
    {
      sink,
      end,
      environment,
      outcome,
    }: { sink: CgiAnswer; end: JobEnd; environment: readonly NameValue[]; outcome: Outcome },
  ): Leg | null {
    if (answer.kind === 'fault') {
      const errorOutput = sink.errorOutput + end.processOutput;
      this.fail({ message: faultInWords(answer.fault), logMessage: answer.fault.logMessage, errorOutput });
      return null;
    }
    for (const message of answer.head.logMessages)
      this.#context.emit({ kind: 'problem', message, dispatcher: this.#dispatcher });
    if (answer.kind === 'condition') {
      sendPage(this.#response, { status: answer.status, headers: [] }, this.#facts());
    }
    if (answer.kind !== 'redirect') return null;
    this.#kept = [
      ...this.#kept,
      ...answer.head.fields.filter(([name]) => !LOST_ON_ERROR.has(name.toLowerCase())),
    ];
    const { kind, location } = answer.redirect;
    if (kind === 'external') {
      const own: HeaderField[] = location === '' ? [] : [['Location', location]];
      const headers = this.#headers(own, outcome);
      sendPage(this.#response, { status: 302, headers }, { ...this.#facts(), location });
      return null;
    }
    const request: HttpRequest = { ...this.#request, method: 'GET', target: location };
    return { request, redirectedFrom: { environment, uri: outcome.uri, query: outcome.query } };
  }

  /** The server's own headers with those of earlier programs and of directives. */
  #headers(own: readonly HeaderField[], outcome: Outcome): HeaderField[] {
    return overlay([...this.#kept, ...own], outcome.headers);
  }

  #facts(): PageFacts {
    return { method: this.#request.method, host: this.#context.host };
  }
}

/** What Apache's default handler allows (measured). */
const ALLOW: HeaderField = ['Allow', 'GET,POST,OPTIONS,HEAD,TRACE'];
const METHODS_OF_FILES = new Set(['GET', 'HEAD', 'POST']);
const FASTCGI_HANDLERS = new Set(['fcgid-script', 'fastcgi-script']);
const LOST_ON_ERROR = new Set([
  'location',
  'content-length',
  'content-range',
  'transfer-encoding',
  'etag',
  'last-modified',
]);
