import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApache, type ApacheServer } from '../apache';
import { buildOracleModules } from './build';
import { outcomeOf, type OracleOutcome, type Recorded } from './record';
import { RecordedConnection, type OracleJob } from './recorded_connection';
import { writeSite, type SiteFiles } from './site_folders';

const execute = promisify(execFile);

/** A request as a client sends it; target and header values are byte strings. */
export interface OracleRequest {
  /** GET when absent. */
  readonly method?: string;
  readonly target: string;
  /** `HTTP/1.1` when absent; the empty text for a request line that ends with the target. */
  readonly protocol?: string;
  /** True where no Host header is added. */
  readonly isHostless?: boolean;
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[];
}

/** A site and a request to it, in the shape of a question of `fastcgi explain --batch`. */
export interface OraclePair {
  readonly files: SiteFiles;
  /** Relative to the tree: `public`; empty for the tree itself. */
  readonly documentRoot?: string;
  readonly request: OracleRequest;
}

/** How an oracle is started. */
export interface OracleOptions {
  /** As for `startApache`; the usual shared host's when absent. */
  readonly modules?: 'all' | readonly string[];
  /** Record `rewrite:trace8`; true when absent. Without it a run is about half as long again as fast. */
  readonly trace?: boolean;
  readonly allowOverride?: string;
  readonly directoryOptions?: string;
  readonly serverName?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly mimeTypes?: Readonly<Record<string, string>>;
  /** Further directives of the server. */
  readonly config?: string;
}

/** The host name that is sent where a request has no Host header. */
export const DEFAULT_HOST = 'www.example.test';

/** Starts an Apache that records. Needs apache2 and apache2-dev; fails with ApacheStartError or OracleBuildError. */
export async function startOracle(options: OracleOptions = {}): Promise<Oracle> {
  const { oracle } = await buildOracleModules();
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fastcgi-oracle-'));
  // The children rename the sites' folders, under whatever user they run.
  chmodSync(folder, 0o777);
  mkdirSync(join(folder, 'site'));
  const records = await listenForRecords(join(folder, 'socket'));
  try {
    return new Oracle(await startRecorder(options, folder, oracle), folder, records);
  } catch (error) {
    records.close();
    rmSync(folder, { recursive: true });
    throw error;
  }
}

function startRecorder(options: OracleOptions, folder: string, module: string): Promise<ApacheServer> {
  const { trace = true, config = '', ...rest } = options;
  return startApache({
    ...rest,
    documentRoot: join(folder, 'site'),
    ownFolders: [folder],
    // One works; the others are there for when a request ends it.
    children: 8,
    logLevel: trace ? 'info rewrite:trace8' : 'info',
    errorLogFormat: '%M',
    config: [
      `LoadModule oracle_module "${module}"`,
      `OracleFolder "${folder}"`,
      `OracleSocket "${join(folder, 'socket')}"`,
      // The records hold the messages; the file would grow by kilobytes with every request.
      'ErrorLog /dev/null',
      config,
    ].join('\n'),
  });
}

function listenForRecords(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o777);
      resolve(server);
    });
  });
}

/** Apache as the oracle of requests. Every site is served at the same place, `treeRoot`, one after the other. */
export class Oracle {
  readonly server: ApacheServer;
  /** Where the tree lies on the server. Answers show it as `/site`; use it as the host's `treeRoot` where lengths matter. */
  readonly treeRoot: string;
  readonly #folder: string;
  readonly #records: Server;
  readonly #connection: RecordedConnection;
  #sites = 0;
  #jobs = 0;

  constructor(server: ApacheServer, folder: string, records: Server) {
    this.server = server;
    this.treeRoot = join(folder, 'site');
    this.#folder = folder;
    this.#records = records;
    this.#connection = new RecordedConnection(server.port);
    records.on('connection', (socket) => this.#connection.readRecords(socket));
  }

  /**
   * What Apache does with each pair, in their order; null where the request ended the Apache process. Pairs that share
   * one `files` object share one site on the disk.
   */
  async run(pairs: readonly OraclePair[]): Promise<(OracleOutcome | null)[]> {
    const sites = new Map<SiteFiles, string>();
    const jobs = pairs.map((pair) => this.#connection.run(this.#job(pair, sites)));
    const records = await Promise.all(jobs);
    await this.#removeSites([...sites.values()]);
    return records.map((record) => (record ? outcomeOf(record, (text) => this.#toSite(text)) : null));
  }

  /** The records themselves, with notes, handlers and headers of every request of each chain. */
  async runRecorded(pairs: readonly OraclePair[]): Promise<(Recorded | null)[]> {
    const sites = new Map<SiteFiles, string>();
    const records = await Promise.all(pairs.map((pair) => this.#connection.run(this.#job(pair, sites))));
    await this.#removeSites([...sites.values()]);
    return records;
  }

  /** Ends Apache and removes the sites. */
  async stop(): Promise<void> {
    this.#connection.close();
    this.#records.close();
    await this.server.stop();
  }

  #job(pair: OraclePair, sites: Map<SiteFiles, string>): OracleJob {
    const id = String(++this.#jobs);
    return {
      id,
      /** Called just before the request is sent, so that Apache works while the next sites are written. */
      bytes: () => requestBytes(pair, id, this.#siteFor(pair.files, sites)),
    };
  }

  #siteFor(files: SiteFiles, sites: Map<SiteFiles, string>): string {
    const known = sites.get(files);
    if (known !== undefined) return known;
    const name = String(++this.#sites);
    writeSite(join(this.#folder, name), files, this.treeRoot);
    sites.set(files, name);
    return name;
  }

  /** The last one may still be in place; it goes with `stop`. */
  async #removeSites(names: readonly string[]): Promise<void> {
    for (let at = 0; at < names.length; at += 1000) {
      const folders = names.slice(at, at + 1000).map((name) => join(this.#folder, name));
      await execute('rm', ['-rf', '--', ...folders]);
    }
  }

  #toSite(text: string): string {
    return text.includes(this.treeRoot) ? text.replaceAll(this.treeRoot, '/site') : text;
  }
}

function requestBytes(pair: OraclePair, id: string, site: string): Buffer {
  const { method = 'GET', target, protocol = 'HTTP/1.1', isHostless = false, headers = {} } = pair.request;
  const given = (Array.isArray(headers) ? headers : Object.entries(headers)) as [string, string][];
  const root = pair.documentRoot ? `X-Oracle-Root: /${pair.documentRoot}\r\n` : '';
  const isNamed = isHostless || given.some(([name]) => name.toLowerCase() === 'host');
  const host = isNamed ? '' : `Host: ${DEFAULT_HOST}\r\n`;
  const lines = given.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const own = `X-Oracle: ${id}\r\nX-Oracle-Site: ${site}\r\n${root}${host}`;
  return Buffer.from(`${method} ${target} ${protocol}\r\n${own}${lines}\r\n`, 'latin1');
}
