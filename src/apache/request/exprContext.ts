import type { ExprContext } from '../expr';
import { environmentVariable } from './cgiVariables';
import type { RequestRecord } from './record';
import { noteOutside, statPath } from './files';
import { lookUpFile, lookUpUri } from './subrequest';
import { SERVER_VARIABLES, timestamp } from './variables';
import { lookup } from '../../text/lookup';

/** Variables that only ap_expr knows. */
const OWN_VARIABLES: ReadonlyMap<string, (r: RequestRecord) => string | null | undefined> = new Map([
  ['CONTENT_TYPE', (r: RequestRecord) => ofAnswer(r).contentType],
  // Without the minor number that mod_rewrite's has.
  ['API_VERSION', () => '20120211'],
  ['HANDLER', (r: RequestRecord) => r.handler],
  ['REQUEST_STATUS', (r: RequestRecord) => (ofAnswer(r).status === 0 ? '' : String(r.status))],
  ['LAST_MODIFIED', (r: RequestRecord) => timestamp(ofAnswer(r).modified)],
  ['DOCUMENT_URI', (r: RequestRecord) => (r.main ?? r).uri],
]);

/** The request, noting that something is read that a program may say otherwise. */
function ofAnswer(r: RequestRecord): RequestRecord {
  r.hasAskedProgram = r.program === 'unknown';
  return r;
}

/** A request as expressions see it. */
export function exprContext(r: RequestRecord): ExprContext {
  return {
    variable: (name) => (OWN_VARIABLES.get(name) ?? SERVER_VARIABLES.get(name))?.(r) ?? undefined,
    requestHeader: (name) => r.headersIn.get(name),
    responseHeader: (name) => r.headersOut.get(name) ?? ofAnswer(r).errHeadersOut.get(name),
    note: (name) => r.notes.get(name),
    requestEnvironment: (name) => environmentVariable(r, name),
    processEnvironment: (name) => lookup(r.host.environment, name),
    clientAddress: r.host.remoteAddr,
    get site() {
      return siteOf(r);
    },
    subrequestSucceeds(target, kind) {
      if (kind === 'url') return lookUpUri(r, target).status < 400;
      const found = lookUpFile(r, target);
      return found.status < 300 && found.filename !== null && statPath(r, found.filename) !== undefined;
    },
  };
}

/** The files, noting what is asked for outside the tree. */
function siteOf(r: RequestRecord): ExprContext['site'] {
  const asked = (path: string): string => {
    noteOutside(r, path, AN_EXPRESSION);
    return path;
  };
  return {
    stat: (path) => r.site.stat(asked(path)),
    lstat: (path) => r.site.lstat(asked(path)),
    read: (path) => r.site.read(path),
  };
}

const AN_EXPRESSION = { directive: 'expression', origin: {} };
