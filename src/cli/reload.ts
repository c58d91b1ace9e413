import { findModule } from '../deploy/moduleProbe';
import { reloadOrTakeBack } from '../deploy/proved';
import {
  reload as reloadOnServer,
  type ReloadEvidence,
  type ReloadOptions,
  type ReloadReport,
} from '../deploy/reload';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { harmless, paint } from './colours';
import { ActionError, atMostOne, readArguments, type Command, type ExitCode } from './command';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { findWorkspace, refuseBrokenProject, targetOf } from './workspace';

const help = `Usage: fastcgi reload [TARGET] [--find-module] [--dry-run]

Makes the server run the dispatcher anew and proves it by a request: "reloaded" means that a
new process answered. The way is the target's "reload" in .vscode/fastcgi.json (default: found out).

  --find-module   find out first which module runs the dispatcher, by a temporary folder with a
                  .htaccess and two requests; it is remembered on the server
  --dry-run       say what would be done; nothing is connected

Exit code: 0 done, 1 failed or the old process still answers, 2 wrong usage.
`;

/** `fastcgi reload`: a new process for the dispatcher, with proof. */
export const reload: Command = {
  name: 'reload',
  summary: 'a new process of the dispatcher on the server, proved by a request',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      'find-module': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    });
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    const dispatcher = await dispatcherOf(workspace);
    if (values['dry-run']) return dryRun(target, dispatcher, terminal);
    refuseBrokenProject(workspace);
    return withConnection(target, terminal, async (connection) => {
      if (values['find-module']) await tellModule(connection, target, terminal);
      return reloadTarget({ connection, target, dispatcher }, terminal);
    });
  },
};

async function tellModule(
  connection: RemoteConnection,
  { name, path, url }: Target,
  terminal: Terminal,
): Promise<void> {
  if (url === undefined) throw new ActionError('--find-module asks the site: the target needs a "url".');
  const found = await findModule(connection, { remotePath: path, url, signal: terminal.interrupted });
  terminal.out(
    `${name}: ${found === undefined ? 'which module runs programs could not be seen' : `FastCGI by ${found}`}.\n`,
  );
}

/** Reloads over an open connection and shows what happened. */
export async function reloadTarget(
  order: {
    readonly connection: RemoteConnection;
    readonly target: Target;
    readonly dispatcher: string | undefined;
    /** After an upload: what to take back when the site does not work any more. */
    readonly before?: { readonly worked: boolean | undefined; readonly deploy: string | undefined };
  },
  terminal: Terminal,
): Promise<ExitCode> {
  const { connection, target, dispatcher = missingDispatcher() } = order;
  const { reload: way, url, path, host, log } = target;
  const options: ReloadOptions = {
    remotePath: path,
    dispatcher,
    host,
    ...(log === undefined ? {} : { log }),
    ...(typeof way === 'string' ? { strategy: way } : { strategy: 'command', command: way.command }),
    ...(url === undefined ? {} : { url: new URL(dispatcher, url).href }),
    signal: terminal.interrupted,
    onStep: (step) => terminal.err(`${harmless(step)}\n`),
  };
  const { before } = order;
  if (before === undefined) return told(await reloadOnServer(connection, options), target, terminal);
  const { report, takenBack, afterwards } = await reloadOrTakeBack(connection, options, before);
  const code = told(report, target, terminal);
  if (!takenBack || !afterwards) return code;
  terminal.out(`${target.name}: the upload was taken back, ${takenBack.restored.length} files restored.\n`);
  told(afterwards, target, terminal);
  return 1;
}

function told(report: ReloadReport, target: Target, terminal: Terminal): ExitCode {
  terminal.out(`${verdict(report, target, terminal.colours)}\n`);
  return FAILED.has(report.evidence) ? 1 : 0;
}

const FAILED: ReadonlySet<ReloadEvidence> = new Set(['old-process', 'failing', 'backed-off']);

const WORDS: Readonly<Record<ReloadEvidence, string>> = {
  'new-process': 'reloaded: a new process answered.',
  'probe-header': 'reloaded: the dispatcher reports a new start.',
  answered: 'done; the site answers, but whether by a new process could not be seen.',
  'old-process': 'not reloaded: the old process still answers.',
  failing: 'the site does not work. "fastcgi log" shows why.',
  'backed-off': 'not reloaded: the server has given the program up for a while. "fastcgi recover" ends that.',
  'not-asked': 'done, but not proved: the target has no "url".',
};

function verdict({ evidence, proved, status }: ReloadReport, { name }: Target, colours: boolean): string {
  const colour = paint(colours);
  const style = proved ? colour.green : FAILED.has(evidence) ? colour.red : colour.yellow;
  const answer = status === undefined ? '' : ` (status ${status})`;
  return style(`${name}: ${WORDS[evidence]}${answer}`);
}

function dryRun(target: Target, dispatcher: string | undefined, terminal: Terminal): ExitCode {
  const way = typeof target.reload === 'string' ? target.reload : `command: ${target.reload.command}`;
  const proof =
    target.url === undefined ? 'without proof (no "url")' : `proved by a request to ${target.url}`;
  const file = `${target.path.replace(/\/$/, '')}/${dispatcher ?? missingDispatcher()}`;
  terminal.out(`${target.name}: would reload ${file} (${way}), ${proof}. Nothing was done.\n`);
  return 0;
}

function missingDispatcher(): never {
  throw new ActionError(
    'There is no .fcgi file in the document root. Name it by "dispatcher" in .vscode/fastcgi.json.',
  );
}
