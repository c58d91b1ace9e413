import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import type { ExecResult } from '../remote/exec';
import { shellScript } from '../remote/shell';

/** Reads one line, byte by byte as POSIX wants it, and runs it; what follows the line is left to that. */
const readAndRun = 'IFS= read -r line && eval "$line"';
const patience = 60_000;
const patienceForFile = 100;
/** Of what was sent, so much at most may still be on its way (the window of a channel), on a line as slow as this: bytes per millisecond. */
const mostOnItsWay = 2 * 1024 * 1024;
const slowest = 8;
const mostOutput = 64 * 1024;

type CommandChannel = Awaited<ReturnType<RemoteConnection['channel']>>;

/** A shell that is started before it is known what it shall do: it does nothing until it is told. */
export class WaitingCommand {
  readonly #channel: CommandChannel;
  readonly #ended: Promise<ExecResult>;

  /** Undefined where there is no shell, or one of the tools is missing there. */
  static async start(connection: RemoteConnection): Promise<WaitingCommand | undefined> {
    const tools = await connection.shellTools();
    if (!['tar', 'gzip', 'sync'].every((tool) => [...tools].some((one) => one === tool))) return undefined;
    let ended: Promise<ExecResult> | undefined;
    const channel = await connection.channel(shellScript(readAndRun), (opened) => {
      ended = endOf(opened, connection);
      ended.catch(() => undefined);
    });
    return ended && new WaitingCommand(channel, ended);
  }

  private constructor(channel: CommandChannel, ended: Promise<ExecResult>) {
    this.#channel = channel;
    this.#ended = ended;
  }

  /**
   * Tells what to do, in one line, and gives the input. An input that fails, or is not wanted any more, is ended in its middle; the
   * command comes to its own end then. Throws RemoteError when that is not seen.
   */
  async run(
    line: string,
    input: AsyncIterable<Uint8Array>,
    of: { readonly files: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ExecResult & { readonly failure?: unknown }> {
    this.#channel.write(`${line}\n`);
    const { failure, bytes } = await this.#feed(input, of.signal);
    const delivery = Math.min(bytes, mostOnItsWay) / slowest;
    const result = await this.#inTime(patience + of.files * patienceForFile + delivery);
    return failure === undefined ? result : { ...result, failure };
  }

  /** Sends all of it, or as much as the command takes; gives how much, and what the input failed with. */
  async #feed(
    input: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly failure?: unknown; readonly bytes: number }> {
    let isOver = false;
    let bytes = 0;
    const over = this.#ended.catch(() => undefined).then(() => (isOver = true));
    const drained = () => new Promise((resolve) => this.#channel.once('drain', resolve));
    try {
      for await (const piece of input) {
        if (isOver || signal?.aborted) break;
        bytes += piece.length;
        if (!this.#channel.write(piece)) await Promise.race([drained(), over]);
      }
      return { bytes };
    } catch (failure) {
      return { bytes, failure };
    } finally {
      this.#channel.end();
    }
  }

  async #inTime(limit: number): Promise<ExecResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new RemoteError('timeout', 'The server did not come to an end in time.');
      timer = setTimeout(() => reject(error), limit);
    });
    return Promise.race([this.#ended, late]).finally(() => clearTimeout(timer));
  }

  /** Nothing is to be done any more. */
  cancel(): void {
    this.#channel.destroy();
  }
}

function endOf(channel: CommandChannel, connection: RemoteConnection): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    let code: number | undefined;
    const output = [collect(channel), collect(channel.stderr)] as const;
    channel.on('error', () => undefined);
    channel.on('exit', (status: number | null) => (code = status ?? undefined));
    channel.once('close', () => resolve({ stdout: output[0](), stderr: output[1](), code }));
    void connection.closed.then((reason) =>
      reject(reason ?? new RemoteError('cancelled', 'The connection was closed.')),
    );
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    if (text.length < mostOutput) text += chunk.toString('utf8');
  });
  return () => text;
}
