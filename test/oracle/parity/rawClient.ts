import * as net from 'node:net';

/** What a server sent for one request on a connection of its own; all text is byte strings. */
export interface RawAnswer {
  /** Status lines, in order: `100 Continue` may come before the last. */
  readonly statuses: readonly string[];
  /** Of the last answer, in lower case; repeats joined by a line end. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without its chunked coding. */
  readonly body: string;
  /** The answer is as long as it says. */
  readonly isWhole: boolean;
}

/** Milliseconds after which a silent server is given up. */
const PATIENCE = 15_000;

/** Sends bytes, ends its side, and reads until the server ends its own. */
export function sendRaw(port: number, bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setTimeout(PATIENCE, () => {
      parts.unshift(Buffer.from('HTTP/1.1 0 no end\r\n\r\n'));
      socket.destroy();
    });
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that closes while the client still sends may reset: what was read counts.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('end', () => socket.end());
    const isHead = bytes.startsWith('HEAD ');
    socket.on('close', () => {
      const answer = parsed(Buffer.concat(parts).toString('latin1'));
      resolve(isHead ? { ...answer, isWhole: true } : answer);
    });
    socket.end(Buffer.from(bytes, 'latin1'));
  });
}

function parsed(text: string): RawAnswer {
  const statuses: string[] = [];
  let rest = text;
  let headers: Record<string, string> = {};
  while (rest.startsWith('HTTP/')) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [line = '', ...fields] = rest.slice(0, end).split('\r\n');
    statuses.push(line);
    headers = fieldsOf(fields);
    rest = rest.slice(end + 4);
    if (!line.includes(' 100 ')) break;
  }
  return { statuses, headers, ...bodyOf(rest, headers) };
}

function fieldsOf(lines: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    fields[name] = name in fields ? `${fields[name] ?? ''}\n${value}` : value;
  }
  return fields;
}

function bodyOf(text: string, headers: Record<string, string>): { body: string; isWhole: boolean } {
  if (headers['transfer-encoding'] === 'chunked') return unchunked(text);
  const length = headers['content-length'];
  if (length === undefined) return { body: text, isWhole: true };
  return { body: text.slice(0, Number(length)), isWhole: text.length >= Number(length) };
}

function unchunked(text: string): { body: string; isWhole: boolean } {
  let body = '';
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end < 0 || Number.isNaN(size)) return { body, isWhole: false };
    if (size === 0) return { body, isWhole: true };
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}
