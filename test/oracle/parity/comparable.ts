import type { RawAnswer } from './rawClient';

/** Variables that cannot be equal: the client's port, a random name, and the name of the server's program. */
const OWN_VARIABLES = /^(?:REDIRECT_)*(?:REMOTE_PORT|SERVER_SOFTWARE|UNIQUE_ID)$/;
/** Headers that say who and when, or a limit of the private Apache. */
const OWN_HEADERS = new Set(['server', 'date', 'keep-alive', 'expires']);

/** Django gives every form its own. */
const TOKEN = /(?<=csrfmiddlewaretoken" value=")\w+/g;

/** How mod_cgi frames an answer depends on how fast the program was. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection']);

/** What is known of the exchange of an answer. */
export interface AnswerOrigin {
  readonly isCgi: boolean;
  /** When it was asked for, in milliseconds since 1970; a Last-Modified in the future becomes the time of the answer. */
  readonly asked: number;
}

/** An answer without what can never be equal. */
export function comparable({ statuses, headers, body, isWhole }: RawAnswer, origin: AnswerOrigin): unknown {
  const { isCgi, asked } = origin;
  const shared = Object.entries(headers)
    .filter(([name]) => !OWN_HEADERS.has(name) && !(isCgi && FRAMING.has(name)))
    .map(([name, value]) => [name, isAnswerTime(name, value, asked) ? 'NOW' : plain(name, value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const boundary = /boundary=([0-9a-f]+)/.exec(headers['content-type'] ?? '')?.[1];
  const text = (boundary === undefined ? body : body.replaceAll(boundary, 'BOUNDARY')).replace(
    TOKEN,
    'TOKEN',
  );
  return { statuses, headers: Object.fromEntries(lengthless(shared, text)), body: withoutOwn(text), isWhole };
}

/** Whether a header has the time of the answer. HTTP's dates have whole seconds. Files were written before Apache was started, and so are older. */
export function isAnswerTime(name: string, value: string, asked: number): boolean {
  const time = name === 'last-modified' ? Date.parse(value) : Number.NaN;
  return time >= asked - 1000 && time <= Date.now() + 1000;
}

/** The order of methods in Allow is random in Apache, a boundary always is. */
function plain(name: string, value: string): string {
  if (name === 'allow') return value.split(/, */).sort().join(',');
  if (name === 'set-cookie') return value.replace(/(?<=csrftoken=)\w+/, 'TOKEN').replace(/expires=[^;]*/, '');
  return value.replace(/boundary=[0-9a-f]+/, 'boundary=BOUNDARY');
}

/** The length of a dump depends on what cannot be equal in it, that of parts on the boundary's. */
function lengthless(
  headers: readonly (readonly [string, string])[],
  body: string,
): readonly (readonly [string, string])[] {
  const hasParts = headers.some(([, value]) => value.endsWith('boundary=BOUNDARY'));
  const isVariable = body.startsWith('{') || hasParts;
  return isVariable ? headers.filter(([name]) => name !== 'content-length') : headers;
}

function withoutOwn(body: string): unknown {
  if (!body.startsWith('{')) return body;
  try {
    return cleaned(JSON.parse(body));
  } catch {
    return body;
  }
}

function cleaned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OWN_VARIABLES.test(name))
      .map(([name, one]) => [name, cleaned(one)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
