import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { codeOf } from './errors';
import { matchesPatternList, matchesWildcard } from './patterns';
import { parseConfigLine, parseCriteria, type ConfigLine, type MatchCriterion } from './sshConfigLine';

/** Settings of one host: lower-case keyword -> values. Only IdentityFile and CertificateFile collect more than one line. */
export type SshSettings = Map<string, string[]>;

/** Keywords of which every line counts; of all others the first value wins (ssh_config(5)). */
const collected = new Set(['identityfile', 'certificatefile']);
/** Settings that are the rest of their line, quotes and all. */
const commands = new Set(['proxycommand', 'localcommand', 'remotecommand', 'knownhostscommand']);
const maxIncludes = 16;

interface Query {
  readonly host: string;
  /** The login name, where the caller gives one: it is then no setting of a file. */
  readonly user?: string;
}

/** A file, and the folder in which the relative names of its Include lines lie. */
export interface ConfigFile {
  readonly path: string;
  readonly includes: string;
}

/**
 * The settings of a host in ssh_config files, as `ssh -G` gives them, with Include, and with a second pass where `Match final` asks
 * for one. A missing file is empty, a line that means nothing is left out, and `Match exec` never holds: nothing is run here. (The
 * npm package ssh-config differs from OpenSSH in quotes, comments, `=` and Include.)
 */
export async function readSshConfig(files: readonly ConfigFile[], query: Query): Promise<SshSettings> {
  const settings: SshSettings = query.user === undefined ? new Map() : new Map([['user', [query.user]]]);
  const first = new ConfigPass(settings, { ...query, final: false, name: query.host });
  await first.read(files);
  if (!first.wantsFinalPass) return settings;
  const host = hostName(settings, query.host);
  // The server's name is settled by the first pass.
  settings.set('hostname', [host.replaceAll('%', '%%')]);
  await new ConfigPass(settings, { host, final: true, name: query.host }).read(files);
  return settings;
}

/** What HostName makes of a name: lower case, `%h` being the name itself. */
export function hostName(settings: SshSettings, name: string): string {
  const template = settings.get('hostname')?.[0] ?? '%h';
  return template.replace(/%([%h])/g, (_, letter: string) => (letter === 'h' ? name : '%')).toLowerCase();
}

/** One reading of all files; settings that are there already stay. */
class ConfigPass {
  wantsFinalPass = false;
  readonly #settings: SshSettings;
  readonly #query: { readonly host: string; readonly name: string; readonly final: boolean };

  constructor(
    settings: SshSettings,
    query: { readonly host: string; readonly name: string; readonly final: boolean },
  ) {
    this.#settings = settings;
    this.#query = query;
  }

  async read(files: readonly ConfigFile[]): Promise<void> {
    for (const file of files) await this.#readFile(file, { depth: 0, never: false });
  }

  /** `never`: the Include stands in a section that does not apply, so that no section of the file does. */
  async #readFile(file: ConfigFile, at: { depth: number; never: boolean }): Promise<void> {
    let active = !at.never;
    for (const text of (await textOrEmpty(file.path)).split('\n')) {
      const line = parseConfigLine(text);
      if (line === undefined) continue;
      if (line.keyword === 'host') active = this.#hostApplies(line) && !at.never;
      else if (line.keyword === 'match') active = this.#matchApplies(line) && !at.never;
      else if (line.keyword === 'include') {
        await this.#include(line.words, { folder: file.includes, depth: at.depth, never: !active });
      } else if (active) this.#set(line);
    }
  }

  #set({ keyword, words, rest }: ConfigLine): void {
    const values = commands.has(keyword) ? [rest] : words;
    if (values.length === 0 || values[0] === '') return;
    // Of ProxyJump and ProxyCommand the one that comes first rules out the other.
    if (keyword === 'proxyjump' && this.#settings.has('proxycommand')) return;
    const before = this.#settings.get(keyword);
    if (before === undefined) this.#settings.set(keyword, [...values]);
    else if (collected.has(keyword)) before.push(...values.filter((value) => !before.includes(value)));
    if (keyword === 'proxyjump' && before === undefined && !isNone(values[0]))
      this.#settings.set('proxycommand', ['none']);
  }

  #hostApplies({ words }: ConfigLine): boolean {
    return matchesPatternList(words, this.#query.host);
  }

  #matchApplies({ rest }: ConfigLine): boolean {
    const criteria = parseCriteria(rest);
    return criteria.length > 0 && criteria.map((one) => this.#holds(one)).every(Boolean);
  }

  #holds(criterion: MatchCriterion): boolean {
    if (criterion.name === 'final') this.wantsFinalPass = true;
    const holds = this.#isTrue(criterion);
    return holds !== undefined && holds !== criterion.negated;
  }

  /** Undefined for a criterion that is never met, negated or not: it needs a command, or OpenSSH's newest version. */
  #isTrue({ name, value }: MatchCriterion): boolean | undefined {
    const covers = (text: string) => matchesPatternList(value.split(','), text);
    switch (name) {
      case 'all':
        return true;
      case 'canonical':
      case 'final':
        return this.#query.final;
      case 'host':
        return matchesPatternList(value.toLowerCase().split(','), hostName(this.#settings, this.#query.host));
      case 'originalhost':
        return matchesPatternList(value.toLowerCase().split(','), this.#query.name.toLowerCase());
      case 'user':
        return covers(this.#settings.get('user')?.[0] ?? userInfo().username);
      case 'localuser':
        return covers(userInfo().username);
      default:
        return undefined;
    }
  }

  async #include(
    patterns: readonly string[],
    at: { folder: string; depth: number; never: boolean },
  ): Promise<void> {
    if (at.depth >= maxIncludes) throw new Error('its Include lines go in a circle');
    for (const pattern of patterns) {
      for (const path of await filesOf(pattern, at.folder)) {
        await this.#readFile({ path, includes: at.folder }, { depth: at.depth + 1, never: at.never });
      }
    }
  }
}

/** Whether a setting says "none", in any case. */
export function isNone(value: string | undefined): boolean {
  return value?.toLowerCase() === 'none';
}

async function textOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(String(codeOf(error)))) return '';
    throw error;
  }
}

/** Files that an Include pattern names, in order; wildcards may stand in every part. Relative names lie in `folder`. */
async function filesOf(pattern: string, folder: string): Promise<string[]> {
  const home = pattern.replace(/^~(?=\/|$)/, () => homedir());
  const path = isAbsolute(home) ? home : join(folder, home);
  if (!/[*?]/.test(path)) return [path];
  const [first = '', ...parts] = path.split(/[\\/]/);
  let found = [`${first}/`];
  for (const part of parts.filter((one) => one !== '')) {
    const next = await Promise.all(found.map((base) => namesOf(base, part)));
    found = next.flat();
  }
  return found;
}

async function namesOf(base: string, part: string): Promise<string[]> {
  if (!/[*?]/.test(part)) return [join(base, part)];
  const names = await readdir(base).catch(() => []);
  const shown = names.filter((name) => matchesWildcard(part, name) && !name.startsWith('.'));
  return shown.sort().map((name) => join(base, name));
}
