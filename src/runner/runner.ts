import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { hostProfile, type HostProfile } from '../apache/host';
import { evaluate } from '../apache/request';
import { byteStringOfText } from '../text/bytes';
import { DiskSite } from './diskSite';
import type { EventSink } from './events';
import { ObservedResponse } from './observedResponse';
import { DispatcherPool, type Prepare } from './pool';
import { watchFolder } from './processGroups';
import { handleRequest, type Evaluate, type RequestContext } from './requestHandler';
import { isSourceOf } from './sources';
import { watchTree, type TreeWatcher } from './watch';

/** How a site is run on this machine. Only `root` is needed. */
export interface RunnerOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** The document root, relative to `root`; `root` itself by default. */
  readonly documentRoot?: string;
  /** What is known of the real host. `treeRoot` is the project's folder unless given, so that paths are real ones. */
  readonly host?: Partial<HostProfile>;
  /** What Apache does with a request; `evaluate` of apache/request unless given. */
  readonly evaluate?: Evaluate;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** A further name, beside localhost, by which the site may be asked for. */
  readonly name?: string;
  /** Environment of the programs beside PATH. As on a server, nothing else of this machine's environment is passed. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds of silence after which a program is stopped: 40000 by default, as in mod_fcgid; 0 for never. */
  readonly requestTimeLimit?: number;
  /** Processes of one dispatcher: 4 by default. */
  readonly maxProcesses?: number;
  /** Bytes of a request body that a program gets: 131072 by default, as in mod_fcgid. */
  readonly maxBody?: number;
  /** False shows Apache's own page for failures instead of the explanation. */
  readonly developerPages?: boolean;
  /** False leaves changed files unnoticed until `restart()`. */
  readonly watch?: boolean;
  /** True tells everything about each request in its event: headers, variables, the start of the bodies, the trace. */
  readonly recordRequests?: boolean;
  /** Asked before each start of a program: a debugger has it started its own way. */
  readonly prepare?: Prepare;
  /** Takes what happens. */
  readonly onEvent?: EventSink;
}

/** A process as it is now. */
export interface RunningProcess {
  readonly dispatcher: string;
  readonly pid: number;
  readonly busy: boolean;
  /** Requests answered so far. */
  readonly answered: number;
}

/** A site that is being served. */
export interface Runner {
  /** `http://localhost:PORT/` */
  readonly url: string;
  readonly port: number;
  /** Starts all programs anew with their next request, and forgets failed starts. Busy ones finish first. */
  restart(): Promise<void>;
  processes(): readonly RunningProcess[];
  /** Ends everything; resolves when no process, socket, timer, watcher or temporary folder is left. */
  dispose(): Promise<void>;
}

/** The site cannot be served. */
export class RunnerError extends Error {
  readonly reason: 'unsupported' | 'port-in-use' | 'port-forbidden' | 'no-folder' | 'listen';

  constructor(reason: RunnerError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Serves a site on 127.0.0.1 as Apache with mod_fcgid would. Fails with a RunnerError. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  if (process.platform === 'win32') {
    throw new RunnerError(
      'unsupported',
      'Windows cannot hand a listening socket to a program. Open the folder in WSL or a dev container and run it there.',
    );
  }
  const root = path.resolve(options.root);
  const documentRoot = path.resolve(root, options.documentRoot ?? '.');
  if (!isFolder(documentRoot)) {
    throw new RunnerError(
      'no-folder',
      `The document root ${documentRoot} is not a folder. Correct "documentRoot" in .vscode/fastcgi.json.`,
    );
  }
  const server = http.createServer({ keepAlive: true, ServerResponse: ObservedResponse });
  await listen(server, options.port ?? 0);
  return new SiteRunner({ ...options, root, documentRoot }, server);
}

class SiteRunner implements Runner {
  readonly port: number;
  readonly #options: RunnerOptions;
  readonly #server: http.Server;
  readonly #site: DiskSite;
  readonly #pools = new Map<string, DispatcherPool>();
  readonly #handling = new Set<Promise<void>>();
  readonly #socketFolder: string;
  readonly #unwatchFolder: () => void;
  readonly #watcher: TreeWatcher | null;
  readonly #environment: Readonly<Record<string, string>>;
  #sockets = 0;
  #requests = 0;
  #disposing: Promise<void> | null = null;

  constructor(options: RunnerOptions, server: http.Server) {
    this.#options = options;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.#site = new DiskSite(siteOptions(options));
    this.#environment = programEnvironment(options);
    this.#socketFolder = makeSocketFolder();
    this.#unwatchFolder = watchFolder(this.#socketFolder);
    this.#watcher =
      options.watch === false ? null : watchTree(options.root, (files) => this.#onChange(files));
    const context = this.#context();
    server.on('request', (message, response) => {
      const handled = handleRequest(context, message, response).finally(() => this.#handling.delete(handled));
      this.#handling.add(handled);
    });
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  async restart(): Promise<void> {
    this.#site.invalidate();
    await Promise.all([...this.#pools.values()].map((pool) => pool.restart()));
  }

  processes(): readonly RunningProcess[] {
    return [...this.#pools].flatMap(([dispatcher, pool]) =>
      pool.processes.map((one) => ({ dispatcher, ...one })),
    );
  }

  dispose(): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    this.#watcher?.dispose();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.all([...this.#pools.values()].map((pool) => pool.dispose()));
    this.#server.closeAllConnections();
    await Promise.all([closed, ...this.#handling]);
    fs.rmSync(this.#socketFolder, { recursive: true, force: true });
    this.#unwatchFolder();
  }

  #context(): RequestContext {
    const { options, site } = { options: this.#options, site: this.#site };
    const below = path
      .relative(options.root, options.documentRoot ?? options.root)
      .split(path.sep)
      .join('/');
    return {
      site,
      host: this.#host(),
      documentRoot: below === '' ? site.treeRoot : `${site.treeRoot}/${byteStringOfText(below)}`,
      evaluate: options.evaluate ?? evaluate,
      poolOf: (file) => this.#poolOf(file),
      emit: (event) => options.onEvent?.(event),
      names: new Set([
        'localhost',
        '127.0.0.1',
        '[::1]',
        ...(options.name ? [options.name.toLowerCase()] : []),
      ]),
      maxBody: options.maxBody ?? 131_072,
      developerPages: options.developerPages ?? true,
      nextId: () => ++this.#requests,
      record: options.recordRequests ?? false,
    };
  }

  #host(): HostProfile {
    const known = hostProfile(this.#options.host);
    const environment = { ...known.environment, PATH: byteStringOfText(this.#environment['PATH'] ?? '') };
    return { ...known, environment, treeRoot: this.#site.treeRoot };
  }

  #poolOf(file: string): DispatcherPool {
    const known = this.#pools.get(file);
    if (known !== undefined) return known;
    const pool = new DispatcherPool({
      file,
      environment: this.#environment,
      socketFolder: this.#socketFolder,
      nextSocketName: () => String(this.#sockets++),
      maxProcesses: this.#options.maxProcesses ?? 4,
      timeLimit: this.#options.requestTimeLimit ?? 40_000,
      emit: (event) => this.#options.onEvent?.(event),
      ...(this.#options.prepare && { prepare: this.#options.prepare }),
    });
    this.#pools.set(file, pool);
    return pool;
  }

  #onChange(files: readonly string[]): void {
    this.#site.invalidate();
    const pools = [...this.#pools].filter(([dispatcher]) =>
      files.some((file) => isSourceOf(file, dispatcher)),
    );
    const isReloaded = pools.length > 0 || files.some((file) => path.basename(file) === '.htaccess');
    for (const [, pool] of pools) void pool.restart();
    if (isReloaded) this.#options.onEvent?.({ kind: 'reloaded', files });
  }
}

function siteOptions(options: RunnerOptions): { folder: string; treeRoot?: string } {
  const treeRoot = options.host?.treeRoot;
  return treeRoot === undefined ? { folder: options.root } : { folder: options.root, treeRoot };
}

/** PATH and what was asked for, as mod_fcgid with FcgidInitialEnv. */
function programEnvironment(options: RunnerOptions): Readonly<Record<string, string>> {
  const searchPath = process.env['PATH'] ?? hostProfile(options.host).environment['PATH'] ?? '';
  return { PATH: searchPath, ...options.environment };
}

/** A private folder with a path short enough for a socket's address (104 bytes on macOS). */
function makeSocketFolder(): string {
  const base = os.tmpdir().length > 70 ? '/tmp' : os.tmpdir();
  return fs.mkdtempSync(path.join(base, 'fcgi-'));
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
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
