import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Where a subcommand reads and writes: the process's own streams, or a test's. */
export interface Terminal {
  /** Standard output: the answer. */
  out(text: string): void;
  /** Standard error: progress, questions, failures. */
  err(text: string): void;
  /** Resolves once standard output can take more: for commands that write without end. */
  drained(): Promise<void>;
  /** Standard input, as bytes. */
  readonly input: AsyncIterable<Uint8Array>;
  /** True where a person can be asked: input and standard error are a terminal. */
  readonly interactive: boolean;
  /** Whether standard output takes colours. */
  readonly colours: boolean;
  /** Asks one line; `hidden` without echo. Undefined when the person gives up (end of input, Ctrl-C). */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** The process's own terminal. */
export function processTerminal(interrupted: AbortSignal): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const interactive = stdin.isTTY && stderr.isTTY;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    drained: () => drained(stdout),
    input: stdin,
    interactive,
    colours: wantsColours(stdout.isTTY, env),
    ask: (question, options) => ask(question, options?.hidden ?? false),
    cwd: process.cwd(),
    interrupted,
  };
}

/** Colours go to a terminal only, and never where NO_COLOR is set (https://no-color.org). */
export function wantsColours(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

/** Questions go to standard error, so that standard output stays the answer alone. */
function ask(question: string, hidden: boolean): Promise<string | undefined> {
  process.stderr.write(question);
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: process.stdin.isTTY,
    historySize: 0,
  });
  return new Promise((resolve) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      if (hidden || answer === undefined) process.stderr.write('\n');
      resolve(answer);
    });
  });
}
