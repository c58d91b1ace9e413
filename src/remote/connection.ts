import type { Duplex } from 'node:stream';
import {
  Client,
  type AnyAuthMethod,
  type AuthenticationType,
  type ClientChannel,
  type ConnectConfig,
  type NextAuthHandler,
} from 'ssh2';
import { Authentication } from './authentication';
import { connectSocket } from './coalesce';
import { cancelled, codeOf, RemoteError, textOf } from './errors';
import { execute, type ExecOptions, type ExecResult } from './exec';
import { HostKeyChecker } from './hostKey';
import type { KeyCache } from './identities';
import { Patience } from './patience';
import type { RemotePrompts } from './prompts';
import { startProxy } from './proxyCommand';
import { Redactor } from './redact';
import { SftpSession } from './sftp';
import { shellScript } from './shell';
import { resolveTarget } from './sshConfig';
import { describeTarget, type ResolvedTarget, type SshTarget } from './target';

export interface ConnectOptions {
  readonly prompts: RemotePrompts;
  readonly signal?: AbortSignal;
  /** One line per step; never holds a secret. */
  readonly log?: (line: string) => void;
  /** True allows `ssh -G` to read the SSH configuration (it may run commands): only in a trusted workspace. */
  readonly trusted?: boolean;
  /** Decrypted keys to share between connections of one session. */
  readonly keys?: KeyCache;
  /** Milliseconds for connecting and logging in, not counting the time a person thinks; 20 s by default. */
  readonly handshakeTimeout?: number;
  /** Milliseconds between keep-alive messages, three of which may stay unanswered; 15 s by default. */
  readonly keepaliveInterval?: number;
}

interface HopOptions extends ConnectOptions {
  readonly redactor: Redactor;
  readonly log: (line: string) => void;
  readonly keys: KeyCache;
}

/** Connects and logs in. Every failure is a RemoteError; nothing stays open after one. */
export async function connect(
  target: SshTarget | string,
  options: ConnectOptions,
): Promise<RemoteConnection> {
  const redactor = new Redactor();
  const log = (line: string) => options.log?.(redactor.redact(line));
  const hopOptions: HopOptions = { ...options, redactor, log, keys: options.keys ?? new Map() };
  const resolved = await resolveTarget(target, { trusted: options.trusted ?? false });
  const hops: Client[] = [];
  try {
    for (const hop of [...resolved.jumps, { ...resolved, jumps: [] }]) {
      const through = hops.at(-1);
      hops.push(await connectHop(hop, through, hopOptions));
    }
    return new RemoteConnection(resolved, hops);
  } catch (error) {
    for (const client of hops.toReversed()) client.destroy();
    throw error instanceof RemoteError
      ? error
      : new RemoteError('failure', redactor.redact(textOf(error)), { cause: error });
  }
}

async function connectHop(
  target: ResolvedTarget,
  through: Client | undefined,
  options: HopOptions,
): Promise<Client> {
  if (options.signal?.aborted) throw cancelled(`Connecting to ${target.name}`);
  const checker = await HostKeyChecker.open(target, options.prompts, options.log);
  const way = through ? await openTunnel(through, target, options) : openProxy(target, options);
  options.log(`Connecting to ${describeTarget(target)}`);
  return new Handshake(target, checker, options).run(way ?? connectSocket(target.host, target.port));
}

/** The way to a server that is reached by a command of the configuration; undefined for the usual one. */
function openProxy(target: ResolvedTarget, options: HopOptions): Duplex | undefined {
  if (target.proxyCommand === undefined) return undefined;
  if (!options.trusted) {
    const message = `${target.name} is reached by a command (ProxyCommand), and none is run in a folder that is not trusted.`;
    throw new RemoteError('configuration', message);
  }
  options.log(`Running ${target.proxyCommand}`);
  return startProxy(target.proxyCommand, options.log);
}

/** A jump host tries for minutes to reach a server that does not answer. */
function openTunnel(through: Client, target: ResolvedTarget, options: HopOptions): Promise<ClientChannel> {
  const { signal, handshakeTimeout = 20_000 } = options;
  return new Promise((resolve, reject) => {
    const message = `${target.host}, port ${target.port} did not answer the jump host in time. Check host and port, and that the jump host may reach it.`;
    const abort = () => giveUp(cancelled(`Connecting to ${target.name}`));
    const timer = setTimeout(() => giveUp(new RemoteError('timeout', message)), handshakeTimeout);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const giveUp = (reason: RemoteError) => {
      settle();
      reject(reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    // Who has given up ends the connection to the jump host, and with it what may still open.
    through.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
      settle();
      if (!error) return resolve(channel);
      const message = `The jump host did not open a connection to ${target.host}:${target.port}: ${error.message}. It may forbid forwarding.`;
      reject(new RemoteError('unreachable', message, { cause: error }));
    });
  });
}

/** What an attempt works with. */
interface Parts {
  readonly patience: Patience;
  readonly authentication: Authentication;
  readonly sock: Duplex;
}

/** One attempt to connect and log in. */
class Handshake {
  readonly #target: ResolvedTarget;
  readonly #checker: HostKeyChecker;
  readonly #options: HopOptions;
  readonly #client = new Client();
  /** Aborted when the attempt has failed: whoever is being asked need not answer. */
  readonly #over = new AbortController();
  #failure: RemoteError | undefined;

  constructor(target: ResolvedTarget, checker: HostKeyChecker, options: HopOptions) {
    this.#target = target;
    this.#checker = checker;
    this.#options = options;
  }

  async run(sock: Duplex): Promise<Client> {
    const patience = new Patience(this.#options.handshakeTimeout ?? 20_000, () =>
      this.#fail(this.#timeout()),
    );
    const authentication = this.#authentication(patience);
    const parts = { patience, authentication, sock };
    const abort = () => this.#fail(cancelled(`Connecting to ${this.#target.name}`));
    this.#options.signal?.addEventListener('abort', abort, { once: true });
    try {
      await this.#ready(this.#config(parts), parts);
      heedAllSigns(this.#client, sock);
      // Not awaited: a person may think about keeping the password, and a connection lost meanwhile must be noticed.
      authentication.succeeded().catch((error: unknown) => this.#options.log(textOf(error)));
      return this.#client;
    } catch (error) {
      this.#over.abort();
      this.#client.destroy();
      sock.destroy();
      throw error;
    } finally {
      patience.stop();
      this.#options.signal?.removeEventListener('abort', abort);
    }
  }

  #authentication(patience: Patience): Authentication {
    const { prompts, redactor, keys, log } = this.#options;
    const giveUp = (error: RemoteError) => this.#fail(error);
    const parts = { target: this.#target, prompts, patience, redactor, keys, log, giveUp };
    return new Authentication({ ...parts, over: this.#over.signal });
  }

  #config(parts: Parts): ConnectConfig {
    const { patience, authentication, sock } = parts;
    return {
      sock,
      username: this.#target.user,
      readyTimeout: 0,
      keepaliveInterval: this.#options.keepaliveInterval ?? 15_000,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: this.#checker.algorithms() },
      hostVerifier: (key: Buffer, verify: (trusted: boolean) => void) => {
        patience
          .whileAsking(() => this.#checker.check(key, this.#over.signal))
          .then(
            () => verify(true),
            (error: unknown) => this.#refuseHost(error, verify),
          );
      },
      authHandler: (offered, _partial, next) => {
        void this.#offer(authentication, offered, next);
      },
    };
  }

  async #offer(
    authentication: Authentication,
    offered: AuthenticationType[],
    next: NextAuthHandler,
  ): Promise<void> {
    try {
      // ssh2 takes false for "nothing left", which its types do not say.
      next((await authentication.next(offered)) as AnyAuthMethod);
    } catch (error) {
      this.#fail(new RemoteError('failure', textOf(error), { cause: error }));
    }
  }

  #refuseHost(error: unknown, verify: (trusted: boolean) => void): void {
    this.#failure ??=
      error instanceof RemoteError ? error : new RemoteError('failure', textOf(error), { cause: error });
    verify(false);
  }

  #ready(config: ConnectConfig, parts: Parts): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.once('ready', resolve);
      this.#client.on('error', (error: Error & { level?: string }) => {
        // An agent that does not answer is one way less to log in, not the end.
        if (error.level === 'agent') return this.#options.log(`The agent did not help: ${error.message}`);
        reject(this.#explain(error, parts));
      });
      this.#client.once('close', () => reject(this.#explain(new Error('the connection was closed'), parts)));
      this.#client.connect(config);
    });
  }

  #fail(error: RemoteError): void {
    this.#failure ??= error;
    this.#client.emit('error', error);
    this.#client.destroy();
  }

  #explain(error: Error & { level?: string }, { authentication, patience }: Parts): RemoteError {
    const known = this.#failure ?? authentication.stopped;
    if (known) return known;
    if (error.level === 'client-authentication') return authentication.refusal();
    if (patience.isAsking) return this.#tooLate(error);
    // A number is the reason that the server gives as it hangs up (RFC 4253, section 11.1).
    if (typeof codeOf(error) === 'number' && authentication.hasTried)
      return authentication.refusal(error.message);
    const where = `${this.#target.host}, port ${this.#target.port}`;
    const algorithm = /no matching (.+)$/.exec(error.message)?.[1];
    if (error.level === 'handshake' && algorithm !== undefined) return noAlgorithm(where, algorithm, error);
    const why = unreachableReasons.get(String(codeOf(error))) ?? this.#options.redactor.redact(error.message);
    const reason = error.level === 'client-timeout' ? 'timeout' : 'unreachable';
    return new RemoteError(reason, `Could not connect to ${where}: ${why}. Check host, port and network.`, {
      cause: error,
    });
  }

  /** Servers end a login that takes too long (LoginGraceTime, two minutes by default). Not to be tried again unasked. */
  #tooLate(cause: Error): RemoteError {
    return new RemoteError(
      'authentication-failed',
      `${describeTarget(this.#target)} closed the connection before the question was answered: servers give a login about two minutes. Try again, and answer sooner.`,
      { cause },
    );
  }

  #timeout(): RemoteError {
    return new RemoteError(
      'timeout',
      `${this.#target.host}, port ${this.#target.port} did not complete the login in time. The server may be overloaded, or not an SSH server.`,
    );
  }
}

/** Milliseconds in which one sign of life is as good as many. */
const signPause = 500;

/**
 * Whatever comes from the server shows that it is alive. ssh2 counts answers to its keep-alive messages only, and on a slow line those wait
 * behind megabytes of an upload.
 */
function heedAllSigns(client: Client, sock: Duplex): void {
  let last = 0;
  sock.on('data', () => {
    const now = performance.now();
    if (now - last < signPause) return;
    last = now;
    (client as unknown as { _resetKA?: () => void })._resetKA?.();
  });
}

/** A server and ssh2 that have no algorithm in common: very old servers, and ones that allow only the newest key exchanges. */
function noAlgorithm(where: string, kind: string, cause: Error): RemoteError {
  const known = kind.startsWith('key exchange')
    ? 'Post-quantum key exchanges (mlkem768x25519, sntrup761x25519) are not supported here: the server must also allow curve25519-sha256 or ecdh-sha2-nistp256. '
    : '';
  const message = `${where} offers no ${kind} that can be used here. ${known}Ask the host, or go through a jump host (ProxyJump) that allows one.`;
  return new RemoteError('not-supported', message, { cause });
}

const unreachableReasons = new Map([
  ['ENOTFOUND', 'there is no host of this name'],
  ['EAI_AGAIN', 'the name could not be looked up; the network may be down'],
  ['ECONNREFUSED', 'nothing answers on this port'],
  ['ETIMEDOUT', 'no answer'],
  ['EHOSTUNREACH', 'there is no way to this host'],
  ['ENETUNREACH', 'the network is down'],
  ['ECONNRESET', 'the server closed the connection (it may have banned this address for a while)'],
]);

/** Programs that make an upload quicker where the shell has them. */
const shellTools = ['tar', 'gzip', 'sync'] as const;

/** One of them. */
export type ShellTool = (typeof shellTools)[number];

/** A live connection to one server. Everything that waits is ended with a RemoteError when it is lost. */
export class RemoteConnection {
  readonly target: ResolvedTarget;
  /** Resolves when the connection is over: with the reason when it was lost, with undefined after dispose(). */
  readonly closed: Promise<RemoteError | undefined>;
  readonly #clients: readonly Client[];
  readonly #client: Client;
  readonly #pending = new Set<(error: RemoteError) => void>();
  #end: (reason: RemoteError | undefined) => void = () => undefined;
  #over: RemoteError | undefined;
  #sftp: Promise<SftpSession> | undefined;
  #shell: Promise<ReadonlySet<string> | undefined> | undefined;

  /** For `connect`: the last client is the server's, the others are jump hosts, outermost first. */
  constructor(target: ResolvedTarget, clients: readonly Client[]) {
    const client = clients.at(-1);
    if (!client) throw new TypeError('A connection needs a client.');
    this.target = target;
    this.#clients = clients;
    this.#client = client;
    this.closed = new Promise((resolve) => (this.#end = resolve));
    let last: Error | undefined;
    client.on('error', (error) => (last = error));
    client.once('close', () => this.#lost(last));
  }

  /** False once the connection is lost or disposed. */
  get alive(): boolean {
    return this.#over === undefined;
  }

  /** The SFTP channel, one per connection, opened on first use and again after it alone was closed. */
  sftp(): Promise<SftpSession> {
    this.#sftp ??= this.#openSftp();
    return this.#sftp;
  }

  async #openSftp(): Promise<SftpSession> {
    try {
      const session = await this.#guard(SftpSession.open(this.#client, this.closed));
      void session.closed.then(() => (this.#sftp = undefined));
      return session;
    } catch (error) {
      this.#sftp = undefined;
      throw error;
    }
  }

  /** Runs a command in the user's login shell. Rejects when it cannot be started, is aborted, or writes more than `maxBytes`. */
  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.#guard(execute((attach) => this.channel(command, attach), options));
  }

  /** A raw channel with a running command, for streams that do not end; `attach` gets it before anything that arrives on it is told. */
  channel(command: string, attach?: (channel: ClientChannel) => void): Promise<ClientChannel> {
    const opened = new Promise<ClientChannel>((resolve, reject) => {
      this.#client.exec(command, (error, channel) => {
        if (error) return reject(refusedExec(error));
        attach?.(channel);
        resolve(channel);
      });
    });
    return this.#guard(opened);
  }

  /** Whether commands can be run at all; SFTP-only accounts answer with a sentence or a refusal. Asked once. */
  async hasShell(): Promise<boolean> {
    return (await this.#probed()) !== undefined;
  }

  /** Which of a few programs the shell finds; none where there is no shell. Asked together with `hasShell`. */
  async shellTools(): Promise<ReadonlySet<ShellTool>> {
    return ((await this.#probed()) ?? new Set()) as ReadonlySet<ShellTool>;
  }

  #probed(): Promise<ReadonlySet<string> | undefined> {
    this.#shell ??= this.#probeShell();
    return this.#shell;
  }

  async #probeShell(): Promise<ReadonlySet<string> | undefined> {
    const script = `echo __ok__$((40+2)); for tool in ${shellTools.join(' ')}; do command -v $tool >/dev/null && echo __has__$tool; done`;
    try {
      const { stdout } = await this.exec(shellScript(script), { timeout: 10_000 });
      if (!stdout.includes('__ok__42')) return undefined;
      return new Set(shellTools.filter((tool) => stdout.split('\n').includes(`__has__${tool}`)));
    } catch (error) {
      if (!this.alive) throw error;
      return undefined;
    }
  }

  /** Closes everything. Pending calls are rejected. */
  dispose(): void {
    if (!this.#over) this.#finish(cancelled('The connection'), undefined);
  }

  #lost(cause: Error | undefined): void {
    if (this.#over) return;
    const error = lostConnection(this.target, cause);
    this.#finish(error, error);
  }

  /** Ends a call with the connection: ssh2 leaves some of them waiting for ever. */
  #guard<T>(call: Promise<T>): Promise<T> {
    const over = this.#over;
    return new Promise((resolve, reject) => {
      if (over) reject(over);
      this.#pending.add(reject);
      const forget = () => this.#pending.delete(reject);
      // ssh2 throws its own errors while a connection is ending.
      const fail = (error: unknown) =>
        reject(error instanceof RemoteError ? error : lostConnection(this.target, error));
      call.then(resolve, fail).finally(forget).catch(forget);
    });
  }

  /** Ends everything that waits, and every connection on the way. */
  #finish(error: RemoteError, reason: RemoteError | undefined): void {
    this.#over = error;
    this.#end(reason);
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
    for (const client of this.#clients.toReversed()) client.destroy();
  }
}

function lostConnection(target: ResolvedTarget, cause: unknown): RemoteError {
  const why = cause === undefined ? 'the server closed it' : textOf(cause);
  const message = `The connection to ${describeTarget(target)} was lost: ${why}. Connect again.`;
  return new RemoteError('connection-lost', message, { cause });
}

function refusedExec(error: Error): RemoteError {
  return new RemoteError(
    'not-supported',
    `The server did not run a command: ${error.message}. It may allow SFTP only.`,
    { cause: error },
  );
}
