import { explainLine, parseLogLine, splitGlued, type Level, type LogLine } from '../errorlog';
import type { Target } from '../project';
import { followFile } from '../remote/follow';
import { harmless, paint, type Paint } from './colours';
import { atMostOne, oneOf, readArguments, UsageError, type Command, type ExitCode } from './command';
import { findErrorLog, showIncidents } from './logIncidents';
import { withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { findWorkspace, targetOf } from './workspace';

const help = `Usage: fastcgi log [TARGET] [--lines N] [--plain]
       fastcgi log [TARGET] --incidents [--format text|json]

Follows the error log on the server until Ctrl-C, coloured by level, with an explanation below
each line that is known. The file is the target's "log" in .vscode/fastcgi.json; without one,
it is looked for where hosts keep it.

  --lines      lines to show at the start (default 50)
  --plain      the lines as they are, without colours and explanations
  --incidents  what has failed, instead: the lines of each failure (a traceback, Apache's words
               about it, the request that met it) put together, counted, with its place in the
               code, why, and what to do; from the end of the log and of the target's "logs"
  --format     text (default) or json; of incidents

Exit code: 0 ended by Ctrl-C, or nothing has failed; 1 something has, or the log cannot be read;
2 wrong usage.
`;

/** `fastcgi log`: the server's error log, read aloud. */
export const log: Command = {
  name: 'log',
  summary: "the server's error log, followed and explained; or what has failed",
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      lines: { type: 'string' },
      plain: { type: 'boolean', default: false },
      incidents: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    });
    const format = oneOf('--format', values.format, ['text', 'json']);
    const lines = countOf(values.lines ?? '50');
    if (values.incidents && (values.plain || values.lines !== undefined))
      throw new UsageError('--lines and --plain are about lines; --incidents shows none.');
    if (format === 'json' && !values.incidents) throw new UsageError('--format json goes with --incidents.');
    const target = targetOf(findWorkspace('.', terminal), atMostOne(positionals, 'target'));
    if (values.incidents)
      return withConnection(target, terminal, (one) => showIncidents(one, { target, format }, terminal));
    return followLog(target, { lines, plain: values.plain }, terminal);
  },
};

function followLog(
  target: Target,
  { lines, plain }: { readonly lines: number; readonly plain: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const show = plain ? plainLine : logPrinter(terminal.colours);
  return withConnection(target, terminal, async (connection): Promise<ExitCode> => {
    const file = await findErrorLog(connection, target);
    if (target.log === undefined)
      terminal.err(
        `Following ${harmless(file)}. "log" in .vscode/fastcgi.json can name it, or another one.\n`,
      );
    const following = followFile(connection, file, {
      lines,
      signal: terminal.interrupted,
      onNote: (note) => terminal.err(`${harmless(note)}\n`),
      onLines(fresh) {
        terminal.out(fresh.map(show).join(''));
        return terminal.drained();
      },
    });
    await following.done;
    return 0;
  });
}

function plainLine(line: string): string {
  return `${harmless(line)}\n`;
}

/** Shows lines one after the other: a raw line depends on the one before it. */
export function logPrinter(colours: boolean): (line: string) => string {
  const colour = paint(colours);
  let before: LogLine | undefined;
  return (line) =>
    splitGlued(line)
      .map((part) => {
        before = parseLogLine(part, before);
        return shownLine(before, colour);
      })
      .join('');
}

function shownLine(line: LogLine, colour: Paint): string {
  const explanation = explainLine(line);
  const own = `${styleOf(line.level, colour)(harmless(line.text))}\n`;
  if (explanation === undefined) return own;
  const { summary, cause, remedy } = explanation;
  return own + [summary, cause, remedy].map((text) => colour.dim(`    ${harmless(text)}\n`)).join('');
}

function styleOf(level: Level, colour: Paint): (text: string) => string {
  if (['emerg', 'alert', 'crit', 'error'].includes(level)) return colour.red;
  if (level === 'warn') return colour.yellow;
  return level === 'notice' ? (text) => text : colour.dim;
}

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--lines takes a number; not "${text}".`);
}
