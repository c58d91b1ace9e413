import type { ApacheModule } from '../modules/define';

/** What each module keeps for one directory or section (ap_conf_vector_t). */
export class DirConfig {
  readonly #byModule = new Map<ApacheModule<never>, unknown>();

  /** The module's configuration, or undefined while no directive of it was seen. */
  get<Config>(module: ApacheModule<Config>): Config | undefined {
    return this.#byModule.get(module as ApacheModule<never>) as Config | undefined;
  }

  /** The module's configuration, made now when there is none (ap_set_config_vectors). */
  ensure<Config>(module: ApacheModule<Config>, path: string | null): Config {
    const known = this.get(module);
    if (known !== undefined || module.createDirConfig === undefined) return known as Config;
    const made = module.createDirConfig(path);
    this.set(module, made);
    return made;
  }

  set<Config>(module: ApacheModule<Config>, config: Config): void {
    this.#byModule.set(module as ApacheModule<never>, config);
  }

  /** Base and addition put together by each module's own rule (ap_merge_per_dir_configs). Neither is changed. */
  static merge(base: DirConfig, add: DirConfig): DirConfig {
    const merged = new DirConfig();
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
