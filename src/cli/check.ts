import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { advise } from '../advice';
import { judge } from '../apache/config/judge';
import { WorkspaceAdvisor } from './adviceOn';
import { BatchHosts } from './batchHost';
import { CHECK_FORMATS, formatReport } from './checkFormats';
import { oneOf, readArguments, UsageError, type Command, type ExitCode } from './command';
import { filesBelow, shownPath } from './files';
import { findingsOf, missingFinding, projectFindings, type CheckFinding } from './findings';
import { answerLines, BatchLineError, contentOf } from './jsonLines';
import type { Terminal } from './terminal';
import { PROJECT_FILE, readWorkspace, type Workspace } from './workspace';
import { inSmallYoungGeneration } from './youngGeneration';

const help = `Usage: fastcgi check [PATH...] [--format text|json|sarif|github]
       fastcgi check --batch

Says what the web server would refuse, before it does: Apache's verdict on every .htaccess
(also htaccess.txt and *.htaccess) and the start faults of every .fcgi and .cgi below
PATH (default: the current folder). Advice beyond that verdict is marked as such; docs/advice.md
lists it. A PATH that is not there is an error beside what the others hold. The host is
described by .vscode/fastcgi.json in PATH or above it, which is checked, too; without one, a
usual shared host is assumed.

  --format   text for people (default), json, sarif (code scanning) or github (annotations)
  --batch    one JSON object per line on standard input, one answer per line, in order:
             {"id", "text" | "base64", "host"?} -> {"id", "ok", "line", "message", "advice"};
             a line that cannot be understood is answered by {"id", "error"}

Exit code: 0 nothing found but advice, 1 findings (with --batch: a line that could not be
answered), 2 wrong usage.
`;

/** `fastcgi check`: verdicts on files, or on the lines of a batch. */
export const check: Command = {
  name: 'check',
  summary: 'what Apache would refuse in .htaccess files and dispatchers, and advice',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      format: { type: 'string', default: 'text' },
      batch: { type: 'boolean', default: false },
    });
    if (values.batch && positionals.length > 0)
      throw new UsageError('--batch reads standard input and takes no PATH.');
    return inSmallYoungGeneration(() =>
      values.batch ? checkBatch(terminal) : checkPaths(positionals, values.format, terminal),
    );
  },
};

async function checkPaths(
  paths: readonly string[],
  formatName: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const format = oneOf('--format', formatName, CHECK_FORMATS);
  const findings: CheckFinding[] = [];
  const projects = new Set<string>();
  const seen = new Set<string>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const from = resolve(terminal.cwd, path);
    if (!existsSync(from)) {
      findings.push(missingFinding(shownPath(from, terminal.cwd)));
      continue;
    }
    const workspace = workspaceOf(from, terminal.cwd);
    if (!projects.has(workspace.folder)) findings.push(...projectFileFindings(workspace, terminal.cwd));
    projects.add(workspace.folder);
    const advisor = new WorkspaceAdvisor(workspace);
    for await (const file of filesBelow(from)) {
      if (terminal.interrupted.aborted) return 1;
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      findings.push(...(await findingsOf({ ...file, shown: shownPath(file.path, terminal.cwd) }, advisor)));
    }
  }
  if (seen.size === 0 && findings.length === 0)
    terminal.err('fastcgi check: there is no .htaccess, .fcgi or .cgi file to check.\n');
  terminal.out(formatReport({ findings, files: seen.size, colours: terminal.colours }, format));
  return findings.some((one) => one.severity !== 'advice') ? 1 : 0;
}

function projectFileFindings({ folder, problems }: Workspace, cwd: string): readonly CheckFinding[] {
  return projectFindings(problems, shownPath(join(folder, PROJECT_FILE), cwd));
}

/** The workspace of a path that may be a file; without a project file, the file's folder. */
function workspaceOf(path: string, cwd: string): Workspace {
  const workspace = readWorkspace(path, cwd);
  if (workspace.described || statSync(path).isDirectory()) return workspace;
  return { ...workspace, folder: dirname(path), documentRoot: dirname(path) };
}

async function checkBatch(terminal: Terminal): Promise<ExitCode> {
  const hosts = new BatchHosts();
  const complete = await answerLines(terminal, (request) => {
    const content = contentOf(request);
    if (content === undefined) throw new BatchLineError('"text" or "base64" is missing.');
    const host = hosts.of(request['host']);
    const { ok, line, message } = judge(content, host);
    const advice = advise(content, host).map((one) => ({
      code: one.code,
      line: one.line,
      message: one.message,
    }));
    return { ok, line, message, advice };
  });
  return complete ? 0 : 1;
}
