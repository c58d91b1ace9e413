import { run } from './run';
import { processTerminal } from './terminal';

/** The `fastcgi` command. */
const interrupt = new AbortController();

/** The first Ctrl-C ends what runs in good order; a second one ends the process. */
function onSignal(): void {
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

/** A reader that went away (`fastcgi check | head`) is no failure; an answer that got lost otherwise (a full disk) is one. */
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`fastcgi: The output cannot be written: ${message}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  if (!hasWorkingFolder()) {
    process.stderr.write('fastcgi: The current folder is not there any more. Change to another one.\n');
    process.exitCode = 1;
    return;
  }
  process.exitCode = await run(process.argv.slice(2), processTerminal(interrupt.signal));
  process.stdin.unref?.();
}

/** The folder of a shell may have been removed or made anew. */
function hasWorkingFolder(): boolean {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}

void main();
