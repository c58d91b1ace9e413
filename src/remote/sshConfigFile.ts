import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { parse, LineType, type Line, type Section } from 'ssh-config';
import { codeOf } from './errors';
import { matchesPatternList, matchesWildcard } from './patterns';

/** Settings of one host: lower-case keyword -> values. Only IdentityFile and CertificateFile collect more than one line. */
export type SshSettings = Map<string, string[]>;

/** Keywords of which every line counts; of all others the first value wins (ssh_config(5)). */
const collected = new Set(['identityfile', 'certificatefile']);
const maxIncludes = 16;

interface Query {
  readonly host: string;
  readonly user: string;
}

/**
 * The settings of a host in an ssh_config file, with Include. The `ssh-config` package parses; reading is done here, because its own
 * `compute` neither follows Include nor stays away from commands (`Match exec`, name look-ups). A missing file is empty; `Match` blocks
 * that need a command or a second pass never match.
 */
export async function readSshConfig(file: string, query: Query): Promise<SshSettings> {
  const reader = new ConfigReader(query);
  await reader.readFile(file, 0);
  return reader.settings;
}

class ConfigReader {
  readonly settings: SshSettings = new Map();
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async readFile(file: string, depth: number): Promise<void> {
    const text = await textOrEmpty(file);
    await this.#readLines(parse(text), depth);
  }

  async #readLines(lines: readonly Line[], depth: number): Promise<void> {
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) continue;
      const keyword = line.param.toLowerCase();
      if (keyword === 'host' || keyword === 'match') {
        if (this.#applies(keyword, line as Section)) await this.#readLines((line as Section).config, depth);
      } else if (keyword === 'include') {
        await this.#include(valuesOf(line), depth);
      } else this.#set(keyword, valuesOf(line));
    }
  }

  #set(keyword: string, values: string[]): void {
    const before = this.settings.get(keyword);
    if (before === undefined) this.settings.set(keyword, values);
    else if (collected.has(keyword)) before.push(...values);
  }

  #applies(keyword: 'host' | 'match', section: Section): boolean {
    if (keyword === 'host') return matchesPatternList(valuesOf(section), this.#query.host);
    return 'criteria' in section && this.#criteriaHold(section.criteria as Record<string, unknown>);
  }

  #criteriaHold(criteria: Record<string, unknown>): boolean {
    const names = Object.keys(criteria);
    return names.length > 0 && names.every((name) => this.#criterionHolds(name, criteria[name]));
  }

  #criterionHolds(name: string, value: unknown): boolean {
    const patterns = textsOf(value).flatMap((text) => text.split(','));
    switch (name.toLowerCase()) {
      case 'all':
        return true;
      case 'host':
        return matchesPatternList(patterns, this.settings.get('hostname')?.[0] ?? this.#query.host);
      case 'originalhost':
        return matchesPatternList(patterns, this.#query.host);
      case 'user':
        return matchesPatternList(patterns, this.settings.get('user')?.[0] ?? this.#query.user);
      case 'localuser':
        return matchesPatternList(patterns, userInfo().username);
      default:
        return false;
    }
  }

  async #include(patterns: readonly string[], depth: number): Promise<void> {
    if (depth >= maxIncludes) return;
    for (const pattern of patterns.flatMap((text) => text.split(/\s+/))) {
      for (const file of await filesOf(pattern)) await this.readFile(file, depth + 1);
    }
  }
}

function valuesOf(line: { readonly value: unknown }): string[] {
  return textsOf(line.value);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return value.map((part: { val: string }) => part.val);
}

async function textOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EISDIR' || codeOf(error) === 'ENOTDIR') return '';
    throw error;
  }
}

/** Files that an Include pattern names; relative ones lie in ~/.ssh. Wildcards may stand in the last segment. */
async function filesOf(pattern: string): Promise<string[]> {
  const home = pattern.replace(/^~(?=\/|$)/, () => homedir());
  const path = isAbsolute(home) ? home : join(homedir(), '.ssh', home);
  if (!/[*?]/.test(basename(path))) return [path];
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => matchesWildcard(basename(path), name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(dirname(path), name));
}
