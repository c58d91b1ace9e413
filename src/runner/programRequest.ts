import * as fs from 'node:fs';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { encodeRequest, type CgiHead, type HeaderField, type NameValue } from '../fastcgi';
import { reasonIn } from '../dispatcher/reasons';
import { spoolBody, openUnnamed, type Spooled } from './bodySpool';
import { CgiAnswer } from './cgiAnswer';
import { Departure } from './departure';
import type { BodySource } from './exchange';
import { REQUEST_ID } from './exchange';
import {
  beyondLimit,
  BROKEN_BODY,
  cutBody,
  faultInWords,
  LENGTH_REQUIRED,
  MALFORMED_BODY,
  tooLong,
} from './failures';
import { copied, FileBody } from './fileBody';
import type { IncomingRequest } from './http/connection';
import { discard } from './http/requestBody';
import type { HttpResponse } from './http/response';
import type { Failure } from './pages';
import { mayBeSeen } from './liveReload';
import type { JobEnd } from './pool';
import { askedAgain, placesOf, type Asked, type KnownQuestion, type Responder } from './question';
import type { RequestRecorder } from './record';
import type { RequestContext } from './requestContext';
import { asChanged, requestVariables, type Leg } from '../fastcgi/requestVariables';
import { uniqueId } from './uniqueId';

/** The request on whose behalf a program is asked. */
export interface ProgramContext {
  readonly shared: RequestContext;
  readonly incoming: IncomingRequest;
  readonly response: HttpResponse;
  readonly recorder: RequestRecorder | null;
  readonly id: number;
}

/** What is asked. */
export interface ProgramQuestion {
  readonly leg: Leg;
  readonly outcome: Outcome;
  readonly responder: Responder;
  /** What was asked last, where the client sends the same words again. */
  readonly known: KnownQuestion | null;
}

/** What came of it. */
export type ProgramEnd =
  /** The client has its answer, or has gone. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly status: number }
  /** The program's own answer, a failure with an empty page, which a visitor would get. */
  | { readonly kind: 'blank'; readonly failure: Failure; readonly status: number }
  /** The server's own page for a status. */
  | { readonly kind: 'page'; readonly status: number; readonly fields: readonly HeaderField[] }
  | {
      readonly kind: 'redirect';
      readonly redirect: NonNullable<CgiHead['redirect']>;
      readonly fields: readonly HeaderField[];
      readonly environment: readonly NameValue[];
    };

const ANSWERED: ProgramEnd = { kind: 'answered' };
const NOTHING = Buffer.alloc(0);
/** Bytes of a body up to which it is kept in memory: mod_fcgid's FcgidMaxRequestInMem. */
const IN_MEMORY = 65_536;

/** A body as a program gets it. */
type Body =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly file: number; readonly length: number }
  | { readonly kind: 'stream'; readonly length: number; readonly source: BodySource };

const bodyLength = (body: Body): number => (body.kind === 'bytes' ? body.bytes.length : body.length);

/** One question to a program, FastCGI or CGI, and its answer to the client. */
export class ProgramRequest {
  readonly #context: ProgramContext;
  readonly #question: ProgramQuestion;
  /** The client broke off in the middle of a body that goes to the program as it arrives. */
  #isBrokenOff = false;

  constructor(context: ProgramContext, question: ProgramQuestion) {
    this.#context = context;
    this.#question = question;
  }

  run(): Promise<ProgramEnd> {
    return this.#needsNoBody() ? this.#runWith(EMPTY) : this.#runWithBody();
  }

  async #runWithBody(): Promise<ProgramEnd> {
    // The handler of files had read it before it found the error whose document this is.
    const { isBodyDiscarded } = this.#question.outcome;
    if (isBodyDiscarded && (await discard(this.#context.incoming.body))) return this.#runWith(EMPTY);
    const body = await this.#readBody();
    if ('end' in body) return body.end;
    try {
      return await this.#runWith(body);
    } finally {
      if (body.kind === 'file') fs.closeSync(body.file);
    }
  }

  #needsNoBody(): boolean {
    const { body, head } = this.#context.incoming;
    // A client that waits to be asked for its body is not asked for the document of an error.
    const { outcome, leg } = this.#question;
    const isOfError = outcome.status !== 200 && outcome.isBodyDiscarded !== true;
    const isUnwanted = isOfError && head.framing.expects && !body.isStarted;
    return leg.redirectedFrom !== undefined || body.declared === 0 || isUnwanted;
  }

  #runWith(body: Body): Promise<ProgramEnd> {
    const { recorder, response } = this.#context;
    const asked = this.#asked(body);
    recorder?.environment(asked.environment());
    const sink = this.#sink();
    const departure = new Departure();
    response.onClose(() => departure.tell());
    if (response.destroyed) departure.tell();
    const asking = { body, asked, sink, departure };
    if (this.#question.responder.program.via === 'fastcgi') return this.#runFastCgi(asking);
    return this.#runCgi(asking).then((end) => this.#afterRun(end, asking));
  }

  #afterRun(end: JobEnd, { sink, asked }: Asking): ProgramEnd {
    const { shared, recorder, response } = this.#context;
    response.onClose(null);
    sink.stop();
    recorder?.program(end.pid, sink.errorOutput + end.processOutput);
    // A program that closes the connection when its question breaks off has done nothing wrong.
    if (end.kind === 'aborted' || (end.kind === 'failed' && this.#isBrokenOff)) {
      response.destroy();
      return ANSWERED;
    }
    if (end.kind === 'failed') return this.#failed(sink, end);
    return this.#complete(sink, end, asked, shared.emit);
  }

  /** The body, or why there is none. */
  async #readBody(): Promise<Body | NoBody> {
    const { rules, temporaryPath } = this.#context.shared;
    const { incoming, recorder } = this.#context;
    const { declared } = incoming.body;
    const isCgi = this.#question.responder.program.via === 'cgi';
    const allowed = this.#question.outcome.bodyLimit ?? Number.POSITIVE_INFINITY;
    if (rules.refusesChunked && declared === 'chunked') return noBody(LENGTH_REQUIRED, 411);
    if (!isCgi && declared !== 'chunked' && declared > allowed) return this.#cut(EMPTY, allowed);
    if (rules.streamsBodies && declared !== 'chunked' && declared > IN_MEMORY)
      return this.#streamed(declared);
    const parts: Buffer[] = [];
    const limit = isCgi ? allowed : rules.bodyLimit;
    const spooled = await spoolBody(incoming.body, {
      limit,
      cutAfter: isCgi ? Number.POSITIVE_INFINITY : allowed,
      inMemory: isCgi || limit === Number.POSITIVE_INFINITY ? IN_MEMORY : limit,
      filePath: temporaryPath,
      onPart: (part) => void (recorder !== null && parts.push(part)),
    });
    if (recorder !== null) recorder.requestBody(Buffer.concat(parts));
    if (spooled.kind === 'too-long') {
      const { status } = this.#question.outcome;
      if (isCgi) return noBody(beyondLimit(spooled.length, limit), status === 200 ? 413 : status);
      return noBody(tooLong(spooled.length, limit), status === 200 ? 500 : status);
    }
    if (spooled.kind === 'whole' && spooled.length > allowed) return this.#cut(bodyOf(spooled), allowed);
    if (spooled.kind === 'malformed') return noBody(MALFORMED_BODY, 400);
    return spooled.kind === 'whole' ? bodyOf(spooled) : { end: this.#gone() };
  }

  /** What a program gets of a body that is too long for LimitRequestBody; whoever looks after it is told. */
  #cut(body: Body, allowed: number): Body {
    const { shared, response, id } = this.#context;
    const { local: dispatcher } = this.#question.responder;
    response.isLast = true;
    shared.emit({ kind: 'problem', message: cutBody(bodyLength(body), allowed), dispatcher, request: id });
    return body;
  }

  /** The body broke off: whoever still listens is told so. */
  #gone(): ProgramEnd {
    if (!this.#context.response.destroyed) return { kind: 'failed', failure: BROKEN_BODY, status: 500 };
    return ANSWERED;
  }

  /** A body that goes to the program as it arrives; its beginning is kept for the record. */
  #streamed(length: number): Body {
    const { incoming, recorder } = this.#context;
    const source: BodySource = {
      read: (sink) =>
        incoming.body.read({
          data: (part) => {
            recorder?.addRequestBody(part);
            return sink.data(part);
          },
          end: () => sink.end(),
          fail: (reason) => {
            this.#isBrokenOff = true;
            sink.fail(reason);
          },
        }),
      resume: () => incoming.body.resume(),
    };
    return { kind: 'stream', length, source };
  }

  /** The question in the program's terms: the one before, where nothing in it but its id can have changed. */
  #asked(body: Body): Asked {
    const { incoming, id } = this.#context;
    const { leg, outcome, responder, known } = this.#question;
    const { program } = responder;
    const mayBeKnown = body === EMPTY && leg.redirectedFrom === undefined && program.via === 'fastcgi';
    if (mayBeKnown && known?.outcome === outcome) return askedAgain(known, id);
    const environment = this.#variables(bodyLength(body));
    const request = program.via === 'fastcgi' ? this.#encoded(body, environment) : NOTHING;
    const asked = { environment: () => environment, request };
    if (mayBeKnown) {
      const idPlaces = placesOf(id, request);
      incoming.head.memory.question = { id, asked, outcome, responder, idPlaces };
    }
    return asked;
  }

  #encoded(body: Body, params: readonly NameValue[]): Uint8Array {
    const { keepsConnection: keepConnection, splitsParams } = this.#context.shared.rules;
    const bytes = body.kind === 'bytes' ? body.bytes : null;
    return encodeRequest({ requestId: REQUEST_ID, keepConnection, params, splitsParams, body: bytes });
  }

  #variables(length: number): NameValue[] {
    const { shared, incoming, id } = this.#context;
    const { leg, outcome, responder } = this.#question;
    return requestVariables(leg, outcome, {
      target: incoming.head.target,
      method: methodOf(leg, outcome),
      host: shared.evaluator.hostFor(incoming.ends),
      documentRoot: shared.documentRoot,
      connection: incoming.ends,
      bodyLength: length,
      uniqueId: uniqueId(id),
      via: responder.program.via,
    });
  }

  #sink(): CgiAnswer {
    const { shared, response } = this.#context;
    const { leg, outcome, responder } = this.#question;
    return new CgiAnswer({
      response,
      request: asChanged(leg.request, outcome),
      status: outcome.status,
      via: responder.program.via,
      script: responder.script,
      known: responder.heads,
      earlierFields: leg.earlierFields,
      headersFor: outcome.headersFor,
      rules: shared.rules,
    });
  }

  #runFastCgi(asking: Asking): Promise<ProgramEnd> {
    const { body, asked, sink, departure } = asking;
    const { shared, id } = this.#context;
    const { request } = asked;
    const { method } = this.#question.leg.request;
    const repeatable = (method === 'GET' || method === 'HEAD') && bodyLength(body) === 0;
    const pool = shared.poolOf(this.#question.responder.program.command);
    const job = { id, request, body: sourceOf(body), sink, departure, repeatable };
    // The client gets its answer in the turn that brings the end of it, not a promise later.
    return new Promise((resolve, reject) => {
      pool.run(job, (end) => {
        try {
          resolve(this.#afterRun(end, asking));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  async #runCgi({ body, asked, sink, departure }: Asking): Promise<JobEnd> {
    const { shared, id } = this.#context;
    const { responder, outcome } = this.#question;
    const spooled = await this.#inputOf(body);
    if (spooled === 'gone') return { kind: 'aborted', message: '', processOutput: '', pid: null };
    try {
      const { command } = responder.program;
      const { timeLimit, cgi } = shared;
      const { query } = outcome;
      const variables = asked.environment();
      return await cgi.run({ id, command, variables, query, input: spooled, sink, departure, timeLimit });
    } finally {
      if (spooled !== null && body.kind !== 'file') fs.closeSync(spooled);
    }
  }

  /** An open file with the body, at its beginning; null for none. */
  async #inputOf(body: Body): Promise<number | null | 'gone'> {
    if (bodyLength(body) === 0) return null;
    if (body.kind === 'file') return body.file;
    const { temporaryPath } = this.#context.shared;
    const file = openUnnamed(temporaryPath());
    try {
      if (body.kind !== 'bytes') {
        if (await copied(body.source, file)) return file;
      } else {
        fs.writeSync(file, body.bytes, 0, body.bytes.length, 0);
        return file;
      }
    } catch (error) {
      fs.closeSync(file);
      throw error;
    }
    fs.closeSync(file);
    return 'gone';
  }

  #failed(sink: CgiAnswer, end: JobEnd): ProgramEnd {
    const { local, script } = this.#question.responder;
    const logMessage = end.isUnavailable
      ? `mod_fcgid: can't apply process slot for ${local}`
      : `End of script output before headers: ${script}`;
    const errorOutput = sink.errorOutput + end.processOutput;
    const failure = { message: end.message, logMessage, errorOutput };
    return { kind: 'failed', failure, status: end.isUnavailable ? 503 : 500 };
  }

  #blank(status: number, errorOutput: string): ProgramEnd {
    const message = `${this.#question.responder.script} answered ${status} with an empty page. ${reasonIn(errorOutput)}`;
    return { kind: 'blank', failure: { message, logMessage: null, errorOutput }, status };
  }

  #complete(sink: CgiAnswer, end: JobEnd, asked: Asked, emit: RequestContext['emit']): ProgramEnd {
    const errorOutput = sink.errorOutput + end.processOutput;
    const { developerPages } = this.#context.shared;
    const explainsBlank =
      developerPages && errorOutput.trim() !== '' && mayBeSeen(this.#question.leg.request);
    const answer = sink.finish({ explainsBlank });
    if (answer.kind === 'fault' && (this.#isBrokenOff || this.#context.response.destroyed)) {
      // The program was told of it, and had nobody to answer any more.
      this.#context.response.destroy();
      return ANSWERED;
    }
    if (answer.kind === 'fault') {
      const { logMessage } = answer.fault;
      const failure = { message: faultInWords(answer.fault), logMessage, errorOutput };
      return { kind: 'failed', failure, status: 500 };
    }
    if (answer.kind === 'blank') return this.#blank(answer.head.status, errorOutput);
    const dispatcher = this.#question.responder.local;
    for (const message of answer.head.logMessages)
      emit({ kind: 'problem', message, dispatcher, request: this.#context.id });
    if (answer.kind === 'condition')
      return { kind: 'page', status: answer.status, fields: answer.head.fields };
    if (answer.kind === 'sent') return ANSWERED;
    const environment = asked.environment();
    return { kind: 'redirect', redirect: answer.redirect, fields: answer.head.fields, environment };
  }
}

/** Why there is no body: the end of the question. */
interface NoBody {
  readonly end: ProgramEnd;
}

function noBody(failure: Failure, status: number): NoBody {
  return { end: { kind: 'failed', failure, status } };
}

interface Asking {
  readonly body: Body;
  readonly asked: Asked;
  readonly sink: CgiAnswer;
  readonly departure: Departure;
}

const EMPTY: Body = { kind: 'bytes', bytes: NOTHING };

function bodyOf({ bytes, file, length }: Spooled): Body {
  if (file !== null) return { kind: 'file', file, length };
  return { kind: 'bytes', bytes: bytes ?? NOTHING };
}

function sourceOf(body: Body): BodySource | null {
  if (body.kind === 'bytes') return null;
  return body.kind === 'stream' ? body.source : new FileBody(body.file, body.length);
}

/** The document of an error is asked for by GET, whatever the client's method was. */
function methodOf({ request }: Leg, outcome: Outcome): HttpRequest['method'] {
  return outcome.status === 200 ? request.method : 'GET';
}
