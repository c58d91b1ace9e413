import type { InterpreterThere, OnTarget, Owner } from '../../dispatcher';

/** A program as it was last seen on a server. */
export interface SeenFile {
  /** Its path there, relative to the site. */
  readonly there: string;
  /** Permission bits. */
  readonly mode: number;
  readonly owner?: Owner;
}

interface SeenSite {
  readonly files: Map<string, SeenFile>;
  readonly interpreters: Map<string, InterpreterThere>;
}

/**
 * What was seen of the programs of sites on servers, while something else was done there. A site is named by a key that says where it is:
 * nothing holds for a target that leads elsewhere now.
 */
export class SeenThere {
  readonly #sites = new Map<string, SeenSite>();

  /** `path`: relative to the document root here. */
  addFile(key: string, path: string, file: SeenFile): void {
    this.#site(key).files.set(path, file);
  }

  addInterpreter(key: string, program: string, { found, others }: InterpreterThere): void {
    this.#site(key).interpreters.set(program, { found, others });
  }

  /** One file, or all of them, may be otherwise by now. */
  forgetFiles(key: string, path?: string): void {
    const files = this.#sites.get(key)?.files;
    if (path === undefined) files?.clear();
    else files?.delete(path);
  }

  /** A program that was not there may be by now. */
  forgetMissing(key: string): void {
    const known = this.#sites.get(key)?.interpreters;
    for (const [program, { found }] of known ?? []) if (!found) known?.delete(program);
  }

  file(key: string, path: string): SeenFile | undefined {
    return this.#sites.get(key)?.files.get(path);
  }

  /** For the checks of a dispatcher; undefined where nothing was seen. */
  of(
    key: string,
    { target, path }: { readonly target: string; readonly path: string },
  ): OnTarget | undefined {
    const site = this.#sites.get(key);
    if (!site) return undefined;
    const { mode, owner } = site.files.get(path) ?? {};
    return {
      target,
      ...(mode !== undefined && { mode }),
      ...(owner && { owner }),
      interpreters: site.interpreters,
    };
  }

  #site(key: string): SeenSite {
    const site = this.#sites.get(key) ?? { files: new Map(), interpreters: new Map() };
    this.#sites.set(key, site);
    return site;
  }
}
