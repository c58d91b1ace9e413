import { recover as recoverOnServer } from '../deploy/upload';
import { atMostOne, readArguments, type Command } from './command';
import { withConnection } from './remoteSession';
import { recoveryText } from './upload';
import { findWorkspace, refuseBrokenProject, targetOf } from './workspace';

const help = `Usage: fastcgi recover [TARGET]

Finishes an upload that was interrupted while its files were put in place, or removes what one left
that had not come so far. The next upload does the same by itself.

Exit code: 0 the site is whole, 1 it failed or files are lost, 2 wrong usage.
`;

/** `fastcgi recover`: the end of an interrupted upload. */
export const recover: Command = {
  name: 'recover',
  summary: 'finish or undo an interrupted upload',
  help,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {});
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    refuseBrokenProject(workspace);
    const report = await withConnection(target, terminal, (connection) =>
      recoverOnServer(connection, target.path),
    );
    terminal.out(`${target.name}: ${report ? recoveryText(report) : 'nothing was interrupted.'}\n`);
    return report && report.lost.length > 0 ? 1 : 0;
  },
};
