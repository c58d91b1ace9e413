import type { ApacheModule, Origin } from '../modules/define';
import { unknownEffect } from './unknownEffects';

/** A directive that was carried out. */
export interface DirectiveUse {
  /** As Apache registers it: `SetHandler`, `<Files`. */
  readonly name: string;
  readonly args: string;
  readonly origin: Origin;
}

/** What each module keeps for one directory or section (ap_conf_vector_t). */
export class DirConfig {
  #byModule: ByModule;
  /** The map is also that of others that were put together from the same two. */
  #isShared: boolean;
  /** The module asked for last: directives of one come in rows. */
  #last: ApacheModule<never> | undefined;
  #lastConfig: unknown;
  readonly #uses: DirectiveUse[] = [];
  /** Those whose effect only the server knows. */
  readonly #unknown: DirectiveUse[] = [];
  /** What this one was put together from. */
  #parts: { readonly base: DirConfig; readonly add: DirConfig } | undefined;

  /** @param shared what each module keeps, where others keep the same */
  constructor(shared?: ByModule) {
    this.#isShared = shared !== undefined;
    this.#byModule = shared ?? new Map();
  }

  /** The module's configuration, or undefined while no directive of it was seen. */
  get<Config>(module: ApacheModule<Config>): Config | undefined {
    return this.#byModule.get(module as ApacheModule<never>) as Config | undefined;
  }

  /** The module's configuration, made now when there is none (ap_set_config_vectors). */
  ensure<Config>(module: ApacheModule<Config>, path: string | null): Config {
    const key = module as ApacheModule<never>;
    if (this.#last !== key) {
      const known = this.#byModule.get(key) ?? module.createDirConfig?.(path);
      if (known !== undefined) this.#own().set(key, known);
      this.#last = key;
      this.#lastConfig = known;
    }
    return this.#lastConfig as Config;
  }

  set<Config>(module: ApacheModule<Config>, config: Config): void {
    this.#last = undefined;
    this.#own().set(module as ApacheModule<never>, config);
  }

  #own(): Map<ApacheModule<never>, unknown> {
    if (this.#isShared) this.#byModule = new Map(this.#byModule);
    this.#isShared = false;
    return this.#byModule;
  }

  /** Remembers a directive that wrote to this configuration; `isForeign` where its module is no part of Apache. */
  note(use: DirectiveUse, isForeign = false): void {
    this.#uses.push(use);
    if (isForeign || unknownEffect(use.name, use.args) !== undefined) this.#unknown.push(use);
  }

  /** Directives in force whose effect only the server knows, the outer ones first. */
  unknownUses(): readonly DirectiveUse[] {
    if (this.#parts === undefined) return this.#unknown;
    const [base, add] = [this.#parts.base.unknownUses(), this.#parts.add.unknownUses()];
    return base.length === 0 ? add : [...base, ...add];
  }

  /** The last directive of a name, of those with fitting arguments: the one in force, where the last one wins. */
  lastUse(name: string, fits: (args: string) => boolean = () => true): DirectiveUse | undefined {
    const own = this.#uses.findLast((use) => use.name === name && fits(use.args));
    return own ?? this.#parts?.add.lastUse(name, fits) ?? this.#parts?.base.lastUse(name, fits);
  }

  /**
   * Base and addition put together by each module's own rule (ap_merge_per_dir_configs): a new object each time, as Apache makes it.
   * Neither is changed, now or later, so that what the modules make of the two is worked out once.
   */
  static merge(base: DirConfig, add: DirConfig): DirConfig {
    let known = merges.get(base);
    if (known === undefined) merges.set(base, (known = new WeakMap()));
    let byModule = known.get(add);
    if (byModule === undefined) known.set(add, (byModule = mergeModules(base.#byModule, add.#byModule)));
    const merged = new DirConfig(byModule);
    merged.#parts = { base, add };
    return merged;
  }
}

type ByModule = Map<ApacheModule<never>, unknown>;

/** What modules made of two configurations. */
const merges = new WeakMap<DirConfig, WeakMap<DirConfig, ByModule>>();

function mergeModules(base: ByModule, add: ByModule): ByModule {
  const merged = new Map(base);
  for (const [module, config] of add) {
    const below = base.get(module);
    const merge = (module as ApacheModule).mergeDirConfig?.bind(module);
    merged.set(module, below !== undefined && merge !== undefined ? merge(below, config) : config);
  }
  return merged;
}
