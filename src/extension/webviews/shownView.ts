import * as vscode from 'vscode';
import { VIEWS } from '../manifest';

const KEY = 'fastcgi.shownView';

/** What a view needs of its surroundings. */
export interface PanelPlace {
  readonly extensionUri: vscode.Uri;
  readonly shown?: ShownView;
}

/**
 * Which of our views somebody looks at. When a window opens, VS Code brings back only views that are there before an extension runs; ours
 * come with it, and are opened again by us.
 */
export class ShownView {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  note(view: string, visible: boolean): void {
    if (visible) void this.#memory.update(KEY, view);
    else if (this.#memory.get(KEY) === view) void this.#memory.update(KEY, undefined);
  }

  /** Opens the one that was shown when the window was closed; the focus stays where it is. */
  restore(): void {
    const id = Object.values(VIEWS).find((one) => one === this.#memory.get(KEY));
    if (id) void vscode.commands.executeCommand(`${id}.focus`, { preserveFocus: true });
  }
}
