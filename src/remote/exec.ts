import type { ClientChannel } from 'ssh2';
import { cancelled, RemoteError } from './errors';

export interface ExecOptions {
  /** Sent to the command's standard input, which is closed after it. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Most bytes of standard output and of standard error to take; 1 MiB by default. */
  readonly maxBytes?: number;
  /** Milliseconds until the command is given up; 60 s by default. */
  readonly timeout?: number;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; undefined when a signal ended the command. */
  readonly code: number | undefined;
}

/** Opens a channel for a command; `attach` gets it at once, before anything that arrives on it is told. */
export type OpenChannel = (attach: (channel: ClientChannel) => void) => Promise<unknown>;

/** Runs one command to its end. */
export async function execute(open: OpenChannel, options: ExecOptions): Promise<ExecResult> {
  if (options.signal?.aborted) throw cancelled('The command');
  return new Promise((resolve, reject) => {
    // A short command may have ended in the same packet that opens its channel: listeners that come later miss its exit status.
    open((channel) => follow(channel, options, { resolve, reject })).catch(reject);
  });
}

function follow(
  channel: ClientChannel,
  options: ExecOptions,
  { resolve, reject }: { resolve: (result: ExecResult) => void; reject: (error: unknown) => void },
): void {
  const stop = (error: RemoteError) => {
    cleanUp();
    channel.destroy();
    reject(error);
  };
  const timer = setTimeout(() => stop(timedOut()), options.timeout ?? 60_000);
  const abort = () => stop(cancelled('The command'));
  const cleanUp = () => {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  const limit = options.maxBytes ?? 1024 * 1024;
  const stdout = collect(channel, limit, stop);
  const stderr = collect(channel.stderr, limit, stop);
  let code: number | undefined;
  channel.on('exit', (status: number | null) => (code = status ?? undefined));
  channel.on('error', () => undefined);
  channel.on('close', () => {
    cleanUp();
    resolve({ stdout: stdout(), stderr: stderr(), code });
  });
  channel.end(options.input ?? '');
}

function collect(
  stream: NodeJS.ReadableStream,
  limit: number,
  stop: (error: RemoteError) => void,
): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) stop(new RemoteError('failure', `The command wrote more than ${limit} bytes.`));
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function timedOut(): RemoteError {
  return new RemoteError('timeout', 'The command did not end in time.');
}
