import type { Walks } from './walkCache';
import type { DirConfig, DirectiveUse } from '../config/dirConfig';
import type { HostProfile } from '../host';
import type { Origin } from '../modules/define';
import type { FileStat, Site } from '../site';
import { parseAprUri } from './aprUri';
import type { HttpRequest, UnknownUse } from './outcome';
import type { Refused } from './received';
import type { EventResult, TraceEvent, TraceStep } from './trace';
import { Table } from './table';

/** LimitInternalRecursion's default: internal redirects in a chain, and subrequests in each other. */
const MAX_RECURSION = 10;

/** True, with Apache's complaint, when no further internal redirect or subrequest may follow (ap_is_recursion_limit_exceeded). */
export function isRecursionLimitExceeded(r: RequestRecord): boolean {
  let redirects = 0;
  let subrequests = 0;
  for (let top = r; top.prev !== null || top.main !== null;) {
    if (top.prev !== null) {
      redirects += 1;
      if (redirects >= MAX_RECURSION) {
        r.logError(
          "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
        );
        return true;
      }
      top = top.prev;
    }
    if (top.prev === null && top.main !== null) {
      subrequests += 1;
      if (subrequests >= MAX_RECURSION) {
        r.logError(
          "AH00125: Request exceeded the limit of 10 subrequest nesting levels due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
        );
        return true;
      }
      top = top.main;
    }
  }
  return false;
}

/** What stays the same for all requests of one evaluation. */
export interface Evaluation {
  readonly request: HttpRequest;
  readonly host: HostProfile;
  readonly site: Site;
  /** Absolute path on the server, no trailing slash. */
  readonly documentRoot: string;
  /** The server's own configuration, before any .htaccess. */
  readonly serverConfig: DirConfig;
  /** Undefined when nobody wants to read it. */
  readonly trace: TraceStep[] | undefined;
  /** Which lines somebody looks at; undefined for all, with mod_rewrite's small print. */
  readonly isWatched: ((origin: Origin) => boolean) | undefined;
  /** Looks at the request of one step of the trace while it is on its way. */
  readonly pause: { readonly step: number; readonly inspect: (r: RequestRecord) => void } | undefined;
  /** Directives that the evaluation goes on without. */
  readonly unknown: UnknownUse[];
  /** What Apache would write to its error log. */
  readonly log: string[];
  /** Names of cookies that a [CO] has set, so that no second one does. */
  readonly cookiesSet: Set<string>;
  /** Why the server does not take the request at all. */
  readonly refused: Refused | undefined;
  /** The server's name and port as the client gave them; what rules do to the Host header does not change them. */
  readonly authority: string | undefined;
  /** How many requests and subrequests have begun. */
  begun: number;
  /** Seconds since 1970 of the request, for TIME_* and Expires. */
  readonly time: number;
  /** Conditions and ranges of the request are left to who sends the file. */
  readonly leavesContent: boolean;
  /** What the program that answers has come to, where it failed: taken up by the first handler that would ask it. */
  failedProgram: number | null;
  /** A response of the chain had headers that cannot be sent. */
  hasBadHeaders: boolean;
  /** The body was found too long when it was read; nobody reads it again. */
  isBodyRead: boolean;
  /** The handler of files had read the body when it found an error. */
  isBodyDiscarded: boolean;
  /** An error after which Apache ends the connection. */
  dropsConnection: boolean;
  /** Takes a request through all phases before its handler. Given from outside, so that modules can ask for subrequests. */
  readonly process: (r: RequestRecord) => 'ok' | number;
}

/** What a directive did, for the trace: `text` in words of ours. */
export interface DirectiveStep extends Omit<TraceEvent, 'args'> {
  readonly directive: string;
  readonly text: string;
  /** Which arguments the line has, where several lines of the name are in force at the same time. */
  readonly fits?: (args: string) => boolean;
}

/** One request of the chain, or a subrequest: Apache's request_rec, as far as .htaccess can see or change it. */
export class RequestRecord {
  readonly evaluation: Evaluation;
  /** The request that was redirected internally to this one. */
  readonly prev: RequestRecord | null;
  /** The request whose subrequest this is. */
  readonly main: RequestRecord | null;
  /** Counts requests and subrequests in the order in which they begin, from 0. */
  readonly id: number;
  next: RequestRecord | null = null;
  #label: string | undefined;
  /** Why this request follows another or serves one, in words of ours. */
  begunBy: string | undefined;

  method: string;
  /** Path and query as they came, still encoded. */
  unparsedUri = '';
  /** Encoded path of the target. */
  encodedPath = '';
  /** Its target names a scheme that this server does not speak. */
  isOfOtherScheme = false;
  uri = '';
  args: string | null = null;
  filename: string | null = null;
  pathInfo: string | null = null;
  status = 200;
  handler: string | null = null;
  contentType: string | null = null;
  /** The type with which the request began, from an Action. */
  handedOnType: string | null = null;
  /** PATH_TRANSLATED of a script. */
  pathTranslated: string | null = null;
  /** Content-Encoding by the file's extensions. */
  contentEncoding: string | null = null;
  contentLanguages: readonly string[] = [];
  /** AddOutputFilter's filters of the file's extensions. */
  outputFilters: readonly string[] = [];
  /** Base name and extensions that say nothing of the content; undefined where all of them are such. */
  unknownExtensions: readonly string[] | undefined;
  /** A filter makes the answer anew each time: what the client has is not asked (no_local_copy). */
  isSentAlways = false;
  /** A filter hands on what it has before it knows the rest: of such an answer nothing is left out, and its length is not known. */
  isInPieces = false;
  /** The client's conditions are not met: headers without content. */
  hasNoContent = false;
  /** True once the request is to be handed to another server. */
  isProxied = false;
  /** undefined: nothing there (APR_NOFILE). */
  finfo: FileStat | undefined;
  user: string | null = null;
  authType: string | null = null;
  perDirConfig: DirConfig;
  readonly walks: Walks = {};
  headersIn: Table;
  /** Directives may have changed them. */
  hasOtherHeaders: boolean;
  headersOut = new Table();
  errHeadersOut = new Table();
  env = new Table();
  notes = new Table();
  /** A program gives the content, and whether its headers are known yet; undefined for what the server answers itself. */
  program: 'unknown' | 'known' | undefined;
  /**
   * How the variables of CGI are made, once they are among those of the request: a program got them, or a page with includes. CGIPassAuth
   * and CGIVar decide.
   */
  cgiRules:
    | { readonly passAuthorization: boolean | undefined; readonly hasCurrentUri: boolean | undefined }
    | undefined;
  /** An expression has asked for what the program will send. */
  hasAskedProgram = false;
  /** When the file that is answered was changed, in seconds since 1970; 0 as long as nothing is answered (r->mtime). */
  modified = 0;
  /** Headers that Apache sets by itself for a file, before directives may change them. */
  usualHeaders: readonly (readonly [name: string, value: string])[] = [];
  /** What FileETag makes of the file, where it says something: null for no tag. */
  fileEtag: string | null | undefined;
  /** Set by [END]: no rewriting any more in this chain. */
  rewritingEnded = false;
  /** AcceptPathInfo as it came out: 'default' leaves it to the handler. */
  usedPathInfo: 'default' | 'accept' | 'reject' = 'default';

  constructor(evaluation: Evaluation, links: { prev?: RequestRecord; main?: RequestRecord } = {}) {
    this.evaluation = evaluation;
    this.id = evaluation.begun++;
    this.prev = links.prev ?? null;
    this.main = links.main ?? links.prev?.main ?? null;
    this.method = links.prev?.method ?? links.main?.method ?? evaluation.request.method;
    this.perDirConfig = evaluation.serverConfig;
    this.headersIn =
      links.prev?.headersIn ?? inheritedHeaders(links.main) ?? receivedHeaders(evaluation.request);
    this.hasOtherHeaders = links.prev?.hasOtherHeaders ?? false;
    // A subrequest begins with the environment of its request; a redirected one gets it under other names.
    if (links.main !== undefined) this.env = links.main.env.copy();
    this.rewritingEnded = links.prev?.rewritingEnded ?? false;
  }

  get host(): HostProfile {
    return this.evaluation.host;
  }

  get site(): Site {
    return this.evaluation.site;
  }

  get isTracing(): boolean {
    return this.evaluation.trace !== undefined;
  }

  /** The request line as the client sent it. */
  get requestLine(): string {
    const { method, target, protocol = 'HTTP/1.1' } = this.evaluation.request;
    return protocol === '' ? `${method} ${target}` : `${method} ${target} ${protocol}`;
  }

  /** What the client speaks; a request that asks for no answer of its own is part of another. */
  get protocol(): string {
    if (this.main !== null) return 'INCLUDED';
    const { protocol = 'HTTP/1.1' } = this.evaluation.request;
    return protocol === '' ? 'HTTP/0.9' : protocol;
  }

  /** `initial`, `subreq`, with `/redir#N` behind it in a chain: as mod_rewrite's log names a request. */
  get label(): string {
    return (this.#label ??= this.#makeLabel());
  }

  #makeLabel(): string {
    let redirects = 0;
    for (let at = this.prev; at !== null; at = at.prev) redirects += 1;
    return `${this.main === null ? 'initial' : 'subreq'}${redirects > 0 ? `/redir#${redirects}` : ''}`;
  }

  /** Takes a target apart at the first `?` and forgets a fragment and what looks like a scheme; an empty path is `/` (ap_parse_uri). */
  setTarget(target: string): void {
    this.unparsedUri = target;
    const withoutFragment = target.split('#', 1)[0] ?? '';
    const question = withoutFragment.indexOf('?');
    const path = question < 0 ? withoutFragment : withoutFragment.slice(0, question);
    const { scheme, path: parsed } = path.startsWith('/') ? { path } : parseAprUri(path);
    this.isOfOtherScheme = scheme !== undefined && !/^https?$/i.test(scheme);
    this.encodedPath = parsed ?? '/';
    this.args = question < 0 ? null : withoutFragment.slice(question + 1);
    this.uri = this.encodedPath;
  }

  /** Adds a step to the trace when one is kept. */
  addTrace(step: Omit<TraceStep, 'request' | 'requestId'>): void {
    const { trace, pause } = this.evaluation;
    if (trace === undefined) return;
    trace.push(Object.assign(step, { request: this.label, requestId: this.id }));
    if (pause !== undefined && trace.length - 1 === pause.step) pause.inspect(this);
  }

  /** Adds what a directive did; its place is that of the last line of its name in force. */
  traceDirective(module: string, { text, fits, ...event }: DirectiveStep): void {
    if (!this.isTracing) return;
    const use = this.perDirConfig.lastUse(event.directive, fits);
    const args = use === undefined ? {} : { args: use.args };
    this.addTrace({ module, text, ...use?.origin, event: { ...event, ...args } });
  }

  /** A directive whose effect only the server knows; `reason` also says what is assumed instead. */
  noteUnknown({ name, args, origin }: DirectiveUse, reason: string): void {
    const isNew = this.evaluation.unknown.every((known) => known.origin !== origin);
    if (isNew) this.evaluation.unknown.push({ directive: name, origin, reason });
    const event = { result: 'skipped', directive: name, args, reason } as const;
    this.addTrace({ module: 'core', text: `${name} ${args}: ${reason}`, ...origin, event });
  }

  /** A line of Apache's error log; `origin` where a line of a file is its cause, `result` where it is an event. */
  logError(message: string, origin?: Origin, result?: EventResult): void {
    this.evaluation.log.push(message);
    const event = result === undefined ? {} : { event: { result, reason: message } };
    this.addTrace({ module: 'core', text: message, ...origin, ...event });
  }
}

/** The client's headers as Apache reads them (ap_get_mime_headers_core): no blanks around values, and repeated ones as one. */
function receivedHeaders({ headers }: HttpRequest): Table {
  const table = new Table();
  for (const [name, value] of headers) table.merge(name, withoutBlanks(value));
  return table;
}

function withoutBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value[start])) start += 1;
  while (end > start && isBlank(value[end - 1])) end -= 1;
  return value.slice(start, end);
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Headers about a body, which a subrequest does not have. */
const BODY_HEADERS = [
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Location',
  'Content-MD5',
  'Content-Range',
  'Content-Type',
  'Expires',
  'Last-Modified',
  'Transfer-Encoding',
];

/** A subrequest's own copy of the request's headers (ap_set_sub_req_protocol). */
function inheritedHeaders(main: RequestRecord | undefined): Table | undefined {
  const headers = main?.headersIn.copy();
  const hasBody =
    headers?.get('Content-Length') !== undefined || headers?.get('Transfer-Encoding') !== undefined;
  if (hasBody) for (const name of BODY_HEADERS) headers?.unset(name);
  return headers;
}
