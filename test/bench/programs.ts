import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';

/** Starts processes of a FastCGI program, each with a socket of its own in the folder, to which anybody may connect. */
export async function startPrograms(
  program: string,
  folder: string,
  count: number,
): Promise<{ sockets: string[]; children: ChildProcess[] }> {
  const sockets: string[] = [];
  const children: ChildProcess[] = [];
  for (let n = 0; n < count; n++) {
    const bound = path.join(folder, `${n}b`);
    const socket = path.join(folder, `${n}`);
    const server = net.createServer();
    server.listen({ path: bound, backlog: 511 });
    await once(server, 'listening');
    fs.linkSync(bound, socket);
    fs.chmodSync(socket, 0o777);
    const descriptor = (server as unknown as { _handle: { fd: number } })._handle.fd;
    children.push(spawn(program, [], { stdio: [descriptor, 'ignore', 'inherit'] }));
    server.close();
    sockets.push(socket);
  }
  return { sockets, children };
}
