import { checkDispatcher, interpreterOf, type DispatcherProblem } from '../dispatcher';
import type { Trial, TrialReport } from '../dispatcher/trial';
import { trialRequest } from '../fastcgi';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
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

/**
 * Looks at the dispatcher that lies on the server, and where there is a shell starts it there as a shell and as the web
 * server would, with one request each. Fails with a RemoteError when the connection or the file cannot be used.
 */
export async function remotePreflight(
  connection: RemoteConnection,
  { remotePath, dispatcher, target = '/', timeLimit = 10_000, signal }: RemotePreflightOptions,
): Promise<TrialReport> {
  const session = await connection.sftp();
  const path = joinRemote(await resolveTargetFolder(session, remotePath), dispatcher);
  const stats = await session.find(path);
  if (stats === undefined)
    return refused(path, `There is no ${path} on the server. Upload the project first.`);
  const content = await readRemoteFile(session, path);
  const problems = checkDispatcher(content, { path, mode: stats.mode & 0o7777 });
  const [start] = problems.filter(({ code, severity }) => severity === 'error' && START_FAULTS.test(code));
  if (start) return refused(path, start.message, problems);
  if (!(await connection.hasShell()))
    return refused(
      path,
      'The account has no shell, so the program was not started there. Its first line and its mode are fine.',
      problems,
    );
  const interpreter = await interpreterOn(connection, content, signal);
  if (interpreter.fault !== null) return refused(path, interpreter.fault, problems);
  const asked = { path, target, timeLimit, ...(signal && { signal }) };
  const shell = await runTrial(connection, { mode: 'shell', ...asked });
  const server = await runTrial(connection, { mode: 'server', ...asked });
  return { dispatcher: path, ok: server.ok, fault: null, problems, facts: interpreter.facts, shell, server };
}

/** Codes of what keeps a file from being started at all. */
const START_FAULTS = /^dispatcher\.|^php\.command-line$/;

function refused(
  dispatcher: string,
  fault: string,
  problems: readonly DispatcherProblem[] = [],
): TrialReport {
  const others = problems.filter(({ message }) => message !== fault);
  return { dispatcher, ok: false, fault, problems: others, facts: [], shell: null, server: null };
}

/** Finds a program as the web server's processes do, and asks for its version. $1: a path or a name. */
const PROBE = `PATH=${SERVER_PATH}; export PATH
found=$(command -v -- "$1") || { command -v -- "\${1}3" >/dev/null && echo other; exit 0; }
echo "found $found"
case $1 in *sh|*php*) exit 0;; esac
"$1" --version 2>&1 </dev/null | head -n 5`;

/** What the server has of a dispatcher's interpreter. Before an upload, `content` is the file that would be sent. */
export async function interpreterOn(
  connection: RemoteConnection,
  content: Uint8Array | string,
  signal?: AbortSignal,
): Promise<{ readonly fault: string | null; readonly facts: readonly string[] }> {
  const program = interpreterOf(content);
  if (program === undefined) return { fault: null, facts: [] };
  const { stdout } = await connection.exec(shellScript(PROBE, [program]), {
    timeout: 20_000,
    ...(signal && { signal }),
  });
  const found = /^found (.+)$/m.exec(stdout)?.[1];
  if (found !== undefined) {
    const version = stdout
      .split('\n')
      .slice(1)
      .map((line) => /\d+\.\d+(?:\.\d+)?/.exec(line)?.[0])
      .find((one) => one !== undefined);
    return { fault: null, facts: [`${found}${version === undefined ? '' : `, version ${version}`}`] };
  }
  const other = stdout.includes('other')
    ? ` There is ${program}3: name that.`
    : ' Name another one in the first line, or ask your host.';
  return {
    fault: `The server has no ${program}, so it cannot start the program and answers 500.${other}`,
    facts: [],
  };
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
