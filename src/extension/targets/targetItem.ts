import * as vscode from 'vscode';
import type { Target } from '../../project';
import { DisposableStore } from '../disposables';
import type { Projects } from '../projects';
import { addressOf, type ChosenTarget, type FolderTarget } from './chosenTarget';

/** The status-bar item of the target: its name, whether it is being reloaded, when it was last; a click reloads it. */
export class TargetItem {
  readonly #store = new DisposableStore();
  readonly #chosen: ChosenTarget;
  readonly #item: vscode.StatusBarItem;
  /** Local time of day of the last reload, by target. */
  readonly #reloadedAt = new Map<string, string>();
  #working = 0;

  constructor(projects: Projects, chosen: ChosenTarget) {
    this.#chosen = chosen;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('target', vscode.StatusBarAlignment.Left, 2),
    );
    this.#item.name = vscode.l10n.t('FastCGI Target');
    const refresh = () => this.#refresh();
    this.#store.add(projects.onDidChange(refresh));
    this.#store.add(chosen.onDidChange(refresh));
    this.#store.add(vscode.window.onDidChangeActiveTextEditor(refresh));
    this.#refresh();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Spins while the work goes on. */
  async busy<Result>(work: () => Thenable<Result>): Promise<Result> {
    this.#working += 1;
    this.#refresh();
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.#refresh();
    }
  }

  /** A reload has just succeeded. */
  reloaded(target: Target): void {
    const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    this.#reloadedAt.set(keyOf(target), time);
    this.#refresh();
  }

  #refresh(): void {
    if (this.#store.isDisposed) return;
    const current = this.#chosen.current();
    if (!current) {
      this.#item.hide();
      return;
    }
    this.#show(current);
    this.#item.show();
  }

  #show({ target }: FolderTarget): void {
    const { name } = target;
    const time = this.#reloadedAt.get(keyOf(target));
    const busy = this.#working > 0;
    this.#item.text = `${busy ? '$(sync~spin)' : '$(server)'} ${name}${time === undefined ? '' : ` ${time}`}`;
    this.#item.command = busy ? undefined : 'fastcgi.reload';
    this.#item.tooltip = tooltip(target, time);
    const label = busy
      ? vscode.l10n.t('Reloading {0}', name)
      : vscode.l10n.t('Reload the dispatcher on {0}', name);
    this.#item.accessibilityInformation = { label, role: 'button' };
  }
}

function tooltip(target: Target, time: string | undefined): vscode.MarkdownString {
  const commands = [
    'fastcgi.reload',
    'fastcgi.uploadProject',
    'fastcgi.log.follow',
    'fastcgi.chooseTarget',
  ] as const;
  const titles = [
    vscode.l10n.t('Reload'),
    vscode.l10n.t('Upload Project'),
    vscode.l10n.t('Follow Log'),
    vscode.l10n.t('Choose Target'),
  ];
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: commands };
  text.appendText(vscode.l10n.t('Click to reload {0}', target.name));
  text.appendMarkdown('\n\n');
  text.appendText(`${addressOf(target)}:${target.path}`);
  text.appendMarkdown('\n\n');
  text.appendText(
    time === undefined
      ? vscode.l10n.t('Not reloaded since this window was opened.')
      : vscode.l10n.t('Last reloaded at {0}.', time),
  );
  text.appendMarkdown(
    `\n\n${commands.map((command, at) => `[${titles[at] ?? ''}](command:${command})`).join(' · ')}`,
  );
  return text;
}

function keyOf({ name, ssh, path }: Target): string {
  return JSON.stringify([name, ssh, path]);
}
