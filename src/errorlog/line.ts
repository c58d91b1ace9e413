/** Apache's log levels, from the worst to the most talkative. */
// prettier-ignore
export const LEVELS = [
  'emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug',
  'trace1', 'trace2', 'trace3', 'trace4', 'trace5', 'trace6', 'trace7', 'trace8',
] as const;

export type Level = (typeof LEVELS)[number];

/** One line of an error log, taken apart. */
export interface LogLine {
  /** `apache`: with Apache's prefix. `stderr`: what a program wrote to standard error, passed on by mod_fcgid or mod_cgi. `raw`: without any prefix. */
  readonly kind: 'apache' | 'stderr' | 'raw';
  /** Local time of the server without zone, as `2026-11-23T01:24:55.159958`; of a raw line that of the line before. */
  readonly time: string | null;
  /** Apache's module without `mod_`, as `fcgid`; null in the format of Apache 2.2 and of old mod_fastcgi. */
  readonly module: string | null;
  readonly level: Level;
  readonly pid: number | null;
  /** Thread identifier: digits, may exceed the safe integers. */
  readonly tid: string | null;
  /** Address and port of the client, as `203.0.113.7:50122`. */
  readonly client: string | null;
  /** Apache's message number, as `AH00124`. */
  readonly code: string | null;
  /** Error of the operating system, as `{ number: 104, text: 'Connection reset by peer' }`. */
  readonly systemError: { readonly number: number; readonly text: string } | null;
  /** Place in Apache's source, as `fcgid_spawn_ctl.c(208)`: only at level debug. */
  readonly source: string | null;
  readonly referer: string | null;
  /** What remains: the message without all of the above; without `mod_fcgid: stderr: `, too. */
  readonly message: string;
  /** The whole line without line ending. */
  readonly text: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLOCK =
  '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3]\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) (\\d{4})';
/** Apache 2.4: `[time] [module:level] [pid N:tid N] `; 2.2: `[time] [level] `. */
const PREFIX = `\\[${CLOCK}\\] \\[(?:([\\w-]{0,40}):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\\] (?:\\[pid (\\d{1,10})(?::tid (\\d{1,20}))?\\] )?`;
const AT_START = new RegExp(`^${PREFIX}`);
const ANYWHERE = new RegExp(PREFIX);

const SOURCE = /^([\w./-]{1,100}\.c\(\d{1,6}\)): /;
const SYSTEM_ERROR = /^\((-?\d{1,9})\)([^:[\]]{1,120}): /;
const CLIENT = /^\[(?:client|remote) (\S{1,100})\] /;
const CODE = /^(AH\d{5}): /;
const STDERR = /^(?:mod_fcgid: stderr: |FastCGI: server "[^"]{1,1000}" stderr: )/;
const REFERER = ', referer: ';

/** What a raw line shows when something failed: a Python, Perl, PHP, Ruby, shell or `env` complaint. */
const FAILURE =
  /^(?:Traceback |Fatal |PHP (?:Fatal|Parse) |\S{0,200}(?:Error|Exception)\b|\S{1,200}: .{0,300}(?:No such file|not found|Permission denied|cannot|can't))/;

/**
 * Takes a line apart. `before` is the line before it: a raw line (of a traceback, say) inherits
 * its time, and its level unless it shows a failure itself. Never throws; linear.
 */
export function parseLogLine(line: string, before?: LogLine): LogLine {
  const text = line.replace(/[\r\n]{1,2}$/, '');
  const found = AT_START.exec(text);
  return found ? apacheLine(text, found) : rawLine(text, before);
}

/**
 * Parts a line in which an entry of Apache follows raw text without a line ending (a program whose
 * last output had none). Gives one or two lines, the same characters in the same order.
 */
export function splitGlued(line: string): readonly string[] {
  const at = line.startsWith('[') && AT_START.test(line) ? 0 : line.search(ANYWHERE);
  return at <= 0 ? [line] : [line.slice(0, at), line.slice(at)];
}

function apacheLine(text: string, prefix: RegExpExecArray): LogLine {
  const rest = new Rest(text.slice(prefix[0].length));
  const source = rest.take(SOURCE)?.[1] ?? null;
  const error = rest.take(SYSTEM_ERROR);
  const client = rest.take(CLIENT)?.[1] ?? null;
  const code = rest.take(CODE)?.[1] ?? null;
  const referer = client === null ? null : rest.takeReferer();
  const stderr = rest.take(STDERR) !== null || (/^cgid?$/.test(prefix[5] ?? '') && code === 'AH01215');
  return {
    kind: stderr ? 'stderr' : 'apache',
    time: isoTime(prefix),
    module: prefix[5] || null,
    level: prefix[6] as Level,
    pid: prefix[7] === undefined ? null : Number(prefix[7]),
    tid: prefix[8] ?? null,
    client,
    code,
    systemError: error && { number: Number(error[1]), text: error[2] ?? '' },
    source,
    referer,
    message: rest.text,
    text,
  };
}

function isoTime([, month = '', day = '', clock = '', year = '']: RegExpExecArray): string {
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return `${year}-${number}-${day.replace(' ', '0')}T${clock}`;
}

function rawLine(text: string, before: LogLine | undefined): LogLine {
  const level = FAILURE.test(text) ? 'error' : (before?.level ?? 'notice');
  const nothing = { module: null, pid: null, tid: null, client: null, code: null, systemError: null };
  const time = before?.time ?? null;
  return { kind: 'raw', time, level, ...nothing, source: null, referer: null, message: text, text };
}

/** What is left of a line while its parts are taken off. */
class Rest {
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.text);
    if (found) this.text = this.text.slice(found[0].length);
    return found;
  }

  /** Apache appends the Referer header at the end; it escapes blanks of the header, so that none follows. */
  takeReferer(): string | null {
    const at = this.text.lastIndexOf(REFERER);
    if (at < 0) return null;
    const referer = this.text.slice(at + REFERER.length);
    this.text = this.text.slice(0, at);
    return referer;
  }
}
