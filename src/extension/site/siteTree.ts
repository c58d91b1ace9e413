import * as vscode from 'vscode';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { VIEWS } from '../manifest';
import type { RunnerFeature } from '../runner';
import { siteNodes, type SiteNode, type SiteWords } from './nodes';

/** Milliseconds for which changes are collected before the tree is drawn again. */
const GATHER = 200;
/** Milliseconds after which a pause that is being counted down is drawn again. */
const TICK = 1000;

/** The tree "FastCGI" in the explorer while a site is served: its address, programs, processes and pauses. */
export class SiteTree implements vscode.TreeDataProvider<SiteNode> {
  readonly #store = new DisposableStore();
  readonly #runner: RunnerFeature;
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  #requests = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(commands: Commands, runner: RunnerFeature) {
    this.#runner = runner;
    this.#store.add(vscode.window.createTreeView(VIEWS.site, { treeDataProvider: this }));
    this.#store.add(runner.onDidServe(() => this.#onServe()));
    this.#store.add(
      runner.onEvent(({ kind }) => {
        if (kind === 'request') this.#requests++;
        this.#drawIn(GATHER);
      }),
    );
    const dispatcherOf = (node: unknown) => (node as SiteNode | undefined)?.dispatcher;
    this.#store.add(
      commands.register('fastcgi.site.restart', (node) => runner.served?.runner.restart(dispatcherOf(node))),
    );
    this.#store.add(
      commands.register('fastcgi.site.clearPause', (node) =>
        runner.served?.runner.clearPauses(dispatcherOf(node)),
      ),
    );
  }

  getTreeItem(node: SiteNode): vscode.TreeItem {
    const state = node.children.length > 0 ? 'Expanded' : 'None';
    const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState[state]);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = node.tooltip === '' ? node.label : node.tooltip;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    item.contextValue = node.context;
    item.accessibilityInformation = {
      label: [node.label, node.description].filter(Boolean).join(', '),
    };
    if (node.command) item.command = { command: node.command, title: node.label };
    return item;
  }

  getChildren(node?: SiteNode): readonly SiteNode[] & SiteNode[] {
    return [...(node ? node.children : this.#roots())];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#store.dispose();
  }

  #onServe(): void {
    this.#requests = 0;
    this.#drawIn(0);
  }

  #roots(): readonly SiteNode[] {
    const { served } = this.#runner;
    if (!served) return [];
    const dispatchers = served.runner.dispatchers();
    if (dispatchers.some(({ pause }) => pause !== null)) this.#drawIn(TICK);
    const { url } = served.runner;
    const { forwarded, one } = served;
    const state = { url, forwarded, folder: one.folder.uri.fsPath, dispatchers, requests: this.#requests };
    return siteNodes({ ...state, now: Date.now() }, words());
  }

  #drawIn(milliseconds: number): void {
    if (this.#store.isDisposed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, milliseconds);
  }
}

function words(): SiteWords {
  return {
    requests: vscode.l10n.t('Requests'),
    output: vscode.l10n.t('Output'),
    process: vscode.l10n.t('Process {0}'),
    answered: vscode.l10n.t('{0} answered'),
    busy: vscode.l10n.t('busy'),
    idle: vscode.l10n.t('idle'),
    notRunning: vscode.l10n.t('starts with the next request'),
    failed: vscode.l10n.t('failed {0} times'),
    nextTry: vscode.l10n.t('next try in {0} s'),
    forwarded: vscode.l10n.t('Forwarded to {0}'),
  };
}
