import { evaluateExpr } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import { createCoreConfig } from '../modules/core/config';
import { isUrl } from '../modules/core/errorDocument';
import { asIsHead } from './asIs';
import { takeHead } from './cgiHead';
import { endsInChunked } from './coding';
import { exprContext } from './exprContext';
import { handlerName, invokeHandler } from './handlers';
import { hooksOf, runAll } from './hooks';
import type { Answer } from './outcome';
import { prepareOutputFilters } from './outputFilters';
import { hookTable, mapToFile, processRequest } from './process';
import { applyConditions, applyRange } from './partial';
import { isBodyTooLong } from './requestBody';
import { headersForProgram, PAGE_TYPE, type HeadersFor } from './programHead';
import { isRecursionLimitExceeded, RequestRecord } from './record';
import {
  drop,
  dropForbidden,
  LISTING_TYPE,
  sentHeaders,
  setContentHeaders,
  setFileHeaders,
  withFinalType,
} from './responseHeaders';
import { Table } from './table';
import { dropsConnection } from './status';

/** Who sends the response, and what it is. The sender is the last request of the chain, or the one whose error is reported. */
export interface Answered {
  readonly sender: RequestRecord;
  readonly answer: Answer;
  /** Where a program answers whose headers directives may change. */
  readonly headersFor?: HeadersFor | undefined;
}

/** Processes a request and lets its handler answer, through all internal redirects (ap_process_async_request). */
export function answerRequest(r: RequestRecord): Answered {
  const early = r.prev === null ? answerEarly(r) : undefined;
  if (early !== undefined) return early;
  const processed = processRequest(r);
  if (processed !== 'ok') return die(r, processed, statusBefore(r));
  if (r.handler === 'redirect-handler' && r.filename?.startsWith('redirect:') === true) {
    const target = `${r.filename.slice('redirect:'.length)}${r.args === null ? '' : `?${r.args}`}`;
    return internalRedirect(r, target, { because: 'a rule rewrote the request' });
  }
  prepareOutputFilters(r);
  // Handlers of programs look at the file before they read the body.
  const isScript = SCRIPT.test(handlerName(r));
  if (!isScript && isBodyTooLong(r)) return die(r, 413, statusBefore(r));
  const handled = invokeHandler(r);
  // mod_fcgid takes the complaint for the body's end: the program runs, and gets nothing of the body (measured).
  const isRefused = isScript && typeof handled !== 'number' && isBodyTooLong(r);
  if (isRefused && handlerName(r) !== 'fcgid-script') return die(r, 413, statusBefore(r));
  if (typeof handled === 'number') return die(r, handled, statusBefore(r));
  const isMade = handled.kind === 'handler' || handled.kind === 'listing';
  const failed = isMade ? r.evaluation.failedProgram : null;
  if (failed !== null) {
    r.evaluation.failedProgram = null;
    return die(r, failed, statusBefore(r));
  }
  if (handled.kind === 'internal-redirect')
    return internalRedirect(r, handled.target, {
      because: 'an Action answers',
      contentType: r.handler === null ? null : r.contentType,
    });
  const isProgram = handled.kind === 'handler';
  const ownHead = r.handler === 'send-as-is' && isProgram ? asIsHead(r) : undefined;
  // While a handler writes its answer it has its name, for %{HANDLER}; that to OPTIONS is written when it is gone.
  if (handled.kind !== 'file' || r.method !== 'OPTIONS') r.handler = handlerName(r);
  if (isProgram && SCRIPT.test(r.handler ?? '')) r.cgiRules = r.perDirConfig.get(core) ?? createCoreConfig();
  const headersFor =
    (isProgram && ownHead === undefined) || (handled.kind === 'file' && handled.handler !== undefined)
      ? headersForProgram(r)
      : undefined;
  if (ownHead !== undefined) takeHead(r, ownHead);
  else if (isProgram) r.program = 'unknown';
  if (isProgram && r.handler === 'type-map') noteTypeMap(r);
  // mod_autoindex's own type, unless IndexOptions say otherwise.
  if (handled.kind === 'listing') r.contentType = LISTING_TYPE;
  if (handled.kind === 'file' && r.method !== 'OPTIONS') {
    setFileHeaders(r);
    applyConditions(r);
  }
  runAll(hooksOf(hookTable(r.host), 'insertFilter'), r);
  if (r.status === 304 || r.status === 204) leaveOutContent(r);
  const answer = withFinalType(r, handled);
  setContentHeaders(r);
  if (areHeadersValid(r)) {
    const sent = r.method === 'OPTIONS' ? answer : applyRange(r, answer);
    return sent === 416 ? die(r, sent) : { sender: r, answer: sent, headersFor };
  }
  return dieOfHeaders(r);
}

/** Maps of variants are not read here: which variant is sent, or a list of them, is not known. */
function noteTypeMap(r: RequestRecord): void {
  const isMap = (args: string): boolean => /\btype-map\b/i.test(args);
  const use = r.perDirConfig.lastUse('AddHandler', isMap) ?? r.perDirConfig.lastUse('SetHandler', isMap);
  if (use !== undefined) r.noteUnknown(use, 'the variants that a type map names are not looked up here');
}

/** A status that a rule left behind, and that comes without content, takes what is said of the content with it (AP_STATUS_IS_HEADER_ONLY). */
function leaveOutContent(r: RequestRecord): void {
  r.contentType = null;
  r.contentEncoding = null;
  r.contentLanguages = [];
  drop(r, 'Transfer-Encoding');
}

/** Handlers that give a program the variables of CGI; other servers get none. */
const SCRIPT = /^(?:fcgid-script|fastcgi-script|cgi-script|application\/x-httpd-.*|php.*)$/;

/** What needs no configuration: a request that is too long or unreadable, and the question what the server can do at all. */
function answerEarly(r: RequestRecord): Answered | undefined {
  const { refused } = r.evaluation;
  if (r.requestLine.length > LIMIT_REQUEST_LINE) {
    r.uri = '';
    return sendError(withStatus(r, 414), null);
  }
  if (refused !== undefined) {
    r.uri = refused.uri;
    return sendError(withStatus(r, refused.status), null);
  }
  if (r.method === 'TRACE') return answerTrace(r);
  if (r.encodedPath !== '*') return undefined;
  r.uri = '*';
  r.filename = '*';
  return { sender: r, answer: { kind: 'file', file: '*', contentType: null } };
}

/** The request itself, sent back, whatever the configuration of a folder says (ap_send_http_trace). */
function answerTrace(r: RequestRecord): Answered {
  const mapped = mapToFile(r);
  if (mapped !== 'ok') return sendError(withStatus(r, mapped), null);
  return { sender: r, answer: { kind: 'file', file: r.filename ?? '', contentType: 'message/http' } };
}

/** LimitRequestLine's default, and one more that Apache lets through (measured, 2.4.71). */
const LIMIT_REQUEST_LINE = 8191;

function withStatus(r: RequestRecord, status: number): RequestRecord {
  r.status = status;
  return r;
}

/**
 * A new request for a path of this server in place of this one (ap_internal_redirect). `contentType`: what a handler
 * hands on as the type of the new request.
 */
function internalRedirect(
  r: RequestRecord,
  target: string,
  { because, contentType = null }: { readonly because: string; readonly contentType?: string | null },
): Answered {
  if (isRecursionLimitExceeded(r)) return die(r, 500);
  const next = new RequestRecord(r.evaluation, { prev: r });
  r.next = next;
  next.begunBy = because;
  next.setTarget(target);
  next.contentType = contentType;
  next.handedOnType = contentType;
  next.status = r.status;
  next.errHeadersOut = r.errHeadersOut;
  const location = r.headersOut.get('Location');
  if (location !== undefined && isRedirect(r.status)) next.headersOut.set('Location', location);
  const vary = r.headersOut.get('Vary');
  if (vary !== undefined && r.notes.get('redirect-keeps-vary') !== undefined)
    next.headersOut.set('Vary', vary);
  for (const [name, value] of r.env.entries()) next.env.set(`REDIRECT_${name}`, value);
  next.env.set('REDIRECT_STATUS', String(r.status));
  return answerRequest(next);
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/** What counts as an error before: of the client's own request nothing, also where a rule with R has left a status (ap_process_async_request). */
const statusBefore = (r: RequestRecord): number => (r.prev === null ? 200 : r.status);

/**
 * Ends a request with an error or a redirect (ap_die): its ErrorDocument answers, unless the request is itself already
 * the answer to an error, whose own page is sent then.
 */
function die(r: RequestRecord, status: number, before = r.status): Answered {
  if (status < 100 || status > 599) {
    r.logError(`AH01579: Invalid response status ${status}`);
    return die(r, 500, before);
  }
  if (dropsConnection(status)) r.evaluation.dropsConnection = true;
  let first = r;
  let custom: string | undefined;
  if (before === 200) custom = errorDocumentFor(r, status);
  else while (first.prev !== null && first.prev.status !== 200) first = first.prev;
  r.status = status;
  const isPage = custom?.startsWith('/') === true && !isUrl(custom);
  if (!isPage && isBodyTooLong(r)) return die(r, 413);
  if (custom !== undefined) {
    r.traceDirective('core', {
      directive: 'ErrorDocument',
      text: `ErrorDocument ${status}: ${custom}`,
      fits: (args) => Number.parseInt(args, 10) === status,
      result: 'applied',
    });
  }
  if (custom !== undefined && !custom.startsWith('"')) {
    if (isPage) return redirectToErrorDocument(r, custom);
    if (isUrl(custom)) {
      r.status = 302;
      r.headersOut.set('Location', custom);
    } else {
      r.logError(`AH01580: Invalid error redirection directive: ${custom}`);
    }
  }
  if (before === 200) return sendError(first, textOf(custom));
  // A text does for an error in the document of an error, too.
  return sendError(first, textOf(errorDocumentFor(first, first.status)), before);
}

/** What an ErrorDocument in quotes says; null for any other. */
const textOf = (document: string | undefined): string | null =>
  document?.startsWith('"') === true ? document.slice(1) : null;

/** False, with Apache's complaint, for a header that cannot be sent: Apache sends no such response (check_headers). */
function areHeadersValid(r: RequestRecord): boolean {
  const complaint = firstBadHeader(sentHeaders(r));
  if (complaint === undefined) return true;
  r.logError(`${complaint}, aborting request`);
  r.contentType = null;
  r.headersOut = new Table();
  const none = new Table();
  // The requests of a chain have one table of headers for errors.
  for (let one: RequestRecord | null = r; one !== null; one = one.prev) one.errHeadersOut = none;
  return false;
}

function firstBadHeader(headers: ReturnType<typeof sentHeaders>): string | undefined {
  for (const [name, value] of headers) {
    if (name === '') return 'AH02428: Empty response header name';
    if (!TOKEN.test(name)) return `AH02429: Response header name '${name}' contains invalid characters`;
    if (CONTROL.test(value))
      return `AH02430: Response header '${name}' value of '${value}' contains invalid characters`;
  }
  const transfer = headers.find(([name]) => TRANSFER.test(name));
  return transfer === undefined || endsInChunked(transfer[1])
    ? undefined
    : `Response header '${transfer[0]}' value of '${transfer[1]}' does not end in "chunked"`;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const TRANSFER = /^transfer-encoding$/i;
const CONTROL = /[\0-\x08\n-\x1f\x7f]/;

/** A response with bad headers ends as any error, once in a chain; what has them again is sent empty (check_headers_recursion). */
function dieOfHeaders(r: RequestRecord): Answered {
  const { evaluation } = r;
  if (evaluation.hasBadHeaders) return { sender: withStatus(r, 500), answer: { kind: 'error', message: '' } };
  evaluation.hasBadHeaders = true;
  return die(r, 500);
}

function errorDocumentFor(r: RequestRecord, status: number): string | undefined {
  const document = r.perDirConfig.get(core)?.errorDocuments?.get(status);
  if (document === undefined || document === 'default') return undefined;
  const result = evaluateExpr(document, exprContext(r), { patch: patchOf(r.host) });
  if (result.problem === undefined) return String(result.value);
  r.logError(`AH02841: core: ErrorDocument: can't evaluate require expression: ${result.problem}`);
  return undefined;
}

function redirectToErrorDocument(r: RequestRecord, path: string): Answered {
  r.env.set('REQUEST_METHOD', r.method);
  const notes = r.notes.get('error-notes');
  if (notes !== undefined) r.env.set('ERROR_NOTES', notes);
  const { method } = r;
  r.method = 'GET';
  const answered = internalRedirect(r, path, { because: `ErrorDocument ${r.status} answers` });
  r.method = method;
  return answered;
}

/**
 * Apache's own response: of the headers only those that were set for errors stay, and Location (ap_send_error_response). `further`: the
 * status for which an ErrorDocument was asked in vain.
 */
function sendError(r: RequestRecord, message: string | null, further?: number): Answered {
  const hooks = hooksOf(hookTable(r.host), 'insertErrorFilter');
  const location = r.headersOut.get('Location') ?? r.errHeadersOut.get('Location');
  if (r.status === 204 || r.status === 304) {
    runAll(hooks, r);
    return areHeadersValid(r) ? { sender: r, answer: { kind: 'error', message: null } } : dieOfHeaders(r);
  }
  r.headersOut = r.errHeadersOut;
  r.errHeadersOut = new Table();
  const hasLocation = isRedirect(r.status) && location !== undefined;
  if (hasLocation) r.headersOut.set('Location', location);
  const isCharsetHidden = r.env.get('suppress-error-charset') !== undefined;
  r.contentType = isCharsetHidden ? 'text/html' : PAGE_TYPE;
  runAll(hooks, r);
  dropForbidden(r);
  if (!areHeadersValid(r)) return dieOfHeaders(r);
  const type = r.contentType === PAGE_TYPE ? {} : { contentType: r.contentType };
  if (hasLocation) return { sender: r, answer: { kind: 'redirect', ...type } };
  return {
    sender: r,
    answer: { kind: 'error', message, ...(further !== undefined && { further }), ...type },
  };
}
