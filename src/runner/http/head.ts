import type { HttpRequest } from '../../apache/request/outcome';
import type { RequestMemory } from '../requestMemory';
import { readFields, type Framing } from './fields';

/** The head of a request: request line and header fields, byte strings. */
export interface RequestHead {
  readonly method: string;
  /** As on the request line. */
  readonly target: string;
  /** Path and query alone, where the target was a whole address. */
  readonly path: string;
  /** `HTTP/1.1`, `HTTP/1.0`, or `HTTP/0.9` for a line without a version. */
  readonly protocol: string;
  readonly requestLine: string;
  /** Folded fields are one line; Host is the one that counts. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: Framing;
  /** The same as Apache is asked: path and fields. */
  readonly request: HttpRequest;
  readonly memory: RequestMemory;
}

/** A request that is refused before anybody looks at its path. */
export interface HeadFault {
  readonly kind: 'fault';
  readonly status: 400 | 414 | 417;
  /** What Apache adds to its page, HTML. */
  readonly note: string;
  /** As much of the request as was understood. */
  readonly requestLine: string;
  readonly method: string;
}

/** What stands at the beginning of the bytes that have arrived. */
export type HeadReading =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'head'; readonly head: RequestHead; readonly length: number }
  | HeadFault;

/** LimitRequestLine, LimitRequestFieldSize and LimitRequestFields of Apache, by default. */
const LINE_LIMIT = 8190;
const FIELD_LIMIT = 8190;
const FIELDS_LIMIT = 100;
const CR = 0x0d;
const LF = 0x0a;
const HEAD_END = Buffer.from('\r\n\r\n');

const INCOMPLETE: HeadReading = { kind: 'incomplete' };
const TOO_LONG = 'Size of a request header field exceeds server limit.';
const TOO_MANY = "The number of request header fields exceeds this server's limit.";

/**
 * Reads the head of a request as Apache does with its strict HttpProtocolOptions (measured): every line ends in CR LF,
 * folded fields are joined, what could be read in two ways is refused. A fault is told as soon as it is there.
 */
export function readHead(bytes: Buffer): HeadReading {
  const start = afterBlankLines(bytes);
  const lineEnd = bytes.indexOf(LF, start);
  if (lineEnd < 0) return bytes.length - start > LINE_LIMIT + 1 ? fault(414, '', '') : INCOMPLETE;
  if (lineEnd - 1 - start > LINE_LIMIT) return fault(414, '', '');
  const requestLine = bytes.toString('latin1', start, lineEnd - 1);
  if (lineEnd === start || bytes[lineEnd - 1] !== CR) return fault(400, '', '');
  const line = readRequestLine(requestLine);
  if (line === null) return fault(400, '', requestLine, requestLine.startsWith('HEAD ') ? 'HEAD' : 'GET');
  if (line.protocol === 'HTTP/0.9') {
    return wholeHead(line, [], NO_BODY, lineEnd + 1);
  }
  const end = bytes.indexOf(HEAD_END, lineEnd - 1);
  if (end < 0) return unfinishedFault(bytes.subarray(lineEnd + 1), requestLine, line.method);
  const text = end > lineEnd ? bytes.toString('latin1', lineEnd + 1, end) : '';
  return readRest(text, line, end + 4);
}

const NO_BODY: Framing = { length: 0, closes: true, isSuspect: false, keepsAlive: false, expects: false };

/** Empty lines before a request are passed over. */
function afterBlankLines(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}

type RequestLine = Pick<RequestHead, 'method' | 'target' | 'path' | 'protocol' | 'requestLine'>;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([^ ]+) ([^\0-\x20\x7f]+)(?: (HTTP\/\d\.\d))?$/;

/** Method, target and version; null for a line that is refused. */
function readRequestLine(text: string): RequestLine | null {
  const match = REQUEST_LINE.exec(text);
  const [, method = '', target = '', protocol = 'HTTP/0.9'] = match ?? [];
  if (match === null || !TOKEN.test(method) || target.includes('#')) return null;
  if (protocol === 'HTTP/0.9' && method !== 'GET') return null;
  const path = pathOf(method, target);
  return path === null ? null : { method, target, path, protocol, requestLine: text };
}

/** Path and query of a target; null for one that no server of ours answers. */
function pathOf(method: string, target: string): string | null {
  if (target.startsWith('/') && method !== 'CONNECT') return target;
  if (target === '*') return method === 'OPTIONS' ? target : null;
  if (method === 'CONNECT') return /^[^/?]+:\d+$/.test(target) ? '/' : null;
  const whole = /^https?:\/\/[^/?]+(.*)$/i.exec(target);
  const rest = whole?.[1];
  if (rest === undefined) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** A head that has not ended may already be at fault. */
function unfinishedFault(rest: Buffer, requestLine: string, method: string): HeadReading {
  let start = 0;
  let fields = 0;
  for (let at = rest.indexOf(LF); at >= 0; at = rest.indexOf(LF, start)) {
    if (at === 0 || rest[at - 1] !== CR) return fault(400, '', requestLine, method);
    if (at - 1 - start > FIELD_LIMIT) return fault(400, TOO_LONG, requestLine, method);
    start = at + 1;
    if (++fields > FIELDS_LIMIT) return fault(400, TOO_MANY, requestLine, method);
  }
  return rest.length - start > FIELD_LIMIT + 1 ? fault(400, TOO_LONG, requestLine, method) : INCOMPLETE;
}

function readRest(text: string, line: RequestLine, length: number): HeadReading {
  const { requestLine, method } = line;
  const lines = text === '' ? [] : linesOf(text);
  if (lines.length > FIELDS_LIMIT) return fault(400, TOO_MANY, requestLine, method);
  if (lines.some((one) => one.length > FIELD_LIMIT)) return fault(400, TOO_LONG, requestLine, method);
  const read = readFields(lines, line);
  if (read.kind === 'fault') return fault(read.status, read.note, requestLine, method);
  return wholeHead(line, read.headers, read.framing, length);
}

/** The same as `split('\r\n')`, which V8 does at the pace of a walk. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n', start)) {
    lines.push(text.slice(start, end));
    start = end + 2;
  }
  lines.push(text.slice(start));
  return lines;
}

function wholeHead(
  { method, target, path, protocol, requestLine }: RequestLine,
  headers: RequestHead['headers'],
  framing: Framing,
  length: number,
): HeadReading {
  const request: HttpRequest = { method, target: path, protocol, headers };
  const memory = { outcome: null, question: null };
  const head = { method, target, path, protocol, requestLine, headers, framing, request, memory };
  return { kind: 'head', length, head };
}

function fault(status: HeadFault['status'], note: string, requestLine: string, method = 'GET'): HeadFault {
  return { kind: 'fault', status, note, requestLine, method };
}
