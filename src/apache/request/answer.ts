import { DIRECTORY_TYPE } from '../modules/mod_dir';
import { core } from '../modules/core';
import { OPTION } from '../modules/core/config';
import type { Answer } from './outcome';
import { processRequest } from './process';
import { MAX_RECURSION, RequestRecord } from './record';
import { Table } from './table';

/** The last request of a chain with what it answers. */
export interface Answered {
  readonly last: RequestRecord;
  readonly status: number;
  readonly answer: Answer;
}

const SCRIPT_HANDLERS: ReadonlySet<string> = new Set(['fcgid-script', 'cgi-script', 'fastcgi-script']);

/** Processes a request and lets its handler answer, through all internal redirects (ap_process_async_request). */
export function answerRequest(r: RequestRecord): Answered {
  const processed = processRequest(r);
  return processed === 'ok' ? invokeHandler(r) : failed(r, processed);
}

function failed(r: RequestRecord, status: number): Answered {
  const isRedirect = r.headersOut.get('Location') !== undefined && status >= 300 && status < 400;
  return { last: r, status, answer: isRedirect ? { kind: 'redirect' } : { kind: 'error', message: null } };
}

function invokeHandler(r: RequestRecord): Answered {
  if (r.handler === 'redirect-handler' && r.filename?.startsWith('redirect:') === true) {
    return internalRedirect(
      r,
      `${r.filename.slice('redirect:'.length)}${r.args === null ? '' : `?${r.args}`}`,
    );
  }
  if (r.handler === null) return serveFile(r);
  if (r.handler === DIRECTORY_TYPE) return listFolder(r);
  return runScript(r, r.handler);
}

/** A new request for a path of this server in place of this one (ap_internal_redirect). */
export function internalRedirect(r: RequestRecord, target: string): Answered {
  let redirects = 0;
  for (let at: RequestRecord | null = r; at !== null; at = at.prev) redirects += 1;
  if (redirects > MAX_RECURSION) {
    r.logError(
      "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
    );
    return failed(r, 500);
  }
  const next = new RequestRecord(r.evaluation, { prev: r });
  r.next = next;
  next.setTarget(target);
  next.status = r.status;
  next.errHeadersOut = r.errHeadersOut;
  const vary = r.headersOut.get('Vary');
  if (vary !== undefined && r.notes.get('redirect-keeps-vary') !== undefined)
    next.headersOut.set('Vary', vary);
  next.env = Table.of(r.env.entries().map(([name, value]) => [`REDIRECT_${name}`, value] as const));
  next.env.set('REDIRECT_STATUS', String(r.status));
  return answerRequest(next);
}

/** The default handler: a file, or 404. */
function serveFile(r: RequestRecord): Answered {
  const filename = r.filename ?? '';
  if (!['GET', 'HEAD', 'POST'].includes(r.method)) return failed(r, r.method === 'OPTIONS' ? 200 : 405);
  if (r.finfo === undefined || (r.pathInfo !== null && r.usedPathInfo !== 'accept')) {
    r.logError(`AH00128: File does not exist: ${filename}${r.pathInfo ?? ''}`);
    return failed(r, 404);
  }
  if (r.method === 'POST') {
    r.logError(`AH00131: This resource does not accept the ${r.method} method.`);
    return failed(r, 405);
  }
  return { last: r, status: r.status, answer: { kind: 'file', file: filename, contentType: r.contentType } };
}

function listFolder(r: RequestRecord): Answered {
  const filename = r.filename ?? '';
  if (r.pathInfo !== null) return failed(r, 404);
  const options = r.perDirConfig.get(core)?.options ?? 0;
  const hasAutoindex = r.host.modules.includes('mod_autoindex');
  if (hasAutoindex && (options & OPTION.indexes) !== 0) {
    return { last: r, status: r.status, answer: { kind: 'listing', file: filename } };
  }
  r.logError(
    `AH01276: Cannot serve directory ${filename}: No matching DirectoryIndex (${r.notes.get('dir-index-names') ?? 'none'}) found, and server-generated directory index forbidden by Options directive`,
  );
  return failed(r, hasAutoindex ? 403 : 404);
}

function runScript(r: RequestRecord, handler: string): Answered {
  const filename = r.filename ?? '';
  if (SCRIPT_HANDLERS.has(handler)) {
    const options = r.perDirConfig.get(core)?.options ?? 0;
    if ((options & OPTION.execCgi) === 0) {
      r.logError(
        handler === 'fcgid-script'
          ? `mod_fcgid: location of script ${filename} does not have ExecCGI enabled`
          : `AH01262: Options ExecCGI is off in this directory: ${filename}`,
      );
      return failed(r, 403);
    }
    if (r.finfo === undefined) return failed(r, 404);
    if (r.finfo.kind === 'directory') return failed(r, 403);
  }
  return { last: r, status: r.status, answer: { kind: 'handler', file: filename, handler } };
}
