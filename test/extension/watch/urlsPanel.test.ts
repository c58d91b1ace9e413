import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeEvent, FakeView, ordersOf } from '../webviews/fakeView';

/** What VS Code has: the active editor, and what finds the `*.urls` files. */
const state = vi.hoisted(() => ({
  editor: undefined as unknown,
  find: () => Promise.resolve([] as string[]),
  provider: undefined as unknown,
}));

vi.mock('vscode', async () => {
  const { URI, Utils } = await import('vscode-uri');
  const closeable = { dispose: () => undefined };
  const listener = () => closeable;
  const watcher = { onDidChange: listener, onDidCreate: listener, onDidDelete: listener, ...closeable };
  const nothing = new Proxy({ ...closeable }, { set: () => true });
  return {
    Uri: Object.assign(URI, { joinPath: Utils.joinPath }),
    RelativePattern: Object,
    StatusBarAlignment: { Left: 1 },
    l10n: { t: (text: string) => text },
    commands: { executeCommand: listener, registerCommand: listener },
    window: {
      get activeTextEditor() {
        return state.editor;
      },
      visibleTextEditors: [],
      createTextEditorDecorationType: listener,
      createStatusBarItem: () => nothing,
      onDidChangeVisibleTextEditors: (heard: () => void) => changes.editors.event(heard),
      onDidChangeTextEditorVisibleRanges: listener,
      registerWebviewViewProvider: (_id: string, provider: unknown) => {
        state.provider = provider;
        return closeable;
      },
    },
    workspace: {
      textDocuments: [],
      createFileSystemWatcher: () => watcher,
      onDidChangeTextDocument: listener,
      getWorkspaceFolder: ({ path }: { path: string }) => (path.startsWith('/site') ? FOLDER : undefined),
      findFiles: () => state.find().then((paths) => paths.map((path) => URI.file(path))),
      fs: { readFile: () => Promise.resolve(new TextEncoder().encode('/hello -> 200\n')) },
    },
  };
});

const { Uri } = await import('vscode');
const { WatchFeature } = await import('../../../src/extension/watch/watch');

const FOLDER = { uri: Uri.file('/site') };
const changes = { editors: new FakeEvent(), projects: new FakeEvent(), server: new FakeEvent() };

let feature: InstanceType<typeof WatchFeature>;
let serverRuns: boolean;
let projectsRead: boolean;

/** What the panel shows of a URL: its row, or nothing. */
function shownIn(fake: FakeView): unknown {
  const last = fake.heard.at(-1) as { state: { rows: readonly { outcome: string }[] } } | undefined;
  return last?.state.rows.map(({ outcome }) => outcome);
}

function open(fake: FakeView): void {
  (state.provider as { resolveWebviewView: (view: unknown) => void }).resolveWebviewView(fake.view);
}

beforeEach(() => {
  vi.useFakeTimers();
  serverRuns = projectsRead = false;
  state.editor = undefined;
  state.find = () => Promise.resolve(['/site/site.urls']);
  const evaluator = {
    onDidStart: changes.server.event,
    evaluate: () => Promise.resolve(undefined),
    runTests: () =>
      Promise.resolve(serverRuns ? { results: [{ line: 1, ok: true, actual: 'file hello' }] } : undefined),
  };
  feature = new WatchFeature({
    extensionUri: Uri.file('/extension'),
    commands: { register: () => ({ dispose: () => undefined }), guarded: () => undefined } as never,
    projects: {
      onDidChange: changes.projects.event,
      current: () => (projectsRead ? { folder: FOLDER } : undefined),
    } as never,
    evaluator: evaluator as never,
  });
});

afterEach(() => {
  feature.dispose();
  vi.useRealTimers();
});

it('lists the URLs in the end, whichever of page, server, projects and editor comes first', async () => {
  let fake = new FakeView();
  const steps: Record<string, () => void> = {
    'page runs': () => fake.run(),
    'page is hidden and shown': () => {
      fake.show(false);
      fake.show(true);
    },
    'server runs': () => {
      serverRuns = true;
      changes.server.fire();
    },
    'projects are read': () => {
      projectsRead = true;
      changes.projects.fire();
    },
    'an editor is active': () => {
      state.editor = { document: { uri: Uri.file('/site/.htaccess') } };
      changes.editors.fire();
    },
  };
  for (const pause of [0, 200]) {
    for (const order of ordersOf(Object.keys(steps))) {
      serverRuns = projectsRead = false;
      state.editor = undefined;
      fake = new FakeView();
      open(fake);
      for (const step of order) {
        steps[step]?.();
        await vi.advanceTimersByTimeAsync(pause);
      }
      fake.run();
      await vi.advanceTimersByTimeAsync(1000);
      expect([order.join(', '), shownIn(fake)]).toEqual([order.join(', '), ['file hello']]);
      fake.dispose();
    }
  }
});

it('answers a page at once with what is known, though the search takes its time or fails', async () => {
  projectsRead = serverRuns = true;
  const fake = new FakeView();
  open(fake);
  fake.run();
  expect(shownIn(fake)).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(shownIn(fake)).toEqual(['file hello']);
  fake.show(false);
  fake.show(true);
  state.find = () => Promise.reject(new Error('No search here'));
  fake.run();
  expect(shownIn(fake)).toEqual(['file hello']);
  await vi.advanceTimersByTimeAsync(200);
  expect(fake.heard).toHaveLength(2);
  state.find = () => new Promise(() => undefined);
  fake.show(false);
  fake.show(true);
  fake.run();
  expect(shownIn(fake)).toEqual(['file hello']);
});
