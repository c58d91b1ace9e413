import type { HostProfile } from '../host';
import type { Site } from '../site';
import { core } from '../modules/core';
import { answerRequest } from './answer';
import type { HttpRequest, Outcome } from './outcome';
import { changeOf, onlyChanges, type TraceStep } from './trace';
import { processRequest } from './process';
import { receive } from './received';
import { RequestRecord, type Evaluation } from './record';
import { bodyLimitOf } from './requestBody';
import { changedHeaders, uniqueVary } from './responseHeaders';
import { serverConfigFor } from './serverConfig';

/** What an evaluation needs. */
export interface EvaluationInput {
  readonly request: HttpRequest;
  readonly site: Site;
  readonly host: HostProfile;
  /** Absolute path on the server of the folder that is `/` to visitors. */
  readonly documentRoot: string;
  /** Whether the steps are kept; true when absent. */
  readonly trace?: boolean;
  /**
   * Which lines are looked at: where given, rules of other lines that did not match or had no turn are left out of the trace, and so is
   * mod_rewrite's small print (its levels from 3 that are no event).
   */
  readonly isWatched?: Evaluation['isWatched'];
  /** Seconds since 1970, for TIME_* and dates in headers; 0 when absent, since nothing here reads a clock. */
  readonly time?: number;
  /** The program, or the listing, that answers has failed with this status (500): gives what Apache answers then, its ErrorDocument too. */
  readonly programStatus?: number;
  /** True where the caller looks at If-Modified-Since, Range and the like itself, when it sends the file. */
  readonly leavesContent?: boolean;
  /** Called once, with the request that a step of the trace (by its place there) belongs to, as it is at that moment. */
  readonly pause?: Evaluation['pause'];
}

/** What Apache does with a request to a site: the whole way from the request line to the file, script or redirect. Never throws. */
export function evaluate(input: EvaluationInput): Outcome {
  const trace: TraceStep[] | undefined = input.trace === false ? undefined : [];
  const received = receive(input.request, input.host);
  const isRefused = 'status' in received;
  const evaluation: Evaluation = {
    request: isRefused ? input.request : { ...input.request, headers: received.headers },
    refused: isRefused ? received : undefined,
    authority: isRefused ? undefined : received.authority,
    host: input.host,
    site: input.site,
    documentRoot: input.documentRoot,
    serverConfig: serverConfigFor(input.host),
    trace,
    unknown: [],
    log: [],
    cookiesSet: new Set(),
    begun: 0,
    time: input.time ?? 0,
    isWatched: input.isWatched,
    pause: input.pause,
    leavesContent: input.leavesContent ?? false,
    failedProgram: input.programStatus ?? null,
    hasBadHeaders: false,
    isBodyRead: false,
    isBodyDiscarded: false,
    dropsConnection: false,
    process: processRequest,
  };
  const first = new RequestRecord(evaluation);
  first.setTarget(isRefused ? received.uri : received.target);
  first.unparsedUri = input.request.target;
  const { sender, answer, headersFor } = answerRequest(first);
  const last = lastOf(first);
  traceAnswer(sender, answer);
  const headers = uniqueVary(changedHeaders(sender));
  return {
    status: sender.status,
    location: headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null,
    answer,
    uri: last.uri,
    filename: last.filename ?? '',
    pathInfo: last.pathInfo,
    query: last.args,
    pathTranslated: last.pathTranslated,
    user: last.user,
    earlierUser: last.user === null ? earlierUser(last) : null,
    authType: last.authType,
    ...forPrograms(last),
    env: Object.fromEntries(last.env.entries()),
    headers: headers.filter(([name]) => name.toLowerCase() !== 'location'),
    ...(headersFor !== undefined && { headersFor }),
    ...(answer.kind === 'handler' && { bodyLimit: bodyLimitOf(sender) }),
    ...(answer.kind === 'file' && forFiles(sender)),
    redirectedFrom: last.prev === null ? null : { uri: last.prev.uri, query: last.prev.args },
    ...(evaluation.dropsConnection && { dropsConnection: true }),
    ...(evaluation.isBodyDiscarded && { isBodyDiscarded: true }),
    redirects: chainLength(first),
    ...(evaluation.unknown.length > 0 && { unknown: evaluation.unknown }),
    trace: trace ?? [],
    logMessage: evaluation.log.at(-1) ?? null,
  };
}

/** What directives change of the variables that a program gets, beside its environment. */
function forPrograms(
  r: RequestRecord,
): Pick<Outcome, 'requestHeaders' | 'passesAuthorization' | 'hasCurrentUri'> {
  const { passAuthorization, hasCurrentUri } = r.perDirConfig.get(core) ?? {};
  return {
    ...(r.hasOtherHeaders && { requestHeaders: r.headersIn.entries() }),
    ...(passAuthorization === true && { passesAuthorization: true }),
    ...(hasCurrentUri === true && { hasCurrentUri: true }),
  };
}

/** What directives change of the headers that a file has by itself. */
function forFiles(r: RequestRecord): Pick<Outcome, 'etag' | 'without'> {
  const isGone = (name: string): boolean =>
    r.headersOut.get(name) === undefined && r.errHeadersOut.get(name) === undefined;
  const without = r.usualHeaders.flatMap(([name]) => (isGone(name) ? [name.toLowerCase()] : []));
  return {
    ...(r.fileEtag !== undefined && { etag: r.fileEtag }),
    ...(without.length > 0 && { without }),
  };
}

const ANSWERS = {
  file: 'a file',
  handler: 'a handler',
  listing: 'a listing of the folder',
  redirect: 'a redirect',
  error: 'an error page',
} as const;

function traceAnswer(sender: RequestRecord, answer: Outcome['answer']): void {
  if (!sender.isTracing) return;
  const file = 'file' in answer ? answer.file : undefined;
  sender.addTrace({
    module: 'core',
    text: `answered ${sender.status} with ${ANSWERS[answer.kind]}${file === undefined ? '' : `: ${file}`}`,
    event: {
      result: 'answered',
      reason: ANSWERS[answer.kind],
      changes: onlyChanges([
        { what: 'status', after: String(sender.status) },
        changeOf('location', null, answer.kind === 'redirect' ? sender.headersOut.get('Location') : null),
        changeOf('file', null, file),
        changeOf('handler', null, 'handler' in answer ? answer.handler : null),
        changeOf('content type', null, answer.kind === 'file' ? answer.contentType : null),
      ]),
    },
  });
}

function lastOf(first: RequestRecord): RequestRecord {
  let last = first;
  while (last.next !== null) last = last.next;
  return last;
}

/** The name that the nearest request before this one had (ap_add_common_vars). */
function earlierUser(r: RequestRecord): string | null {
  let before = r.prev;
  while (before !== null && before.user === null) before = before.prev;
  return before?.user ?? null;
}

function chainLength(first: RequestRecord): number {
  let redirects = 0;
  for (let at = first.next; at !== null; at = at.next) redirects += 1;
  return redirects;
}
