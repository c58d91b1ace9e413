import { run } from '../../src/cli/run';
import type { ExitCode } from '../../src/cli/command';
import type { Terminal } from '../../src/cli/terminal';

/** What a command is given besides its arguments. */
export interface TestTerminalOptions {
  readonly cwd?: string;
  readonly input?: string | AsyncIterable<Uint8Array>;
  readonly colours?: boolean;
  readonly interrupted?: AbortSignal;
  /** Answers of a person, in order; without them nobody is there to ask. */
  readonly answers?: readonly (string | undefined)[];
}

/** A terminal that remembers. */
export interface TestTerminal extends Terminal {
  readonly written: { out: string; err: string };
  /** Questions that were asked, and whether the answer was hidden. */
  readonly asked: { readonly question: string; readonly hidden: boolean }[];
}

export function testTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const written = { out: '', err: '' };
  const asked: { question: string; hidden: boolean }[] = [];
  const answers = [...(options.answers ?? [])];
  return {
    written,
    asked,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    drained: () => Promise.resolve(),
    input: typeof options.input === 'object' ? options.input : chunks(options.input ?? ''),
    interactive: options.answers !== undefined,
    colours: options.colours ?? false,
    ask(question, { hidden = false } = {}) {
      asked.push({ question, hidden });
      return Promise.resolve(answers.shift());
    },
    cwd: options.cwd ?? process.cwd(),
    interrupted: options.interrupted ?? new AbortController().signal,
  };
}

/** A text in small pieces, as a pipe may deliver it. */
async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  await Promise.resolve();
}

/** Runs a command line in this process. */
export async function fastcgi(
  args: readonly string[],
  options: TestTerminalOptions = {},
): Promise<{ code: ExitCode; out: string; err: string }> {
  const terminal = testTerminal(options);
  const code = await run(args, terminal);
  return { code, ...terminal.written };
}
