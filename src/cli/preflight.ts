import { join, relative, resolve } from 'node:path';
import { preflight as runPreflight, type PreflightReport, type Trial } from '../runner';
import { harmless, paint, type Paint } from './colours';
import { ActionError, atMostOne, readArguments, UsageError, type Command } from './command';
import { dispatcherOf } from './remoteSession';
import type { Terminal } from './terminal';
import { namedSite } from './workspace';

const help = `Usage: fastcgi preflight [DISPATCHER] [--target PATH] [--timeout SECONDS]

Starts the dispatcher twice with one request each, as from the shell and as by the server
(FastCGI, an environment of nothing but PATH), and says in plain words what came.

  DISPATCHER   a .fcgi file (default: "dispatcher" of .vscode/fastcgi.json, else the one in the tree)
  --target     path info and query of the request (default /)
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
      target: { type: 'string', default: '/' },
      timeout: { type: 'string', default: '10' },
    });
    const timeLimit = secondsOf(values.timeout) * 1000;
    const target = targetOf(values.target);
    const { file, environment } = await wanted(atMostOne(positionals, 'dispatcher'), terminal);
    const report = await runPreflight(file, { target, environment, timeLimit });
    terminal.out(reportText(report, terminal));
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
  throw new ActionError(`There is no .fcgi file below ${workspace.documentRoot}. Name one.`);
}

function reportText(
  { dispatcher, ok, startFault, shell, server }: PreflightReport,
  terminal: Terminal,
): string {
  const colour = paint(terminal.colours);
  const title = colour.bold(harmless(relative(terminal.cwd, dispatcher) || dispatcher));
  const verdict = ok ? colour.green('works') : colour.red('does not work');
  const fault = startFault === null ? '' : `${harmless(startFault.message)}\n`;
  return `${title} ${verdict}\n${fault}${trialText('shell', shell, colour)}${trialText('server', server, colour)}`;
}

function trialText(name: string, trial: Trial | null, colour: Paint): string {
  if (trial === null) return '';
  const { ok, message, contentType, milliseconds, errorOutput, body } = trial;
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

function targetOf(text: string): string {
  if (text.startsWith('/')) return text;
  throw new UsageError(`--target begins with "/"; not "${text}".`);
}

function secondsOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && text !== '0') return Number(text);
  throw new UsageError(`--timeout takes a number of seconds; not "${text}".`);
}
