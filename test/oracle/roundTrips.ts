import { Gzip } from 'node:zlib';
import { WaitingCommand } from '../../src/deploy/waitingCommand';
import { RemoteConnection } from '../../src/remote/connection';
import { SftpSession } from '../../src/remote/sftp';
import { requests } from './countedRequests';

type Method = (this: unknown, ...of: unknown[]) => Promise<unknown>;
interface Held {
  left: number;
  readonly release: () => void;
}

/** Turns of the event loop without any work after which none is to come: streams and timers of no length take some. */
const QUIET_TURNS = 20;

/**
 * How many round trips some work waits for, without a clock: answers are held back until every request on the way has one, then all are
 * let go at once, as after the same time on a long line. A command's channel takes two: it is opened, then given the command.
 */
export async function countRoundTrips(work: () => Promise<unknown>): Promise<number> {
  let trips = 0;
  let waiting = 0;
  let running = 0;
  let held: Held[] = [];
  let turns = 0;
  let isPlanned = false;
  const planDelivery = () => {
    turns = 0;
    if (!isPlanned) setImmediate(deliver);
    isPlanned = true;
  };
  const deliver = () => {
    isPlanned = false;
    // What a command is told may wait for an answer itself.
    if (waiting > running || held.length === 0) return;
    // A slow disk or processor here, whose work decides what is asked next, makes no line longer.
    const isAtWork = isReading() || packing.count > 0;
    if (isAtWork || ++turns < QUIET_TURNS) {
      if (isAtWork) turns = 0;
      isPlanned = true;
      setImmediate(deliver);
      return;
    }
    trips++;
    for (const one of held) one.left--;
    const arrived = held.filter(({ left }) => left === 0);
    held = held.filter(({ left }) => left > 0);
    for (const { release } of arrived) release();
    planDelivery();
  };
  const hold = async (answer: Promise<unknown>, left: number) => {
    waiting++;
    await answer.catch(() => undefined);
    waiting--;
    await new Promise<void>((release) => {
      held.push({ left, release });
      planDelivery();
    });
    return answer;
  };
  const packing = countPacking();
  const undo = [
    packing.stop,
    ...requests.map((name) => replace(SftpSession.prototype, name, (answer) => hold(answer, 1))),
    replace(RemoteConnection.prototype, 'channel', (answer) => hold(answer, 2)),
    replace(WaitingCommand.prototype, 'run', (answer) => {
      running++;
      planDelivery();
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

/** Counts the pieces that are being compressed just now, by threads of which nothing else tells. */
function countPacking(): { readonly count: number; readonly stop: () => void } {
  type Transform = (piece: Buffer, encoding: BufferEncoding, done: (...of: unknown[]) => void) => void;
  const prototype = Gzip.prototype as { _transform?: Transform };
  const { _transform: original } = prototype;
  let count = 0;
  prototype._transform = function counted(piece, encoding, done) {
    count++;
    original?.call(this, piece, encoding, (...of) => {
      count--;
      done(...of);
    });
  };
  return {
    get count() {
      return count;
    },
    stop: () => void delete prototype._transform,
  };
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
