import * as vscode from 'vscode';
import type { Plan } from '../../deploy/plan';
import type { UploadReport } from '../../deploy/upload';
import { setContextKey } from '../commands';
import { DisposableStore } from '../disposables';
import { CONTEXT_KEYS, VIEWS } from '../manifest';
import { countsOf, type Order } from './sending';

/** A heading of the preview, or one file under it. */
type Node = Group | Item;
interface Group {
  readonly kind: 'group';
  readonly label: string;
  readonly icon: string;
  readonly items: readonly Item[];
}
interface Item {
  readonly kind: 'item';
  readonly path: string;
  readonly detail: string;
  readonly compare: boolean;
}

/** What an upload would do, as a tree in the panel; the same plan that is carried out then. */
export class UploadPreview {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<undefined>());
  readonly #view: vscode.TreeView<Node>;
  #groups: readonly Group[] = [];
  #order: Order | undefined;

  /** `compare` shows one file beside the server's. */
  constructor(compare: (order: Order, path: string) => Promise<void>) {
    const provider: vscode.TreeDataProvider<Node> = {
      onDidChangeTreeData: this.#changed.event,
      getChildren: (node) =>
        node === undefined ? [...this.#groups] : node.kind === 'group' ? [...node.items] : [],
      getTreeItem: (node) => (node.kind === 'group' ? groupItem(node) : fileItem(node)),
    };
    this.#view = this.#store.add(
      vscode.window.createTreeView<Node>(VIEWS.preview, {
        treeDataProvider: provider,
        showCollapseAll: true,
      }),
    );
    this.#store.add(
      this.#view.onDidChangeSelection(({ selection: [node] }) => {
        if (node?.kind === 'item' && node.compare && this.#order) void compare(this.#order, node.path);
      }),
    );
  }

  /** The order whose plan is shown. */
  get order(): Order | undefined {
    return this.#order;
  }

  dispose(): void {
    this.#store.dispose();
  }

  async show(order: Order, report: UploadReport): Promise<void> {
    this.#order = order;
    this.#groups = groupsOf(report.plan, report.notes);
    this.#view.title = vscode.l10n.t('Upload to {0}', order.target.name);
    // In a panel VS Code shows no title of a view that stands alone.
    this.#view.message = `${order.target.name}: ${countsOf(report)}`;
    setContextKey(CONTEXT_KEYS.previewing, true);
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand(`${VIEWS.preview}.focus`);
  }

  close(): void {
    this.#order = undefined;
    this.#groups = [];
    this.#changed.fire(undefined);
    setContextKey(CONTEXT_KEYS.previewing, false);
  }
}

function groupsOf(plan: Plan, notes: readonly string[]): Group[] {
  const item = (path: string, detail = '', compare = false): Item => ({
    kind: 'item',
    path,
    detail,
    compare,
  });
  const groups: Group[] = [
    group(
      vscode.l10n.t('Conflicts'),
      'warning',
      plan.conflicts.map(({ path, reason }) => item(path, conflictText(reason), true)),
    ),
    group(
      vscode.l10n.t('Worth a look'),
      'info',
      notes.map((note) => item(note)),
    ),
    group(
      vscode.l10n.t('New'),
      'diff-added',
      plan.create.map(({ path, local }) => item(path, sizeText(local.size))),
    ),
    group(
      vscode.l10n.t('Changed'),
      'diff-modified',
      plan.change.map(({ path, local }) => item(path, sizeText(local.size), true)),
    ),
    group(
      vscode.l10n.t('Permissions'),
      'lock',
      plan.modes.map(({ path, mode }) => item(path, mode.toString(8))),
    ),
    group(
      vscode.l10n.t('Deleted on the server'),
      'diff-removed',
      plan.delete.map((path) => item(path)),
    ),
  ];
  return groups.filter(({ items }) => items.length > 0);
}

function group(label: string, icon: string, items: readonly Item[]): Group {
  return { kind: 'group', label, icon, items };
}

function conflictText(reason: Plan['conflicts'][number]['reason']): string {
  switch (reason) {
    case 'changed-on-server':
      return vscode.l10n.t('changed there by somebody else');
    case 'not-from-here':
      return vscode.l10n.t('was there before');
    case 'not-a-file':
      return vscode.l10n.t('is no file there');
    case 'behind-link':
      return vscode.l10n.t('behind a link there');
  }
}

function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function groupItem({ label, icon, items }: Group): vscode.TreeItem {
  const state =
    items.length > 200 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded;
  const item = new vscode.TreeItem(label, state);
  item.description = String(items.length);
  item.iconPath = new vscode.ThemeIcon(icon);
  return item;
}

function fileItem({ path, detail, compare }: Item): vscode.TreeItem {
  const item = new vscode.TreeItem(path, vscode.TreeItemCollapsibleState.None);
  item.description = detail;
  item.tooltip = compare ? vscode.l10n.t('{0}: compare with the server', path) : path;
  return item;
}
