import { relative, sep } from 'node:path';
import type { HostProfile } from '../apache/host';
import type { Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import { byteStringOfText } from '../text/bytes';
import { observe, withHost, type AskedRequest, type Observation } from '../urls';
import { asOnHost, DiskSite } from './diskSite';

/** What is evaluated: absolute folders, and the host that it is for. */
export interface EvaluatedSite {
  /** The folder that the host's `treeRoot` stands for. */
  readonly folder: string;
  readonly documentRoot: string;
  readonly project: { readonly host: HostProfile };
}

/** A site as it lies on disk, with the project's host profile: says what Apache would do with a request. */
export class SiteEvaluator {
  readonly treeRoot: string;
  /** Absolute on the server, a byte string. */
  readonly documentRoot: string;
  readonly #folder: string;
  readonly #site: DiskSite;
  readonly #seen: Site;
  readonly #host: HostProfile;

  /** `host` replaces fields of the project's host profile. */
  constructor({ folder, documentRoot, project }: EvaluatedSite, host: Partial<HostProfile> = {}) {
    this.#folder = folder;
    this.#host = { ...project.host, ...host };
    this.treeRoot = this.#host.treeRoot;
    this.#site = new DiskSite({ folder, treeRoot: this.treeRoot, cacheLife: 60_000 });
    this.#seen = asOnHost(this.#site, this.#host);
    this.documentRoot = this.serverPath(documentRoot);
  }

  /** A path on this machine as the server's, a byte string. */
  serverPath(path: string): string {
    const below = byteStringOfText(relative(this.#folder, path).split(sep).join('/'));
    return below === '' ? this.treeRoot : `${this.treeRoot}/${below}`;
  }

  /** A path of the server on this machine; undefined outside the site. */
  localPath(path: string): string | undefined {
    return this.#site.localPath(path);
  }

  /** The text of a line (1-based) of a file of the server, a byte string; empty where there is none. */
  lineOf(path: string, line: number): string {
    const file = this.#site.read(path);
    return file === undefined || file === 'unreadable' ? '' : (file.content.split('\n')[line - 1] ?? '');
  }

  /** The ends of the connection as a log names them: the client's address, the server's name for this request. */
  connectionOf(asked: AskedRequest): { readonly client: string; readonly serverName: string } {
    const host = { ...this.#host, ...asked.host };
    const [, sent] =
      withHost(asked.request, host).headers.find(([name]) => name.toLowerCase() === 'host') ?? [];
    const serverName = host.useCanonicalName === 'Off' ? (sent ?? '').replace(/:\d*$/, '').toLowerCase() : '';
    return { client: host.remoteAddr, serverName: serverName === '' ? host.serverName : serverName };
  }

  /** The outcome alone, at this moment. */
  outcome(asked: AskedRequest): Outcome {
    return this.observe(asked).outcome;
  }

  /** The outcome with all that a case can be compared by. */
  observe(asked: AskedRequest): Observation {
    const time = Math.floor(Date.now() / 1000);
    return observe(asked, { site: this.#seen, host: this.#host, documentRoot: this.documentRoot, time });
  }
}
