import type { ConflictReason } from '../deploy/plan';
import type { RecoveryReport } from '../deploy/journal';
import { commitOf } from '../deploy/git';
import { dispatcherUrl, worksNow } from '../deploy/proved';
import { siteErrors, type SiteError } from '../deploy/siteErrors';
import { uploadProject, type UploadReport } from '../deploy/upload';
import type { UploadProgress } from '../deploy/stage';
import type { Target } from '../project';
import { failingUrlTests } from '../runner/failingUrlTests';
import { formatReport } from './checkFormats';
import { harmless, paint } from './colours';
import { ActionError, atMostOne, readArguments, type Command, type ExitCode } from './command';
import { reloadTarget } from './reload';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { findWorkspace, refuseBrokenProject, targetOf, type Workspace } from './workspace';

const help = `Usage: fastcgi upload [TARGET] [--dry-run] [--reload] [--overwrite] [--skip-tests] [--force]

Brings the target's folder in line with the document root: all of it or, on any error, nothing.
TARGET is a name from "targets" of .vscode/fastcgi.json (default: "defaultTarget", or the only one).

  --dry-run     connect and compare, print the plan, change nothing
  --reload      then make the server run the new dispatcher, and prove it; when a site that worked
                answers with server errors afterwards, the upload is taken back
  --overwrite   replace files that somebody else changed on the server (they are kept in the trash)
  --skip-tests  upload although URL tests (*.urls) fail
  --force       upload although Apache would refuse a .htaccess, URL tests fail, or a program does
                not start on the server

Unknown host keys, passwords and passphrases are asked for on the terminal; they are never arguments.

Exit code: 0 done, 1 failed, refused or conflicts left, 2 wrong usage.
`;

/** `fastcgi upload`: plan, stage, switch; then, if wanted, the reload. */
export const upload: Command = {
  name: 'upload',
  summary: 'the document root onto the server, all or nothing',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      'dry-run': { type: 'boolean', default: false },
      reload: { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      'skip-tests': { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
    });
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    refuseBrokenProject(workspace);
    if (!values.force) await refuseBrokenSite(workspace, target, terminal);
    if (!values.force && !values['skip-tests']) await refuseFailingTests(workspace, target, terminal);
    return uploadTo(
      {
        workspace,
        target,
        dryRun: values['dry-run'],
        overwrite: values.overwrite,
        reload: values.reload,
        tryPrograms: target.tryPrograms && !values.force,
      },
      terminal,
    );
  },
};

interface UploadOrder {
  readonly workspace: Workspace;
  readonly target: Target;
  readonly dryRun: boolean;
  readonly overwrite: boolean;
  readonly reload: boolean;
  readonly tryPrograms: boolean;
}

async function refuseBrokenSite(
  { documentRoot, project }: Workspace,
  { ignore, host }: Target,
  terminal: Terminal,
): Promise<void> {
  const errors = await siteErrors(documentRoot, { ignore, host, documentRoot: project.documentRoot });
  if (errors.length === 0) return;
  showErrors(errors, terminal);
  throw new ActionError('Nothing was uploaded: the site would answer 500. Correct this, or use --force.');
}

/** By the target's own host profile: what its server would do with the files that are here. */
async function refuseFailingTests(
  { folder, documentRoot }: Workspace,
  { host }: Target,
  terminal: Terminal,
): Promise<void> {
  const failing = await failingUrlTests({ folder, documentRoot, project: { host } });
  if (failing.length === 0) return;
  const errors = failing.map((one) => ({ ...one, code: 'urls.failing' }));
  showErrors(errors, terminal);
  const what = failing.length === 1 ? 'a URL test fails' : `${failing.length} URL tests fail`;
  throw new ActionError(`Nothing was uploaded: ${what}. Correct this, or use --skip-tests.`);
}

function showErrors(errors: readonly SiteError[], terminal: Terminal): void {
  const findings = errors.map((one) => ({ ...one, column: null, severity: 'error' as const }));
  const files = new Set(errors.map(({ file }) => file)).size;
  terminal.err(formatReport({ findings, files, colours: terminal.colours }, 'text'));
}

async function uploadTo(
  { workspace, target, dryRun, overwrite, reload, tryPrograms }: UploadOrder,
  terminal: Terminal,
): Promise<ExitCode> {
  const dispatcher = await dispatcherOf(workspace);
  const progress = progressLine(terminal);
  const commit = await commitOf(workspace.documentRoot);
  const worked = reload && !dryRun ? await worksNow(dispatcherUrl(target, dispatcher)) : undefined;
  return withConnection(target, terminal, async (connection) => {
    const report = await uploadProject(connection, {
      localRoot: workspace.documentRoot,
      remotePath: target.path,
      ignore: target.ignore,
      modes: target.modes,
      ...(dispatcher === undefined ? {} : { dispatcher }),
      commit,
      dryRun,
      overwrite,
      tryPrograms,
      signal: terminal.interrupted,
      onProgress: progress.show,
    }).finally(progress.clear);
    terminal.out(uploadText(report, target, terminal.colours));
    const code = report.conflicts.length > 0 ? 1 : 0;
    if (dryRun || !reload) return code;
    const before = { worked, deploy: report.id };
    const reloaded = await reloadTarget({ connection, target, dispatcher, before }, terminal);
    return code === 0 ? reloaded : code;
  });
}

/** What an earlier, interrupted upload came to. */
export function recoveryText({ outcome, completed, lost }: RecoveryReport): string {
  if (lost.length > 0) {
    return `An interrupted upload was finished, but for ${lost.map(harmless).join(', ')}: upload again.`;
  }
  return outcome === 'finished'
    ? `An interrupted upload was finished: ${completed.length} put in place, all of the new site is live.`
    : 'An interrupted upload was undone: the site is as it was before it.';
}

/** One line that is written over and over; nothing where standard error is no terminal. */
export function progressLine(terminal: Terminal) {
  const clear = (): void => {
    if (terminal.interactive) terminal.err('\r\u001B[K');
  };
  const show = ({ files, totalFiles, bytes, totalBytes, file }: UploadProgress): void => {
    if (!terminal.interactive) return;
    const share = totalBytes === 0 ? 100 : Math.floor((100 * bytes) / totalBytes);
    clear();
    terminal.err(`${share} %, ${files} of ${totalFiles} files ${harmless(file).slice(-50)}`);
  };
  return { show, clear };
}

/** Why a file is left alone, after its name. */
export const CONFLICTS: Readonly<Record<ConflictReason, string>> = {
  'changed-on-server': 'changed on the server since the last upload',
  'not-from-here': 'is on the server already and was not uploaded from here',
  'not-a-file': 'is no file on the server',
  'behind-link': 'lies behind a link on the server, which may lead out of the site',
};

function uploadText(report: UploadReport, target: Target, colours: boolean): string {
  const colour = paint(colours);
  const rows = (label: string, style: (text: string) => string, files: readonly string[]): string[] =>
    files.map((file) => `${style(label.padEnd(8))}  ${harmless(file)}`);
  const lines = [
    ...rows('new', colour.green, report.created),
    ...rows('changed', colour.yellow, report.changed),
    ...rows('mode', colour.yellow, report.modes),
    ...rows('deleted', colour.red, report.deleted),
    ...rows(
      'conflict',
      colour.red,
      report.conflicts.map(({ path, reason }) => `${path}: ${CONFLICTS[reason]}`),
    ),
    ...(report.recovered === undefined ? [] : [recoveryText(report.recovered)]),
    ...report.notes.map(harmless),
    ...(report.trash === undefined
      ? []
      : [`Replaced and deleted files are kept in ${harmless(report.trash)}.`]),
    summary(report, target),
  ];
  return `${lines.join('\n')}\n`;
}

function summary(report: UploadReport, { name }: Target): string {
  const sent = report.created.length + report.changed.length;
  const counts = `${sent} sent, ${report.modes.length} modes, ${report.deleted.length} deleted, ${report.kept} unchanged`;
  const conflicts = report.conflicts.length;
  const left = conflicts === 0 ? '' : `; ${conflicts} left alone, --overwrite replaces them`;
  return report.dryRun
    ? `${name}: would be ${counts}${left}. Nothing was changed.`
    : `${name}: ${counts}${left}.`;
}
