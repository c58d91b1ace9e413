import type { HostProfile } from '../apache/host';
import { memorySite, type MemoryEntry } from '../apache/memorySite';
import { missingTarget, type MissingTarget } from '../apache/missingTarget';
import { mod_alias } from '../apache/modules/mod_alias';
import { mod_dir } from '../apache/modules/mod_dir';
import { evaluate } from '../apache/request';
import type { Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import { textOfByteString } from '../text/bytes';
import type { AdviceFile } from './file';
import { sampleOf } from './patterns';
import type { RuleFacts } from './rewriteScopes';

/** Rules times requests that may be tried on one file, so that a large file costs no more than a small one. */
const MOST_WORK = 3000;
const MOST_TARGETS = 24;
const LONGEST_PATH = 300;

/** A request that was tried, and what came of it. */
export interface Probe {
  readonly target: string;
  readonly outcome: Outcome;
}

/**
 * Requests to the site with this file, as Apache would answer them. Without a known site one is made up in which every
 * file that a rule names is there, and every folder that a rule names (but for pictures and pages in it) has a
 * `.htaccess` of its own: the kindest case.
 */
export class Probes {
  readonly #file: AdviceFile;
  readonly #site: Site;
  readonly #host: HostProfile;
  readonly #headers: readonly (readonly [name: string, value: string])[];
  #tried: readonly Probe[] | undefined;

  constructor(file: AdviceFile) {
    this.#file = file;
    this.#host = file.host;
    this.#headers = headersFor(file);
    this.#site =
      file.site === undefined
        ? kindSite(file)
        : withText(file.site, `${file.directory}.htaccess`, file.source);
  }

  /** The requests that the file's own patterns suggest. */
  get tried(): readonly Probe[] {
    return (this.#tried ??= this.#file.verdict.ok ? this.#tryAll() : []);
  }

  /** One request, a GET by an ordinary browser; without the steps that led to its outcome. */
  request(target: string): Outcome {
    return this.#evaluate(target, false);
  }

  /** The same with its steps, which take longer. */
  traced(target: string): Outcome {
    return this.#evaluate(target, true);
  }

  /** What a path of an internal redirect would lead to, where that is not there; undefined where it is, or may be. */
  missing(urlPath: string): MissingTarget | undefined {
    return missingTarget(this.#site, this.#file.documentRoot, urlPath);
  }

  /** One request, if that were there; a folder with rules of its own. */
  requestWith({ path, isFolder }: MissingTarget, target: string): Outcome {
    const site = isFolder
      ? withText(withFolder(this.#site, path), `${path}/.htaccess`, 'RewriteEngine On\n')
      : withText(this.#site, path, '');
    return this.#evaluate(target, false, site);
  }

  #evaluate(target: string, trace: boolean, site = this.#site): Outcome {
    return evaluate({
      request: { method: 'GET', target, headers: this.#headers },
      site,
      host: this.#host,
      documentRoot: this.#file.documentRoot,
      trace,
    });
  }

  #tryAll(): Probe[] {
    if (!changesRequests(this.#file)) return [];
    const rules = this.#file.rewrite.reduce((count, { rules }) => count + rules.length, 1);
    const most = Math.min(MOST_TARGETS, Math.floor(MOST_WORK / rules));
    const targets = [...new Set(suggestedTargets(this.#file, most))].slice(0, most);
    return targets.map((target) => ({ target, outcome: this.request(target) }));
  }
}

/** The page from which the tried requests come, where the rules ask for it: protection of pictures speaks only then. */
export const OTHER_SITE = 'https://another-site.example/page';

/** Whether rules of the file ask from where a visitor comes. */
export function asksForReferer({ rewrite }: AdviceFile): boolean {
  const conditions = rewrite.flatMap(({ rules }) => rules.flatMap((facts) => facts.conditions));
  return conditions.some(({ condition }) => /^%\{(?:HTTP_REFERER|HTTP:Referer)\}$/i.test(condition.input));
}

function headersFor(file: AdviceFile): (readonly [string, string])[] {
  const host = ['Host', file.host.serverName] as const;
  return asksForReferer(file) ? [host, ['Referer', OTHER_SITE]] : [host];
}

/** Whether anything in the file sends a request elsewhere. */
function changesRequests({ rewrite, config }: AdviceFile): boolean {
  const redirects = config.get(mod_alias)?.redirects ?? [];
  return redirects.length > 0 || rewrite.some(({ engine, rules }) => engine?.on === true && rules.length > 0);
}

const UNUSUAL = 'a-page-that-is-not-there';

function* suggestedTargets(file: AdviceFile, most: number): Generator<string> {
  yield file.urlPath;
  yield file.urlPath + UNUSUAL;
  for (const { from } of file.config.get(mod_alias)?.redirects ?? []) {
    const path = from.kind === 'path' ? from.path : sampleOf(file.pattern(from.regex.pattern).alternatives);
    if (path.startsWith('/')) yield encoded(path);
  }
  let given = 0;
  for (const { scope, rules } of file.rewrite) {
    if (scope.kind !== 'directory') continue;
    for (const { rule } of rules) {
      if (given++ >= most) return;
      const sample = sampleOf(file.pattern(rule.pattern).alternatives);
      if (sample !== '' && !rule.isNegated && rule.regex.exec(sample) instanceof Int32Array)
        yield encoded(file.urlPath + sample.replace(/^\/+/, ''));
    }
  }
}

function encoded(path: string): string {
  return path.replaceAll(
    /[^A-Za-z0-9/._~!$&'()*+,;=:@-]/g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The site with the text that is being written in the place of the one that is saved. */
function withText(site: Site, path: string, content: string): Site {
  const stat = { kind: 'file', size: content.length, mode: 0o644 } as const;
  return {
    stat: (asked) => (asked === path ? stat : site.stat(asked)),
    lstat: (asked) => (asked === path ? stat : site.lstat(asked)),
    read: (asked) => (asked === path ? { content } : site.read(asked)),
    list: (asked) => site.list(asked),
  };
}

/** The site with one folder more, an empty one. */
function withFolder(site: Site, path: string): Site {
  const stat = { kind: 'directory', size: 0, mode: 0o755 } as const;
  return {
    stat: (asked) => (asked === path ? stat : site.stat(asked)),
    lstat: (asked) => (asked === path ? stat : site.lstat(asked)),
    read: (asked) => site.read(asked),
    list: (asked) => (asked === path ? [] : site.list(asked)),
  };
}

function kindSite(file: AdviceFile): Site {
  const { host, documentRoot } = file;
  const base = file.directory.slice(host.treeRoot.length + 1);
  const entries: Record<string, MemoryEntry> = {};
  const index = (file.config.get(mod_dir)?.indexNames ?? host.directoryIndex)[0];
  if (index !== undefined && /^[\w.-]+$/.test(index)) entries[base + index] = '';
  for (const { rules } of file.rewrite) {
    for (const facts of rules) {
      const path = localTarget(facts, file);
      if (path === undefined) continue;
      const folders = path.split('/').slice(0, -1);
      if (folders.length > 0 && !STATIC.test(path))
        entries[`${base}${folders.join('/')}/.htaccess`] = 'RewriteEngine On\n';
      if (!path.endsWith('/')) entries[base + path] = '';
    }
  }
  const root = documentRoot.slice(host.treeRoot.length + 1);
  if (root !== '') entries[root] = null;
  const site = memorySite(entries, { treeRoot: host.treeRoot, caseInsensitive: host.caseInsensitive });
  return withText(site, `${file.directory}.htaccess`, file.source);
}

/** A target like this says nothing of rules in its folder. */
const STATIC = /\.(?:png|jpe?g|gif|webp|svg|ico|html?|css|js|txt)$/i;

/** The file (or folder, with slash) relative to the .htaccess that a rule surely names: what stands before the first variable. */
export function localTarget({ rule }: RuleFacts, { urlPath }: AdviceFile): string | undefined {
  const { substitution, flags } = rule;
  if (flags.noSubstitution || /^[a-z][a-z0-9]*:/i.test(substitution)) return undefined;
  const path = substitution.split('?', 1)[0] ?? '';
  if (path.startsWith('/') && !path.startsWith(urlPath)) return undefined;
  const written = path.startsWith('/') ? path.slice(urlPath.length) : path;
  const fixed = written.split(/[$%\\]/, 1)[0] ?? '';
  if (fixed.split('/').includes('..')) return undefined;
  const script = /^([^.]*(?:\.[^./]*)*?\.[A-Za-z]\w*)(?=\/|$)/.exec(fixed.slice(0, LONGEST_PATH))?.[1];
  const isWhole =
    script !== undefined &&
    (script.length < fixed.length || fixed === written || written[fixed.length] === '%');
  if (script !== undefined && isWhole) return textOfByteString(script);
  const folder = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  return folder === '' ? undefined : textOfByteString(folder);
}
