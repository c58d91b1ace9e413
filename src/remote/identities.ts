import { readFile } from 'node:fs/promises';
import {
  BaseAgent,
  createAgent,
  utils,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { codeOf, textOf } from './errors';

/** Where OpenSSH's agent listens on Windows. */
export const WINDOWS_AGENT = '\\\\.\\pipe\\openssh-ssh-agent';

/** Private keys that were decrypted in this session, by file, so that a reconnect asks for no passphrase. Memory only. */
export type KeyCache = Map<string, ParsedKey>;

/** A private key file as found on disk. */
export interface IdentityFile {
  readonly path: string;
  readonly text: string;
  readonly encrypted: boolean;
}

/** The files of the list that exist, unencrypted ones first: those cost no question. Unreadable ones are reported and left out. */
export async function readIdentityFiles(
  paths: readonly string[],
  log: (line: string) => void,
): Promise<IdentityFile[]> {
  const files = await Promise.all(paths.map((path) => readIdentityFile(path, log)));
  const found = files.filter((file) => file !== undefined);
  return [...found.filter((file) => !file.encrypted), ...found.filter((file) => file.encrypted)];
}

async function readIdentityFile(
  path: string,
  log: (line: string) => void,
): Promise<IdentityFile | undefined> {
  try {
    const text = await readFile(path, 'latin1');
    return { path, text, encrypted: isEncrypted(text) };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') log(`The key file ${path} cannot be read: ${textOf(error)}`);
    return undefined;
  }
}

/** PEM says so in a header; OpenSSH's own format names its cipher first. */
function isEncrypted(text: string): boolean {
  if (/^Proc-Type: 4,ENCRYPTED/m.test(text) || text.includes('BEGIN ENCRYPTED PRIVATE KEY')) return true;
  const [cipher] = opensshFields(text);
  return cipher !== undefined && cipher.toString('latin1') !== 'none';
}

/** Whether a key lies on a FIDO device; the type is readable without the passphrase. */
export function isSecurityKey({ text }: IdentityFile): boolean {
  const publicKey = opensshFields(text)[3];
  return publicKey?.toString('latin1', 4, 7) === 'sk-';
}

/** Cipher, key derivation, its options and the first public key of OpenSSH's own format (PROTOCOL.key); empty for other files. */
function opensshFields(text: string): Buffer[] {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  if (body === undefined) return [];
  const bytes = Buffer.from(body, 'base64');
  const fields: Buffer[] = [];
  let at = 'openssh-key-v1\0'.length;
  while (fields.length < 4) {
    if (fields.length === 3) at += 4;
    if (at + 4 > bytes.length) break;
    const end = at + 4 + bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** The key in a file, or undefined: wrong passphrase, or a kind of key that ssh2 does not know (FIDO, for one). */
export function parsePrivateKey(file: IdentityFile, passphrase?: string): ParsedKey | undefined {
  const parsed: ParsedKey | Error | ParsedKey[] = utils.parseKey(file.text, passphrase);
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed;
  return key === undefined || key instanceof Error || !key.isPrivateKey() ? undefined : key;
}

/** Public keys that lie beside private ones (`.pub`), in wire format: how keys of an agent are recognised. */
export async function readPublicKeys(paths: readonly string[]): Promise<Buffer[]> {
  const texts = await Promise.all(paths.map((path) => readFile(`${path}.pub`, 'latin1').catch(() => '')));
  return texts.flatMap((text) => {
    const base64 = text.trim().split(/\s+/)[1];
    return base64 === undefined ? [] : [Buffer.from(base64, 'base64')];
  });
}

type AgentKey = ParsedKey | Buffer | string;

/**
 * The user's agent, with the configured keys in front: servers stop listening after a few keys (MaxAuthTries, 6 by default).
 * With `only`, the others are not offered at all (IdentitiesOnly).
 */
export class OrderedAgent extends BaseAgent<AgentKey> {
  #agent: BaseAgent;
  readonly #preferred: readonly Buffer[];
  readonly #only: boolean;
  /** Where OpenSSH's agent does not run on Windows, PuTTY's may. */
  #second: string | undefined;

  constructor(path: string, preferred: readonly Buffer[], only: boolean) {
    super();
    this.#agent = createAgent(path);
    this.#second = path === WINDOWS_AGENT ? 'pageant' : undefined;
    this.#preferred = preferred;
    this.#only = only;
  }

  override getIdentities(done: IdentityCallback<AgentKey>): void {
    this.#agent.getIdentities((error, keys) => {
      if (error && this.#second !== undefined) this.#useSecond(done);
      else if (error || !keys) done(error ?? new Error('the agent gave no keys'));
      else done(undefined, this.#order(keys as AgentKey[]));
    });
  }

  #useSecond(done: IdentityCallback<AgentKey>): void {
    this.#agent = createAgent(this.#second ?? '');
    this.#second = undefined;
    this.getIdentities(done);
  }

  override sign(
    key: AgentKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, done);
  }

  #order(keys: AgentKey[]): AgentKey[] {
    const isPreferred = (key: AgentKey) => this.#preferred.some((blob) => blob.equals(blobOf(key)));
    const rest = this.#only ? [] : keys.filter((key) => !isPreferred(key));
    return [...keys.filter(isPreferred), ...rest];
  }
}

function blobOf(key: AgentKey): Buffer {
  const parsed = Buffer.isBuffer(key) || typeof key === 'string' ? utils.parseKey(key) : key;
  return parsed instanceof Error ? Buffer.alloc(0) : parsed.getPublicSSH();
}
