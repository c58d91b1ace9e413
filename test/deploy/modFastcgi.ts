import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hostProfile } from '../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';

/** What a visitor would get. */
export type Answer =
  | { readonly kind: 'answered'; readonly code: string; readonly seconds: number }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'source'; readonly file: string }
  | { readonly kind: 'nowhere'; readonly status: number };

interface Class {
  code: string;
  /** Whole seconds: what -autoUpdate compares the file with. */
  started: number;
  lastStart: number;
  failures: number;
  backedOffUntil: number;
}

/**
 * The old mod_fastcgi in dynamic mode, by its measured rules, over a folder of this disk. A program whose text holds "die" dies at start,
 * four times within 15 seconds, and is then given up for 600 seconds whatever becomes of its file; another name starts anew. Without
 * `autoUpdate` a running program is never started again; with it, when its file's time stamp is later than the start, in whole seconds.
 */
export class ModFastcgi {
  now = Math.floor(Date.now() / 1000);
  readonly log: string[] = [];
  readonly #root: string;
  readonly #autoUpdate: boolean;
  readonly #classes = new Map<string, Class>();

  constructor(root: string, options: { autoUpdate?: boolean } = {}) {
    this.#root = root;
    this.#autoUpdate = options.autoUpdate ?? false;
  }

  /** One request; time goes on by what it takes. */
  request(target: string): Answer {
    const host = hostProfile({ addHandler: {} });
    const site = memorySite(this.#files(), { treeRoot: host.treeRoot });
    const request = { method: 'GET', target, headers: [['Host', host.serverName]] as const };
    const { answer, status } = evaluate({ request, site, host, documentRoot: host.treeRoot, trace: false });
    if (answer.kind === 'handler')
      return this.#run(join(this.#root, answer.file.slice(host.treeRoot.length)));
    if (answer.kind === 'file' && answer.file.endsWith('.fcgi')) return { kind: 'source', file: answer.file };
    return { kind: 'nowhere', status };
  }

  /** The site as it is now. Its handler is mod_fcgid's for the evaluator, which routes the same. */
  #files(): Record<string, MemoryEntry> {
    const entries = readdirSync(this.#root, { withFileTypes: true }).filter((entry) => entry.isFile());
    const read = (name: string) =>
      readFileSync(join(this.#root, name), 'utf8').replaceAll('fastcgi-script', 'fcgid-script');
    return Object.fromEntries(
      entries.map(({ name }) => [
        name,
        { text: read(name), mode: statSync(join(this.#root, name)).mode & 0o777 },
      ]),
    );
  }

  #run(file: string): Answer {
    const known = this.#classes.get(file);
    if (!known) return this.#start(file);
    if (known.backedOffUntil > this.now) return this.#hang();
    if (known.failures > 0) return this.#start(file);
    const changed = Math.floor(statSync(file).mtimeMs / 1000) > known.started;
    if (!this.#autoUpdate || !changed) return { kind: 'answered', code: known.code, seconds: 0 };
    this.now += 1;
    return this.#start(file);
  }

  #start(file: string): Answer {
    const code = readFileSync(file, 'utf8');
    const failures = this.#classes.get(file)?.failures ?? 0;
    this.#say(file, failures === 0 ? 'started (pid 9)' : 'restarted (pid 9)');
    const one: Class = { code, started: this.now, lastStart: this.now, failures, backedOffUntil: 0 };
    this.#classes.set(file, one);
    if (!code.includes('die')) {
      one.failures = 0;
      return { kind: 'answered', code, seconds: 0.5 };
    }
    while (one.failures < 4) {
      one.failures += 1;
      one.lastStart = this.now;
      this.#say(file, `(pid 9) terminated by calling exit with status '1'`);
      if (one.failures === 4) break;
      this.now += 5;
      this.#say(file, 'restarted (pid 9)');
    }
    one.backedOffUntil = one.lastStart + 600;
    this.#say(
      file,
      'has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds',
    );
    one.failures = 3;
    return this.#hang();
  }

  #hang(): Answer {
    this.now += 33;
    return { kind: 'hangs' };
  }

  #say(file: string, text: string): void {
    const time = new Date(this.now * 1000)
      .toUTCString()
      .replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5.000000 $4');
    this.log.push(`[${time}] [:warn] [pid 7:tid 7] FastCGI: (dynamic) server "${file}" ${text}`);
  }
}
