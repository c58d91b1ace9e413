import type { FileStat, Site } from '../apache/site';
import { byteStringOfText } from '../text/bytes';

/** The text of an open document at a path on the server; undefined where none is open. */
export type OpenText = (path: string) => string | undefined;

/** A site in which what is being written stands in the place of what is saved. */
export class OpenSite implements Site {
  readonly #saved: Site;
  readonly #openText: OpenText;

  constructor(saved: Site, openText: OpenText) {
    this.#saved = saved;
    this.#openText = openText;
  }

  stat(path: string): FileStat | undefined {
    return this.#written(path, this.#saved.stat(path));
  }

  lstat(path: string): FileStat | undefined {
    return this.#written(path, this.#saved.lstat(path));
  }

  read(path: string): { readonly content: string } | 'unreadable' | undefined {
    const text = this.#openText(path);
    return text === undefined ? this.#saved.read(path) : { content: byteStringOfText(text) };
  }

  list(path: string): readonly string[] | undefined {
    return this.#saved.list(path);
  }

  #written(path: string, saved: FileStat | undefined): FileStat | undefined {
    const text = this.#openText(path);
    if (text === undefined) return saved;
    const size = byteStringOfText(text).length;
    return saved === undefined ? { kind: 'file', size, mode: 0o644 } : { ...saved, size };
  }
}
