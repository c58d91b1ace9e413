import { keepCode } from '../codeCache/keepCode';
import { UsageError, type Command, type ExitCode } from './command';
import { check } from './check';
import { deployed } from './deployed';
import { doctor } from './doctor';
import { explain } from './explain';
import { format } from './format';
import { languageServer } from './languageServer';
import { log } from './log';
import { newCommand } from './new';
import { preflight } from './preflight';
import { recover } from './recover';
import { reload } from './reload';
import { rollback } from './rollback';
import { serve } from './serve';
import { test } from './test';
import { upload } from './upload';
import type { Terminal } from './terminal';

/** Every subcommand, in the order of `fastcgi help`. */
export const commands: readonly Command[] = [
  newCommand,
  check,
  explain,
  test,
  format,
  serve,
  preflight,
  upload,
  reload,
  rollback,
  recover,
  deployed,
  log,
  doctor,
  languageServer,
];

/**
 * Runs the command line `args` (without node and script name). Never rejects:
 * what goes wrong is written to standard error and becomes the exit code.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name = 'help', ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h') return help(rest[0], terminal);
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    terminal.err(`fastcgi: there is no command "${name}". "fastcgi help" lists them.\n`);
    return 2;
  }
  if (asksForHelp(rest)) return help(name, terminal);
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    return failed(error, command, terminal);
  } finally {
    keepCode(command.name);
  }
}

function failed(error: unknown, command: Command, terminal: Terminal): ExitCode {
  if (terminal.interrupted.aborted) {
    terminal.err(`fastcgi ${command.name}: Stopped before it was done.\n`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`fastcgi ${command.name}: ${message}\n`);
  if (error instanceof UsageError) {
    terminal.err(`"fastcgi ${command.name} --help" shows what it takes.\n`);
    return 2;
  }
  return 1;
}

function help(name: string | undefined, terminal: Terminal): ExitCode {
  if (name === undefined) {
    terminal.out(overview());
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) terminal.err(`fastcgi: there is no command "${name}".\n`);
  else terminal.out(command.help);
  return command === undefined ? 2 : 0;
}

function overview(): string {
  const width = Math.max(...commands.map((one) => one.name.length));
  const lines = commands.map((one) => `  ${one.name.padEnd(width)}  ${one.summary}`);
  return `Usage: fastcgi COMMAND [ARGUMENT...]\n\n${lines.join('\n')}\n\n"fastcgi COMMAND --help" tells more.\n`;
}

/** `--` ends the options: after it, `--help` is a name. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((one) => one === '--help' || one === '-h');
}
