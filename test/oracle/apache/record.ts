import { FILE_TIME } from './site_folders';

type Table = readonly (readonly [name: string, value: string])[];

/** One request of a chain, as mod_oracle writes it. Strings are byte strings. */
export interface RecordedRequest {
  readonly status: number;
  readonly uri: string;
  readonly filename: string | null;
  readonly pathInfo: string | null;
  readonly query: string | null;
  readonly handler: string | null;
  readonly contentType: string | null;
  readonly method: string;
  readonly fileType: 'file' | 'directory' | 'other' | 'none';
  readonly proxied: boolean;
  readonly environment: Table;
  readonly notes: Table;
  readonly headersOut: Table;
  readonly errorHeadersOut: Table;
}

/** One line of mod_oracle: a request of a client with its internal redirects and its messages. */
export interface Recorded {
  readonly id: string;
  readonly requests: readonly RecordedRequest[];
  /** Index of the request whose status and headers went to the client. */
  readonly sender: number;
  /** The body was Apache's own page or an ErrorDocument's text. */
  readonly builtIn: boolean;
  /** Level as in syslog (trace8 is 15), module's short name, text. */
  readonly log: readonly (readonly [level: number, module: string, text: string])[];
}

/** A message of the error log: `level` as in syslog (3 error, 4 warning, 6 info, 7 debug). */
export interface LoggedMessage {
  readonly level: number;
  readonly module: string;
  readonly text: string;
}

/** What Apache did, in the shape of an answer of `fastcgi explain --batch`. Strings are byte strings. */
export interface OracleOutcome {
  readonly status: number;
  readonly location: string | null;
  readonly uri: string;
  readonly answered: boolean;
  readonly file: string | null;
  readonly pathInfo: string | null;
  readonly query: string | null;
  readonly handler: string | null;
  readonly contentType: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly redirects: number;
  /** The lines of `rewrite:trace8`, without client and request id. */
  readonly trace: readonly string[];
  /** All other messages of the request. */
  readonly messages: readonly LoggedMessage[];
}

const TRACE_LEVEL = 8;
const TRACE_PREFIX = /^\S+ \S+ \S+ \[[^\]]*\]\[rid#[^\]]*\] /;
/** Set by mod_unique_id for every request; not by a directive. */
const RANDOM_VARIABLE = /^(?:REDIRECT_)*UNIQUE_ID$/;

/** The outcome of a record. `toSite` puts the site's folder back to where the caller thinks it is. */
export function outcomeOf(record: Recorded, toSite: (text: string) => string): OracleOutcome {
  const last = record.requests.at(-1);
  const sender = record.requests[record.sender] ?? last;
  if (!last || !sender) throw new Error(`record ${record.id} has no request`);
  const answered = !record.builtIn && !isRedirect(sender);
  return {
    status: sender.status,
    location: mapped(header(sender, 'location'), toSite),
    uri: toSite(last.uri),
    answered,
    ...(answered ? answerOf(sender, toSite) : NOT_ANSWERED),
    query: answered || sender.status === 404 ? mapped(last.query, toSite) : null,
    env: environmentOf(last, toSite),
    headers: directiveHeaders(sender, toSite),
    redirects: record.requests.length - 1,
    trace: record.log.filter(isTrace).map(([, , text]) => toSite(text.replace(TRACE_PREFIX, ''))),
    messages: record.log
      .filter((entry) => !isTrace(entry))
      .map(([level, module, text]) => ({ level, module, text: toSite(text) })),
  };
}

type AnsweredBy = Pick<OracleOutcome, 'file' | 'pathInfo' | 'handler' | 'contentType'>;

const NOT_ANSWERED: AnsweredBy = { file: null, pathInfo: null, handler: null, contentType: null };

function isRedirect(request: RecordedRequest): boolean {
  return request.status >= 300 && request.status < 400 && header(request, 'location') !== null;
}

function isTrace([level, module]: Recorded['log'][number]): boolean {
  return module === 'rewrite' && level >= TRACE_LEVEL;
}

function answerOf(sender: RecordedRequest, toSite: (text: string) => string): AnsweredBy {
  const isFile = sender.handler === null && sender.fileType !== 'directory' && !sender.proxied;
  return {
    file: fileOf(sender, toSite),
    pathInfo: sender.pathInfo === '' ? null : mapped(sender.pathInfo, toSite),
    handler: sender.handler,
    contentType: isFile ? (header(sender, 'content-type') ?? sender.contentType) : null,
  };
}

/** Relative to the tree; a folder with a slash; what a proxy asks for as it is. */
function fileOf(sender: RecordedRequest, toSite: (text: string) => string): string | null {
  if (sender.filename === null) return null;
  const path = toSite(sender.filename).replace(/^\/site(?:\/|$)/, '');
  return sender.fileType === 'directory' && path !== '' && !path.endsWith('/') ? `${path}/` : path;
}

function mapped(text: string | null, toSite: (text: string) => string): string | null {
  return text === null ? null : toSite(text);
}

/** The first header of a name (in lower case), from the merged table that Apache sent. */
function header(request: RecordedRequest, name: string): string | null {
  return request.headersOut.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

function environmentOf(request: RecordedRequest, toSite: (text: string) => string): Record<string, string> {
  const own = request.environment.filter(([name]) => !RANDOM_VARIABLE.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, toSite(value)]));
}

/** Headers that Apache gives every response itself; exchanges on the wire tell what a directive does to them. */
export const APACHES_OWN = new Set([
  'allow',
  'connection',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'keep-alive',
  'location',
  'server',
  'upgrade',
]);

/** The headers that directives set or changed: all but Apache's own, and its validators where they have their usual value. */
function directiveHeaders(
  sender: RecordedRequest,
  toSite: (text: string) => string,
): Record<string, string | string[]> {
  const found = new Map<string, { name: string; values: string[] }>();
  for (const [name, sent] of sender.headersOut) {
    const key = name.toLowerCase();
    const value = key === 'etag' ? withoutVariants(sent) : sent;
    if (APACHES_OWN.has(key) || USUAL_VALUE[key]?.test(value)) continue;
    const entry = found.get(key) ?? { name, values: [] };
    entry.values.push(toSite(value));
    found.set(key, entry);
  }
  return Object.fromEntries(
    [...found.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/**
 * The ETag of a negotiated file tells, behind a semicolon, when its folder was changed; weak for a second, and then without
 * its last quote.
 */
const withoutVariants = (etag: string): string =>
  etag.replace(/^(?:W\/)?"([^";]+)(?:;[0-9a-f]+)+((?:-gzip|-br)?)"?$/, '"$1$2"');

const USUAL_TIME = new Date(FILE_TIME * 1000).toUTCString();

/** What Apache sends on its own; every file of an oracle's site has the same time. */
const USUAL_VALUE: Readonly<Record<string, RegExp>> = {
  'accept-ranges': /^bytes$/,
  etag: new RegExp(`^(?:W/)?"[0-9a-f]+-${(FILE_TIME * 1e6).toString(16)}(?:-gzip|-br)?"$`),
  'last-modified': new RegExp(`^${USUAL_TIME}$`),
  'transfer-encoding': /^chunked$/,
};
