import { describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/deploy/plan';
import type { UploadReport } from '../../src/deploy/upload';
import type { Order } from '../../src/extension/targets/sending';

/** What was shown, and the tree as VS Code would read it. */
const shown: string[] = [];
interface Row {
  readonly label: string;
  readonly command?: { readonly command: string; readonly arguments: readonly unknown[] };
}
interface Provider {
  getChildren(node?: unknown): unknown[];
  getTreeItem(node: unknown): Row;
}
let provider: Provider;
let isVisible = true;

vi.mock('vscode', () => {
  const uri = (path: string) => ({ path });
  return {
    l10n: { t: (text: string) => text },
    EventEmitter: class {
      event = () => ({ dispose: () => undefined });
      fire = () => undefined;
      dispose = () => undefined;
    },
    ThemeIcon: vi.fn(),
    TreeItem: class {
      readonly label: string;
      constructor(label: string) {
        this.label = label;
      }
    },
    TreeItemCollapsibleState: {},
    Uri: { file: uri, joinPath: ({ path }: { path: string }, name: string) => uri(`${path}/${name}`) },
    commands: {
      executeCommand: async (command: string, argument?: { path: string }) => {
        if (command === 'vscode.open') shown.push(`open ${argument?.path ?? ''}`);
        else if (command !== 'setContext') shown.push(command);
      },
    },
    window: {
      createTreeView: (_: string, options: { treeDataProvider: Provider }) => {
        provider = options.treeDataProvider;
        return { visible: isVisible, dispose: () => undefined };
      },
    },
  };
});

const { UploadPreview } = await import('../../src/extension/targets/preview');

const plan = {
  create: [{ path: 'new.txt', local: { size: 1 } }],
  change: [{ path: 'changed.txt', local: { size: 1 } }],
  modes: [{ path: 'mode.cgi', mode: 0o755 }],
  delete: ['gone.txt'],
  conflicts: [{ path: 'theirs.txt', reason: 'changed-on-server' }],
} as unknown as Plan;

async function preview() {
  const files = {
    showDifference: async (_: unknown, path: string) => void shown.push(`compare ${path}`),
    uriOf: ({ path }: { path: string }) => ({ path: `server:${path}` }),
  };
  const made = new UploadPreview(files as never);
  const report = { plan, notes: ['dump.sql looks like a database'], created: [], changed: [], modes: [] };
  const order = { target: { name: 'test' }, localRoot: '/site' } as Order;
  await made.show(order, { ...report, deleted: [], conflicts: [], kept: 0 } as unknown as UploadReport);
  const rows = provider.getChildren().flatMap((group) => provider.getChildren(group));
  shown.splice(0);
  const choose = async (label: string) => {
    const row = rows.map((node) => provider.getTreeItem(node)).find((one) => one.label === label);
    const [path, shows] = row?.command?.arguments ?? [];
    if (row?.command?.command === 'fastcgi.preview.open') await made.open(path, shows);
  };
  return { choose, close: () => made.close() };
}

describe('a row of the upload preview', () => {
  it.each([
    ['new.txt', ['open /site/new.txt']],
    ['mode.cgi', ['open /site/mode.cgi']],
    ['gone.txt', ['open server:gone.txt']],
    ['changed.txt', ['compare changed.txt']],
    ['theirs.txt', ['compare theirs.txt']],
    ['dump.sql looks like a database', []],
  ])('shows what it is about: %s', async (label, what) => {
    const { choose } = await preview();
    await choose(label);
    expect(shown).toEqual(what);
  });

  it('shows it again when it is chosen again', async () => {
    const { choose } = await preview();
    await choose('changed.txt');
    await choose('changed.txt');
    expect(shown).toHaveLength(2);
  });
});

describe('the upload preview', () => {
  it.each([
    [true, ['workbench.action.closePanel']],
    [false, []],
  ])('leaves no other view in its place when it is closed, visible: %s', async (visible, what) => {
    isVisible = visible;
    const { close } = await preview();
    await close();
    expect(shown).toEqual(what);
  });
});
