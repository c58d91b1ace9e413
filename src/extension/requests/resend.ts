import * as net from 'node:net';
import type { Repeated } from './curl';

/** Headers that a repeated request has its own of. */
const REPLACED = new Set([
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
]);

/** The bytes of a request as it came, on a connection of its own. */
export function requestBytes({ method, target, requestHeaders, requestBody }: Repeated): Uint8Array {
  const hadLength = requestHeaders.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...requestHeaders
      .filter(([name]) => !REPLACED.has(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`),
    ...(hadLength ? [`Content-Length: ${requestBody.bytes.length}`] : []),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), requestBody.bytes]);
}

/**
 * Sends a request to the local runner once more, byte for byte but for its connection. Resolves when it is sent; the answer is
 * read and thrown away, since the runner tells of it. Fails when there is no connection.
 */
export function resend(request: Repeated, port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.createConnection({ host: '127.0.0.1', port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => undefined);
      socket.resume().write(requestBytes(request), () => resolve(socket));
    });
  });
}
