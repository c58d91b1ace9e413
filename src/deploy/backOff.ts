import type { LogLine } from '../errorlog';

/** Why a server does not even try to start a program any more, for a while. */
export interface BackOff {
  readonly module: 'mod_fastcgi' | 'mod_fcgid';
  /** `backed-off`: mod_fastcgi's ten minutes. `spawn-score`: mod_fcgid starts no more for some seconds. `process-limit`: it may run no more. */
  readonly kind: 'backed-off' | 'spawn-score' | 'process-limit';
  /** The program, absolute on the server. */
  readonly path: string;
  /** When it ends, by the log's clock without zone, as `2026-11-23T02:35:33`; undefined where nobody can tell. */
  readonly until: string | undefined;
  /** Seconds left at the moment that was asked for; 0 once it has ended. */
  readonly secondsLeft: number | undefined;
  /** What led to it, where the log tells: a sentence. */
  readonly cause: string | undefined;
}

const STARTED = /^FastCGI:(?: \(dynamic\))? server "([^"]+)".*?\b(?:started|restarted) \(pid \d+\)/;
const BACKED_OFF =
  /^FastCGI:(?: \(dynamic\))? server "([^"]+)" has failed to remain running for \d+ seconds given \d+ attempts, its restart interval has been backed off to (\d+) seconds/;
const RESTORED =
  /^FastCGI:(?: \(dynamic\))? server "([^"]+)" has remained running for more than \d+ seconds, its restart interval has been restored/;
const ENDED =
  /^FastCGI:(?: \(dynamic\))? server "([^"]+)" \(pid \d+\) terminated (?:by calling exit with status '(\d+)'|due to uncaught signal '(\d+)')/;
const CANNOT_START =
  /^FastCGI: can't start(?: \(dynamic\))? server "([^"]+)" \(pid \d+\), execle\(\) failed: (.+)/;
const NO_SLOT = /^mod_fcgid: can't apply process slot for (\S+)/;
const DIED = /^mod_fcgid: error reading data from FastCGI server/;
const SCORE = /^mod_fcgid: (\S+)? ?.*spawn score (\d+) >= (\d+), skip the spawn request/;

/** suEXEC's exit codes (support/suexec.c of Apache 2.4), as far as an owner can mend what they stand for. */
const SUEXEC: Readonly<Record<string, string>> = {
  '114': 'it lies outside of the folder that suEXEC allows',
  '116': 'its folder is writable by the group or by others (chmod 755 the folder)',
  '117': 'it is a symbolic link, or gone',
  '118': 'the file is writable by the group or by others (chmod 755 it)',
  '119': 'the file has the setuid or setgid bit',
  '120': "it does not belong to the account, or to the account's group",
  '121': 'the file is not executable (chmod 755 it)',
  '255': 'its "#!" line names a program that is not there, or it has Windows line ends',
};

interface Course {
  started: number | undefined;
  backOff: { seconds: number; since: number } | undefined;
  cause: string | undefined;
}

/**
 * Whether a program is in back-off, by the lines of an error log up to `now` (the same clock: local time of the server without zone).
 * `path` is its absolute path on the server, or the end of it; absent: any program. Rules as measured of mod_fastcgi 2.4.7.1 and
 * mod_fcgid 2.3.9.
 */
export function backOffOf(lines: readonly LogLine[], now: string, path = ''): BackOff | undefined {
  const courses = new Map<string, Course>();
  let fcgid: BackOff | undefined;
  let died: number | undefined;
  for (const line of lines) {
    const time = secondsOf(line.time);
    if (time === undefined) continue;
    if (line.message.startsWith('FastCGI: ')) follow(courses, line.message, time);
    else if (DIED.test(line.message)) died = time;
    else fcgid = fcgidBackOff(line.message, { time, now: secondsOf(now) ?? time, died }) ?? fcgid;
  }
  for (const [program, course] of courses) {
    const found = program.endsWith(path) ? lasting(program, course, secondsOf(now) ?? 0) : undefined;
    if (found) return found;
  }
  return fcgid && fcgid.path.endsWith(path) ? fcgid : undefined;
}

/** What it is, why, until when and what ends it, in sentences. */
export function backOffText({ module, kind, path, until, secondsLeft, cause }: BackOff): string {
  const why = cause === undefined ? '' : ` The reason: ${cause}.`;
  const when = until === undefined ? '' : ` until ${until.slice(11, 16)} by the server's clock`;
  if (kind === 'backed-off') {
    const left = secondsLeft === undefined ? '' : ` (${Math.ceil(secondsLeft / 60)} min left)`;
    return `${module} has given ${path} up${when}${left}: it failed four times.${why} Until then it ignores new files and time stamps under this name, and every kill counts; correct the program, then give it another name ("recover").`;
  }
  return kind === 'spawn-score'
    ? `${module} starts no more processes of ${path} for some seconds${when}.${why}`
    : `${module} cannot start a process of ${path}: the limit of processes is reached.${why}`;
}

function follow(courses: Map<string, Course>, message: string, time: number): void {
  const course = (program: string | undefined): Course => {
    const known = courses.get(program ?? '') ?? { started: undefined, backOff: undefined, cause: undefined };
    courses.set(program ?? '', known);
    return known;
  };
  const backedOff = BACKED_OFF.exec(message);
  const ended = ENDED.exec(message);
  const cannot = CANNOT_START.exec(message);
  const restored = RESTORED.exec(message);
  const started = STARTED.exec(message);
  if (backedOff) {
    // The line comes again with every wake-up of the process manager: the first one counts.
    const one = course(backedOff[1]);
    one.backOff ??= { seconds: Number(backedOff[2]), since: one.started ?? time };
  } else if (restored) course(restored[1]).backOff = undefined;
  else if (ended) course(ended[1]).cause = causeOf(ended[2], ended[3]);
  else if (cannot) course(cannot[1]).cause = `it cannot be started: ${cannot[2] ?? ''}`;
  else if (started) {
    const one = course(started[1]);
    one.started = time;
    // The single attempt after ten minutes: if it fails, the back-off line comes again.
    one.backOff = undefined;
  }
}

function causeOf(status: string | undefined, signal: string | undefined): string {
  if (signal !== undefined) return `it was ended by signal ${signal}`;
  const refusal = SUEXEC[status ?? ''];
  return refusal === undefined ? `it ended with status ${status ?? 'unknown'}` : refusal;
}

function lasting(path: string, { backOff, cause }: Course, now: number): BackOff | undefined {
  if (!backOff) return undefined;
  const end = backOff.since + backOff.seconds;
  const secondsLeft = Math.max(0, Math.ceil(end - now));
  // Afterwards the next request makes one attempt; until it was made, the program still does not run.
  return { module: 'mod_fastcgi', kind: 'backed-off', path, until: clockOf(end), secondsLeft, cause };
}

/** Seconds after which mod_fcgid answers 503 to a request that got no process (measured: 63). */
const NO_SLOT_AFTER = 65;
const ENDED_OFTEN = 'it ended too often within seconds';

/**
 * mod_fcgid takes a point off each second, and starts again below its limit of ten. A full process table is over when it is. At its usual
 * level the log tells of both that there was no slot: `died`, the last end of a program before an answer, tells them apart.
 */
function fcgidBackOff(
  message: string,
  { time, now, died }: { time: number; now: number; died: number | undefined },
): BackOff | undefined {
  const [, program] = NO_SLOT.exec(message) ?? [];
  if (program !== undefined && now - time < NO_SLOT_AFTER) {
    const isEnding = died !== undefined && time - died < NO_SLOT_AFTER;
    return {
      module: 'mod_fcgid',
      kind: isEnding ? 'spawn-score' : 'process-limit',
      path: program,
      until: undefined,
      secondsLeft: undefined,
      cause: isEnding ? ENDED_OFTEN : 'the server may run no more processes of it',
    };
  }
  const score = SCORE.exec(message);
  const end = score ? time + Number(score[2]) - Number(score[3]) + 1 : 0;
  if (!score || end <= now) return undefined;
  return {
    module: 'mod_fcgid',
    kind: 'spawn-score',
    path: score[1] ?? '',
    until: clockOf(end),
    secondsLeft: Math.ceil(end - now),
    cause: ENDED_OFTEN,
  };
}

/** Seconds on the log's own clock; only differences and ends of it mean anything. */
function secondsOf(time: string | null): number | undefined {
  const value = time === null ? Number.NaN : Date.parse(`${time.slice(0, 23)}Z`);
  return Number.isNaN(value) ? undefined : value / 1000;
}

function clockOf(seconds: number): string {
  return new Date(Math.round(seconds) * 1000).toISOString().slice(0, 19);
}
