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
  readonly #byModule = new Map<ApacheModule<never>, unknown>();
  /** The module asked for last: directives of one come in rows. */
  #last: ApacheModule<never> | undefined;
  #lastConfig: unknown;
  readonly #uses: DirectiveUse[] = [];
  /** Those whose effect only the server knows. */
  readonly #unknown: DirectiveUse[] = [];
  /** What this one was put together from. */
  #parts: { readonly base: DirConfig; readonly add: DirConfig } | undefined;

  /** The module's configuration, or undefined while no directive of it was seen. */
  get<Config>(module: ApacheModule<Config>): Config | undefined {
    return this.#byModule.get(module as ApacheModule<never>) as Config | undefined;
  }

  /** The module's configuration, made now when there is none (ap_set_config_vectors). */
  ensure<Config>(module: ApacheModule<Config>, path: string | null): Config {
    const key = module as ApacheModule<never>;
    if (this.#last !== key) {
      const known = this.#byModule.get(key) ?? module.createDirConfig?.(path);
      if (known !== undefined) this.#byModule.set(key, known);
      this.#last = key;
      this.#lastConfig = known;
    }
    return this.#lastConfig as Config;
  }

  set<Config>(module: ApacheModule<Config>, config: Config): void {
    this.#last = undefined;
    this.#byModule.set(module as ApacheModule<never>, config);
  }

  /** Remembers a directive that wrote to this configuration. */
  note(use: DirectiveUse): void {
    this.#uses.push(use);
    if (unknownEffect(use.name, use.args) !== undefined) this.#unknown.push(use);
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

  /** Base and addition put together by each module's own rule (ap_merge_per_dir_configs). Neither is changed. */
  static merge(base: DirConfig, add: DirConfig): DirConfig {
    const merged = new DirConfig();
    merged.#parts = { base, add };
    for (const [module, config] of base.#byModule) merged.#byModule.set(module, config);
    for (const [module, config] of add.#byModule) {
      const below = base.#byModule.get(module);
      const merge = (module as ApacheModule).mergeDirConfig?.bind(module);
      merged.#byModule.set(
        module,
        below !== undefined && merge !== undefined ? merge(below, config) : config,
      );
    }
    return merged;
  }
}
