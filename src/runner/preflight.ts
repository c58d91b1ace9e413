import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { knownReasonIn, reasonIn } from '../dispatcher/reasons';
import { answerInWords, type Trial } from '../dispatcher/trial';
import { CgiResponseParser, parseCgiOutput, trialRequest, type CgiFault, type CgiHead } from '../fastcgi';
import { Departure } from './departure';
import type { AnswerSink } from './exchange';
import { faultInWords } from './failures';
import { MODES } from './mode';
import { DispatcherPool, type JobEnd } from './pool';
import { watchFolder, watchGroup } from './processGroups';
import { ownCommand } from './programs';
import { makeSocketFolder } from './socketFolder';
import { startFaultOf, type StartFault } from './startFault';

export type { Trial } from '../dispatcher/trial';

/** How a dispatcher is tried. */
export interface PreflightOptions {
  /** Path info and query of the one request: `/` by default. */
  readonly target?: string;
  /** Environment that the server gives beside PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds for each of the two trials: 10000 by default. */
  readonly timeLimit?: number;
}

/** The outcome of a preflight. */
export interface PreflightReport {
  /** Absolute path. */
  readonly dispatcher: string;
  /** The server would get a page from it. Failures of the shell's trial alone do not count: not every library prints there. */
  readonly ok: boolean;
  /** Why it cannot be started at all; then there are no trials. */
  readonly startFault: StartFault | null;
  /** As from a shell: the user's environment, no FastCGI. */
  readonly shell: Trial | null;
  /** As by the server: FastCGI, an environment of nothing but PATH. */
  readonly server: Trial | null;
}

/** Longest part of a body that a report holds, in bytes. */
const BODY_LIMIT = 2000;

/** Starts a dispatcher as the shell and as the server would, with one request each, and says in plain words what came. */
export async function preflight(
  dispatcher: string,
  options: PreflightOptions = {},
): Promise<PreflightReport> {
  const file = path.resolve(dispatcher);
  const searchPath = options.environment?.['PATH'] ?? process.env['PATH'] ?? '';
  const startFault = startFaultOf(file, searchPath);
  if (startFault !== null) return { dispatcher: file, ok: false, startFault, shell: null, server: null };
  const shell = await tryInShell(file, options);
  const server = await tryAsServer(file, {
    ...options,
    environment: { PATH: searchPath, ...options.environment },
  });
  return { dispatcher: file, ok: server.ok, startFault, shell, server };
}

/** The program as a shell starts it. Its input is empty, since some libraries take a pipe for a server's socket. */
async function tryInShell(
  file: string,
  { target = '/', timeLimit = 10_000 }: PreflightOptions,
): Promise<Trial> {
  const began = performance.now();
  const child = spawn(file, [target], {
    cwd: path.dirname(file),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const unwatch = child.pid === undefined ? () => undefined : watchGroup(child.pid);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeLimit);
  const failure = await once(child, 'close').then(
    () => null,
    (error: unknown) => (error as Error).message,
  );
  clearTimeout(timer);
  killGroup(child.pid);
  unwatch();
  const how = timedOut ? `was still running after ${timeLimit / 1000} s` : (failure ?? exitInWords(child));
  const { head, body } = parseCgiOutput(Buffer.concat(output), path.basename(file));
  return trial({
    head,
    body,
    how,
    errors: Buffer.concat(errors),
    began,
    isWanted: !timedOut && child.exitCode === 0,
  });
}

interface TrialFacts {
  readonly head: CgiHead | CgiFault;
  readonly body: Uint8Array;
  /** How the program ended, in words. */
  readonly how: string;
  readonly errors: Uint8Array;
  readonly began: number;
  /** It ended as a program should. */
  readonly isWanted: boolean;
}

function trial({ head, body, how, errors, began, isWanted }: TrialFacts): Trial {
  const errorOutput = Buffer.from(errors).toString();
  const milliseconds = performance.now() - began;
  const rest = { body: Buffer.from(body.subarray(0, BODY_LIMIT)).toString(), errorOutput, milliseconds };
  if (head.kind === 'fault') {
    const printed =
      head.reason === 'no-output' ? 'printed no page' : `what it printed is no page (${head.logMessage})`;
    const message = `Started from a shell it ${how} and ${printed}. ${shellAdvice(errorOutput)}`;
    return { ok: false, message, status: null, contentType: null, ...rest };
  }
  const page = `a page with status ${head.status}`;
  const message = isWanted
    ? `Started from a shell it printed ${page}.`
    : `Started from a shell it printed ${page}, but ${how}.`;
  return { ok: isWanted, message, status: head.status, contentType: head.contentType, ...rest };
}

function shellAdvice(errorOutput: string): string {
  if (/Errno (?:88|38|22)\]|ENOTSOCK|non-socket|not a socket file descriptor/.test(errorOutput)) {
    return 'Its library (flup, for instance) works only under a FastCGI server; that alone is no fault.';
  }
  return reasonIn(errorOutput);
}

/** The program as mod_fcgid starts and asks it. */
async function tryAsServer(
  file: string,
  { target = '/', environment = {}, timeLimit = 10_000 }: PreflightOptions,
): Promise<Trial> {
  const began = performance.now();
  const folder = makeSocketFolder();
  const unwatch = watchFolder(folder);
  const nextSocketName = (): string => 's';
  const emit = (): void => undefined;
  const pool = new DispatcherPool({
    command: ownCommand(file),
    environment,
    socketFolder: folder,
    nextSocketName,
    maxProcesses: 1,
    timeLimit,
    rules: MODES.faithful,
    emit,
  });
  try {
    const sink = new Collector(path.basename(file));
    const request = trialRequest({ file, target, searchPath: environment['PATH'] ?? '' });
    const job = { id: 0, request, body: null, sink, departure: new Departure(), repeatable: false };
    const end = await new Promise<JobEnd>((resolve) => pool.run(job, resolve));
    return serverTrial(sink, end, began);
  } finally {
    await pool.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
    unwatch();
  }
}

function serverTrial(sink: Collector, end: JobEnd, began: number): Trial {
  const rest = {
    body: sink.body.toString(),
    errorOutput: sink.errorOutput + end.processOutput,
    milliseconds: performance.now() - began,
  };
  const none = { ok: false, status: null, contentType: null, ...rest };
  const known = knownReasonIn(rest.errorOutput);
  const withReason = (message: string): string =>
    known === undefined || message.includes(known) ? message : `${message} ${known}`;
  if (end.kind !== 'complete') return { ...none, message: withReason(end.message) };
  const head = sink.parser.end();
  if (head.kind === 'fault') return { ...none, message: withReason(faultInWords(head)) };
  const { status, contentType } = head;
  return {
    ok: status < 500,
    message: answerInWords(status),
    status,
    contentType,
    ...rest,
  };
}

/** Keeps the start of an answer. */
class Collector implements AnswerSink {
  readonly parser: CgiResponseParser;
  body = Buffer.alloc(0);
  errorOutput = '';

  constructor(script: string) {
    this.parser = new CgiResponseParser(script);
  }

  output(content: Uint8Array): boolean {
    const body = this.parser.push(content);
    this.body = Buffer.concat([this.body, body.subarray(0, Math.max(0, BODY_LIMIT - this.body.length))]);
    return true;
  }

  error(content: Uint8Array): void {
    this.errorOutput += Buffer.from(content).toString();
  }

  pause(): void {
    // All of it is waited for.
  }

  onceReady(go: () => void): void {
    go();
  }
}

function exitInWords({
  exitCode,
  signalCode,
}: {
  exitCode: number | null;
  signalCode: string | null;
}): string {
  return signalCode === null
    ? `ended with exit code ${exitCode ?? 'unknown'}`
    : `was killed by ${signalCode}`;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
