import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { encodeRequest } from '../../src/fastcgi';
import { startPrograms } from './programs';
import { serve, type Running } from './turns';

// The least that a server in Node can do: it reads nothing but the ends of requests and answers, sends the program the same bytes
// each time, and passes its page on. What it reaches is the ceiling of the local server on this machine.

const HEAD_END = Buffer.from('\r\n\r\n');
const [program = '', mode] = process.argv.slice(2);

/** As many variables as the program gets from the local server, for a request that never changes. */
const QUESTION = encodeRequest({
  requestId: 1,
  keepConnection: true,
  params: Array.from(
    { length: 30 },
    (_, n) => [`VARIABLE_NUMBER_${n}`, '/project/dispatch.fcgi/page'] as const,
  ),
  body: new Uint8Array(0),
});

/** A kept connection to a program, and the client that waits for its answer. */
interface Line {
  readonly socket: net.Socket;
  client: net.Socket | null;
}

const idle: Line[] = [];
const waiting: net.Socket[] = [];

function ask(line: Line, client: net.Socket): void {
  line.client = client;
  line.socket.write(QUESTION);
}

/** Takes an answer that came in one piece, which the programs of the bench see to: one STDOUT record, then the end. */
function passOn(line: Line, answer: Buffer): void {
  const { client } = line;
  line.client = null;
  const content = answer.subarray(8, 8 + answer.readUInt16BE(4));
  const page = content.toString('latin1', content.indexOf(HEAD_END) + 4);
  client?.write(
    `HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\nContent-Type: text/plain\r\n\r\n${page}`,
    'latin1',
  );
  const next = waiting.shift();
  if (next === undefined) idle.push(line);
  else ask(line, next);
}

async function connect(address: string): Promise<void> {
  const socket = net.connect({ path: address });
  const line: Line = { socket, client: null };
  socket.on('error', () => undefined);
  socket.on('data', (answer: Buffer) => passOn(line, answer));
  await once(socket, 'connect');
  idle.push(line);
}

async function start(programs: number): Promise<Running> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-bare-'));
  const { sockets, children } = await startPrograms(program, folder, programs);
  for (const address of sockets) await connect(address);
  const server = net.createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    client.on('data', (request: Buffer) => {
      if (request.indexOf(HEAD_END) < 0) return;
      const line = idle.pop();
      if (line === undefined) waiting.push(client);
      else ask(line, client);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    dispose: async () => {
      server.close();
      for (const { socket } of idle.splice(0)) socket.destroy();
      for (const child of children) child.kill('SIGKILL');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

await serve(mode === 'turns', () => start(mode === 'turns' ? 1 : 4));
