import { join } from 'node:path';
import { backOffText } from '../deploy/backOff';
import { commitOf } from '../deploy/git';
import { readBackOff } from '../deploy/readBackOff';
import { removeRetired, revive } from '../deploy/revive';
import { recover as recoverOnServer } from '../deploy/recover';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { preflight } from '../runner';
import { harmless } from './colours';
import { ActionError, atMostOne, readArguments, type Command, type ExitCode } from './command';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { recoveryText } from './upload';
import { findWorkspace, refuseBrokenProject, targetOf, type Workspace } from './workspace';

const help = `Usage: fastcgi recover [TARGET] [--new-name] [--dry-run]

Brings a target back to its feet:
- an upload that was interrupted is finished, or what it left is removed (the next upload does the same);
- when the error log says that the server has given the dispatcher up (mod_fastcgi's ten minutes), the
  dispatcher from here is tried, sent under a name without failures, and every .htaccess that names it is
  switched in one step; then the site is asked once.

  --new-name   do that whatever the log says
  --dry-run    only say what is found

Exit code: 0 the site is whole, 1 it failed or the program still does not answer, 2 wrong usage.
`;

/** `fastcgi recover`: out of an interrupted upload, and out of a back-off. */
export const recover: Command = {
  name: 'recover',
  summary: 'finish or undo an interrupted upload; end a back-off',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      'new-name': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    });
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    refuseBrokenProject(workspace);
    return withConnection(target, terminal, async (connection) => {
      const dryRun = values['dry-run'];
      const lost = dryRun ? 0 : await finishUpload(connection, target, terminal);
      const silent = await isSilent(connection, { workspace, target }, terminal);
      if (dryRun || !(silent || values['new-name'])) return lost > 0 || (dryRun && silent) ? 1 : 0;
      return newName(connection, { workspace, target }, terminal);
    });
  },
};

async function finishUpload(
  connection: RemoteConnection,
  { name, path }: Target,
  terminal: Terminal,
): Promise<number> {
  const report = await recoverOnServer(connection, path);
  terminal.out(`${name}: ${report ? recoveryText(report) : 'no upload was interrupted.'}\n`);
  const gone = await removeRetired(connection, path);
  if (gone.length > 0) terminal.out(`Removed under old names: ${gone.map(harmless).join(', ')}\n`);
  return report?.lost.length ?? 0;
}

interface Place {
  readonly workspace: Workspace;
  readonly target: Target;
}

/** Whether the log says that the dispatcher is in back-off. */
async function isSilent(
  connection: RemoteConnection,
  { workspace, target }: Place,
  terminal: Terminal,
): Promise<boolean> {
  const dispatcher = await dispatcherOf(workspace);
  if (target.log === undefined || dispatcher === undefined) return false;
  const program = `/${
    dispatcher
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? ''
  }`;
  const found = await readBackOff(connection, target.log, '');
  if (!found?.path.includes(program)) return false;
  terminal.out(`${harmless(backOffText(found))}\n`);
  return found.kind === 'backed-off';
}

async function newName(
  connection: RemoteConnection,
  { workspace, target }: Place,
  terminal: Terminal,
): Promise<ExitCode> {
  const dispatcher = await dispatcherOf(workspace);
  if (dispatcher === undefined) throw new ActionError('There is no .fcgi file in the document root.');
  const { documentRoot, project } = workspace;
  const { environment } = project.runner;
  const report = await revive(connection, {
    remotePath: target.path,
    localRoot: documentRoot,
    dispatcher,
    host: target.host,
    ...(target.url === undefined ? {} : { url: target.url }),
    commit: await commitOf(documentRoot),
    starts: async () => {
      const order = { target: '/', environment, timeLimit: 10_000 };
      const { ok, startFault, server } = await preflight(join(documentRoot, dispatcher), order);
      return ok ? undefined : (startFault?.message ?? server?.message ?? 'it does not start here.');
    },
    signal: terminal.interrupted,
    onStep: (text) => terminal.err(`${harmless(text)}\n`),
  });
  terminal.out(`${target.name}: the dispatcher is called ${harmless(report.to)} there now.\n`);
  const { answer } = report;
  if (answer === undefined) return 0;
  const fine = answer.status !== undefined && answer.status < 500;
  terminal.out(`The site answers ${answer.status ?? `nothing: ${answer.failure ?? ''}`}.\n`);
  return fine ? 0 : 1;
}
