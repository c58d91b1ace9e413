import * as fs from 'node:fs';
import * as path from 'node:path';
import { hostProfile, serverSoftware, type HostProfile } from '../apache/host';
import { evaluate } from '../apache/request';
import { KnownHeads } from '../fastcgi';
import type { RunnerMode } from '../project';
import { byteStringOfText } from '../text/bytes';
import { AccessLog } from './accessLog';
import { CgiPrograms } from './cgiPrograms';
import { asOnHost, DiskSite } from './diskSite';
import { Evaluator } from './evaluator';
import type { RunnerEvent } from './events';
import { frontProgram, likelyFrontProgram } from './frontProgram';
import type { ConnectionOptions } from './http/connection';
import { listenHttp, type HttpServer } from './http/server';
import { isNameAllowed } from './incoming';
import { InFlight } from './inFlight';
import type { ModeRules } from './mode';
import { OwnPages } from './ownPages';
import type { DispatcherPool } from './pool';
import { DispatcherPools, type DispatcherState, type RunningProcess } from './pools';
import { watchFolder } from './processGroups';
import { addedHandlers, type Handlers } from './programs';
import type { RequestContext } from './requestContext';
import { handleFault, handleRequest } from './requestHandler';
import {
  allowedNames,
  programEnvironment,
  rulesOf,
  serverFolder,
  siteOptions,
  type RunnerOptions,
} from './runnerOptions';
import { makeSocketFolder } from './socketFolder';
import { isSourceOf } from './sources';
import { watchTree, type TreeWatcher } from './watch';

/** A site that is being served. */
export interface Runner {
  /** `http://localhost:PORT/` */
  readonly url: string;
  readonly port: number;
  readonly mode: RunnerMode;
  /** Starts programs anew, that of the front page at once, others with their next request; forgets failed starts. Busy ones finish first. All, or one. */
  restart(dispatcher?: string): Promise<void>;
  /** Ends the pause after failed starts: the next request tries again. Of all dispatchers, or of one. */
  clearPauses(dispatcher?: string): void;
  /** Lets the site be asked for by one more host name, one under which it is forwarded. */
  allowName(name: string): void;
  processes(): readonly RunningProcess[];
  dispatchers(): readonly DispatcherState[];
  /** Ends everything; resolves when no process, socket, timer, watcher or temporary folder is left. */
  dispose(): Promise<void>;
}

/** The site cannot be served. */
export class RunnerError extends Error {
  readonly reason: 'port-in-use' | 'port-forbidden' | 'no-folder' | 'listen' | 'log';

  constructor(reason: RunnerError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Serves a site on 127.0.0.1 as Apache with mod_fcgid would. Fails with a RunnerError. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const root = path.resolve(options.root);
  const documentRoot = path.resolve(root, options.documentRoot ?? '.');
  if (!isFolder(documentRoot)) {
    throw new RunnerError(
      'no-folder',
      `The document root ${documentRoot} is not a folder. Correct "documentRoot" in .vscode/fastcgi.json.`,
    );
  }
  const accessLog = openAccessLog(options);
  const runner = new SiteRunner({ ...options, root, documentRoot }, accessLog);
  try {
    await runner.start(options.port ?? 0);
  } catch (error) {
    await runner.dispose();
    throw error;
  }
  return runner;
}

/**
 * Milliseconds after the start of a program that seems to be needed first until the `.htaccess` files are asked whether it is: a
 * visitor who is there already comes first.
 */
const SETTLING = 100;

class SiteRunner implements Runner {
  readonly mode: RunnerMode;
  readonly #options: RunnerOptions;
  readonly #rules: ModeRules;
  readonly #site: DiskSite;
  readonly #accessLog: AccessLog | null;
  readonly #pools: DispatcherPools;
  readonly #heads = new Map<string, KnownHeads>();
  readonly #cgi: CgiPrograms;
  readonly #handling = new InFlight();
  readonly #socketFolder: string;
  readonly #unwatchFolder: () => void;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #allowed: Set<string>;
  readonly #ownPages: OwnPages;
  #known: RequestContext | undefined;
  #server: HttpServer | null = null;
  #watcher: TreeWatcher | null = null;
  /** The pool that is never left without a process for long. */
  #front: DispatcherPool | null = null;
  /** Until it is certain which one that is. */
  #settling: NodeJS.Timeout | undefined;
  /** The end of a program that was started in vain. */
  #ending: Promise<void> | null = null;
  #names = 0;
  #requests = 0;
  #disposing: Promise<void> | null = null;

  constructor(options: RunnerOptions, accessLog: AccessLog | null) {
    this.#options = options;
    this.mode = options.mode ?? 'kind';
    this.#rules = rulesOf(options);
    this.#accessLog = accessLog;
    this.#site = new DiskSite(siteOptions(options));
    this.#environment = programEnvironment(options);
    this.#cgi = new CgiPrograms((event) => this.#emit(event), this.#environment['PATH'] ?? '');
    this.#socketFolder = makeSocketFolder();
    this.#unwatchFolder = watchFolder(this.#socketFolder);
    this.#pools = this.#makePools();
    this.#allowed = allowedNames(options.name);
    const { onOpen, liveReload = false } = options;
    this.#ownPages = new OwnPages({ onOpen, liveReload });
  }

  async start(port: number): Promise<void> {
    try {
      this.#server = await listenHttp(port, () => this.#connectionOptions());
    } catch (error) {
      throw listenError(error as NodeJS.ErrnoException, port);
    }
    await this.#startFront();
    if (this.#options.watch !== false)
      this.#watcher = watchTree(this.#options.root, (files) => this.#onChange(files));
  }

  /** Starts the program that is needed first; a debugger has programs started when they are asked for. */
  async #startFront(): Promise<void> {
    if (!this.#rules.startsEarly || this.#options.prepare !== undefined) return;
    const likely = likelyFrontProgram(this.#options);
    this.#front = likely === null ? null : this.#pools.of(likely);
    await this.#front?.startEarly({ isQuiet: true });
    if (this.processes().length === 0) await this.#startEvaluatedFront();
    else this.#settling = setTimeout(() => void this.#startEvaluatedFront(), SETTLING);
  }

  /** The same by what the `.htaccess` files say; ends what was started for its name alone. */
  async #startEvaluatedFront(): Promise<void> {
    const guessed = this.#front;
    const command = frontProgram(this.#context, this.#options, `localhost:${this.port}`);
    this.#front = command === null ? null : this.#pools.of(command);
    if (guessed !== null && guessed !== this.#front) this.#ending = this.#pools.end(guessed);
    await this.#front?.startEarly();
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  async restart(dispatcher?: string): Promise<void> {
    this.#invalidate();
    const pools = this.#pools.list(dispatcher);
    await Promise.all(pools.map((pool) => pool.restart()));
    if (this.#front !== null && pools.includes(this.#front)) await this.#front.startEarly();
  }

  clearPauses(dispatcher?: string): void {
    for (const pool of this.#pools.list(dispatcher)) pool.clearPause();
  }

  allowName(name: string): void {
    this.#allowed.add(name.toLowerCase());
  }

  processes(): readonly RunningProcess[] {
    const cgi = this.#cgi.processes.map((one) => ({ ...one, busy: true, answered: 0 }));
    return [...this.dispatchers().flatMap(({ processes }) => processes), ...cgi];
  }

  dispatchers(): readonly DispatcherState[] {
    return this.#pools.states();
  }

  dispose(): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    clearTimeout(this.#settling);
    this.#watcher?.dispose();
    this.#ownPages.dispose();
    const closed = this.#server?.close();
    await Promise.all([...this.#pools.list().map((pool) => pool.dispose()), this.#cgi.dispose()]);
    this.#server?.cut();
    await Promise.all([closed, this.#ending, this.#handling.none()]);
    this.#accessLog?.dispose();
    fs.rmSync(this.#socketFolder, { recursive: true, force: true });
    this.#unwatchFolder();
  }

  #emit(event: RunnerEvent): void {
    this.#options.onEvent?.(event);
  }

  #connectionOptions(): ConnectionOptions {
    const context = this.#context;
    return {
      server: serverSoftware(context.host),
      keepAliveSeconds: 5,
      maxRequests: this.#rules.requestsPerConnection,
      onRequest: (incoming, response) => {
        const isOwn = this.#ownPages.isOwn(incoming) && isNameAllowed(incoming.head, this.#allowed);
        if (isOwn && this.#ownPages.answer(incoming, response)) return;
        void handleRequest(context, incoming, response);
      },
      onFault: (fault, ends, response) => handleFault(context, fault, { ends, response }),
    };
  }

  #makePools(): DispatcherPools {
    const { maxProcesses = 4, requestTimeLimit = this.#rules.timeLimit, prepare } = this.#options;
    return new DispatcherPools({
      environment: this.#environment,
      socketFolder: this.#socketFolder,
      nextSocketName: () => String(this.#names++),
      maxProcesses,
      timeLimit: requestTimeLimit,
      rules: this.#rules,
      emit: (event) => this.#emit(event),
      ...(prepare && { prepare }),
    });
  }

  /** Made when it is needed, which is after the start of the program that is needed first. */
  get #context(): RequestContext {
    return (this.#known ??= this.#makeContext());
  }

  #makeContext(): RequestContext {
    const { options, site } = { options: this.#options, site: this.#site };
    const host = this.#host();
    const documentRoot = serverFolder(options, site.treeRoot);
    const trace = options.recordRequests ?? false;
    return {
      site,
      host,
      documentRoot,
      evaluator: new Evaluator({
        evaluate: options.evaluate ?? evaluate,
        site: asOnHost(site, host),
        host,
        documentRoot,
        trace,
      }),
      rules: this.#rules,
      handlers: this.#handlers(),
      poolOf: (command) => this.#pools.of(command),
      cgi: this.#cgi,
      headsOf: (via, script) => this.#headsOf(`${via} ${script}`),
      temporaryPath: () => path.join(this.#socketFolder, `${this.#names++}t`),
      timeLimit: options.requestTimeLimit ?? this.#rules.timeLimit,
      emit: (event) => this.#emit(event),
      accessLog: this.#accessLog,
      names: this.#allowed,
      ownPages: this.#ownPages,
      developerPages: options.developerPages ?? this.#rules.explainsFailures,
      handling: this.#handling,
      nextId: () => ++this.#requests,
      record: options.recordRequests ?? false,
    };
  }

  #headsOf(key: string): KnownHeads {
    let heads = this.#heads.get(key);
    if (heads === undefined) this.#heads.set(key, (heads = new KnownHeads()));
    return heads;
  }

  #handlers(): Handlers {
    return { ...(this.#rules.runsPhp ? { '.php': 'php-cgi' } : {}), ...this.#options.handlers };
  }

  /** The host as this machine plays it: its own paths, and the handlers that the server's configuration would name. */
  #host(): HostProfile {
    const known = hostProfile(this.#options.host);
    const environment = { ...known.environment, PATH: byteStringOfText(this.#environment['PATH'] ?? '') };
    const handlers = this.#handlers();
    const addHandler = { ...addedHandlers(handlers), ...known.addHandler };
    const index = '.php' in handlers && !known.directoryIndex.includes('index.php') ? ['index.php'] : [];
    const directoryIndex = [...known.directoryIndex, ...index];
    return { ...known, environment, addHandler, directoryIndex, treeRoot: this.#site.treeRoot };
  }

  #invalidate(): void {
    this.#site.invalidate();
    this.#known?.evaluator.invalidate();
  }

  async #restartChanged(pool: DispatcherPool): Promise<void> {
    await pool.restart();
    // What is half written need not run yet.
    if (pool === this.#front) await pool.startEarly({ isQuiet: true });
  }

  #onChange(files: readonly string[]): void {
    this.#invalidate();
    const pools = this.#rules.reloadsOn === 'change' ? this.#pools.list() : [];
    const changed = pools.filter((pool) => files.some((file) => isSourceOf(file, pool.file)));
    const isReloaded = changed.length > 0 || files.some((file) => path.basename(file) === '.htaccess');
    for (const pool of changed) void this.#restartChanged(pool);
    if (isReloaded) this.#emit({ kind: 'reloaded', files });
    this.#ownPages.changed(files);
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function openAccessLog({ accessLog, onEvent }: RunnerOptions): AccessLog | null {
  if (accessLog === undefined) return null;
  try {
    return new AccessLog(accessLog, (message) =>
      onEvent?.({ kind: 'problem', message, dispatcher: null, request: null }),
    );
  } catch (error) {
    throw new RunnerError('log', (error as Error).message);
  }
}

function listenError(error: NodeJS.ErrnoException, port: number): RunnerError {
  if (error.code === 'EADDRINUSE') {
    return new RunnerError(
      'port-in-use',
      `Port ${port} is in use by another program. Stop that program, or choose another port (0 takes a free one).`,
    );
  }
  if (error.code === 'EACCES') {
    return new RunnerError(
      'port-forbidden',
      `Port ${port} may not be opened by this user. Choose a port above 1023 (0 takes a free one).`,
    );
  }
  return new RunnerError('listen', `The local server cannot listen on port ${port}: ${error.message}`);
}
