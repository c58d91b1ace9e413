import { explainLine, parseLogLine, splitGlued, type Level, type LogLine } from '../errorlog';
import { followFile } from '../remote/follow';
import { harmless, paint, type Paint } from './colours';
import { ActionError, atMostOne, readArguments, UsageError, type Command, type ExitCode } from './command';
import { withConnection } from './remoteSession';
import { findWorkspace, targetOf } from './workspace';

const help = `Usage: fastcgi log [TARGET] [--lines N] [--plain]

Follows the error log on the server until Ctrl-C, coloured by level, with an explanation below
each line that is known. The file is the target's "log" in .vscode/fastcgi.json.

  --lines   lines to show at the start (default 50)
  --plain   the lines as they are, without colours and explanations

Exit code: 0 ended by Ctrl-C, 1 failed, 2 wrong usage.
`;

/** `fastcgi log`: the server's error log, read aloud. */
export const log: Command = {
  name: 'log',
  summary: "the server's error log, followed and explained",
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      lines: { type: 'string', default: '50' },
      plain: { type: 'boolean', default: false },
    });
    const lines = countOf(values.lines);
    const target = targetOf(findWorkspace('.', terminal), atMostOne(positionals, 'target'));
    const { log: file } = target;
    if (file === undefined) {
      throw new ActionError(
        `The target "${target.name}" has no "log". Add the path of its error log to .vscode/fastcgi.json.`,
      );
    }
    const show = values.plain ? plainLine : logPrinter(terminal.colours);
    return withConnection(target, terminal, async (connection): Promise<ExitCode> => {
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
  },
};

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
