import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { remotePreflight } from '../deploy/preflight';
import { checkDispatcher, interpreterOf, type DispatcherProblem } from '../dispatcher';
import { reasonIn } from '../dispatcher/reasons';
import type { Trial, TrialReport } from '../dispatcher/trial';
import { preflight as runPreflight } from '../runner';
import { dispatcherFacts } from '../runner/dispatcherFacts';
import { harmless, paint, type Paint } from './colours';
import { ActionError, atMostOne, readArguments, UsageError, type Command } from './command';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { findWorkspace, namedSite, targetOf } from './workspace';

const help = `Usage: fastcgi preflight [DISPATCHER] [--page PATH] [--timeout SECONDS]
       fastcgi preflight --target NAME [--page PATH] [--timeout SECONDS]

Starts the dispatcher twice with one request each, as from the shell and as by the server
(FastCGI, an environment of nothing but PATH), and says in plain words what came.

  DISPATCHER   a .fcgi file (default: "dispatcher" of .vscode/fastcgi.json, else the one in the tree)
  --target     the same on this target of .vscode/fastcgi.json, with the file that lies there
  --page       path info and query of the request (default /)
  --timeout    seconds for each of the two (default 10)

Exit code: 0 the server would get a page, 1 it would not, 2 wrong usage.
`;

/** `fastcgi preflight`: does the dispatcher start, and what does it answer? */
export const preflight: Command = {
  name: 'preflight',
  summary: 'the dispatcher once, as from the shell and as by the server',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      target: { type: 'string' },
      page: { type: 'string', default: '/' },
      timeout: { type: 'string', default: '10' },
    });
    const timeLimit = secondsOf(values.timeout) * 1000;
    const page = pageOf(values.page);
    const named = atMostOne(positionals, 'dispatcher');
    if (values.target !== undefined) {
      if (named !== undefined) throw new UsageError('On a target the dispatcher is that of the project.');
      const report = await onTarget(values.target, { target: page, timeLimit }, terminal);
      terminal.out(reportText(report, terminal));
      return report.ok ? 0 : 1;
    }
    const { file, environment } = await wanted(named, terminal);
    const report = await runPreflight(file, { target: page, environment, timeLimit });
    const fault = report.startFault?.message ?? null;
    const shown = relative(terminal.cwd, report.dispatcher) || report.dispatcher;
    const problems = await problemsOf(report.dispatcher, terminal);
    terminal.out(reportText({ ...report, dispatcher: shown, fault, problems, facts: [] }, terminal));
    return report.ok ? 0 : 1;
  },
};

/** The file and what the project gives its process. */
async function wanted(
  named: string | undefined,
  terminal: Terminal,
): Promise<{ file: string; environment: Readonly<Record<string, string>> }> {
  const workspace = namedSite(undefined, terminal);
  const { environment } = workspace.project.runner;
  if (named !== undefined) return { file: resolve(terminal.cwd, named), environment };
  const found = await dispatcherOf(workspace);
  if (found !== undefined) return { file: join(workspace.documentRoot, found), environment };
  throw noDispatcher(workspace.documentRoot);
}

function noDispatcher(documentRoot: string): ActionError {
  return new ActionError(
    `There is no .fcgi file below ${documentRoot}. Name one. A site of PHP or plain files needs none: fastcgi serve shows it.`,
  );
}

/** What the file itself shows; nothing of what is said as the fault already. */
async function problemsOf(file: string, terminal: Terminal): Promise<readonly DispatcherProblem[]> {
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined) return [];
  const { described, folder, documentRoot, project } = findWorkspace(dirname(file), terminal);
  const facts = await dispatcherFacts(file, {
    // Who starts the program trusts the folder.
    isTrusted: true,
    interpreter: interpreterOf(content),
    ...(described && { place: { folder, documentRoot, host: project.host } }),
  });
  return checkDispatcher(content, facts);
}

/** The dispatcher that lies on a target. */
async function onTarget(
  name: string,
  options: { readonly target: string; readonly timeLimit: number },
  terminal: Terminal,
): Promise<TrialReport> {
  const workspace = findWorkspace('.', terminal);
  const target = targetOf(workspace, name);
  const dispatcher = await dispatcherOf(workspace);
  if (dispatcher === undefined) throw noDispatcher(workspace.documentRoot);
  const signal = terminal.interrupted;
  return withConnection(target, terminal, (connection) =>
    remotePreflight(connection, { remotePath: target.path, dispatcher, signal, ...options }),
  );
}

function reportText(report: TrialReport, terminal: Terminal): string {
  const { dispatcher, ok, fault, problems, facts, shell, server } = report;
  const colour = paint(terminal.colours);
  const verdict = ok ? colour.green('works') : colour.red('does not work');
  const told = [...(fault === null ? [] : [fault]), ...facts, ...problems.map(problemText)];
  const head = `${colour.bold(harmless(dispatcher))} ${verdict}\n`;
  const lines = [...new Set(told)].map((line) => `${harmless(line)}\n`).join('');
  return `${head}${lines}${trialText('shell', shell, colour)}${trialText('server', server, colour)}`;
}

function problemText({ range, message, code }: TrialReport['problems'][number]): string {
  return `line ${range.start.line + 1}: ${message} [${code}]`;
}

function trialText(name: string, trial: Trial | null, colour: Paint): string {
  if (trial === null) return '';
  const { ok, status, contentType, milliseconds, errorOutput, body } = trial;
  const message = `${trial.message}${status !== null && status >= 500 ? ` ${reasonIn(errorOutput)}` : ''}`;
  const style = ok ? colour.green : colour.red;
  const facts = [`${Math.round(milliseconds)} ms`, ...(contentType === null ? [] : [contentType])].join(', ');
  const head = `\n${style(name)}  ${harmless(message)} ${colour.dim(`(${harmless(facts)})`)}\n`;
  return head + quoted('error output', errorOutput, colour) + (ok ? '' : quoted('output', body, colour));
}

/** What a program wrote, indented below a title. */
function quoted(title: string, text: string, colour: Paint): string {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return '';
  return `  ${colour.dim(`${title}:`)}\n${lines.map((line) => `    ${harmless(line)}\n`).join('')}`;
}

function pageOf(text: string): string {
  if (text.startsWith('/')) return text;
  throw new UsageError(`--page begins with "/"; not "${text}".`);
}

function secondsOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && text !== '0') return Number(text);
  throw new UsageError(`--timeout takes a number of seconds; not "${text}".`);
}
