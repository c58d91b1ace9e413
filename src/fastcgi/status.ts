/** Reason phrases as Apache 2.4 sends them (measured; some differ from the newest RFC). */
export const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Entity',
  423: 'Locked',
  424: 'Failed Dependency',
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
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  510: 'Not Extended',
  511: 'Network Authentication Required',
};

/** The status and reason on the wire. */
export interface StatusLine {
  readonly status: number;
  readonly reason: string;
}

/**
 * What Apache sends for a script's `Status:` value: the script's own reason when the value is three digits, a space
 * and a reason; Apache's phrase for a bare or oddly written known number; 500 for everything else (measured:
 * `abc` gives 500 with the script's headers and body, `999 Odd` passes).
 */
export function statusLineOf(value: string): StatusLine {
  const status = leadingNumber(value);
  if (/^\d{3}$/.test(value)) return { status, reason: REASONS[status] ?? '' };
  if (/^\d{3}[\t-\r ]/.test(value)) return { status, reason: value.slice(4) };
  const known = REASONS[status];
  return known === undefined ? { status: 500, reason: REASONS[500] ?? '' } : { status, reason: known };
}

/** The number at the start of a text as C's atoi reads it; 0 when there is none. */
export function leadingNumber(text: string): number {
  return Number.parseInt(/^[\t-\r ]*([+-]?\d{1,9})/.exec(text)?.[1] ?? '0', 10);
}
