import { lowerCase } from '../../text/bytes';
import { exprRefusal, type Expr, type ExprPlace } from '../expr';
import { patchOf, type HostProfile } from '../host';
import { placeBits, type Command, type Origin, type Place, type Refusal } from '../modules/define';
import type { AuthnProvider, AuthzProvider } from '../modules/providers';
import type { Regex } from '../regex';
import { mergePath } from '../paths';
import type { Site } from '../site';
import { LineBuffer, LineReader, type ConfigFile } from '../syntax/lines';
import { lookup } from '../../text/lookup';
import { applyArguments } from './applyArguments';
import type { TreeBuilder } from './build';
import { compilePattern } from './compile';
import { DirConfig, type DirectiveUse } from './dirConfig';
import { fileProblem } from './fileProblem';
import { ConfigDirective, LineContent } from './directive';
import { registryFor, type RegisteredDirective, type Registry } from './registry';

const ALL_CLASSES = placeBits(['All']);

/**
 * The deepest nesting of <RequireAll> and its like that is followed; other sections have no bound. Apache's only bound is
 * its stack of 8 MB: it dies at some 8,400 <IfModule>, 10,400 <Files>, 10,600 <If>, 10,900 <RequireAll> (measured, 2.4.71).
 */
export const MAX_NESTING = 400;

/** Surroundings of one .htaccess: whose folder it is and which files can be asked for. */
export interface HtaccessPlace {
  /** Absolute path on the server of the folder, with a slash at its end. */
  readonly directory: string;
  readonly site?: Site;
}

/** A section whose directives are being carried out. */
interface WaitingSection {
  next: ConfigDirective | null;
  readonly config: DirConfig;
  /** What the section's own directive does when those inside are done. */
  readonly after: () => Refusal;
  /** The section's own directive; null for the whole file. */
  readonly opened: ConfigDirective | null;
}

/** Carries out directives, with Apache's checks before each: cmd_parms together with invoke_cmd and ap_walk_config. */
export class CommandState implements Command {
  readonly host: HostProfile;
  readonly registry: Registry;
  readonly overrideOptions: 'all' | readonly string[];
  readonly warnings: string[] = [];
  /** What asked for files outside the tree. */
  readonly outside: DirectiveUse[] = [];
  readonly kept = new Map<string, unknown>();
  path: string;
  limited = -1;
  name = '';
  context: DirConfig = new DirConfig();
  /** The directive that Apache would name in an error. */
  errorDirective: ConfigDirective | null = null;
  builder: TreeBuilder | null = null;
  readonly #htaccess: string;
  readonly #site: Site | undefined;
  #override: number;
  readonly #overrideList: ReadonlySet<string>;
  #nonfatal: ReadonlySet<string>;
  #depth = 0;
  #directive: ConfigDirective | null = null;
  #subtree: ConfigDirective | null = null;
  #section: WaitingSection | undefined;

  constructor(host: HostProfile, place: HtaccessPlace) {
    this.host = host;
    this.registry = registryFor(host);
    this.path = place.directory;
    this.#htaccess = `${place.directory}.htaccess`;
    this.#site = place.site;
    this.overrideOptions = host.allowOverrideOptions;
    const { bits, list, nonfatal } = allowedBy(host);
    this.#override = bits;
    this.#overrideList = list;
    this.#nonfatal = nonfatal;
  }

  get directive(): ConfigDirective {
    return this.#directive ?? noDirective();
  }

  /** For who carries out directives one by one: the next one is this. */
  standAt(directive: ConfigDirective): void {
    this.#directive = directive;
  }

  get origin(): Origin {
    const { file, line, firstLine } = this.directive;
    if (file !== OWN_NAME) return NO_ORIGIN;
    return firstLine < line ? { file: this.#htaccess, line, firstLine } : { file: this.#htaccess, line };
  }

  /** The place of a refusal at a directive, or at a line that is none; the file alone where the line counts within a macro. */
  originOf(directive: ConfigDirective | null, line: number | null): Origin {
    const isOwn = line !== null && (directive?.file ?? this.file.name) === OWN_NAME;
    return isOwn ? { file: this.#htaccess, line } : { file: this.#htaccess };
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  newConfig(): DirConfig {
    return new DirConfig();
  }

  hasModule(name: string): boolean {
    return this.registry.hasModule(name);
  }

  compile(pattern: string, options: { readonly caseless?: boolean } = {}): Regex | undefined {
    return compilePattern(this.host, pattern, options.caseless);
  }

  parseExpr(
    place: ExprPlace,
    text: string,
    shown = text,
  ): { readonly expr: Expr } | { readonly refusal: string } {
    const patch = patchOf(this.host);
    const parsed = this.registry.expr(place, text);
    if (!('problem' in parsed)) return { expr: parsed.ast };
    return { refusal: exprRefusal(place, parsed.problem.message, { text: shown, patch }) };
  }

  isKnownDirective(name: string): boolean {
    return this.registry.find(name) !== undefined;
  }

  fileExists(path: string): boolean {
    return path.startsWith('/') && this.#site?.stat(mergePath(path)) !== undefined;
  }

  noteOutside(path: string): void {
    const whole = mergePath(path);
    const isKnown = this.#site?.knows?.(whole) ?? `${whole}/`.startsWith(`${this.host.treeRoot}/`);
    if (this.#site === undefined || isKnown) return;
    this.outside.push({ name: this.name, args: path, origin: this.originOf(null, this.file.lineNumber) });
  }

  fileProblem(path: string): string | undefined {
    const whole = path.startsWith('/') ? path : `/${path}`;
    const isKnown = this.#site?.knows?.(whole) ?? whole.startsWith(`${this.host.treeRoot}/`);
    return this.#site === undefined || !isKnown ? undefined : fileProblem(this.#site, whole);
  }

  authzProvider(name: string): AuthzProvider | undefined {
    return this.registry.authzProvider(name);
  }

  authnProvider(name: string): AuthnProvider | undefined {
    return this.registry.authnProviders.get(name);
  }

  walkChildren(config: DirConfig, override?: readonly Place[]): Refusal {
    if (this.#depth >= MAX_NESTING)
      return `${this.name}> sections are nested more deeply than Apache's stack bears`;
    const outer = [this.#override, this.#nonfatal] as const;
    if (override !== undefined) [this.#override, this.#nonfatal] = [placeBits(override), NOTHING_NONFATAL];
    this.#depth += 1;
    const refusal = this.walk(this.directive.firstChild, config);
    this.#depth -= 1;
    [this.#override, this.#nonfatal] = outer;
    return refusal;
  }

  walkSection(config: DirConfig, after: () => Refusal): Refusal {
    this.#section = { next: this.directive.firstChild, config, after, opened: this.directive };
    return undefined;
  }

  buildContainer(): Refusal {
    this.builder?.requestContainer(this.name);
    return undefined;
  }

  soakContainer(): Refusal {
    return this.builder?.soakContainer(this.name);
  }

  get file(): ConfigFile {
    return this.builder?.file ?? NO_FILE;
  }

  readLine(size: number): string | undefined {
    const line = this.file.next(new LineBuffer(size));
    return typeof line === 'string' ? undefined : line.text;
  }

  readBytes(size: number): string | undefined {
    return this.file.takeBytes(size - 1);
  }

  insertLines(lines: readonly string[], name: string): void {
    this.builder?.insert(lines, name, this.errorDirective ?? noDirective());
  }

  putDirective(name: string): void {
    const { lineNumber } = this.file;
    const content = this.registry.readLine(name);
    this.#subtree = new ConfigDirective(content, { firstLine: lineNumber, start: 0, end: 0 }, this.file);
  }

  /** Carries out an execOnRead directive while the tree is built; `first` is what it puts in its place (execute_now). */
  executeOnRead(directive: ConfigDirective): { refusal: Refusal; first: ConfigDirective | null } {
    this.errorDirective = directive;
    for (const record of directive.content.records ?? []) {
      this.#subtree = null;
      const refusal = this.#invoke(record, undefined, directive.args);
      if (refusal !== undefined) return { refusal, first: null };
    }
    const first = this.#subtree;
    this.#subtree = null;
    return { refusal: undefined, first };
  }

  /** The second phase: carries out the whole tree, with errors named anew. */
  carryOut(first: ConfigDirective | null, config: DirConfig): Refusal {
    this.errorDirective = null;
    return this.walk(first, config);
  }

  /** Carries out a chain of siblings on a configuration; the first refusal ends it (ap_walk_config). */
  walk(first: ConfigDirective | null, config: DirConfig): Refusal {
    const outer = this.context;
    const refusal = this.#walkSections({ next: first, config, after: () => undefined, opened: null });
    this.context = outer;
    return refusal;
  }

  /** Sections wait on a stack of their own, so that none is nested too deeply for ours. */
  #walkSections(first: WaitingSection): Refusal {
    const open = [first];
    for (let section = open.at(-1); section !== undefined; section = open.at(-1)) {
      const directive = section.next;
      this.context = section.config;
      this.#directive = directive ?? section.opened;
      if (directive === null) open.pop();
      else section.next = directive.next;
      const refusal = directive === null ? section.after() : this.#walkOne(directive);
      if (refusal !== undefined) {
        this.errorDirective ??= this.#directive;
        return refusal;
      }
      if (this.#section === undefined) continue;
      open.push(this.#section);
      this.#section = undefined;
    }
    return undefined;
  }

  #walkOne(directive: ConfigDirective): Refusal {
    const { records } = directive.content;
    if (records === undefined) return this.#unknown(directive);
    for (const record of records) {
      if (record.directive.execOnRead === true) continue;
      const refusal = this.#invoke(record, this.context, directive.args);
      if (refusal !== undefined) {
        this.errorDirective ??= directive;
        return refusal;
      }
    }
    if (!KEEPING_THEIR_OWN.has(directive.name)) {
      const isForeign = records.some((record) => this.registry.isForeign(record, directive.args));
      this.context.note({ name: directive.name, args: directive.args, origin: this.origin }, isForeign);
    }
    return undefined;
  }

  #unknown(directive: ConfigDirective): Refusal {
    const because = 'perhaps misspelled or defined by a module not included in the server configuration';
    if (this.#nonfatal.has('unknown') || this.#nonfatal.has('all')) {
      this.warn(`AH02296: Unknown directive ${lowerCase(directive.name)} ${because}`);
      return undefined;
    }
    this.errorDirective = directive;
    return `Invalid command '${directive.name}', ${because}`;
  }

  #invoke(record: RegisteredDirective, config: DirConfig | undefined, args: string): Refusal {
    if ((this.#override & record.places) === 0 && !this.#overrideList.has(record.name.toLowerCase())) {
      return this.#forbidden(record);
    }
    this.name = record.name;
    const moduleConfig = config?.ensure(record.module, this.path);
    return applyArguments(record, this, moduleConfig, args);
  }

  #forbidden(record: RegisteredDirective): Refusal {
    if (this.#nonfatal.has('override') || this.#nonfatal.has('all')) {
      this.warn(`AH02295: ${record.name} in .htaccess forbidden by AllowOverride`);
      return undefined;
    }
    const parent = this.#directive?.parent ?? null;
    return parent === null
      ? `${record.name} not allowed here`
      : `${record.name} not allowed in ${parent.name}> context`;
  }
}

/** Directives that may come by the thousand, and whose module keeps their place itself. */
const KEEPING_THEIR_OWN: ReadonlySet<string> = new Set([
  'RewriteRule',
  'RewriteCond',
  'Redirect',
  'RedirectMatch',
]);

const NOTHING_NONFATAL: ReadonlySet<string> = new Set();

function noDirective(): ConfigDirective {
  const content = new LineContent('', () => undefined);
  return new ConfigDirective(content, { firstLine: 0, start: 0, end: 0 }, { name: '', lineNumber: 0 });
}

/** What is read is named like this unless it is a macro. */
const OWN_NAME = '.htaccess';

const NO_ORIGIN: Origin = {};

const NO_FILE: ConfigFile = new LineReader('');

const CLASSES: Readonly<Record<string, Place>> = {
  all: 'All',
  authconfig: 'AuthConfig',
  fileinfo: 'FileInfo',
  indexes: 'Indexes',
  limit: 'Limit',
  options: 'Options',
};

/** What a host's AllowOverride and AllowOverrideList say, in lower case. */
interface Allowed {
  readonly bits: number;
  readonly list: ReadonlySet<string>;
  readonly nonfatal: ReadonlySet<string>;
}

const allowedByHost = new WeakMap<HostProfile, Allowed>();

function allowedBy(host: HostProfile): Allowed {
  let allowed = allowedByHost.get(host);
  if (allowed === undefined) allowedByHost.set(host, (allowed = readAllowed(host)));
  return allowed;
}

function readAllowed({ allowOverride, allowOverrideList }: HostProfile): Allowed {
  const words = allowOverride.map((word) => word.toLowerCase());
  const nonfatal = words.filter((word) => word.startsWith('nonfatal=')).map((word) => word.slice(9));
  return {
    bits: overrideBits(words),
    list: new Set(allowOverrideList.map((name) => name.toLowerCase())),
    nonfatal: new Set(nonfatal),
  };
}

function overrideBits(words: readonly string[]): number {
  let bits = 0;
  for (const word of words) {
    const place = lookup(CLASSES, word.startsWith('options=') ? 'options' : word);
    if (place !== undefined) bits |= placeBits([place]);
  }
  return bits & ALL_CLASSES;
}
