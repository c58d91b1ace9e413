import { answerInWords, endInWords, type Trial } from '../dispatcher/trial';
import { CgiResponseParser, parseCgiOutput, RecordDecoder, RecordType, TRIAL_REQUEST_ID } from '../fastcgi';

/** PATH of a web server's processes on most systems. */
export const SERVER_PATH = '/usr/local/bin:/usr/bin:/bin';
/** Longest part of a body that a report holds, in characters. */
const BODY_LIMIT = 2000;

/** What TRIAL_DRIVER printed, value by word. */
export type DriverLines = ReadonlyMap<string, string>;

/** Reads the lines of TRIAL_DRIVER's output. */
export function driverLines(stdout: string): DriverLines {
  return new Map(stdout.split('\n').map((line) => [line.split(' ')[0] ?? '', line.replace(/^\S* ?/, '')]));
}

/** What one start of a dispatcher on a server gave. */
export function trialOf(
  mode: 'shell' | 'server',
  lines: DriverLines,
  path: string,
): Omit<Trial, 'milliseconds'> {
  return mode === 'shell' ? shellTrial(lines, path) : serverTrial(lines, path);
}

const bytesIn = (lines: DriverLines, name: string): Buffer => Buffer.from(lines.get(name) ?? '', 'hex');
const baseName = (path: string): string => path.replace(/^.*\//, '');

function shellTrial(lines: DriverLines, path: string): Omit<Trial, 'milliseconds'> {
  const errorOutput = bytesIn(lines, 'errors').toString();
  const { head, body } = parseCgiOutput(bytesIn(lines, 'output'), baseName(path));
  const rest = { body: Buffer.from(body).toString().slice(0, BODY_LIMIT), errorOutput };
  if (head.kind === 'fault') {
    const message = `Started from a shell it printed no page. ${wordsOf(lines, errorOutput)}`;
    return { ok: false, message, status: null, contentType: null, ...rest };
  }
  const ok = lines.get('exit') === '0';
  const message = `Started from a shell it printed a page with status ${head.status}${ok ? '.' : `, but: ${wordsOf(lines, errorOutput)}`}`;
  return { ok, message, status: head.status, contentType: head.contentType, ...rest };
}

function serverTrial(lines: DriverLines, path: string): Omit<Trial, 'milliseconds'> {
  const parser = new CgiResponseParser(baseName(path));
  const { body, errors, ended } = answerIn(bytesIn(lines, 'answer'), parser);
  const printed = Buffer.concat([bytesIn(lines, 'errors'), bytesIn(lines, 'output')]).toString();
  const rest = { body: body.slice(0, BODY_LIMIT), errorOutput: errors + printed };
  const none = { ok: false, status: null, contentType: null, ...rest };
  if (!ended) return { ...none, message: wordsOf(lines, rest.errorOutput) };
  const head = parser.end();
  if (head.kind === 'fault')
    return { ...none, message: `Its answer is not what a web server understands: ${head.logMessage}.` };
  return {
    ok: head.status < 500,
    message: answerInWords(head.status),
    status: head.status,
    contentType: head.contentType,
    ...rest,
  };
}

/** What the records of an answer carry; `ended` where END_REQUEST came. */
function answerIn(
  bytes: Uint8Array,
  parser: CgiResponseParser,
): { body: string; errors: string; ended: boolean } {
  const body: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  let ended = false;
  for (const { type, requestId, content } of new RecordDecoder().push(bytes)) {
    if (requestId !== TRIAL_REQUEST_ID || ended) continue;
    if (type === RecordType.stdout) body.push(parser.push(content));
    else if (type === RecordType.stderr) errors.push(content);
    else if (type === RecordType.endRequest) ended = true;
  }
  return { body: Buffer.concat(body).toString(), errors: Buffer.concat(errors).toString(), ended };
}

function wordsOf(lines: DriverLines, errorOutput: string): string {
  const exit = lines.get('exit');
  const stopped = lines.get('stopped');
  return endInWords({
    exitCode: exit === undefined ? null : Number(exit),
    signal: lines.has('signal') ? `signal ${lines.get('signal') ?? ''}` : null,
    stoppedAfter: stopped === undefined ? null : Number(stopped) * 1000,
    errorOutput,
  });
}
