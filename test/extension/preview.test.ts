import { beforeEach, describe, expect, it, vi } from 'vitest';
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
      executeCommand: async (command: string, argument?: { path: string }) =>
        void (command === 'vscode.open' && shown.push(`open ${argument?.path ?? ''}`)),
    },
    window: {
      createTreeView: (_: string, options: { treeDataProvider: Provider }) => {
        provider = options.treeDataProvider;
        return { dispose: () => undefined };
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
  const choose = async (label: string) => {
    const row = rows.map((node) => provider.getTreeItem(node)).find((one) => one.label === label);
    const [path, shows] = row?.command?.arguments ?? [];
    if (row?.command?.command === 'fastcgi.preview.open') await made.open(path, shows);
  };
  return choose;
}

describe('a row of the upload preview', () => {
  beforeEach(() => void shown.splice(0));

  it.each([
    ['new.txt', ['open /site/new.txt']],
    ['mode.cgi', ['open /site/mode.cgi']],
    ['gone.txt', ['open server:gone.txt']],
    ['changed.txt', ['compare changed.txt']],
    ['theirs.txt', ['compare theirs.txt']],
    ['dump.sql looks like a database', []],
  ])('shows what it is about: %s', async (label, what) => {
    const choose = await preview();
    await choose(label);
    expect(shown).toEqual(what);
  });

  it('shows it again when it is chosen again', async () => {
    const choose = await preview();
    await choose('changed.txt');
    await choose('changed.txt');
    expect(shown).toHaveLength(2);
  });
});
