import type { RequestRecord } from '../../runner';

/** Headers that curl writes by itself, or that belong to the connection. */
const OWN = new Set(['host', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'expect']);

/** The parts of a record that a request is made of. */
export type Repeated = Pick<RequestRecord, 'method' | 'target' | 'requestHeaders' | 'requestBody'>;

/** A command line for a POSIX shell that sends the same request. `base` has no path: `http://localhost:8400`. */
export function curlCommand(request: Repeated, base: string): string {
  const { method, target, requestHeaders, requestBody } = request;
  const hasBody = requestBody.bytes.length > 0;
  const words = ['curl', '-i', '--path-as-is', '-g', shellQuoted(base + target)];
  if (method === 'HEAD') words.push('-I');
  else if (method !== (hasBody ? 'POST' : 'GET')) words.push('-X', shellQuoted(method));
  const authority = base.replace(/^https?:\/\//, '');
  for (const [name, value] of requestHeaders) {
    const isOwn = OWN.has(name.toLowerCase());
    if (isOwn && (name.toLowerCase() !== 'host' || value === authority)) continue;
    words.push('-H', shellQuoted(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (hasBody) {
    const named = requestHeaders.some(([name]) => name.toLowerCase() === 'content-type');
    if (!named) words.push('-H', shellQuoted('Content-Type:'));
    const body = Buffer.from(requestBody.bytes).toString('latin1');
    // No argument of a program can hold a NUL.
    if (body.includes('\0')) return `printf ${printfQuoted(body)} | ${words.join(' ')} --data-binary @-`;
    words.push('--data-raw', shellQuoted(body));
  }
  return words.join(' ');
}

/** A byte string as one word of bash or zsh; bytes that are no plain ASCII are written as escapes. */
export function shellQuoted(bytes: string): string {
  if (/^[\w./:=@%+,-]+$/.test(bytes)) return bytes;
  if (/^[\x20-\x7e]*$/.test(bytes)) return `'${bytes.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = bytes.replaceAll(/[^\x20-\x7e]|['\\]/g, (byte) =>
    byte === "'" || byte === '\\' ? `\\${byte}` : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `$'${escaped}'`;
}

/** Bytes as the format of `printf`. */
function printfQuoted(bytes: string): string {
  const octal = (byte: string) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `'${bytes.replaceAll(/[^ -~]|['\\%]/g, octal)}'`;
}
