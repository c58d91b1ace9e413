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
  /** Asks one line. Undefined when the person gives up (end of input, Ctrl-C). */
  ask(question: string, options?: AskOptions): Promise<string | undefined>;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** How a person is asked. */
export interface AskOptions {
  /** Without echo. */
  readonly hidden?: boolean | undefined;
  /** Ends the question unanswered. */
  readonly signal?: AbortSignal | undefined;
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
    ask,
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
function ask(question: string, { hidden, signal }: AskOptions = {}): Promise<string | undefined> {
  if (signal?.aborted === true) return Promise.resolve(undefined);
  process.stderr.write(question);
  const output =
    hidden === true ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
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
    const end = (): void => lines.close();
    signal?.addEventListener('abort', end, { once: true });
    lines.once('close', () => {
      signal?.removeEventListener('abort', end);
      if (hidden === true || answer === undefined) process.stderr.write('\n');
      resolve(answer);
    });
  });
}
