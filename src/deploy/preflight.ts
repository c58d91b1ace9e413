import {
  checkDispatcher,
  interpreterOf,
  type DispatcherProblem,
  type InterpreterThere,
  type Owner,
} from '../dispatcher';
import { otherProgramNames, ownerFault } from '../dispatcher/onTarget';
import type { Trial, TrialReport } from '../dispatcher/trial';
import { trialRequest } from '../fastcgi';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { shellQuote, shellScript } from '../remote/shell';
import { joinRemote } from './names';
import { readRemoteFile } from './remoteFiles';
import { resolveTargetFolder } from './targetFolder';
import { TRIAL_DRIVER } from './trialDriver';
import { driverLines, SERVER_PATH, trialOf } from './trialOutcome';

/** How a dispatcher is tried on a server. */
export interface RemotePreflightOptions {
  /** The site's folder on the server. */
  readonly remotePath: string;
  /** The dispatcher, relative to it. */
  readonly dispatcher: string;
  /** Path info and query of the one request; `/` by default. */
  readonly target?: string;
  /** Milliseconds for each of the two trials; 10000 by default. */
  readonly timeLimit?: number;
  readonly signal?: AbortSignal;
}

/** A report, and what was seen of the file on the way. */
export interface RemoteTrialReport extends TrialReport {
  readonly seen: SeenThere | null;
}

/** A dispatcher as it lies on a server. */
export interface SeenThere {
  /** Permission bits. */
  readonly mode: number;
  /** Absent for a link. */
  readonly owner?: Owner;
  /** Absent where nobody could be asked. */
  readonly interpreter?: InterpreterThere & { readonly program: string };
}

/**
 * Looks at the dispatcher that lies on the server, and where there is a shell starts it there as a shell and as the web
 * server would, with one request each. Fails with a RemoteError when the connection or the file cannot be used.
 */
export async function remotePreflight(
  connection: RemoteConnection,
  { remotePath, dispatcher, target = '/', timeLimit = 10_000, signal }: RemotePreflightOptions,
): Promise<RemoteTrialReport> {
  const session = await connection.sftp();
  const path = joinRemote(await resolveTargetFolder(session, remotePath), dispatcher);
  if ((await session.find(path)) === undefined)
    return { ...refused(path, `There is no ${path} on the server. Upload the project first.`), seen: null };
  const content = await readRemoteFile(session, path);
  const seen = await seenAt(session, path);
  const problems = checkDispatcher(content, { path, mode: seen.mode });
  const owner = seen.owner && ownerFault(seen.owner);
  const facts = owner === undefined ? [] : [`If the server has suEXEC, Apache answers 500: ${owner}`];
  const [start] = problems.filter(({ code, severity }) => severity === 'error' && START_FAULTS.test(code));
  if (start) return { ...refused(path, start.message, problems, facts), seen };
  if (!(await connection.hasShell()))
    return {
      ...refused(
        path,
        'The account has no shell, so the program was not started there. Its first line and its mode are fine.',
        problems,
        facts,
      ),
      seen,
    };
  const interpreter = await interpreterOn(connection, content, signal);
  const all = { ...seen, ...(interpreter.there && { interpreter: interpreter.there }) };
  if (interpreter.fault !== null) return { ...refused(path, interpreter.fault, problems, facts), seen: all };
  facts.unshift(...interpreter.facts);
  const asked = { path, target, timeLimit, ...(signal && { signal }) };
  const shell = await runTrial(connection, { mode: 'shell', ...asked });
  const server = await runTrial(connection, { mode: 'server', ...asked });
  return { dispatcher: path, ok: server.ok, fault: null, problems, facts, shell, server, seen: all };
}

/** Codes of what keeps a file from being started at all. */
const START_FAULTS = /^dispatcher\.|^php\.command-line$/;

async function seenAt(session: SftpSession, path: string): Promise<SeenThere> {
  const [own, stats, folder] = await Promise.all([
    session.lstat(path),
    session.stat(path),
    session.stat(path.slice(0, path.lastIndexOf('/')) || '/'),
  ]);
  const owner = own.kind === 'link' ? undefined : { file: own.uid, folder: folder.uid };
  return { mode: stats.mode & 0o7777, ...(owner && { owner }) };
}

function refused(
  dispatcher: string,
  fault: string,
  problems: readonly DispatcherProblem[] = [],
  facts: readonly string[] = [],
): TrialReport {
  const others = problems.filter(({ message }) => message !== fault);
  return { dispatcher, ok: false, fault, problems: others, facts, shell: null, server: null };
}

/** Finds a program as the web server's processes do, and asks for its version; else names those that may stand for it. $1: a path or a name. */
const PROBE = `PATH=${SERVER_PATH}; export PATH
program=$1; shift
found=$(command -v -- "$program") || { for other; do command -v -- "$other" | sed 's/^/other /'; done; exit 0; }
echo "found $found"
case $program in *sh|*php*) exit 0;; esac
"$program" --version 2>&1 </dev/null | head -n 5`;

/** What a server said of an interpreter. */
export interface InterpreterReport {
  /** Why nothing can be started by it. */
  readonly fault: string | null;
  readonly facts: readonly string[];
  readonly there?: InterpreterThere & { readonly program: string };
}

/** What the server has of a dispatcher's interpreter. Before an upload, `content` is the file that would be sent. */
export async function interpreterOn(
  connection: RemoteConnection,
  content: Uint8Array | string,
  signal?: AbortSignal,
): Promise<InterpreterReport> {
  const program = interpreterOf(content);
  if (program === undefined) return { fault: null, facts: [] };
  const beside = program.startsWith('/') ? [`${program}3`] : [];
  const { stdout } = await connection.exec(
    shellScript(PROBE, [program, ...beside, ...otherProgramNames(program)]),
    { timeout: 20_000, ...(signal && { signal }) },
  );
  const found = /^found (.+)$/m.exec(stdout)?.[1];
  if (found !== undefined) {
    const fact = `${found}${versionIn(stdout)}`;
    return { fault: null, facts: [fact], there: { program, found: true, others: [] } };
  }
  const others = [...stdout.matchAll(/^other (\/.*)$/gm)].map(([, path = '']) => path);
  const [first] = others;
  const way =
    first === undefined
      ? 'Name another one in the first line, or ask your host.'
      : `There is ${first}: name that.`;
  const fault = `The server has no ${program}, so it cannot start the program and answers 500. ${way}`;
  return { fault, facts: [], there: { program, found: false, others } };
}

function versionIn(stdout: string): string {
  const version = stdout
    .split('\n')
    .slice(1)
    .map((line) => /\d+\.\d+(?:\.\d+)?/.exec(line)?.[0])
    .find((one) => one !== undefined);
  return version === undefined ? '' : `, version ${version}`;
}

interface Order {
  readonly mode: 'shell' | 'server';
  readonly path: string;
  readonly target: string;
  readonly timeLimit: number;
  readonly signal?: AbortSignal;
}

async function runTrial(connection: RemoteConnection, order: Order): Promise<Trial> {
  const { mode, path, target, timeLimit, signal } = order;
  const began = performance.now();
  const request = Buffer.from(trialRequest({ file: path, target, searchPath: SERVER_PATH })).toString('hex');
  const words = ['perl', '-', mode, path, String(Math.ceil(timeLimit / 1000)), target, request];
  const { stdout, stderr } = await connection.exec(words.map(shellQuote).join(' '), {
    input: TRIAL_DRIVER,
    timeout: timeLimit + 30_000,
    maxBytes: 4 << 20,
    ...(signal && { signal }),
  });
  const milliseconds = performance.now() - began;
  const lines = driverLines(stdout);
  const failure =
    lines.get('failed') ?? (lines.has('answer') ? undefined : stderr.trim() || 'perl gave no answer');
  if (failure !== undefined)
    throw new RemoteError('failure', `The program could not be tried on the server: ${failure}`);
  return { ...trialOf(mode, lines, path), milliseconds };
}
