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

/** A reader that went away (`fastcgi check | head`) is no failure. */
process.stdout.on('error', () => process.exit(0));

async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processTerminal(interrupt.signal));
  process.stdin.unref?.();
}

void main();
