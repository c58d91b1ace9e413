import { parseAccessLine, type AccessLine } from './access';
import { isoMonth } from './clock';

/** Apache's log levels, from the worst to the most talkative. */
// prettier-ignore
export const LEVELS = [
  'emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug',
  'trace1', 'trace2', 'trace3', 'trace4', 'trace5', 'trace6', 'trace7', 'trace8',
] as const;

export type Level = (typeof LEVELS)[number];

/** One line of an error log, taken apart. */
export interface LogLine {
  /**
   * `apache`: with Apache's prefix. `stderr`: what a program wrote to standard error, passed on by mod_fcgid, mod_cgi or mod_proxy_fcgi.
   * `access`: of an access log. `suexec`: of suEXEC's log. `php`: of PHP's own error_log. `raw`: without any prefix.
   */
  readonly kind: 'apache' | 'stderr' | 'access' | 'suexec' | 'php' | 'raw';
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
  /** What a line of an access log says; absent for all others. */
  readonly access?: AccessLine;
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?';
/** `%t`, `%{u}t`: `Mon Nov 23 01:24:55.159958 2026`; `%{c}t`, `%{cu}t`: `2026-11-23 01:24:55.159958`. */
const TIME = `(?:${DAY} (${MONTH}) ([ 0-3]\\d) (${CLOCK}) (\\d{4})|(\\d{4}-\\d\\d-\\d\\d)[ T](${CLOCK}))`;
const LEVEL = '(?:([\\w-]{0,40}):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])';
/** Fields that some hosts write between time and level: virtual host, process, log id. */
const BETWEEN = '(?:\\[(?:pid )?[\\w.:@*-]{1,100}\\] ){0,3}?';
/** Apache 2.4: `[time] [module:level] [pid N:tid N] `; 2.2: `[time] [level] `. */
const PREFIX = `\\[${TIME}\\] ${BETWEEN}\\[${LEVEL}\\] (?:\\[pid (\\d{1,10})(?::tid (\\d{1,20}))?\\] )?`;
const AT_START = new RegExp(`^${PREFIX}`);
const ANYWHERE = new RegExp(PREFIX);
/** suEXEC's own log: `[2026-11-23 02:34:58]: text`. */
const SUEXEC = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\]: (.*)$/s;
/** PHP's error_log: `[23-Nov-2026 01:24:55 Europe/Berlin] PHP Warning:  text`. */
const PHP = /^\[(\d\d)-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d)(?: [\w/+:-]{1,40})?\] (.*)$/s;

const SOURCE = /^([\w./-]{1,100}\.c\(\d{1,6}\)): /;
const SYSTEM_ERROR = /^\((-?\d{1,9})\)([^:[\]]{1,120}): /;
/** Log ids of connection and request stand before the client where a host writes them. */
const CLIENT = /^(?:\[[RC]:[\w@+/-]{1,40}\] ){0,2}\[(?:client|remote) (\S{1,100})\] /;
const CODE = /^(AH\d{5}): /;
const STDERR = /^(?:mod_fcgid: stderr: ?|FastCGI: server "[^"]{1,1000}" stderr: ?)/;
const FPM = /^Got error '(.*)'$/s;
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
  const bracket = text.charCodeAt(0) === 91;
  const found = bracket ? AT_START.exec(text) : null;
  if (found) return apacheLine(text, found);
  const access = bracket ? undefined : parseAccessLine(text);
  if (access) return accessLine(text, access);
  return (bracket ? ownLine(text) : undefined) ?? rawLine(text, before);
}

/**
 * Parts a line in which an entry of Apache follows raw text without a line ending (a program whose
 * last output had none). Gives one or two lines, the same characters in the same order.
 */
export function splitGlued(line: string): readonly string[] {
  const at = line.charCodeAt(0) === 91 && AT_START.test(line) ? 0 : line.search(ANYWHERE);
  return at <= 0 ? [line] : [line.slice(0, at), line.slice(at)];
}

function apacheLine(text: string, prefix: RegExpExecArray): LogLine {
  const rest = new Rest(text.slice(prefix[0].length));
  const source = rest.take(SOURCE)?.[1] ?? null;
  // Apache 2.4 writes the error before the client, 2.2 after it.
  const first = rest.take(SYSTEM_ERROR);
  const client = rest.take(CLIENT)?.[1] ?? null;
  const error = first ?? rest.take(SYSTEM_ERROR);
  const code = rest.take(CODE)?.[1] ?? null;
  const referer = client === null ? null : rest.takeReferer();
  const module = prefix[7] || null;
  return {
    kind: takesStderr(rest, module, code) ? 'stderr' : 'apache',
    time: isoTime(prefix),
    module,
    level: prefix[8] as Level,
    pid: prefix[9] === undefined ? null : Number(prefix[9]),
    tid: prefix[10] ?? null,
    client,
    code,
    systemError: error && { number: Number(error[1]), text: error[2] ?? '' },
    source,
    referer,
    message: rest.text,
    text,
  };
}

/** Whether the entry passes on what a program wrote; its frame is taken off. */
function takesStderr(rest: Rest, module: string | null, code: string | null): boolean {
  if (code === 'AH01071') {
    const inner = FPM.exec(rest.text)?.[1];
    if (inner !== undefined) rest.text = inner;
    return inner !== undefined;
  }
  return rest.take(STDERR) !== null || (code === 'AH01215' && /^cgid?$/.test(module ?? 'cgi'));
}

function isoTime([, month, day = '', clock = '', year = '', date, time = '']: RegExpExecArray): string {
  if (month === undefined) return `${date ?? ''}T${time}`;
  return `${year}-${isoMonth(month)}-${day.replace(' ', '0')}T${clock}`;
}

type Kind = LogLine['kind'];

/** A line without Apache's prefix. Written out: one shape for all lines is several times as quick as spreading. */
function foreignLine(kind: Kind, level: Level, time: string | null, message: string, text: string): LogLine {
  return {
    kind,
    time,
    module: null,
    level,
    pid: null,
    tid: null,
    client: null,
    code: null,
    systemError: null,
    source: null,
    referer: null,
    message,
    text,
  };
}

function accessLine(text: string, access: AccessLine): LogLine {
  const { client, time, status, method, target, referer } = access;
  return {
    kind: 'access',
    time,
    module: null,
    level: status >= 500 ? 'error' : status === 403 ? 'warn' : 'info',
    pid: null,
    tid: null,
    client,
    code: null,
    systemError: null,
    source: null,
    referer,
    message: `${method} ${target} ${status}`,
    text,
    access,
  };
}

/** A line with the prefix of suEXEC or of PHP. */
function ownLine(text: string): LogLine | undefined {
  const suexec = SUEXEC.exec(text);
  if (suexec) {
    const message = suexec[3] ?? '';
    const level = message.startsWith('uid: (') ? 'info' : 'error';
    return foreignLine('suexec', level, `${suexec[1]}T${suexec[2]}`, message, text);
  }
  const php = PHP.exec(text);
  if (!php) return undefined;
  const message = php[5] ?? '';
  const time = `${php[3]}-${isoMonth(php[2] ?? '')}-${php[1]}T${php[4]}`;
  return foreignLine('php', phpLevel(message), time, message, text);
}

function phpLevel(message: string): Level {
  if (/^PHP (?:Fatal|Parse|Recoverable|Core) /.test(message)) return 'error';
  return message.startsWith('PHP Warning') ? 'warn' : 'notice';
}

function rawLine(text: string, before: LogLine | undefined): LogLine {
  const level = FAILURE.test(text) ? 'error' : rawLevel(before);
  return foreignLine('raw', level, before?.time ?? null, text, text);
}

/** Raw lines go on with what they follow; but an access or a quiet line says nothing about them. */
function rawLevel(before: LogLine | undefined): Level {
  return before === undefined || before.kind === 'access' ? 'notice' : before.level;
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
