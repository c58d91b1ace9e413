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

/** Runs one command to its end on a channel that `open` gives. */
export async function execute(open: () => Promise<ClientChannel>, options: ExecOptions): Promise<ExecResult> {
  if (options.signal?.aborted) throw cancelled('The command');
  const channel = await open();
  return new Promise((resolve, reject) => {
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
  });
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
