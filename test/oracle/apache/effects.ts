import { hostProfile, USUAL_MODULES, type HostProfile } from '../../../src/apache/host';
import { answeredByStub } from '../../apache/request/answers';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import type { FileStat, Site } from '../../../src/apache/site';
import { outcomeAnswer } from '../../../src/cli/explainAnswer';
import { startOracle, type Oracle, type OraclePair } from './oracle';
import { APACHES_OWN, type OracleOutcome } from './record';
import { fileOf } from '../generate/modules';
import { FILE_TIME, type FileEntry } from './site_folders';

/** What both say of a pair: all fields of `fastcgi explain --batch` but the trace. */
export type Effect = Omit<OracleOutcome, 'trace' | 'messages'>;

/** How effects are compared. */
export interface EffectsOptions {
  /** Variables of the server's process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly mimeTypes: Readonly<Record<string, string>>;
  /** Loaded modules; the usual shared host's when absent. */
  readonly modules?: readonly string[];
  /** True for a pair whose difference is known and has a reason. */
  readonly isKnown?: (pair: OraclePair, own: Effect, apache: OracleOutcome) => boolean;
}

/** An Apache beside our evaluation, with the same profile. */
export class Effects {
  readonly #oracle: Oracle;
  readonly #host: HostProfile;
  readonly #options: EffectsOptions;

  constructor(oracle: Oracle, options: EffectsOptions) {
    this.#oracle = oracle;
    this.#options = options;
    const { environment, mimeTypes, modules = USUAL_MODULES } = options;
    this.#host = hostProfile({ treeRoot: oracle.treeRoot, environment, mimeTypes, modules });
  }

  /** Where the sites lie on the server, for directives that name files. */
  get treeRoot(): string {
    return this.#host.treeRoot;
  }

  /** What Apache itself answers. */
  ask(pairs: readonly OraclePair[]): Promise<readonly (OracleOutcome | null)[]> {
    return this.#oracle.run(pairs);
  }

  /** A description of each pair that we do not answer as Apache does. Pairs that end the Apache process are left out. */
  async differences(pairs: readonly OraclePair[]): Promise<string[]> {
    const outcomes = await this.ask(pairs);
    return pairs.flatMap((pair, at) => {
      const apache = outcomes[at];
      if (apache === null || apache === undefined) return [];
      const own = this.#evaluate(pair);
      const different = fieldDifferences(own, apache);
      if (different.length === 0 || this.#options.isKnown?.(pair, own, apache) === true) return [];
      return [[JSON.stringify(pair.request), ...different, ...configuration(pair)].join('\n')];
    });
  }

  /** The differences among the first pairs of a sequence. */
  async differencesOf(pairs: Generator<OraclePair>, count: number): Promise<string[]> {
    const found: string[] = [];
    for (let left = count; left > 0; left -= 1000) {
      const some = Array.from({ length: Math.min(left, 1000) }, () => pairs.next().value as OraclePair);
      found.push(...(await this.differences(some)));
    }
    return found;
  }

  #evaluate(pair: OraclePair): Effect {
    const { treeRoot } = this.#host;
    const site = datedSite(memorySite(placed(pair.files, treeRoot), { treeRoot }));
    const { method = 'GET', target, protocol, isHostless = false, headers = {} } = pair.request;
    const list = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);
    const named =
      isHostless || list.some(([name]) => name.toLowerCase() === 'host')
        ? list
        : [['Host', 'www.example.test'] as const, ...list];
    const documentRoot = [treeRoot, pair.documentRoot ?? ''].filter((part) => part !== '').join('/');
    const time = Math.floor(Date.now() / 1000);
    const request = { method, target, headers: named, ...(protocol !== undefined && { protocol }) };
    const outcome = evaluate({ request, site, host: this.#host, documentRoot, time, trace: false });
    const answer = JSON.stringify(outcomeAnswer(answeredByStub(outcome), { treeRoot, trace: false }));
    const effect = JSON.parse(answer.replaceAll(treeRoot, '/site')) as Effect;
    const told = Object.entries(effect.headers).filter(([name]) => !APACHES_OWN.has(name.toLowerCase()));
    return { ...effect, headers: Object.fromEntries(told) };
  }

  /** Ends Apache. */
  stop(): Promise<void> {
    return this.#oracle.stop();
  }
}

/** Starts an Apache to compare with. */
export async function startEffects(options: EffectsOptions): Promise<Effects> {
  const { environment, mimeTypes, modules = USUAL_MODULES } = options;
  return new Effects(
    await startOracle({ environment, mimeTypes, modules: modules.map(fileOf), trace: false }),
    options,
  );
}

/** Absolute links into `/site` lead to where the oracle serves it. */
function placed(files: OraclePair['files'], treeRoot: string): OraclePair['files'] {
  const lead = (entry: FileEntry): FileEntry =>
    entry !== null && typeof entry === 'object' && 'link' in entry
      ? { link: entry.link.replace(/^\/site(?=\/|$)/, treeRoot) }
      : entry;
  return Object.fromEntries(Object.entries(files).map(([path, entry]) => [path, lead(entry)]));
}

/** Every file of an oracle's site has the same time; its folders are as young as the test. */
function datedSite(site: Site): Site {
  const dated = (stat: FileStat | undefined): FileStat | undefined =>
    stat && { ...stat, mtime: stat.kind === 'directory' ? Date.now() / 1000 : FILE_TIME };
  return {
    read: (path) => site.read(path),
    list: (path) => site.list(path),
    stat: (path) => dated(site.stat(path)),
    lstat: (path) => dated(site.lstat(path)),
  };
}

/** Seconds that may lie between the two answers. */
const TOLERANCE = 120;
const DATE = /\w{3}, \d\d[ -]\w{3}[ -]\d{4} \d\d:\d\d:\d\d GMT/g;

/** Directives edit dates, too. */
const isDate = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** Without what the server measures while it answers, and its random numbers; dates and ages as plain numbers of seconds behind `\u{e000}`. */
function withoutMeasures(text: string): string {
  return text
    .replaceAll(DATE, (date) => (isDate(date) ? `\u{e000}${Date.parse(date) / 1000}\u{e000}` : date))
    .replaceAll(/age>?=(\d+)/g, 'age=\u{e000}$1\u{e000}')
    .replaceAll(/(?<=multipart\/byteranges); boundary=\w+/g, '')
    .replaceAll(/nonce=\\"[^"]*\\"/g, 'nonce')
    .replaceAll(/\bt=\d+/g, 't=')
    .replaceAll(/\bD=\d+/g, 'D=')
    .replaceAll(/\bl=[\d./]+/g, 'l=')
    .replaceAll(/([ib])=\d+/g, '$1=');
}

/** True for equal texts, times apart that both clocks tell a little differently. */
function isSame(left: string, right: string): boolean {
  const [ours, theirs] = [left, right].map((text) => text.split('\u{e000}'));
  return (
    ours?.length === theirs?.length &&
    ours?.every((part, at) => {
      const other = theirs?.[at] ?? '';
      return at % 2 === 0 ? part === other : Math.abs(Number(part) - Number(other)) <= TOLERANCE;
    }) === true
  );
}

/** Fields of two answers that differ, one line each; what we say not to know is no part of Apache's. */
function fieldDifferences(own: Effect, apache: Effect): string[] {
  const keys = Object.keys(own).filter((key) => key !== 'unknown') as (keyof Effect)[];
  return keys.flatMap((key) => {
    const [left = '', right = ''] = [own, apache].map((side) =>
      withoutMeasures(JSON.stringify(sorted(comparable(side[key])))),
    );
    if (isSame(left, right)) return [];
    return [`    ${key}: Apache ${right.slice(0, 900)}, ours ${left.slice(0, 900)}`];
  });
}

/** With spellings in one order instead of the folder's. */
function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [
      name,
      name.endsWith('VARIANTS') ? String(text).split(',').toSorted() : text,
    ]),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The text of all .htaccess files of a pair. */
export function htaccessTexts(pair: OraclePair): readonly (readonly [path: string, text: string])[] {
  return Object.entries(pair.files).flatMap(([path, entry]) =>
    path.endsWith('.htaccess') && typeof entry === 'string' ? [[path, entry] as const] : [],
  );
}

function configuration(pair: OraclePair): string[] {
  return htaccessTexts(pair).map(([path, text]) => `  ${path}:\n${text.replaceAll(/^/gm, '      ')}`);
}

/** Fails with the first differences named, not compared as one text: the runner would spend minutes on two long ones. */
export function expectNone(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new Error(
    `${differences.length} differences\n${differences.slice(0, Number(process.env['DIFFERENCES'] ?? 40)).join('\n')}`,
  );
}
