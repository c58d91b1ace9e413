import { patchOf, type HostProfile } from '../host';
import { placeBits, type ApacheModule, type Directive } from '../modules/define';
import { ALL_MODULES } from '../modules/all';
import type { AuthnProvider, AuthzProvider } from '../modules/providers';

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
  readonly #byName = new Map<string, RegisteredDirective[]>();
  readonly #moduleNames = new Set<string>();
  readonly modules: readonly ApacheModule[];
  /** By name, case and all, as ap_lookup_provider finds them. */
  readonly authzProviders: ReadonlyMap<string, AuthzProvider>;
  readonly authnProviders: ReadonlyMap<string, AuthnProvider>;

  constructor(modules: readonly ApacheModule[], patch: number) {
    this.modules = modules;
    this.authzProviders = new Map(
      modules
        .flatMap((module) => Object.entries(module.authzProviders ?? {}))
        .filter(([, provider]) => (provider.since ?? 0) <= patch),
    );
    this.authnProviders = new Map(modules.flatMap((module) => Object.entries(module.authnProviders ?? {})));
    for (const module of modules) {
      this.#moduleNames.add(`${module.name}.c`).add(module.identifier);
      for (const [name, directive] of Object.entries(module.directives)) {
        if ((directive.since ?? 0) <= patch)
          this.#add({ name, module, directive, places: placeBits(directive.where) });
      }
    }
  }

  #add(registered: RegisteredDirective): void {
    const key = registered.name.toLowerCase();
    const records = this.#byName.get(key) ?? [];
    records.push(registered);
    // Under its own spelling too, in which nearly everybody writes it.
    this.#byName.set(key, records).set(registered.name, records);
  }

  /** The records of a name, any case, sections with `<`; undefined for an unknown one. */
  find(name: string): readonly RegisteredDirective[] | undefined {
    return this.#byName.get(name) ?? this.#byName.get(name.toLowerCase());
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
  const key = `${host.apache} ${host.modules.join(' ')}`;
  const known = registries.get(key);
  if (known !== undefined) return known;
  const loaded = new Set(host.modules);
  const made = new Registry(
    ALL_MODULES.filter((module) => loaded.has(module.name)),
    patchOf(host),
  );
  registries.set(key, made);
  return made;
}
