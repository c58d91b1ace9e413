import * as net from 'node:net';

/** What a load client saw. */
export interface Load {
  readonly requests: number;
  /** Answers with another status than 200. */
  readonly failed: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /**
   * The same for requests that come at a steady pace: a client that waits for a late answer sends nothing meanwhile, and what it
   * would have sent waits too. Counted as wrk does, by the mean interval of the whole load.
   */
  readonly steadyP99: number;
}

/** How a server is loaded. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** Every request has another address. */
  readonly distinct: boolean;
}

/** Sends one request after the other on each of several kept connections, for a while. */
export async function loadOn({ port, connections, milliseconds, distinct }: LoadOptions): Promise<Load> {
  const times: number[] = [];
  let failed = 0;
  let count = 0;
  const began = performance.now();
  const end = began + milliseconds;
  const target = (): string => (distinct ? `/project/page/${count++}?x=1` : '/project/page?x=1');
  const client = (): Promise<void> =>
    new Promise((resolve) => {
      let socket = net.connect(port, '127.0.0.1');
      let sent = 0;
      /** This side has ended it. */
      let isLeft = false;
      let text = '';
      const ask = (): void => {
        if (performance.now() >= end) {
          isLeft = true;
          socket.destroy();
          return resolve();
        }
        sent = performance.now();
        socket.write(
          `GET ${target()} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n`,
        );
      };
      const onAnswer = (closes: boolean): void => {
        times.push(performance.now() - sent);
        if (!text.startsWith('HTTP/1.1 200')) failed++;
        text = '';
        if (closes) open();
        else ask();
      };
      const onData = (data: Buffer): void => {
        text += data.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        if (head < 0 || !isWhole(text, head)) return;
        onAnswer(/\r\nConnection: close/i.test(text.slice(0, head + 2)));
      };
      /** A connection that ends without an answer is a failed request; the next one is made anew. */
      const onLoss = (): void => {
        failed++;
        text = '';
        if (performance.now() >= end) return resolve();
        setTimeout(open, 5);
      };
      const listen = (): void => {
        const own = socket;
        socket.setNoDelay(true);
        socket.on('data', onData);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          if (own === socket && !isLeft) onLoss();
        });
      };
      const open = (): void => {
        const before = socket;
        socket = net.connect(port, '127.0.0.1', ask);
        before.destroy();
        listen();
      };
      listen();
      socket.once('connect', ask);
    });
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - began) / 1000;
  const interval = (seconds * 1000 * connections) / times.length;
  return {
    requests: times.length,
    failed,
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    steadyP99: quantile(
      times.flatMap((time) => waitingBehind(time, interval)),
      0.99,
    ),
  };
}

/** A time, and those of the requests that would have come while it lasted. */
function waitingBehind(time: number, interval: number): number[] {
  const all = [time];
  for (let left = time - interval; left > interval; left -= interval) all.push(left);
  return all;
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function isWhole(text: string, head: number): boolean {
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head + 2))?.[1];
  if (length !== undefined) return text.length >= head + 4 + Number(length);
  return text.endsWith('0\r\n\r\n');
}
