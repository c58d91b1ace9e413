import type { Outcome } from '../apache/request/outcome';
import { decisivePlace } from '../urls';
import { relativeTo } from './explainAnswer';

/** Where the tree lies, and the texts of its files. */
export interface SentenceContext {
  readonly treeRoot: string;
  /** Text of a line (1-based) of a file of the server. */
  readonly lineOf: (file: string, line: number) => string;
}

/** The end of a request in one sentence; a byte string. */
export function outcomeSentence(outcome: Outcome, context: SentenceContext): string {
  const { answer, status, location } = outcome;
  switch (answer.kind) {
    case 'handler':
      return handlerSentence(outcome, answer, context.treeRoot);
    case 'file':
      return `Apache ${sends(status)} ${relativeTo(context.treeRoot, answer.file, false)}${typeWords(answer)}.`;
    case 'listing': {
      const folder = relativeTo(context.treeRoot, answer.file, true);
      return `Apache lists the files in ${folder === '/' ? 'the topmost folder' : folder}.`;
    }
    case 'redirect':
      return `Apache answers ${status}: the client is sent to ${location ?? ''}${byWhom(outcome, context)}.`;
    case 'error':
      return errorSentence(outcome, context);
  }
}

const sends = (status: number): string => (status === 200 ? 'sends' : `answers ${status} with the file`);

function typeWords({ contentType }: { readonly contentType: string | null }): string {
  return contentType === null ? '' : ` as ${contentType}`;
}

const RUN = new Set(['fcgid-script', 'cgi-script', 'fastcgi-script']);

function handlerSentence(
  { status, pathInfo, query, filename }: Outcome,
  { file, handler }: { readonly file: string; readonly handler: string },
  treeRoot: string,
): string {
  const after = status === 200 ? '' : `, for an answer ${status}`;
  if (handler === 'proxy-server') return `Apache asks ${filename.replace(/^proxy:/, '')}${after}.`;
  const path = relativeTo(treeRoot, file, false);
  const given = [
    ...(pathInfo ? [`PATH_INFO=${pathInfo}`] : []),
    ...(query ? [`QUERY_STRING=${query}`] : []),
  ].join(' and ');
  const what = given === '' ? '' : ` with ${given}`;
  return RUN.has(handler)
    ? `Apache runs ${path}${what}${after}.`
    : `Apache hands ${path} to the handler ${handler}${what}${after}.`;
}

function byWhom(outcome: Outcome, { treeRoot }: SentenceContext): string {
  const place = decisivePlace(outcome);
  if (place === undefined) {
    return isSlashAdded(outcome) ? ', since this is a folder and the URL has no slash at its end' : '';
  }
  return `, by ${relativeTo(treeRoot, place.file, false)}:${place.line}`;
}

/** mod_dir's redirect of a folder to itself with a slash, where no directive has said the same. */
function isSlashAdded({ uri, location, status, trace }: Outcome): boolean {
  if (trace.some(({ module, event }) => module === 'mod_alias' && event?.result === 'applied')) return false;
  const path = (location ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '').split('?', 1)[0];
  return status === 301 && path === `${uri}/`;
}

/** The reason is what the error log would say, else the rule that refused. */
function errorSentence(outcome: Outcome, context: SentenceContext): string {
  const { status, logMessage } = outcome;
  const head = `Apache answers ${status} ${reasonPhrase(status)}`.trimEnd();
  const reason = logMessage ?? ruleReason(outcome, context);
  return reason === undefined ? `${head}.` : `${head}, because: ${withoutTree(reason, context.treeRoot)}`;
}

function ruleReason(outcome: Outcome, { treeRoot, lineOf }: SentenceContext): string | undefined {
  const place = decisivePlace(outcome);
  if (place === undefined) return undefined;
  const text = lineOf(place.file, place.line).trim();
  return `${relativeTo(treeRoot, place.file, false)}:${place.line}${text === '' ? '' : ` says ${text}`}`;
}

/** Log messages name files of the server; the tree's own name is left away, except as part of a longer one. */
function withoutTree(message: string, treeRoot: string): string {
  return message.replaceAll(`${treeRoot}/`, (found: string, at: number) =>
    at === 0 || /[\s'"(]/.test(message[at - 1] ?? '') ? '' : found,
  );
}

/** RFC 9110, section 15; empty for a status without a name there. */
function reasonPhrase(status: number): string {
  return PHRASES[status] ?? '';
}

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  416: 'Range Not Satisfiable',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
