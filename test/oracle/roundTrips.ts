import { WaitingCommand } from '../../src/deploy/waitingCommand';
import { RemoteConnection } from '../../src/remote/connection';
import { SftpSession } from '../../src/remote/sftp';
import { requests } from './countedRequests';

type Method = (this: unknown, ...of: unknown[]) => Promise<unknown>;
interface Held {
  left: number;
  readonly release: () => void;
}

/**
 * How many round trips some work waits for, without a clock: answers are held back until every request on the way has one, then all are
 * let go at once, as after the same time on a long line. A command's channel takes two: it is opened, then given the command.
 */
export async function countRoundTrips(work: () => Promise<unknown>): Promise<number> {
  let trips = 0;
  let waiting = 0;
  let running = 0;
  let held: Held[] = [];
  const deliver = () => {
    // What a command is told may wait for an answer itself.
    if (waiting > running || held.length === 0) return;
    // A slow disk here, whose files decide what is asked next, makes no line longer.
    if (isReading()) {
      setImmediate(deliver);
      return;
    }
    trips++;
    for (const one of held) one.left--;
    const arrived = held.filter(({ left }) => left === 0);
    held = held.filter(({ left }) => left > 0);
    for (const { release } of arrived) release();
    setImmediate(deliver);
  };
  const hold = async (answer: Promise<unknown>, left: number) => {
    waiting++;
    await answer.catch(() => undefined);
    waiting--;
    await new Promise<void>((release) => {
      held.push({ left, release });
      setImmediate(deliver);
    });
    return answer;
  };
  const undo = [
    ...requests.map((name) => replace(SftpSession.prototype, name, (answer) => hold(answer, 1))),
    replace(RemoteConnection.prototype, 'channel', (answer) => hold(answer, 2)),
    replace(WaitingCommand.prototype, 'run', (answer) => {
      running++;
      setImmediate(deliver);
      return hold(
        answer.finally(() => running--),
        1,
      );
    }),
  ];
  try {
    await work();
    return trips;
  } finally {
    for (const one of undo) one();
    for (const { release } of held) release();
  }
}

/** Whether files of this machine are being read or written. */
function isReading(): boolean {
  return process.getActiveResourcesInfo().some((one) => one.startsWith('FSReq'));
}

function replace(
  prototype: object,
  name: string,
  wrap: (answer: Promise<unknown>) => Promise<unknown>,
): () => void {
  const methods = prototype as Record<string, Method>;
  const original = methods[name] as Method;
  methods[name] = function held(...of) {
    return wrap(original.apply(this, of));
  };
  return () => {
    methods[name] = original;
  };
}
