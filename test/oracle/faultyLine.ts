import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Passes so many bytes per second on, and takes no more before. */
function slowed(rate: number): Transform {
  const piece = Math.max(1, Math.floor(rate / 20));
  return new Transform({
    highWaterMark: piece,
    async transform(bytes: Buffer, _, done) {
      for (let at = 0; at < bytes.length; at += piece) {
        this.push(bytes.subarray(at, at + piece));
        await sleep(50);
      }
      done();
    },
  });
}

/** A TCP line to a local port that can be broken or frozen at will, or after so many bytes from the client. */
export class FaultyLine {
  /** Bytes that clients have sent over all connections. */
  sent = 0;
  /** Bytes per second that clients can send over connections from now on; any number when undefined. */
  rate: number | undefined;
  readonly port: number;
  readonly #close: () => Promise<void>;
  readonly #open: Set<Socket>;
  #trigger: { at: number; act: () => void } | undefined;

  static async start(to: number): Promise<FaultyLine> {
    const open = new Set<Socket>();
    let line: FaultyLine | undefined;
    const server = createServer((client) => {
      const peer = connect(to, '127.0.0.1');
      for (const socket of [client, peer]) {
        open.add(socket.setNoDelay(true));
        socket.on('error', () => undefined);
        socket.once('close', () => {
          open.delete(socket);
          client.destroy();
          peer.destroy();
        });
      }
      client.on('data', (bytes: Buffer) => line?.count(bytes.length));
      (line?.rate === undefined ? client : client.pipe(slowed(line.rate))).pipe(peer).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      });
    line = new FaultyLine(port, open, close);
    return line;
  }

  private constructor(port: number, open: Set<Socket>, close: () => Promise<void>) {
    this.port = port;
    this.#open = open;
    this.#close = close;
  }

  count(bytes: number): void {
    this.sent += bytes;
    if (!this.#trigger || this.sent < this.#trigger.at) return;
    const { act } = this.#trigger;
    this.#trigger = undefined;
    act();
  }

  /** Does something once that many more bytes were sent. */
  after(bytes: number, act: () => void): void {
    this.#trigger = { at: this.sent + bytes, act };
  }

  /** Ends every connection with a reset. */
  reset(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  /** Passes nothing on any more, and closes nothing. */
  freeze(): void {
    for (const socket of this.#open) socket.unpipe().pause();
  }

  /** Ends what was frozen. */
  clear(): void {
    this.#trigger = undefined;
    for (const socket of this.#open) socket.destroy();
  }

  stop(): Promise<void> {
    return this.#close();
  }
}
