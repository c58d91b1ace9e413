import * as fs from 'node:fs';
import { dirname } from 'node:path';
import type { HttpRequest } from '../apache/request/outcome';
import { writeFault } from './writeFault';

/** One request, as the access log tells it. */
export interface Access {
  /** When it came, in milliseconds since 1970. */
  readonly time: number;
  readonly remoteAddr: string;
  readonly user: string | null;
  readonly requestLine: string;
  readonly status: number;
  /** Bytes of content. */
  readonly bytes: number;
  readonly headers: HttpRequest['headers'];
}

/** Milliseconds for which lines may wait, so that many go out in one write. */
const DELAY = 100;
/** Requests that do not wait. */
const MOST_WAITING = 1000;

/** An access log in Apache's combined format, appended to a file. */
export class AccessLog {
  readonly #file: number;
  /** Lines are put together when they are written, many at a time, and after the answers. */
  readonly #waiting: Access[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #path: string;
  readonly #onFault: (message: string) => void;
  #isFaulty = false;

  /**
   * Makes the file, and the folder in which it lies. `onFault` is told in words that lines cannot be written; they are lost, the next
   * are tried again.
   * @throws an Error in words for people where the file cannot be opened
   */
  constructor(path: string, onFault: (message: string) => void) {
    this.#path = path;
    this.#onFault = onFault;
    try {
      makeFolder(dirname(path));
      this.#file = fs.openSync(path, 'a');
    } catch (error) {
      throw new Error(faultInWords(path, error), { cause: error });
    }
  }

  add(access: Access): void {
    this.#waiting.push(access);
    if (this.#waiting.length > MOST_WAITING) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), DELAY);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting.splice(0).map(combinedLine).join('');
    try {
      fs.writeSync(this.#file, lines, null, 'latin1');
      this.#isFaulty = false;
    } catch (error) {
      if (!this.#isFaulty) this.#onFault(faultInWords(this.#path, error));
      this.#isFaulty = true;
    }
  }

  dispose(): void {
    this.#flush();
    fs.closeSync(this.#file);
  }
}

function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(folder);
}

function faultInWords(path: string, error: unknown): string {
  const reason = writeFault(error, { ENOENT: 'the folder above its own does not exist' });
  return `The access log ${path} cannot be written: ${reason}.`;
}

/** `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`, a byte string. */
export function combinedLine(access: Access): string {
  const { time, remoteAddr, user, requestLine, status, bytes, headers } = access;
  let referer = '-';
  let agent = '-';
  for (const [name, value] of headers) {
    if (name.length === 7 && name.toLowerCase() === 'referer') referer = value;
    else if (name.length === 10 && name.toLowerCase() === 'user-agent') agent = value;
  }
  const sent = bytes === 0 ? '-' : String(bytes);
  const who = user === null ? '-' : user === '' ? '""' : escaped(user);
  return `${remoteAddr} - ${who} ${timeInWords(time)} "${escaped(requestLine)}" ${status} ${sent} "${escaped(referer)}" "${escaped(agent)}"\n`;
}

const NEEDS_ESCAPE = /["\\\0-\x1f\x7f-\xff]/;

/** As ap_escape_logitem: quotes and backslashes hidden, what is no printable ASCII in hexadecimal. */
function escaped(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replace(
    /["\\\0-\x1f\x7f-\xff]/g,
    (byte) => SHORT[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let lastSecond = 0;
let lastTime = '';

/** `[28/Nov/2026:16:23:35 +0000]`, local time; put together once a second. */
function timeInWords(time: number): string {
  const second = Math.floor(time / 1000);
  if (second === lastSecond) return lastTime;
  const now = new Date(second * 1000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const offset = -now.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const day = `${two(now.getDate())}/${MONTHS[now.getMonth()] ?? ''}/${now.getFullYear()}`;
  lastSecond = second;
  lastTime = `[${day}:${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())} ${zone}]`;
  return lastTime;
}
