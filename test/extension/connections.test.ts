import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections, type SharedConnection } from '../../src/extension/targets/connections';

/** A connection that only counts: what is opened, what is closed. */
class Line implements SharedConnection {
  disposed = 0;
  readonly closed: Promise<unknown>;
  #end: () => void = () => undefined;

  constructor() {
    this.closed = new Promise<void>((resolve) => (this.#end = resolve));
  }

  dispose(): void {
    this.disposed += 1;
    this.#end();
  }

  /** The other side hangs up. */
  drop(): void {
    this.#end();
  }
}

interface Attempt {
  readonly signal: AbortSignal;
  succeed(): Line;
  fail(error: Error): void;
}

/** Connections whose opening the test itself completes. */
function switchboard(idleTime = 1000) {
  const attempts: Attempt[] = [];
  const connections = new Connections<Line>((_, signal) => {
    return new Promise<Line>((resolve, reject) => {
      const line = new Line();
      const succeed = () => {
        resolve(line);
        return line;
      };
      signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
      attempts.push({ signal, succeed, fail: reject });
    });
  }, idleTime);
  return { connections, attempts };
}

const never = () => new AbortController().signal;

/** Lets everything that is ready to run, run. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('Connections', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    const left = vi.getTimerCount();
    vi.useRealTimers();
    if (left > 0) throw new Error(`${left} timers are left`);
  });

  it('is shared by all who work on the same target, also while it is being opened', async () => {
    const { connections, attempts } = switchboard();
    const works = [1, 2].map((n) => connections.use('host', never(), async (line) => ({ n, line })));
    const line = attempts[0]?.succeed();
    expect(await Promise.all(works)).toEqual([
      { n: 1, line },
      { n: 2, line },
    ]);
    await connections.use('host', never(), async (again) => expect(again).toBe(line));
    expect(attempts).toHaveLength(1);
    connections.dispose();
    await settle();
  });

  it('differs by target, and by everything that the target says', async () => {
    const { connections, attempts } = switchboard();
    const targets = ['host', { host: 'host' }, { host: 'host', port: 23 }];
    const works = targets.map((target) => connections.use(target, never(), async () => undefined));
    expect(connections.size).toBe(3);
    for (const attempt of attempts) attempt.succeed();
    await Promise.all(works);
    connections.dispose();
    await settle();
  });

  it('is closed after the idle time, counted from the end of the last work', async () => {
    const { connections, attempts } = switchboard(1000);
    const first = connections.use('host', never(), async () => undefined);
    const line = attempts[0]?.succeed();
    await first;
    await vi.advanceTimersByTimeAsync(900);
    await connections.use('host', never(), async () => undefined);
    await vi.advanceTimersByTimeAsync(900);
    expect(line?.disposed).toBe(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(line?.disposed).toBe(1);
    expect(connections.size).toBe(0);
  });

  it('is not idle while work goes on', async () => {
    const { connections, attempts } = switchboard(1000);
    let finish: () => void = () => undefined;
    const work = connections.use(
      'host',
      never(),
      () => new Promise<void>((resolve) => (finish = () => resolve())),
    );
    const line = attempts[0]?.succeed();
    await vi.advanceTimersByTimeAsync(5000);
    expect(line?.disposed).toBe(0);
    finish();
    await work;
    await vi.advanceTimersByTimeAsync(1001);
    expect(line?.disposed).toBe(1);
  });

  it('is opened anew after it was lost', async () => {
    const { connections, attempts } = switchboard();
    const first = connections.use('host', never(), async () => undefined);
    attempts[0]?.succeed().drop();
    await first;
    await settle();
    expect(connections.size).toBe(0);
    const second = connections.use('host', never(), async (line) => line);
    const line = attempts[1]?.succeed();
    expect(await second).toBe(line);
    connections.dispose();
    await settle();
  });

  it('is opened anew after it could not be opened, and every waiter hears why', async () => {
    const { connections, attempts } = switchboard();
    const works = [1, 2].map(() => connections.use('host', never(), async () => undefined));
    attempts[0]?.fail(new Error('no route'));
    for (const work of works) await expect(work).rejects.toThrow('no route');
    expect(connections.size).toBe(0);
  });

  it('opens nothing for work that was stopped before', async () => {
    const { connections, attempts } = switchboard();
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(connections.use('host', stopped, async () => undefined)).rejects.toThrow('stopped');
    expect(attempts).toHaveLength(0);
  });

  it('lets who gives up go at once, and goes on for the others', async () => {
    const { connections, attempts } = switchboard();
    const impatient = new AbortController();
    const first = connections.use('host', impatient.signal, async () => 'first');
    const second = connections.use('host', never(), async () => 'second');
    impatient.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    expect(attempts[0]?.signal.aborted).toBe(false);
    attempts[0]?.succeed();
    expect(await second).toBe('second');
    connections.dispose();
    await settle();
  });

  it('gives connecting up when the last one has', async () => {
    const { connections, attempts } = switchboard();
    const stops = [new AbortController(), new AbortController()];
    const works = stops.map(({ signal }) => connections.use('host', signal, async () => undefined));
    for (const stop of stops) stop.abort(new Error('stopped'));
    for (const work of works) await expect(work).rejects.toThrow('stopped');
    expect(attempts[0]?.signal.aborted).toBe(true);
    expect(connections.size).toBe(0);
  });

  it('leaves an open connection to others when work is stopped', async () => {
    const { connections, attempts } = switchboard();
    const stop = new AbortController();
    const work = connections.use('host', stop.signal, async () => {
      stop.abort();
      throw new Error('the work noticed');
    });
    const line = attempts[0]?.succeed();
    await expect(work).rejects.toThrow('the work noticed');
    expect(line?.disposed).toBe(0);
    expect(attempts[0]?.signal.aborted).toBe(false);
    connections.dispose();
    await settle();
    expect(line?.disposed).toBe(1);
  });

  it('closes a connection that comes after dispose(), and does no work over it', async () => {
    const line = new Line();
    let answer: (line: Line) => void = () => undefined;
    // An opener that does not heed its signal.
    const connections = new Connections<Line>(() => new Promise((resolve) => (answer = resolve)));
    const work = vi.fn<() => Promise<void>>();
    const late = connections.use('host', never(), work);
    connections.dispose();
    answer(line);
    await expect(late).rejects.toThrow('closed');
    expect(work).not.toHaveBeenCalled();
    await settle();
    expect(line.disposed).toBe(1);
  });

  it('opens nothing after dispose()', async () => {
    const { connections, attempts } = switchboard();
    connections.dispose();
    await expect(connections.use('host', never(), async () => undefined)).rejects.toThrow('closed');
    expect(attempts).toHaveLength(0);
  });
});
