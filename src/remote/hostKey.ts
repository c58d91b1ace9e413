import type { ServerHostKeyAlgorithm } from 'ssh2';
import { RemoteError, textOf } from './errors';
import {
  appendKnownHost,
  fingerprintOf,
  judgeHostKey,
  keyTypeOf,
  knownKeyTypes,
  readKnownHosts,
  type HostKeyVerdict,
  type KnownHostsEntry,
} from './knownHosts';
import type { RemotePrompts } from './prompts';
import { randomart } from './randomart';
import type { ResolvedTarget } from './target';

const algorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** Decides whether a server is the one it claims to be. One per connection attempt: a key accepted once stays accepted when keys are renewed. */
export class HostKeyChecker {
  readonly #target: ResolvedTarget;
  readonly #prompts: RemotePrompts;
  readonly #entries: readonly KnownHostsEntry[];
  readonly #log: (line: string) => void;
  #accepted: Buffer | undefined;

  /** Reads the known_hosts files; throws RemoteError 'known-hosts-unreadable'. */
  static async open(
    target: ResolvedTarget,
    prompts: RemotePrompts,
    log: (line: string) => void,
  ): Promise<HostKeyChecker> {
    const entries = await readKnownHosts([...target.knownHostsFiles, ...target.globalKnownHostsFiles]);
    return new HostKeyChecker({ target, prompts, entries, log });
  }

  private constructor(parts: {
    target: ResolvedTarget;
    prompts: RemotePrompts;
    entries: readonly KnownHostsEntry[];
    log: (line: string) => void;
  }) {
    this.#target = parts.target;
    this.#prompts = parts.prompts;
    this.#entries = parts.entries;
    this.#log = parts.log;
  }

  /** Algorithms to offer, those of known keys first: a server that shows another type of key than the known one would look changed. */
  algorithms(): ServerHostKeyAlgorithm[] {
    const { host, port } = this.#name();
    const known = new Set(knownKeyTypes(this.#entries, host, port));
    const isKnown = (name: string) => known.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
    return [...algorithms.filter(isKnown), ...algorithms.filter((name) => !isKnown(name))];
  }

  /** Returns when the key may be trusted; throws RemoteError otherwise. `signal`: as in the question. */
  async check(key: Buffer, signal: AbortSignal): Promise<void> {
    if (this.#accepted?.equals(key)) return;
    const verdict = judgeHostKey(this.#entries, { ...this.#name(), key });
    if (verdict.kind === 'changed' || verdict.kind === 'revoked') throw this.#refusal(verdict, key);
    if (verdict.kind === 'unknown') await this.#ask(key, signal);
    this.#accepted = key;
  }

  async #ask(key: Buffer, signal: AbortSignal): Promise<void> {
    const { host, port } = this.#target;
    const keyType = keyTypeOf(key);
    const question = {
      host,
      port,
      keyType,
      fingerprint: fingerprintOf(key),
      picture: randomart(key, keyType),
      signal,
    };
    const shown = `${this.#target.name} shows an unknown ${question.keyType} key, ${question.fingerprint}`;
    if (this.#target.unknownHostKeys === 'strict') {
      throw new RemoteError(
        'host-key-unknown',
        `${shown}, and StrictHostKeyChecking in the SSH configuration forbids unknown keys. Add the key to known_hosts, then connect again.`,
      );
    }
    const answer = await this.#prompts.hostKey(question);
    if (answer === 'refuse') {
      throw new RemoteError(
        'host-key-unknown',
        `${shown}, and it was not accepted. Compare it with the one that the host publishes.`,
      );
    }
    if (answer === 'save') await this.#save(key);
  }

  /** A key that was accepted but cannot be saved is asked for again next time; that is no reason to stop now. */
  async #save(key: Buffer): Promise<void> {
    const file = this.#target.knownHostsFiles[0];
    if (file === undefined) return;
    await appendKnownHost(file, { ...this.#name(), key }, this.#target.hashKnownHosts).catch(
      (error: unknown) => {
        this.#log(`The host key could not be saved to ${file}: ${textOf(error)}`);
      },
    );
  }

  #refusal(verdict: HostKeyVerdict & { kind: 'changed' | 'revoked' }, key: Buffer): RemoteError {
    const shown = `${this.#target.name} shows the ${keyTypeOf(key)} key ${fingerprintOf(key)}`;
    const where = `${verdict.file}, line ${verdict.line}`;
    if (verdict.kind === 'revoked') {
      return new RemoteError(
        'host-key-revoked',
        `${shown}, which is marked as revoked in ${where}. Nothing was sent. Ask the host which key is right.`,
      );
    }
    return new RemoteError(
      'host-key-changed',
      `${shown}, but ${where} has another key (${verdict.keyType}) for it. Either the host has a new key or somebody stands in between. Nothing was sent. If the host confirms the new key, remove that line and connect again.`,
    );
  }

  /** HostKeyAlias replaces host and port. */
  #name(): { host: string; port: number } {
    const { host, port, hostKeyAlias } = this.#target;
    return hostKeyAlias === undefined ? { host, port } : { host: hostKeyAlias, port: 22 };
  }
}
