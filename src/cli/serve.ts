import { relative, resolve } from 'node:path';
import { keepCodeSoon } from '../codeCache/keepCode';
import type { RunnerMode } from '../project';
import {
  MODES,
  projectOptions,
  RunnerError,
  startRunner,
  type Runner,
  type RunnerEvent,
  type RunnerOptions,
} from '../runner';
import { harmless, paint, type Paint } from './colours';
import { atMostOne, readArguments, UsageError, type Command, type ExitCode } from './command';
import { openInBrowser } from './openInBrowser';
import type { Terminal } from './terminal';
import { untilInterrupted } from './untilInterrupted';
import { namedSite, type Workspace } from './workspace';

const help = `Usage: fastcgi serve [DIR] [--port N] [--open] [--mode MODE] [--access-log FILE]

Serves the site on this machine as Apache with mod_fcgid would: .htaccess, static files and
FastCGI dispatchers, with their output shown here. Changed files are noticed.

  DIR      a folder with .vscode/fastcgi.json, or the folder that the web server shows as /
           (default: what .vscode/fastcgi.json here or above says; without one, the current folder)
  --port   port on the loopback interface; 0 for any free one (default: "runner.port", 8400)
  --open   show the site in the browser
  --mode   kind: without the server's limits, with explanations (default: "runner.mode");
           faithful: as mod_fcgid, with its limits, buffers and pages; mod_fastcgi: as the older module
  --access-log
           append Apache's combined log to this file

Ctrl-C ends the server and everything that it started.

Exit code: 0 ended by Ctrl-C, 1 could not be started, 2 wrong usage.
`;

/** `fastcgi serve`: the local runner until Ctrl-C. */
export const serve: Command = {
  name: 'serve',
  summary: 'the site on this machine, as Apache with mod_fcgid would serve it',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      port: { type: 'string' },
      open: { type: 'boolean', default: false },
      mode: { type: 'string' },
      'access-log': { type: 'string' },
    });
    const workspace = namedSite(atMostOne(positionals, 'folder'), terminal);
    const port = values.port === undefined ? undefined : portOf(values.port);
    const mode = values.mode === undefined ? undefined : modeOf(values.mode);
    const runner = await started(workspace, { port, mode, accessLog: values['access-log'] }, terminal);
    return serveUntilInterrupted(runner, { open: values.open, workspace }, terminal);
  },
};

/** What the command line says. */
interface ServeOptions {
  readonly port: number | undefined;
  readonly mode: RunnerMode | undefined;
  readonly accessLog: string | undefined;
}

async function serveUntilInterrupted(
  runner: Runner,
  { open, workspace }: { readonly open: boolean; readonly workspace: Workspace },
  terminal: Terminal,
): Promise<ExitCode> {
  const colour = paint(terminal.colours);
  terminal.out(`${colour.bold(runner.url)} shows ${workspace.documentRoot}; Ctrl-C ends it.\n`);
  if (open) openInBrowser(runner.url, terminal);
  await untilInterrupted(terminal);
  await runner.dispose();
  return 0;
}

/** Starts on the wanted port; where only the project file names it and it is taken, on any free one. */
async function started(workspace: Workspace, asked: ServeOptions, terminal: Terminal): Promise<Runner> {
  const options = runnerOptions(workspace, asked, terminal);
  const { port } = asked;
  try {
    return await startRunner({ ...options, port: port ?? workspace.project.runner.port });
  } catch (error) {
    const isTaken = error instanceof RunnerError && error.reason === 'port-in-use';
    if (!isTaken || port !== undefined) throw error;
    terminal.err(`Port ${workspace.project.runner.port} is in use; a free one is taken.\n`);
    return startRunner({ ...options, port: 0 });
  }
}

function runnerOptions(
  { folder, documentRoot, project }: Workspace,
  { mode, accessLog }: ServeOptions,
  terminal: Terminal,
): RunnerOptions {
  return {
    ...projectOptions(project, folder),
    documentRoot: relative(folder, documentRoot) || '.',
    onEvent: (event) => showEvent(event, folder, terminal),
    ...(mode === undefined ? {} : { mode }),
    ...(accessLog === undefined ? {} : { accessLog: resolve(terminal.cwd, accessLog) }),
  };
}

/** Requests go to standard output as the server's log; what programs and the server say goes to standard error. */
function showEvent(event: RunnerEvent, folder: string, terminal: Terminal): void {
  const colour = paint(terminal.colours);
  if (event.kind === 'request') {
    keepCodeSoon(serve.name);
    terminal.out(requestLine(event, folder, colour));
  } else if (event.kind !== 'arrived') terminal.err(eventLines(event, folder, colour));
}

type EventOf<Kind extends RunnerEvent['kind']> = Extract<RunnerEvent, { kind: Kind }>;

function requestLine(event: EventOf<'request'>, folder: string, colour: Paint): string {
  const { method, target, status, milliseconds, dispatcher } = event;
  const weight = status >= 500 ? colour.red : status >= 400 ? colour.yellow : colour.green;
  const by = dispatcher === null ? '' : ` ${relative(folder, dispatcher)}`;
  return `${weight(String(status))} ${method} ${harmless(target)} ${colour.dim(`${Math.round(milliseconds)} ms${by}`)}\n`;
}

function eventLines(
  event: Exclude<RunnerEvent, { kind: 'request' | 'arrived' }>,
  folder: string,
  colour: Paint,
): string {
  if (event.kind === 'problem') return `${colour.red(harmless(event.message))}\n`;
  if (event.kind === 'reloaded') {
    return colour.dim(`changed: ${event.files.map((file) => relative(folder, file)).join(', ')}\n`);
  }
  const program = relative(folder, event.dispatcher);
  if (event.kind === 'paused' || event.kind === 'resumed') return pauseLine(event, program, colour);
  const name = `${program}[${event.pid}]`;
  if (event.kind === 'started') return colour.dim(`${name} started\n`);
  if (event.kind === 'output') return outputLines(name, event, colour);
  return event.expected ? colour.dim(`${name} ended\n`) : colour.red(`${name} ended: ${exitWords(event)}\n`);
}

function pauseLine(event: EventOf<'paused' | 'resumed'>, program: string, colour: Paint): string {
  if (event.kind === 'resumed') return colour.dim(`${program} may be started again\n`);
  const seconds = Math.ceil((event.until - Date.now()) / 1000);
  return colour.red(
    `${program} is not started for ${seconds} s: it failed ${event.failures} times in a row\n`,
  );
}

function outputLines(name: string, { text, stream }: EventOf<'output'>, colour: Paint): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.map((line) => `${colour.dim(`${name} ${stream}:`)} ${harmless(line)}\n`).join('');
}

function exitWords({ code, signal }: EventOf<'exited'>): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}

function modeOf(text: string): RunnerMode {
  if (Object.hasOwn(MODES, text)) return text as RunnerMode;
  throw new UsageError(`--mode takes ${Object.keys(MODES).join(', ')}; not "${text}".`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535; not "${text}".`);
}
