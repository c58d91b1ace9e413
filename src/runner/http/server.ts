import * as net from 'node:net';
import { HttpConnection, type ConnectionOptions } from './connection';

/** A listening HTTP/1.1 server on the loopback interface. */
export interface HttpServer {
  readonly port: number;
  /** Takes no more connections and ends those without a request; resolves when the last one is gone. */
  close(): Promise<void>;
  /** Ends the connections that are left at once. */
  cut(): void;
}

/**
 * Listens on 127.0.0.1; 0 takes a free port. `options` is asked at the first connection. Fails with the system's error.
 */
export function listenHttp(port: number, options: () => ConnectionOptions): Promise<HttpServer> {
  let known: ConnectionOptions | undefined;
  const connections = new Map<net.Socket, HttpConnection>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    connections.set(socket, new HttpConnection(socket, (known ??= options())));
    socket.once('close', () => connections.delete(socket));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const connection of connections.values()) connection.endSoon();
    });
  const cut = (): void => {
    for (const socket of connections.keys()) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      resolve({ port: (server.address() as net.AddressInfo).port, close, cut });
    });
  });
}
