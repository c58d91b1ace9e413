import { connect, type Socket } from 'node:net';
import type { SFTPWrapper } from 'ssh2';

/**
 * A TCP connection that sends together what is written in one turn of the event loop. ssh2 writes the length, the content and the check
 * sum of each packet by themselves: three system calls, and on the line three segments.
 */
export function connectSocket(host: string, port: number): Socket {
  const socket = connect({ host, port, noDelay: true });
  const write = socket.write.bind(socket) as (...of: unknown[]) => boolean;
  socket.write = (...of: unknown[]) => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    return write(...of);
  };
  return socket;
}

/** The part of ssh2's protocol that its SFTP uses. */
interface ChannelProtocol {
  channelData(channel: number, bytes: Buffer): void;
  channelClose(channel: number): void;
}

/** What ssh2 keeps to itself. */
interface Internals {
  _protocol: ChannelProtocol;
  readonly outgoing: { readonly packetSize: number };
}

/**
 * Puts SFTP requests that are made in one turn of the event loop into as few SSH packets as they fit in: encrypting a packet costs
 * several times what the requests in it cost.
 */
export function packRequests(sftp: SFTPWrapper): void {
  const internals = sftp as unknown as Internals;
  internals._protocol = new Packing(internals._protocol, internals.outgoing.packetSize);
}

class Packing implements ChannelProtocol {
  readonly #protocol: ChannelProtocol;
  readonly #packetSize: number;
  #waiting: Buffer[] = [];
  #size = 0;

  constructor(protocol: ChannelProtocol, packetSize: number) {
    this.#protocol = protocol;
    this.#packetSize = packetSize;
  }

  channelData(channel: number, bytes: Buffer): void {
    if (this.#size + bytes.length > this.#packetSize) this.#send(channel);
    if (this.#waiting.length === 0) setImmediate(() => this.#send(channel));
    this.#waiting.push(bytes);
    this.#size += bytes.length;
  }

  channelClose(channel: number): void {
    this.#send(channel);
    this.#protocol.channelClose(channel);
  }

  #send(channel: number): void {
    const [first, ...more] = this.#waiting;
    if (first === undefined) return;
    this.#waiting = [];
    this.#size = 0;
    this.#protocol.channelData(channel, more.length === 0 ? first : Buffer.concat([first, ...more]));
  }
}
