import { createHash, createHmac, randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, RemoteError, textOf } from './errors';
import { matchesPatternList } from './patterns';

/** One valid line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHostsEntry {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** The first field as written: a pattern list or a hashed name. */
  readonly names: string;
  readonly keyType: string;
  /** The key in wire format. */
  readonly key: Buffer;
}

/** What known_hosts says of a key that a server showed. `file` and `line` (one-based) name the line that decided. */
export type HostKeyVerdict =
  | { readonly kind: 'known'; readonly file: string; readonly line: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly file: string; readonly line: number; readonly keyType: string }
  | { readonly kind: 'revoked'; readonly file: string; readonly line: number };

/** The name under which OpenSSH looks for a server: `host`, or `[host]:port` where the port is not 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The valid lines of a known_hosts text. Comments, blank lines and lines that OpenSSH cannot read are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHostsEntry[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, { file, line: index + 1 }) ?? []);
}

const lineShape = /^(?:(@[^ \t]+)[ \t]+)?([^ \t]+)[ \t]+([^ \t\r]+)[ \t]+([^ \t]+)/;

function parseLine(text: string, place: { file: string; line: number }): KnownHostsEntry | undefined {
  const line = text.replace(/^[ \t]+/, '');
  if (line === '' || line.startsWith('#') || line.startsWith('\r')) return undefined;
  const [, markerText, names, keyType, base64] = lineShape.exec(line) ?? [];
  const marker = markerOf(markerText);
  if (marker === undefined || names === undefined || keyType === undefined || base64 === undefined)
    return undefined;
  const key = readKey(keyType, base64);
  return key && { ...place, marker, names, keyType, key };
}

function markerOf(text: string | undefined): KnownHostsEntry['marker'] | undefined {
  if (text === undefined) return 'none';
  if (text === '@revoked') return 'revoked';
  return text === '@cert-authority' ? 'cert-authority' : undefined;
}

/** Number of fields (SSH strings) of a public key after its type: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH PROTOCOL.u2f. */
const fieldsAfterType = new Map([
  ['ssh-rsa', 2],
  ['ssh-dss', 4],
  ['ssh-ed25519', 1],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
  ['sk-ssh-ed25519@openssh.com', 2],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 3],
]);

function readKey(keyType: string, base64: string): Buffer | undefined {
  const expected = fieldsAfterType.get(keyType);
  const digits = base64.replace(/[\s]/g, '');
  if (expected === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits) || digits.length % 4 !== 0)
    return undefined;
  const key = Buffer.from(digits, 'base64');
  const fields = sshStrings(key);
  if (fields?.length !== expected + 1 || fields[0]?.toString('latin1') !== keyType) return undefined;
  return keyType === 'ssh-ed25519' && fields[1]?.length !== 32 ? undefined : key;
}

function sshStrings(bytes: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

/** The key type in front of a key in wire format; empty when there is none. */
export function keyTypeOf(key: Buffer): string {
  return sshStrings(key)?.[0]?.toString('latin1') ?? '';
}

/** A key's fingerprint as `ssh-keygen -l` prints it: `SHA256:` and unpadded base64. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Judges a key as OpenSSH does (hostfile.c, sshconnect.c; measured against `ssh -o StrictHostKeyChecking=yes`): a revoked key is
 * refused; an equal one is known; any other key for the same name, also of another type, means changed. A name with a port that is
 * not listed falls back to the plain name, where another key means nothing, but an equal one counts, also as revoked.
 */
export function judgeHostKey(
  entries: readonly KnownHostsEntry[],
  server: { readonly host: string; readonly port: number; readonly key: Buffer },
): HostKeyVerdict {
  const verdict = judgeName(entries, knownHostsName(server.host, server.port), server.key);
  if (verdict.kind !== 'unknown' || server.port === 22) return verdict;
  const plain = judgeName(entries, knownHostsName(server.host, 22), server.key);
  return plain.kind === 'changed' ? verdict : plain;
}

function judgeName(entries: readonly KnownHostsEntry[], name: string, key: Buffer): HostKeyVerdict {
  const matching = entries.filter((entry) => namesMatch(entry.names, name));
  const revoked = matching.find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked) return { kind: 'revoked', file: revoked.file, line: revoked.line };
  const plain = matching.filter((entry) => entry.marker === 'none');
  const equal = plain.find((entry) => entry.key.equals(key));
  if (equal) return { kind: 'known', file: equal.file, line: equal.line };
  const other = plain.find((entry) => entry.keyType === keyTypeOf(key)) ?? plain[0];
  if (!other) return { kind: 'unknown' };
  return { kind: 'changed', file: other.file, line: other.line, keyType: other.keyType };
}

/** Key types listed for a server, so that the client can ask for a key that it is able to compare. */
export function knownKeyTypes(entries: readonly KnownHostsEntry[], host: string, port: number): string[] {
  const typesOf = (name: string) =>
    entries
      .filter((entry) => entry.marker === 'none' && namesMatch(entry.names, name))
      .map((entry) => entry.keyType);
  const exact = typesOf(knownHostsName(host, port));
  return [...new Set(exact.length > 0 ? exact : typesOf(knownHostsName(host, 22)))];
}

/** Whether the first field of a line covers a (lower-case) name. */
function namesMatch(names: string, name: string): boolean {
  return names.startsWith('|')
    ? hashedNameMatches(names, name)
    : matchesPatternList(names.toLowerCase().split(','), name);
}

function hashedNameMatches(hashed: string, name: string): boolean {
  const [, salt] = /^\|1\|([^|]+)\|/.exec(hashed) ?? [];
  if (salt === undefined) return false;
  const bytes = Buffer.from(salt, 'base64');
  return bytes.length === 20 && hashName(name, bytes) === hashed;
}

function hashName(name: string, salt: Buffer): string {
  const digest = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${digest}`;
}

/** Whether a known_hosts text hides its names, so that a new line should do so too. */
export function hashesNames(entries: readonly KnownHostsEntry[]): boolean {
  return entries.some((entry) => entry.names.startsWith('|1|'));
}

/** A new line in OpenSSH's format, without the line end. */
export function knownHostsLine(
  server: { readonly host: string; readonly port: number; readonly key: Buffer },
  hashed: boolean,
): string {
  const name = knownHostsName(server.host, server.port);
  const names = hashed ? hashName(name, randomBytes(20)) : name;
  return `${names} ${keyTypeOf(server.key)} ${server.key.toString('base64')}`;
}

/** The entries of several files. A missing file is empty; one that cannot be read is an error, because it may hold the answer. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHostsEntry[]> {
  const texts = await Promise.all(files.map(readOrEmpty));
  return files.flatMap((file, index) => parseKnownHosts(texts[index] ?? '', file));
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return '';
    throw new RemoteError(
      'known-hosts-unreadable',
      `The list of known hosts ${file} cannot be read (${textOf(error)}), so the server's identity cannot be checked. Make the file readable, then connect again.`,
      { cause: error },
    );
  }
}

/**
 * Adds a server's key to a known_hosts file, creating file (mode 600) and folder (mode 700) where needed; the name is hashed when that
 * is wanted (HashKnownHosts) or the file's names are.
 */
export async function appendKnownHost(
  file: string,
  server: { readonly host: string; readonly port: number; readonly key: Buffer },
  hash = false,
): Promise<void> {
  const before = await readOrEmpty(file);
  const line = knownHostsLine(server, hash || hashesNames(parseKnownHosts(before, file)));
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${separator}${line}\n`, { mode: 0o600 });
  if (before === '') await chmod(file, 0o600);
}
