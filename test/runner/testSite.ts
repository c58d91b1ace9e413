import * as fs from 'node:fs';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { startRunner, type Runner, type RunnerEvent, type RunnerOptions } from '../../src/runner';
import { classicEvaluator } from './classicEvaluator';

/** Lets a hostile program speak raw FastCGI: `accept()` gives a connection whose request has been read. */
const RAW = `import os, signal, socket, struct, sys, time
listener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)
END, OUT, ERR = 3, 6, 7
def record(kind, content=b''):
    return struct.pack('!BBHHBx', 1, kind, 1, len(content), 0) + content
def end():
    return record(OUT) + record(END, bytes(8))
def read(connection, length):
    data = b''
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data
def request(connection):
    while True:
        _, kind, _, length, padding = struct.unpack('!BBHHBx', read(connection, 8))
        content = read(connection, length + padding)[:length]
        if kind == 5 and not length:
            return connection
def accept():
    return request(listener.accept()[0])
`;

/** A site in a temporary folder that is being served, and what it told. */
export interface TestSite {
  readonly folder: string;
  readonly runner: Runner;
  readonly events: readonly RunnerEvent[];
  /** Writes a file of the site; programs (`.fcgi`) are made executable. */
  write(name: string, text: string, mode?: number): void;
  /** Waits until an event of this kind fits; fails after five seconds. */
  waitFor<Kind extends RunnerEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<RunnerEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<RunnerEvent, { kind: Kind }>>;
  problems(): string[];
  /** Ends the runner and removes the folder. */
  dispose(): Promise<void>;
}

/** Serves files of these names and texts. */
export async function testSite(
  files: Readonly<Record<string, string>>,
  options: Partial<RunnerOptions> = {},
): Promise<TestSite> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'site-'));
  const write = (name: string, text: string, mode = name.endsWith('.fcgi') ? 0o755 : 0o644): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text, { mode });
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const events: RunnerEvent[] = [];
  const onEvent = (event: RunnerEvent): void => void events.push(event);
  const runner = await startRunner({ root: folder, evaluate: classicEvaluator, onEvent, ...options });
  return {
    folder,
    runner,
    events,
    write,
    waitFor: (kind, fits = () => true) => waitForEvent(events, kind, fits),
    problems: () => events.flatMap((event) => (event.kind === 'problem' ? [event.message] : [])),
    async dispose() {
      await runner.dispose();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitForEvent<Kind extends RunnerEvent['kind']>(
  events: readonly RunnerEvent[],
  kind: Kind,
  fits: (event: Extract<RunnerEvent, { kind: Kind }>) => boolean,
): Promise<Extract<RunnerEvent, { kind: Kind }>> {
  for (let tries = 0; tries < 500; tries++) {
    const found = events.find((event) => event.kind === kind && fits(event as never));
    if (found !== undefined) return found as never;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${kind} event in ${JSON.stringify(events)}`);
}

/** A Python program over raw FastCGI, from the lines that follow the helpers. */
export function rawProgram(lines: string): string {
  return `#!/usr/bin/env python3\n${RAW}${lines}\n`;
}

/** What a client got; `body` is a Latin-1 view. */
export interface ClientAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request, on a connection of its own, with exactly these headers. Fails when the answer is broken off. */
export function ask(
  runner: { readonly port: number },
  target: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<ClientAnswer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port: runner.port,
      path: target,
      method,
      headers,
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, statusMessage: reason = '' } = response;
        resolve({ status, reason, headers: response.headers, body: Buffer.concat(parts).toString('latin1') });
      });
    });
    request.end(body);
  });
}
