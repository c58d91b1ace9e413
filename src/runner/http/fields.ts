import { hostProfile } from '../../apache/host';
import { endsInChunked } from '../../apache/request/coding';
import { receive } from '../../apache/request/received';
import { escapeHtml } from '../pages';

/** How a request's body is delimited, and what becomes of its connection. */
export interface Framing {
  /** Bytes of the body; 'chunked' when it says so itself. */
  readonly length: number | 'chunked';
  /** The connection ends with the answer, whatever else happens. */
  readonly closes: boolean;
  /** Two lengths: what one server takes for a body, another may take for the next request. */
  readonly isSuspect: boolean;
  /** The client asked in so many words to keep it; HTTP/1.0 must. */
  readonly keepsAlive: boolean;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expects: boolean;
}

type Field = readonly [name: string, value: string];

/** Header fields of a request that make sense, or why they are refused. */
export type FieldsReading =
  | { readonly kind: 'fields'; readonly headers: readonly Field[]; readonly framing: Framing }
  | { readonly kind: 'fault'; readonly status: 400 | 417; readonly note: string };

const BAD: FieldsReading = { kind: 'fault', status: 400, note: '' };
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/s;
const HAS_CONTROL = /[\0-\x08\n-\x1f\x7f]/;
/** A name or address with an optional port. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{0,5}))?$/;

interface RequestLineFacts {
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
}

/** Reads the lines between request line and body, without their ends. */
export function readFields(lines: readonly string[], line: RequestLineFacts): FieldsReading {
  const headers = splitFields(lines);
  if (headers === null) return BAD;
  const named = line.target.startsWith('/') ? withOneHost(headers, line) : withHostOf(line, headers);
  return named === null ? BAD : framed(named, line.protocol);
}

/** Null for more than one Host, none where there must be one, or one that is none. */
function withOneHost(headers: readonly Field[], { protocol }: RequestLineFacts): readonly Field[] | null {
  const hosts = headers.filter(([name]) => name.length === 4 && name.toLowerCase() === 'host');
  if (hosts.length > 1 || (hosts.length === 0 && protocol !== 'HTTP/1.0')) return null;
  const host = hosts[0]?.[1];
  return host === undefined || isHost(host) ? headers : null;
}

/** Names and values, folded lines joined; null for a line that is none. */
function splitFields(lines: readonly string[]): Field[] | null {
  const fields: Field[] = [];
  for (const line of lines) {
    if (HAS_CONTROL.test(line)) return null;
    const last = fields.at(-1);
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last === undefined) return null;
      fields[fields.length - 1] = [last[0], `${last[1]} ${line.trim()}`];
      continue;
    }
    const match = FIELD.exec(line);
    if (match === null) return null;
    fields.push([match[1] ?? '', match[2] ?? '']);
  }
  return fields;
}

function isHost(value: string): boolean {
  const match = HOST.exec(value);
  return match !== null && Number(match[1] ?? 0) <= 65_535;
}

/** The name in a whole address replaces what the Host field says; null where they make no sense. */
function withHostOf(line: RequestLineFacts, headers: readonly Field[]): readonly Field[] | null {
  const received = receive({ ...line, headers }, PLAIN_HOST);
  if ('headers' in received) return received.headers;
  return received.status === 400 ? null : headers;
}

/** Of no secure connection. */
const PLAIN_HOST = hostProfile();

/** What the fields say of the body and the connection; later fields of a name add to earlier ones. */
function framed(headers: readonly Field[], protocol: string): FieldsReading {
  let length: string | null = null;
  let coding: string | null = null;
  let connection = '';
  let expect: string | null = null;
  for (const [name, value] of headers) {
    // Only names of these lengths matter here; most fields are passed over at a glance.
    if (name.length !== 14 && name.length !== 17 && name.length !== 10 && name.length !== 6) continue;
    const key = name.toLowerCase();
    if (key === 'content-length') length = length === null ? value : `${length}, ${value}`;
    else if (key === 'transfer-encoding') coding = coding === null ? value : `${coding}, ${value}`;
    else if (key === 'connection') connection += `,${value}`;
    else if (key === 'expect') expect = expect === null ? value : `${expect}, ${value}`;
  }
  const body = bodyLength(length, coding);
  if (body === null) return BAD;
  const isOld = protocol === 'HTTP/1.0';
  if (expect !== null && expect.toLowerCase() !== '100-continue') return unmetExpectation(expect);
  const tokens = connection === '' ? [] : connection.toLowerCase().split(/[\t ]*,[\t ]*/);
  const isSuspect = coding !== null && (length !== null || isOld);
  const closes = tokens.includes('close') || isSuspect || (isOld && expect !== null);
  const keepsAlive = tokens.includes('keep-alive') && !closes;
  const expects = expect !== null && !isOld;
  const framing = { length: body, closes: closes || (isOld && !keepsAlive), isSuspect, keepsAlive, expects };
  return { kind: 'fields', headers, framing };
}

/** Transfer-Encoding counts before Content-Length; null where the two or one of them make no sense. */
function bodyLength(length: string | null, coding: string | null): number | 'chunked' | null {
  if (coding !== null) return endsInChunked(coding) ? 'chunked' : null;
  if (length === null) return 0;
  return /^\d{1,18}$/.test(length) ? Number(length) : null;
}

function unmetExpectation(value: string): FieldsReading {
  const note = `The client sent<pre>\n    Expect: ${escapeHtml(value)}\n</pre>\n`;
  return { kind: 'fault', status: 417, note };
}
