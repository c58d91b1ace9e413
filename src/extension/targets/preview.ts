import * as vscode from 'vscode';
import type { Plan } from '../../deploy/plan';
import type { UploadReport } from '../../deploy/upload';
import { setContextKey } from '../commands';
import { DisposableStore } from '../disposables';
import { CONTEXT_KEYS, VIEWS, type CommandId } from '../manifest';
import type { RemoteDocuments } from './remoteDocuments';
import { countsOf, type Order } from './sending';

const OPEN: CommandId = 'fastcgi.preview.open';

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
  readonly shows?: Shown;
}

/** What a click on a file shows: what would change, the file here, or the one on the server. */
type Shown = 'difference' | 'here' | 'there';

/** What is needed of the files on the server. */
export type ServerFiles = Pick<RemoteDocuments, 'showDifference' | 'uriOf'>;

/** What an upload would do, as a tree in the panel; the same plan that is carried out then. */
export class UploadPreview {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<undefined>());
  readonly #view: vscode.TreeView<Node>;
  #groups: readonly Group[] = [];
  readonly #files: ServerFiles;
  #order: Order | undefined;

  constructor(files: ServerFiles) {
    this.#files = files;
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

  /** Shows what a row is about; both come with the row's command. */
  async open(path: unknown, shows: unknown): Promise<void> {
    const order = this.#order;
    if (order === undefined || typeof path !== 'string') return;
    if (shows === 'difference') return this.#files.showDifference(order, path);
    const here = vscode.Uri.joinPath(vscode.Uri.file(order.localRoot), path);
    const uri = shows === 'there' ? this.#files.uriOf({ one: order, path }) : here;
    await vscode.commands.executeCommand('vscode.open', uri, { preserveFocus: true });
  }

  async close(): Promise<void> {
    this.#order = undefined;
    this.#groups = [];
    this.#changed.fire(undefined);
    // In place of a view that goes away VS Code would show the next one of the panel: a terminal, with a new shell.
    if (this.#view.visible) await vscode.commands.executeCommand('workbench.action.closePanel');
    setContextKey(CONTEXT_KEYS.previewing, false);
  }
}

function groupsOf(plan: Plan, notes: readonly string[]): Group[] {
  const item = (path: string, detail: string, shows: Shown): Item => ({ kind: 'item', path, detail, shows });
  const groups: Group[] = [
    group(
      vscode.l10n.t('Conflicts'),
      'warning',
      plan.conflicts.map(({ path, reason }) => item(path, conflictText(reason), 'difference')),
    ),
    group(
      vscode.l10n.t('Worth a look'),
      'info',
      notes.map((note): Item => ({ kind: 'item', path: note, detail: '' })),
    ),
    group(
      vscode.l10n.t('New'),
      'diff-added',
      plan.create.map(({ path, local }) => item(path, sizeText(local.size), 'here')),
    ),
    group(
      vscode.l10n.t('Changed'),
      'diff-modified',
      plan.change.map(({ path, local }) => item(path, sizeText(local.size), 'difference')),
    ),
    group(
      vscode.l10n.t('Permissions'),
      'lock',
      plan.modes.map(({ path, mode }) => item(path, mode.toString(8), 'here')),
    ),
    group(
      vscode.l10n.t('Deleted on the server'),
      'diff-removed',
      plan.delete.map((path) => item(path, '', 'there')),
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

function fileItem({ path, detail, shows }: Item): vscode.TreeItem {
  const item = new vscode.TreeItem(path, vscode.TreeItemCollapsibleState.None);
  item.description = detail;
  item.tooltip = shows === 'difference' ? vscode.l10n.t('{0}: compare with the server', path) : path;
  // A command, not the selection: a row that is chosen again is shown again.
  if (shows !== undefined) item.command = { command: OPEN, title: '', arguments: [path, shows] };
  return item;
}
