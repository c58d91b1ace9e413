import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { createInterface } from 'node:readline';

/**
 * Runs a ProxyCommand as OpenSSH does, by the shell of the user, and gives its input and output as a stream. Destroying the stream
 * ends the command and what it started; a command that ends by itself destroys the stream with its last words as the error.
 */
export function startProxy(command: string, log: (line: string) => void): Duplex {
  const child = launch(command);
  let lastWords = '';
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords = line;
      log(`ProxyCommand: ${line}`);
    });
  const stream = new ProxyStream(child);
  child.once('error', (error) => stream.destroy(error));
  child.once('close', (code, signal) => {
    const why = lastWords === '' ? `it ended with ${code ?? signal ?? 'an error'}` : lastWords;
    stream.destroy(stream.over ? undefined : new Error(`the ProxyCommand failed: ${why}`));
  });
  return stream;
}

/** In a group of its own on Unix, so that what the shell starts can be ended with it. */
function launch(command: string): ChildProcess {
  const stdio = ['pipe', 'pipe', 'pipe'] as const;
  if (process.platform === 'win32')
    return spawn(command, { shell: true, windowsHide: true, stdio: [...stdio] });
  const shell = process.env['SHELL'] ?? '/bin/sh';
  return spawn(shell, ['-c', `exec ${command}`], { detached: true, stdio: [...stdio] });
}

/** Milliseconds in which the end of a command is known that takes nothing more. */
const PATIENCE = 1000;

class ProxyStream extends Duplex {
  /** True once this side ended it. */
  over = false;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.stdout?.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) child.stdout?.pause();
    });
    child.stdin?.on('error', () => undefined);
  }

  override _read(): void {
    this.#child.stdout?.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child.stdin?.write(bytes, (error) => (error ? this.#afterEnd(() => done(error)) : done()));
  }

  /** A command that takes nothing more has mostly ended, and its end says why. */
  #afterEnd(otherwise: () => void): void {
    const timer = setTimeout(otherwise, PATIENCE);
    this.#child.once('close', () => clearTimeout(timer));
  }

  override _final(done: () => void): void {
    this.#child.stdin?.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.over = true;
    endGroup(this.#child);
    done(error);
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It ended at this moment.
  }
}
