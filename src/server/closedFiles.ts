import type { Diagnostic } from 'vscode-languageserver';
import { decodedPath } from './names';
import type { WorkspaceHtaccess } from './workspaceIndex';

/** What the checks of closed files need of the server. */
export interface ClosedFilesOptions {
  readonly isOpen: (uri: string) => boolean;
  readonly check: (file: WorkspaceHtaccess) => readonly Diagnostic[];
  readonly publish: (uri: string, diagnostics: readonly Diagnostic[]) => void;
}

/** The problems of the workspace's .htaccess files that are not open: one file in a turn, so that the editor never waits. */
export class ClosedFiles {
  readonly #options: ClosedFilesOptions;
  /** What the editor shows of each file, by its decoded URI; only of those with problems. */
  readonly #shown = new Map<string, { readonly uri: string; readonly json: string }>();
  #waiting: WorkspaceHtaccess[] = [];
  #turn: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ClosedFilesOptions) {
    this.#options = options;
  }

  /** Checks all of these; what was shown of other files is taken back. */
  refresh(files: readonly WorkspaceHtaccess[]): void {
    const present = new Set(files.map(({ uri }) => decodedPath(uri)));
    for (const [key, { uri }] of this.#shown) if (!present.has(key)) this.#show(uri, []);
    this.#waiting = [];
    this.recheck(files);
  }

  /** Checks these again. */
  recheck(files: readonly WorkspaceHtaccess[]): void {
    const again = new Set(files.map(({ uri }) => uri));
    this.#waiting = [...this.#waiting.filter(({ uri }) => !again.has(uri)), ...files.toReversed()];
    this.#turn ??= setTimeout(() => this.#next());
  }

  /** From now on the editor's own document tells of this file. */
  opened(uri: string): void {
    this.#shown.delete(decodedPath(uri));
  }

  dispose(): void {
    clearTimeout(this.#turn);
    this.#turn = undefined;
    this.#waiting = [];
    this.#shown.clear();
  }

  #next(): void {
    const file = this.#waiting.pop();
    this.#turn = file === undefined ? undefined : setTimeout(() => this.#next());
    if (file !== undefined && !this.#options.isOpen(file.uri))
      this.#show(file.uri, this.#options.check(file));
  }

  #show(uri: string, diagnostics: readonly Diagnostic[]): void {
    const key = decodedPath(uri);
    const json = JSON.stringify(diagnostics);
    if (json === (this.#shown.get(key)?.json ?? '[]')) return;
    if (diagnostics.length === 0) this.#shown.delete(key);
    else this.#shown.set(key, { uri, json });
    this.#options.publish(uri, diagnostics);
  }
}
