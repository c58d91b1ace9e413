import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { SFTPWrapper } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { connectSocket, packRequests } from '../../src/remote/coalesce';

/** ssh2's SFTP as far as requests pass through it; notes what becomes of them. */
function wrapper() {
  const sent: string[] = [];
  const inner = {
    _protocol: {
      channelData: (channel: number, bytes: Buffer) => sent.push(`${channel}: ${bytes.toString()}`),
      channelClose: (channel: number) => sent.push(`${channel} closed`),
    },
    outgoing: { packetSize: 8 },
  };
  packRequests(inner as unknown as SFTPWrapper);
  const request = (text: string) => inner._protocol.channelData(3, Buffer.from(text));
  return { sent, request, close: () => inner._protocol.channelClose(3) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('requests of one turn share packets, as many as fit, in their order', async () => {
  const { sent, request } = wrapper();
  for (const text of ['one', 'two', 'three', 'a whole one', 'end']) request(text);
  await turn();
  expect(sent).toEqual(['3: onetwo', '3: three', '3: a whole one', '3: end']);
  request('next');
  await turn();
  expect(sent.slice(4)).toEqual(['3: next']);
});

test('what waits is sent before the channel is closed, and only once', async () => {
  const { sent, request, close } = wrapper();
  request('last');
  close();
  await turn();
  expect(sent).toEqual(['3: last', '3 closed']);
});

test('what is written in one turn leaves in one piece', async () => {
  const pieces: string[] = [];
  const server = createServer((socket) => socket.on('data', (bytes) => pieces.push(bytes.toString())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connectSocket('127.0.0.1', (server.address() as AddressInfo).port);
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await once(socket, 'connect');
  for (const text of ['length', 'content', 'sum']) socket.write(text);
  await expect.poll(() => pieces).toEqual(['lengthcontentsum']);
  socket.write('more');
  socket.end('end');
  await expect.poll(() => pieces).toEqual(['lengthcontentsum', 'moreend']);
});
