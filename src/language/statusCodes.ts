import { isKnownStatus } from '../apache/request/status';

/** HTTP statuses by number, with the names that RFC 9110 and its relatives give them. */
const NAMES: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  200: 'OK',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What a status means for whoever sets it; only those that need a word. */
const MEANINGS: Readonly<Record<number, string>> = {
  301: 'For good: browsers and search engines remember it, so it is hard to take back. A POST may become a GET.',
  302: 'For now: nobody remembers it. A POST may become a GET.',
  303: 'To another page, with GET whatever the method was.',
  307: 'For now, with the same method and body.',
  308: 'For good, with the same method and body.',
  401: 'Log in. As ErrorDocument it must be a local path: with a whole URL the browser never asks for the password.',
  403: 'Not allowed, whoever asks.',
  404: 'Nothing is there.',
  410: 'It was there and will not come back: search engines forget it faster than after 404.',
  429: 'Come again later: too many requests.',
  500: 'The server failed: a `.htaccess` that Apache refuses, a script that died.',
  503: 'Closed for now: use it for maintenance, so that search engines keep the pages.',
};

/** A status with its name. */
export interface Status {
  readonly code: number;
  readonly name: string;
  /** In our words; empty where the name says it all. */
  readonly meaning: string;
}

/** Every status worth offering, redirects first. */
export const STATUSES: readonly Status[] = Object.keys(NAMES).map((key) => statusOf(Number(key)));

function statusOf(code: number): Status {
  return { code, name: NAMES[code] ?? '', meaning: MEANINGS[code] ?? '' };
}

/** A status that Apache knows, by what is written; undefined for anything else. */
export function findStatus(written: string): Status | undefined {
  if (!/^\d{3}$/.test(written) || !isKnownStatus(Number(written))) return undefined;
  return statusOf(Number(written));
}
