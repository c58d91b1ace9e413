import { createInterface, type Interface } from 'node:readline';

/** A server that runs. */
export interface Running {
  readonly port: number;
  dispose(): Promise<void>;
}

/**
 * A server of a bench in a process of its own: starts and writes its port; SIGTERM ends it. By `turns` it waits instead, starts and
 * stops whenever a line comes in, and answers each with a line: the port, then nothing. The first line only tries the way.
 */
export async function serve(byTurns: boolean, start: () => Promise<Running>): Promise<void> {
  let running: Running | null = null;
  const turn = async (): Promise<void> => {
    if (running === null) running = await start();
    else {
      await running.dispose();
      running = null;
    }
    process.stdout.write(`${running?.port ?? ''}\n`);
  };
  process.once('SIGTERM', () => void Promise.resolve(running?.dispose()).then(() => process.exit(0)));
  if (!byTurns) return turn();
  createInterface(process.stdin).once('line', function (this: Interface) {
    this.on('line', () => void turn());
    process.stdout.write('\n');
  });
}
