import { evaluateExpr } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import { OPTION } from '../modules/core/config';
import { isUrl } from '../modules/core/errorDocument';
import { methodBit } from '../modules/core/limit';
import { DIRECTORY_TYPE } from '../modules/mod_dir';
import { exprContext } from './exprContext';
import { hooksOf, runAll } from './hooks';
import type { Answer } from './outcome';
import { hookTable, processRequest } from './process';
import { MAX_RECURSION, RequestRecord } from './record';
import { Table } from './table';

/** Who sends the response, and what it is. The sender is the last request of the chain, or the one whose error is reported. */
export interface Answered {
  readonly sender: RequestRecord;
  readonly answer: Answer;
}

/** What a handler came to: an answer, or the status to die with. */
type Handled = Answer | number;

const SCRIPT_HANDLERS: ReadonlySet<string> = new Set(['fcgid-script', 'cgi-script', 'fastcgi-script']);

/** Processes a request and lets its handler answer, through all internal redirects (ap_process_async_request). */
export function answerRequest(r: RequestRecord): Answered {
  const processed = processRequest(r);
  if (processed !== 'ok') return die(r, processed);
  if (r.handler === 'redirect-handler' && r.filename?.startsWith('redirect:') === true) {
    return internalRedirect(
      r,
      `${r.filename.slice('redirect:'.length)}${r.args === null ? '' : `?${r.args}`}`,
    );
  }
  const handled = invokeHandler(r);
  if (typeof handled === 'number') return die(r, handled);
  runAll(hooksOf(hookTable(r.host), 'insertFilter'), r);
  return { sender: r, answer: handled };
}

/** A new request for a path of this server in place of this one (ap_internal_redirect). */
export function internalRedirect(r: RequestRecord, target: string): Answered {
  let redirects = 0;
  for (let at: RequestRecord | null = r; at !== null; at = at.prev) redirects += 1;
  if (redirects > MAX_RECURSION) {
    r.logError(
      "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
    );
    return die(r, 500);
  }
  const next = new RequestRecord(r.evaluation, { prev: r });
  r.next = next;
  next.setTarget(target);
  next.status = r.status;
  next.errHeadersOut = r.errHeadersOut;
  const location = r.headersOut.get('Location');
  if (location !== undefined && isRedirect(r.status)) next.headersOut.set('Location', location);
  const vary = r.headersOut.get('Vary');
  if (vary !== undefined && r.notes.get('redirect-keeps-vary') !== undefined)
    next.headersOut.set('Vary', vary);
  next.env = Table.of(r.env.entries().map(([name, value]) => [`REDIRECT_${name}`, value] as const));
  next.env.set('REDIRECT_STATUS', String(r.status));
  return answerRequest(next);
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/**
 * Ends a request with an error or a redirect (ap_die): its ErrorDocument answers, unless the request is itself already
 * the answer to an error, whose own page is sent then.
 */
function die(r: RequestRecord, status: number): Answered {
  let first = r;
  let custom: string | undefined;
  if (r.status === 200) custom = errorDocumentFor(r, status);
  else while (first.prev !== null && first.prev.status !== 200) first = first.prev;
  r.status = status;
  if (custom !== undefined && !custom.startsWith('"')) {
    if (custom.startsWith('/') && !isUrl(custom)) return redirectToErrorDocument(r, custom);
    if (isUrl(custom)) {
      r.status = 302;
      r.headersOut.set('Location', custom);
    } else {
      r.logError(`AH01580: Invalid error redirection directive: ${custom}`);
    }
  }
  return sendError(first, custom?.startsWith('"') === true ? custom.slice(1) : null);
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
  const answered = internalRedirect(r, path);
  r.method = method;
  return answered;
}

/** Apache's own response: of the headers only those that were set for errors stay, and Location (ap_send_error_response). */
function sendError(r: RequestRecord, message: string | null): Answered {
  runAll(hooksOf(hookTable(r.host), 'insertErrorFilter'), r);
  const location = r.headersOut.get('Location') ?? r.errHeadersOut.get('Location');
  r.headersOut = r.errHeadersOut;
  r.errHeadersOut = new Table();
  const hasLocation = isRedirect(r.status) && location !== undefined;
  if (hasLocation) r.headersOut.set('Location', location);
  return { sender: r, answer: hasLocation ? { kind: 'redirect' } : { kind: 'error', message } };
}

function invokeHandler(r: RequestRecord): Handled {
  if (r.handler === null) return serveFile(r);
  if (r.handler === DIRECTORY_TYPE) return listFolder(r);
  if (SCRIPT_HANDLERS.has(r.handler)) return runScript(r, r.handler);
  return { kind: 'handler', file: r.filename ?? '', handler: r.handler };
}

/** The default handler: a file, or 404. */
function serveFile(r: RequestRecord): Handled {
  const filename = r.filename ?? '';
  if (r.method === 'OPTIONS') return { kind: 'file', file: filename, contentType: 'text/html' };
  if (!['GET', 'HEAD', 'POST'].includes(r.method)) return methodBit(r.method) === undefined ? 501 : 405;
  const hasPathInfo = r.pathInfo !== null && r.pathInfo !== '' && r.usedPathInfo !== 'accept';
  if (r.finfo === undefined || hasPathInfo) {
    r.logError(`AH00128: File does not exist: ${filename}${r.pathInfo ?? ''}`);
    return 404;
  }
  if (r.finfo.kind === 'directory') {
    r.logError(`AH00129: Attempt to serve directory: ${filename}`);
    return 404;
  }
  if (r.site.read(filename) === 'unreadable') {
    r.logError(`AH00132: file permissions deny server access: ${filename}`);
    return 403;
  }
  return { kind: 'file', file: filename, contentType: contentTypeWithCharset(r) };
}

/** The content type with AddDefaultCharset's charset where a text has none (ap_make_content_type). */
function contentTypeWithCharset(r: RequestRecord): string | null {
  const type = r.contentType;
  const charset = r.perDirConfig.get(core)?.defaultCharset;
  if (type === null || typeof charset !== 'string' || /;\s*charset=/i.test(type)) return type;
  const bare = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  return bare === 'text/plain' || bare === 'text/html' ? `${type}; charset=${charset}` : type;
}

function listFolder(r: RequestRecord): Handled {
  const filename = r.filename ?? '';
  if (r.pathInfo !== null) return 404;
  const options = r.perDirConfig.get(core)?.options ?? 0;
  if (!r.host.modules.includes('mod_autoindex')) return 404;
  if ((options & OPTION.indexes) !== 0) return { kind: 'listing', file: filename };
  r.logError(
    `AH01276: Cannot serve directory ${filename}: No matching DirectoryIndex (${r.notes.get('dir-index-names') ?? 'none'}) found, and server-generated directory index forbidden by Options directive`,
  );
  return 403;
}

function runScript(r: RequestRecord, handler: string): Handled {
  const filename = r.filename ?? '';
  const options = r.perDirConfig.get(core)?.options ?? 0;
  if ((options & OPTION.execCgi) === 0) {
    r.logError(
      handler === 'fcgid-script'
        ? `mod_fcgid: location of script ${filename} does not have ExecCGI enabled`
        : `AH01262: Options ExecCGI is off in this directory: ${filename}`,
    );
    return 403;
  }
  if (r.finfo === undefined) return 404;
  if (r.finfo.kind === 'directory') return 403;
  if (r.usedPathInfo === 'reject' && r.pathInfo !== null && r.pathInfo !== '') return 404;
  return { kind: 'handler', file: filename, handler };
}
