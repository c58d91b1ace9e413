import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal';

/** 0: fine. 1: findings, or an action that failed. 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** One subcommand = one file. */
export interface Command {
  readonly name: string;
  /** One line for `fastcgi help`. */
  readonly summary: string;
  /** The whole text of `fastcgi NAME --help`. */
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** The arguments cannot be understood: answered with the message, a hint at --help and exit code 2. */
export class UsageError extends Error {
  readonly reason = 'usage';
}

/** An action could not be done, and the message already says why and what to do: exit code 1, without a stack. */
export class ActionError extends Error {
  readonly reason = 'action';
}

/** Options and positional arguments, by node:util's parseArgs; what it refuses becomes a UsageError. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Behind an unknown option it goes on with how arguments that begin with a dash are written.
    throw new UsageError(message.replace(/\. To specify a positional argument.*/s, '.'));
  }
}

/** One of a few words given to an option. */
export function oneOf<const Word extends string>(
  option: string,
  value: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`${option} takes ${words.join(', ')}; not "${value}".`);
  return found;
}

/** The only positional argument that a command takes, if any. */
export function atMostOne(positionals: readonly string[], what: string): string | undefined {
  if (positionals.length > 1) throw new UsageError(`One ${what} at most; got ${positionals.length}.`);
  return positionals[0];
}
