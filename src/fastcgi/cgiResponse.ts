import { byteStringOf, bytesOf } from '../text/bytes';
import { leadingNumber, statusLineOf, type StatusLine } from './status';

/** Header lines of a script as Apache sends them on: name and value, byte strings. */
export type HeaderField = readonly [name: string, value: string];

/** What a script's headers make of the answer. */
export interface CgiHead extends StatusLine {
  readonly kind: 'head';
  /** True when the script itself sent `Status`; then conditions of the request (If-None-Match ...) do not apply. */
  readonly explicitStatus: boolean;
  /** Without Content-Type; Set-Cookie repeated, other repeats merged. */
  readonly fields: readonly HeaderField[];
  /** Null when the script named none: Apache then sends none. */
  readonly contentType: string | null;
  /**
   * Where the answer comes from instead of the script's body: `internal` is a new GET inside the server, `external`
   * a 302 with Apache's own page.
   */
  readonly redirect: { readonly kind: 'internal' | 'external'; readonly location: string } | null;
  /** Lines for the error log that do not stop the answer. */
  readonly logMessages: readonly string[];
}

/** The script's output is no CGI response: Apache answers 500 and writes `logMessage`. */
export interface CgiFault {
  readonly kind: 'fault';
  readonly reason: 'no-output' | 'premature-end' | 'bad-header' | 'header-name' | 'header-value' | 'coding';
  /** Apache's own words, without prefix. */
  readonly logMessage: string;
}

/** Apache reads header lines into a buffer of this size (MAX_STRING_LEN); longer ones end the reading. */
const LINE_LIMIT = 8190;
const NOTHING = new Uint8Array(0);

/** In what servers differ. */
export interface CgiRules {
  /** Repeated headers stay apart, as with mod_fastcgi; else all but Set-Cookie are merged. */
  readonly keepsRepeats?: boolean;
  /** A line that begins with a blank goes on with the one before it; mod_cgi knows no such lines. */
  readonly joinsFolds?: boolean;
  /** Where heads that came before are found again. */
  readonly known?: KnownHeads;
}

/** A head that came before, as it came. */
interface KnownHead {
  readonly bytes: Uint8Array;
  readonly head: CgiHead;
}

/** Heads of answers, for one script and one set of rules: programs mostly say the same again. */
export class KnownHeads {
  readonly #heads = new Map<string, KnownHead>();
  #last: KnownHead | undefined;

  /** The head with which an answer begins, where it is the one that came last. */
  last(content: Uint8Array): KnownHead | undefined {
    const { bytes = NOTHING } = this.#last ?? {};
    if (content.length < bytes.length) return undefined;
    for (let at = 0; at < bytes.length; at++) if (content[at] !== bytes[at]) return undefined;
    return this.#last;
  }

  get(text: string): CgiHead | undefined {
    const known = this.#heads.get(text);
    if (known !== undefined) this.#last = known;
    return known?.head;
  }

  add(text: string, head: CgiHead): void {
    if (this.#heads.size >= MOST_HEADS) this.#heads.clear();
    this.#last = { bytes: bytesOf(text), head };
    this.#heads.set(text, this.#last);
  }
}

const MOST_HEADS = 64;
/** Longer heads are read anew each time. */
const KNOWN_LENGTH = 1024;

/**
 * Reads a script's output as mod_fcgid and Apache's header scanner do, record by record. The pieces matter in one
 * case: a header that is folded over two records is not joined.
 */
export class CgiResponseParser {
  readonly #script: string;
  readonly #keepsRepeats: boolean;
  readonly #joinsFolds: boolean;
  readonly #known: KnownHeads | undefined;
  #isOver = false;
  #result: CgiHead | CgiFault | null = null;
  readonly #lines: string[] = [];
  #line = '';
  #sawLineFeed = false;
  #sawColon = false;

  /** @param script name of the dispatcher without folders, for the messages */
  constructor(script: string, { keepsRepeats = false, joinsFolds = true, known }: CgiRules = {}) {
    this.#script = script;
    this.#keepsRepeats = keepsRepeats;
    this.#joinsFolds = joinsFolds;
    this.#known = known;
  }

  /** `end` has been called. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Known as soon as the headers have ended, well or badly. */
  get result(): CgiHead | CgiFault | null {
    return this.#result;
  }

  /** Takes the content of one STDOUT record; gives what of it belongs to the body. */
  push(content: Uint8Array): Uint8Array {
    if (this.#result?.kind === 'head') return content;
    return this.#known === undefined ? this.#read(content) : this.#readKnown(content, this.#known);
  }

  /** A head that begins and ends in one piece may be one that has been read before. */
  #readKnown(content: Uint8Array, known: KnownHeads): Uint8Array {
    const isFirst = this.#result === null && this.#line === '' && this.#lines.length === 0;
    const last = isFirst ? known.last(content) : undefined;
    if (last !== undefined) {
      this.#result = last.head;
      return content.subarray(last.bytes.length);
    }
    const end = isFirst ? headEnd(content) : 0;
    if (end === 0 || end > KNOWN_LENGTH) return this.#read(content);
    const text = byteStringOf(content.subarray(0, end));
    const head = known.get(text);
    if (head !== undefined) {
      this.#result = head;
      return content.subarray(end);
    }
    const body = this.#read(content);
    // Only where the blank line was the end of it: a fold may have made it a part of a field.
    const result = this.result;
    if (result?.kind === 'head' && body.length === content.length - end) known.add(text, result);
    return body;
  }

  #read(content: Uint8Array): Uint8Array {
    let at = 0;
    while (this.#result === null && at < content.length) at = this.#take(content, at);
    if (this.#result === null && this.#sawLineFeed) this.#finishLine();
    return this.#result?.kind === 'head' ? content.subarray(at) : NOTHING;
  }

  /** The output is over. */
  end(): CgiHead | CgiFault {
    this.#isOver = true;
    return (this.#result ??= this.#endTooEarly());
  }

  /** Takes what is left of a line, or nothing where the next line begins; gives where to go on. */
  #take(content: Uint8Array, start: number): number {
    if (this.#sawLineFeed) {
      const isBlank = content[start] === 0x20 || content[start] === 0x09;
      if (!(isBlank && this.#sawColon && this.#joinsFolds)) {
        this.#finishLine();
        return start;
      }
      this.#line += '\r\n';
    }
    const lineFeed = content.indexOf(0x0a, start);
    const end = lineFeed < 0 ? content.length : Math.min(lineFeed, start + LINE_LIMIT * 2);
    this.#sawLineFeed = end === lineFeed;
    const text = byteStringOf(content.subarray(start, end));
    this.#sawColon ||= text.includes(':');
    this.#line += text.replaceAll('\r', '');
    if (this.#line.length >= LINE_LIMIT) this.#result = this.#endTooEarly();
    return this.#sawLineFeed ? end + 1 : end;
  }

  #finishLine(): void {
    const line = this.#line.replace(/\0.*$/s, '');
    this.#line = '';
    this.#sawLineFeed = false;
    this.#sawColon = false;
    if (line === '') this.#result = headOf(this.#lines, this.#script, this.#keepsRepeats);
    else if (line.includes(':')) this.#lines.push(line);
    else this.#result = badHeader(line, this.#script);
  }

  #endTooEarly(): CgiFault {
    const started = this.#lines.length > 0;
    const message = started ? 'Premature end of script headers' : 'End of script output before headers';
    return {
      kind: 'fault',
      reason: started ? 'premature-end' : 'no-output',
      logMessage: `${message}: ${this.#script}`,
    };
  }
}

/** Where the body begins, behind the first empty line; 0 where there is none. */
function headEnd(content: Uint8Array): number {
  for (let at = content.indexOf(0x0a); at >= 0; at = content.indexOf(0x0a, at + 1)) {
    if (content[at + 1] === 0x0a) return at + 2;
    if (content[at + 1] === 0x0d && content[at + 2] === 0x0a) return at + 3;
  }
  return 0;
}

/** Fields of which the last one counts; all others are merged. */
const SINGLE = new Set([
  'location',
  'content-length',
  'content-range',
  'transfer-encoding',
  'etag',
  'last-modified',
]);

function headOf(lines: readonly string[], script: string, keepsRepeats: boolean): CgiHead | CgiFault {
  const table = new FieldTable(keepsRepeats);
  const logMessages: string[] = [];
  let contentType: string | null = null;
  let statusValue: string | null = null;
  for (const line of lines) {
    const [name, value] = splitField(line);
    const key = name.toLowerCase();
    if (key === 'content-type') contentType = lowerCaseType(value) || null;
    else if (key === 'status') {
      statusValue = value;
      if (!isValidStatus(value)) logMessages.push(invalidStatus(value, script));
    } else table.add(name, value);
  }
  const location = table.get('location');
  const unredirected = statusValue === null || leadingNumber(statusValue) === 200;
  const redirect = unredirected && location !== undefined ? redirectTo(location) : null;
  const fault = redirect?.kind === 'internal' ? null : firstBadField([...table.fields()]);
  if (fault !== null) return fault;
  return {
    kind: 'head',
    ...(redirect?.kind === 'external'
      ? { status: 302, reason: 'Found' }
      : statusLineOf(statusValue ?? '200')),
    explicitStatus: statusValue !== null,
    fields: [...table.fields()].map(([name, value]) => [name, unfold(value)] as const),
    contentType,
    redirect,
    logMessages,
  };
}

/** Headers as Apache keeps them: one entry per name but for Set-Cookie, or for all under mod_fastcgi. */
class FieldTable {
  readonly #keepsRepeats: boolean;
  readonly #entries = new Map<string, HeaderField>();
  readonly #cookies: HeaderField[] = [];

  constructor(keepsRepeats: boolean) {
    this.#keepsRepeats = keepsRepeats;
  }

  add(name: string, value: string): void {
    const key = name.toLowerCase();
    const before = this.#entries.get(key);
    if (key === 'set-cookie') this.#cookies.push([name, value]);
    else if (before === undefined) this.#entries.set(key, [name, value]);
    else if (this.#keepsRepeats && !SINGLE.has(key)) this.#cookies.push([name, value]);
    else this.#entries.set(key, [before[0], SINGLE.has(key) ? value : `${before[1]}, ${value}`]);
  }

  get(key: string): string | undefined {
    return this.#entries.get(key)?.[1];
  }

  *fields(): Generator<HeaderField> {
    yield* this.#entries.values();
    yield* this.#cookies;
  }
}

function splitField(line: string): HeaderField {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^[\t-\r ]+/, '')];
}

function lowerCaseType(value: string): string {
  return value.replace(/[\t-\r ]+$/, '').replace(/^[^;]*/, (type) => type.toLowerCase());
}

function redirectTo(location: string): CgiHead['redirect'] {
  return { kind: location.startsWith('/') ? 'internal' : 'external', location };
}

function isValidStatus(value: string): boolean {
  const status = leadingNumber(value);
  return status >= 100 && status < 600;
}

function invalidStatus(value: string, script: string): string {
  return `Invalid status line from script '${script}': ${value.slice(0, 30)}`;
}

function badHeader(line: string, script: string): CgiFault {
  const start = line.slice(0, 30);
  return {
    kind: 'fault',
    reason: 'bad-header',
    logMessage: `malformed header from script '${script}': Bad header: ${start}`,
  };
}

/** Names must be tokens and values free of control characters, else Apache gives the whole answer up. */
function firstBadField(fields: readonly HeaderField[]): CgiFault | null {
  for (const [name, value] of fields) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return badName(name);
    const rest = /[^\t\x20-\x7e\x80-\xff][^]*$/.exec(unfold(value))?.[0];
    if (rest !== undefined) return badValue(name, rest);
  }
  return null;
}

function badName(name: string): CgiFault {
  const logMessage =
    name === ''
      ? 'AH02428: Empty response header name, aborting request'
      : `AH02429: Response header name '${name}' contains invalid characters, aborting request`;
  return { kind: 'fault', reason: 'header-name', logMessage };
}

function badValue(name: string, rest: string): CgiFault {
  return {
    kind: 'fault',
    reason: 'header-value',
    logMessage: `AH02430: Response header '${name}' value of '${rest}' contains invalid characters, aborting request`,
  };
}

function unfold(value: string): string {
  return value.replace(/\r\n[\t ]+/g, ' ');
}

/** A whole response at once: what a plain CGI program printed. */
export function parseCgiOutput(
  output: Uint8Array,
  script: string,
): { readonly head: CgiHead | CgiFault; readonly body: Uint8Array } {
  const parser = new CgiResponseParser(script);
  const body = parser.push(output);
  return { head: parser.end(), body };
}
