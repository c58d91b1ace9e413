import { listReleases, rollback as rollBackOnServer, type RollbackReport } from '../deploy/rollback';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { harmless, paint } from './colours';
import { atMostOne, readArguments, type Command, type ExitCode } from './command';
import { entryText } from './deployed';
import { reloadTarget } from './reload';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { CONFLICTS, progressLine, recoveryText } from './upload';
import { findWorkspace, refuseBrokenProject, targetOf } from './workspace';

const help = `Usage: fastcgi rollback [TARGET] [--to ID] [--list] [--dry-run] [--overwrite] [--reload]

Brings an earlier state of the site back from what the server has kept: all of it or, on any error,
nothing. Without --to it takes the last upload back. A rollback can be rolled back itself.

  --list        show the states that can be brought back, newest first
  --to ID       the state after this upload
  --dry-run     say what would be done, change nothing
  --overwrite   replace what somebody else changed since, too (it is kept)
  --reload      then make the server run the dispatcher anew, and prove it

Exit code: 0 done, 1 failed or files left alone, 2 wrong usage.
`;

/** `fastcgi rollback`: an earlier state of the site. */
export const rollback: Command = {
  name: 'rollback',
  summary: 'an earlier state of the site, all or nothing',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      to: { type: 'string' },
      list: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      reload: { type: 'boolean', default: false },
    });
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    refuseBrokenProject(workspace);
    const dispatcher = await dispatcherOf(workspace);
    return withConnection(target, terminal, async (connection) => {
      if (values.list) return list(connection, target, terminal);
      const progress = progressLine(terminal);
      const report = await rollBackOnServer(connection, {
        remotePath: target.path,
        ...(values.to === undefined ? {} : { to: values.to }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
        dryRun: values['dry-run'],
        overwrite: values.overwrite,
        signal: terminal.interrupted,
        onProgress: progress.show,
      }).finally(progress.clear);
      terminal.out(reportText(report, target, terminal.colours));
      const code = report.conflicts.length > 0 ? 1 : 0;
      if (report.dryRun || !values.reload) return code;
      const reloaded = await reloadTarget({ connection, target, dispatcher }, terminal);
      return code === 0 ? reloaded : code;
    });
  },
};

async function list(connection: RemoteConnection, target: Target, terminal: Terminal): Promise<ExitCode> {
  const releases = await listReleases(connection, target.path);
  for (const { entry, current } of releases) {
    terminal.out(`${entry.id}${current ? ' (now)' : ''}  ${entryText(entry)}\n`);
  }
  if (releases.length === 0) terminal.out(`${target.name}: nothing was uploaded there yet.\n`);
  return releases.length === 0 ? 1 : 0;
}

function reportText(report: RollbackReport, { name }: Target, colours: boolean): string {
  const colour = paint(colours);
  const { restored, removed, conflicts, recovered, release, dryRun } = report;
  const lines = [
    ...(recovered ? [recoveryText(recovered)] : []),
    ...restored.map((path) => `${colour.yellow('restored')}  ${harmless(path)}`),
    ...removed.map((path) => `${colour.red('removed ')}  ${harmless(path)}`),
    ...conflicts.map(
      ({ path, reason }) => `${colour.red('conflict')}  ${harmless(path)}: ${CONFLICTS[reason]}`,
    ),
  ];
  const to = release ? `the state that was ${entryText(release)}` : 'the state before the first upload';
  const done = dryRun ? 'would go back to' : 'is back at';
  const left = conflicts.length === 0 ? '' : `; ${conflicts.length} left alone, --overwrite replaces them`;
  return `${[...lines, `${name} ${done} ${to}${left}.`].join('\n')}\n`;
}
