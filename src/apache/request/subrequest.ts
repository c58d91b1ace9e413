import { mergePath } from '../paths';
import { isRecursionLimitExceeded, RequestRecord } from './record';
import { Table } from './table';
import { escapeUri } from './uri';

function subrequestOf(r: RequestRecord): RequestRecord {
  const found = new RequestRecord(r.evaluation, { main: r });
  found.method = 'GET';
  return found;
}

/** Requests that one may lead to. Apache knows no bound but their depth: two lookups in each of ten levels keep a process busy for minutes. */
const MOST_REQUESTS = 10_000;

const NOWHERE = {};

function refuseMore(r: RequestRecord): 500 {
  const reason = `this leads to more than ${MOST_REQUESTS} lookups of files and URLs, which may keep Apache busy for minutes: those behind count as failed here`;
  r.noteUnknown({ name: 'lookups', args: '', origin: NOWHERE }, reason);
  return 500;
}

function statusOf(r: RequestRecord, found: RequestRecord): 'ok' | number {
  if (isRecursionLimitExceeded(r)) return 500;
  return r.evaluation.begun > MOST_REQUESTS ? refuseMore(r) : r.evaluation.process(found);
}

/** Takes a subrequest through the phases before an answer; its status says how far it came. */
function processed(r: RequestRecord, found: RequestRecord): RequestRecord {
  found.begunBy = 'looked up';
  const result = statusOf(r, found);
  if (typeof result === 'number') found.status = result;
  found.addTrace({
    module: 'core',
    text: `would be answered ${found.status}, by ${found.filename ?? 'no file'}`,
    event: { result: 'answered', changes: [{ what: 'status', after: String(found.status) }] },
  });
  return found;
}

/** Looks a URL up without answering it (ap_sub_req_lookup_uri): its status says what an answer would begin with. */
export function lookUpUri(r: RequestRecord, uri: string): RequestRecord {
  const found = subrequestOf(r);
  const folder = escapeUri(r.uri.slice(0, r.uri.lastIndexOf('/') + 1));
  found.setTarget(uri.startsWith('/') ? uri : `${folder === '' ? '/' : folder}${uri}`);
  return processed(r, found);
}

/** Looks a file up (ap_sub_req_lookup_file): a path of the server, or a name beside the request's own file. */
export function lookUpFile(r: RequestRecord, path: string): RequestRecord {
  const found = subrequestOf(r);
  const folder = (r.filename ?? '/').slice(0, (r.filename ?? '/').lastIndexOf('/') + 1);
  found.filename = mergePath(path.startsWith('/') ? path : `${folder}${path}`);
  const name = found.filename.startsWith(folder) ? found.filename.slice(folder.length) : '';
  const isNeighbour = name !== '' && !name.includes('/');
  // The decoded name is read as a URL: a `?` in it begins a query, a `%` an escape.
  found.setTarget(isNeighbour ? `${escapeUri(r.uri.slice(0, r.uri.lastIndexOf('/') + 1))}${name}` : path);
  if (!isNeighbour) found.uri = '';
  return processed(r, found);
}

/** Looks up a name of the request's own folder, with its path info and query (ap_sub_req_lookup_dirent with AP_SUBREQ_MERGE_ARGS). */
export function lookUpName(r: RequestRecord, name: string): RequestRecord {
  const found = subrequestOf(r);
  const pathInfo = r.pathInfo ?? '';
  const uri = r.uri.endsWith(pathInfo) ? r.uri.slice(0, r.uri.length - pathInfo.length) : r.uri;
  const folder = (r.filename ?? '/').slice(0, (r.filename ?? '/').lastIndexOf('/') + 1);
  found.uri = escapeUri(`${uri.slice(0, uri.lastIndexOf('/') + 1)}${name}${pathInfo}`);
  found.unparsedUri = found.uri;
  found.filename = `${folder}${name}`;
  found.pathInfo = pathInfo === '' ? null : pathInfo;
  found.args = r.args === '' ? null : r.args;
  return processed(r, found);
}

/** Makes a looked-up request the request itself (ap_internal_fast_redirect): no new walk, no new environment names. */
export function fastRedirect(r: RequestRecord, found: RequestRecord): void {
  r.uri = found.uri;
  r.filename = found.filename;
  r.pathInfo = found.pathInfo;
  r.args = found.args;
  r.finfo = found.finfo;
  r.isProxied = found.isProxied;
  r.handler = found.handler;
  r.contentType = found.contentType;
  r.contentEncoding = found.contentEncoding;
  r.contentLanguages = found.contentLanguages;
  r.outputFilters = found.outputFilters;
  r.perDirConfig = found.perDirConfig;
  r.usedPathInfo = found.usedPathInfo;
  r.notes = Table.overlay(r.notes, found.notes);
  r.headersOut = Table.overlay(r.headersOut, found.headersOut);
  r.errHeadersOut = Table.overlay(r.errHeadersOut, found.errHeadersOut);
  r.env = Table.overlay(r.env, found.env);
}
