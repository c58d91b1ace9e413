import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorded } from './record';

/** One request to be recorded. */
export interface OracleJob {
  readonly id: string;
  /** The request as sent; asked for at the moment of sending, again when it must be sent again. */
  readonly bytes: () => Uint8Array;
}

interface Outstanding extends OracleJob {
  readonly done: (record: Recorded | null) => void;
}

const WINDOW = 64;
/** Milliseconds in which the record of an ended connection's last request arrives. */
const GRACE = 100;
/** Milliseconds without any record after which a connection counts as dead. */
const STALL = 20_000;

/**
 * Sends requests down one connection without waiting for answers, and takes their records from mod_oracle's socket.
 * Apache closes the connection after errors like 500; what it had not yet read is sent again. A request that was alone
 * on a connection and left no record was unreadable (its record is made from the raw answer), or ended the process (null).
 */
export class RecordedConnection {
  readonly #port: number;
  readonly #queue: Outstanding[] = [];
  readonly #sent = new Map<string, Outstanding>();
  #socket: Socket | undefined;
  #recordsOnConnection = 0;
  /** Requests still to be sent one by one, after a connection that ended without any record. */
  #careful = 0;
  #answer = '';
  #closed = false;
  #lastProgress = Date.now();
  readonly #watch = setInterval(() => this.#checkStall(), 1000).unref();

  constructor(port: number) {
    this.#port = port;
  }

  run(job: OracleJob): Promise<Recorded | null> {
    return new Promise((done) => {
      this.#queue.push({ ...job, done });
      if (this.#queue.length === 1) setImmediate(() => this.#fill());
    });
  }

  /** Takes records from a connection of mod_oracle; there is a new one with every new Apache process. */
  readRecords(socket: Socket): void {
    let rest = '';
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#finish(JSON.parse(line) as Recorded);
      this.#fill();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#socket?.destroy();
    for (const job of [...this.#sent.values(), ...this.#queue.splice(0)]) job.done(null);
    this.#sent.clear();
  }

  #finish(record: Recorded): void {
    const job = this.#sent.get(record.id);
    if (!job) return;
    this.#lastProgress = Date.now();
    this.#sent.delete(record.id);
    this.#recordsOnConnection++;
    this.#careful = Math.max(0, this.#careful - 1);
    job.done(record);
  }

  #fill(): void {
    if (this.#closed) return;
    const window = this.#careful > 0 ? 1 : WINDOW;
    const room = window - this.#sent.size;
    // Half a window at a time: fewer, larger writes.
    if (this.#queue.length === 0 || room < window / 2) return;
    if (this.#sent.size === 0) this.#lastProgress = Date.now();
    const batch = this.#queue.splice(0, room);
    const bytes = batch.map((job) => job.bytes());
    for (const job of batch) this.#sent.set(job.id, job);
    this.#open().write(Buffer.concat(bytes));
  }

  #open(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    this.#recordsOnConnection = 0;
    this.#answer = '';
    socket.on('data', (text: string) => {
      if (this.#careful > 0) this.#answer += text;
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => void this.#ended());
    this.#socket = socket;
    return socket;
  }

  async #ended(): Promise<void> {
    const mayStillCome = this.#sent.size > 0 && this.#recordsOnConnection === 0;
    if (mayStillCome) await this.#recordOrGrace();
    this.#socket = undefined;
    const left = [...this.#sent.values()];
    this.#sent.clear();
    if (this.#recordsOnConnection === 0 && left.length > 0) {
      if (this.#careful === 0) this.#careful = left.length;
      else {
        this.#careful--;
        left.shift()?.done(this.#recordOfAnswer());
      }
    }
    this.#queue.unshift(...left);
    this.#fill();
  }

  /** The record and the end of the connection travel on different sockets. */
  async #recordOrGrace(): Promise<void> {
    const end = Date.now() + GRACE;
    while (this.#recordsOnConnection === 0 && Date.now() < end) await sleep(1);
  }

  /** For a request that Apache refused before it had read its headers; null when there is no answer either. */
  #recordOfAnswer(): Recorded | null {
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(this.#answer)?.[1];
    if (status === undefined) return null;
    return {
      id: '',
      requests: [unreadRequest(Number(status))],
      sender: 0,
      builtIn: true,
      log: [],
    };
  }

  #checkStall(): void {
    if (this.#sent.size > 0 && Date.now() - this.#lastProgress > STALL) this.#socket?.destroy();
  }
}

function unreadRequest(status: number): Recorded['requests'][number] {
  return {
    status,
    uri: '',
    filename: null,
    pathInfo: null,
    query: null,
    handler: null,
    contentType: null,
    method: '',
    fileType: 'none',
    proxied: false,
    environment: [],
    notes: [],
    headersOut: [],
    errorHeadersOut: [],
  };
}
