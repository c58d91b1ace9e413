import { lowerCase } from '../../text/bytes';
import { lookup } from '../../text/lookup';
import { readRequire } from '../syntax/requireWords';
import type { LineMemory } from '../syntax/lines';
import { parseExpr, placeOptions, type ExprPlace, type ParsedExpr } from '../expr';
import { isListed } from '../foreign';
import { patchOf, type HostProfile } from '../host';
import { placeBits, type ApacheModule, type Directive } from '../modules/define';
import { ALL_MODULES } from '../modules/all';
import type { AuthnProvider, AuthzProvider } from '../modules/providers';
import { LineContent } from './directive';
import { FOREIGN, FOREIGN_DIRECTIVE, FOREIGN_PROVIDER } from './foreignDirectives';
import { LineMemories } from './lineMemory';
import { TextCache } from './textCache';

/** A directive together with the module that registered it. */
export interface RegisteredDirective {
  readonly name: string;
  readonly module: ApacheModule;
  readonly directive: Directive<unknown>;
  /** req_override as bits. */
  readonly places: number;
}

/** The directives and modules of one host (ap_config_hash). */
export class Registry {
  /** By the registered spelling, in which nearly everybody writes them; filled as they are asked for. */
  readonly #spelled = new Map<string, readonly RegisteredDirective[]>();
  /** By the name in lower case; made when somebody asks for another spelling. */
  #anyCase: Map<string, RegisteredDirective[]> | undefined;
  readonly #moduleNames = new Set<string>();
  readonly #lines = new TextCache<LineContent>();
  readonly #memories = new LineMemories();
  readonly #exprs = new Map<ExprPlace, (text: string) => ParsedExpr>();
  readonly #patch: number;
  readonly #loaded: readonly string[];
  readonly #foreign: readonly string[];
  readonly modules: readonly ApacheModule[];
  /** By name, case and all, as ap_lookup_provider finds them; without those of modules that are no part of Apache. */
  readonly authzProviders: ReadonlyMap<string, AuthzProvider>;
  readonly authnProviders: ReadonlyMap<string, AuthnProvider>;

  /**
   * @param loaded the names of all loaded modules, where some are not among `modules`
   * @param foreign the directives of modules that are no part of Apache, as a host profile lists them
   */
  constructor(
    modules: readonly ApacheModule[],
    patch: number,
    loaded: readonly string[] = modules.map(({ name }) => name),
    foreign: readonly string[] = [],
  ) {
    this.modules = modules;
    this.#patch = patch;
    this.#loaded = loaded;
    this.#foreign = foreign;
    this.authzProviders = new Map(
      modules
        .flatMap((module) => Object.entries(module.authzProviders ?? {}))
        .filter(([, provider]) => (provider.since ?? 0) <= patch),
    );
    this.authnProviders = new Map(modules.flatMap((module) => Object.entries(module.authnProviders ?? {})));
    for (const { name, identifier } of modules) this.#moduleNames.add(`${name}.c`).add(identifier);
  }

  /** The records of a name, any case, sections with `<`; undefined for an unknown one. */
  find(name: string): readonly RegisteredDirective[] | undefined {
    return this.#spelledSo(name) ?? this.#inAnyCase(name) ?? this.#foreignRecords(name);
  }

  #spelledSo(name: string): readonly RegisteredDirective[] | undefined {
    const known = this.#spelled.get(name);
    if (known !== undefined) return known;
    const records = this.modules.flatMap((module) => {
      const directive = lookup(module.directives, name);
      return directive === undefined ? [] : this.#recordsOf(name, module, directive);
    });
    if (records.length === 0) return undefined;
    this.#spelled.set(name, records);
    return records;
  }

  #inAnyCase(name: string): readonly RegisteredDirective[] | undefined {
    this.#anyCase ??= this.#indexAll();
    return this.#anyCase.get(lowerCase(name));
  }

  #indexAll(): Map<string, RegisteredDirective[]> {
    const all = new Map<string, RegisteredDirective[]>();
    for (const module of this.modules) {
      for (const [name, directive] of Object.entries(module.directives)) {
        const key = lowerCase(name);
        const records = all.get(key) ?? [];
        records.push(...this.#recordsOf(name, module, directive));
        if (records.length > 0) all.set(key, records);
      }
    }
    return all;
  }

  /** None where this version has not got it. */
  #recordsOf(name: string, module: ApacheModule, directive: Directive<unknown>): RegisteredDirective[] {
    if ((directive.since ?? 0) > this.#patch) return [];
    return [{ name, module, directive, places: placeBits(directive.where) }];
  }

  readonly #find = (name: string): readonly RegisteredDirective[] | undefined => this.find(name);

  #foreignRecords(name: string): readonly RegisteredDirective[] | undefined {
    if (name === '' || name.startsWith('<') || !isListed(name, this.#foreign)) return undefined;
    const directive = FOREIGN_DIRECTIVE;
    return [{ name, module: FOREIGN, directive, places: placeBits(directive.where) }];
  }

  /** What stands behind the first word of `Require`. */
  authzProvider(word: string): AuthzProvider | undefined {
    const known = this.authzProviders.get(word);
    return known ?? (isListed(`Require ${word}`, this.#foreign) ? FOREIGN_PROVIDER : undefined);
  }

  /** Whether what a directive does is up to a module that is no part of Apache. */
  isForeign({ name, module }: RegisteredDirective, args: string): boolean {
    if (name !== 'Require') return module === FOREIGN;
    return !this.authzProviders.has(readRequire(args).provider);
  }

  /** What a line says that is neither blank nor a comment; kept with its text. */
  line(text: string): LineContent {
    return this.#lines.get(text, this.readLine);
  }

  /** For the next reading of a file, which may be long and nearly the same as the last time. */
  memoryOf(file: string, source: string): LineMemory | undefined {
    return this.#memories.of(file, source);
  }

  /** As `line`, for who keeps it, or does not ask again. */
  readonly readLine = (text: string): LineContent => new LineContent(text, this.#find);

  /** An expression as a directive of these modules takes it. */
  expr(place: ExprPlace, text: string): ParsedExpr {
    let parse = this.#exprs.get(place);
    if (parse === undefined) this.#exprs.set(place, (parse = this.#exprParser(place)));
    return parse(text);
  }

  #exprParser(place: ExprPlace): (text: string) => ParsedExpr {
    const options = { ...placeOptions(place, this.#patch), modules: this.#loaded };
    const kept = new TextCache<ParsedExpr>();
    const parseNew = (text: string): ParsedExpr => parseExpr(text, options);
    return (text) => kept.get(text, parseNew);
  }

  /** True for a loaded module by file name (`mod_rewrite.c`) or identifier (`rewrite_module`), case and all. */
  hasModule(name: string): boolean {
    return this.#moduleNames.has(name);
  }
}

const registries = new Map<string, Registry>();
const byHost = new WeakMap<HostProfile, Registry>();

/** The registry of a host, made once for each set of modules and version. */
export function registryFor(host: HostProfile): Registry {
  let registry = byHost.get(host);
  if (registry === undefined) byHost.set(host, (registry = registryByContent(host)));
  return registry;
}

function registryByContent(host: HostProfile): Registry {
  const key = `${host.apache} ${host.modules.join(' ')} | ${host.directives.join('|')}`;
  const known = registries.get(key);
  if (known !== undefined) return known;
  const loaded = new Set(host.modules);
  const made = new Registry(
    ALL_MODULES.filter((module) => loaded.has(module.name)),
    patchOf(host),
    host.modules,
    host.directives,
  );
  registries.set(key, made);
  return made;
}
