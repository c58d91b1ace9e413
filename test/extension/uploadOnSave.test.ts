import { expect, test, vi } from 'vitest';
import type { Order } from '../../src/extension/targets/sending';

type Saved = { uri: { scheme: string; fsPath: string; path: string }; isDirty: boolean };

const editor = vi.hoisted(() => ({
  saved: undefined as ((document: unknown) => unknown) | undefined,
  documents: [] as { uri: unknown; isDirty: boolean; save(): Promise<boolean> }[],
  questions: [] as string[],
}));

vi.mock('vscode', () => ({
  workspace: {
    isTrusted: true,
    get textDocuments() {
      return editor.documents;
    },
    getConfiguration: () => ({ get: (id: string) => id === 'fastcgi.upload.onSave' }),
    onDidSaveTextDocument: (listener: (document: unknown) => unknown) => {
      editor.saved = listener;
      return { dispose: () => undefined };
    },
  },
  window: { setStatusBarMessage: () => undefined },
  l10n: { t: (text: string, name: string) => text.replace('{0}', name) },
  CancellationError: class extends Error {},
}));
vi.mock('../../src/extension/targets/siteCheck', () => ({
  errorsOf: () => Promise.resolve([]),
  failingTests: () => Promise.resolve([]),
}));
vi.mock('../../src/extension/notifications', () => ({
  showWarningMessage: (message: string) => {
    editor.questions.push(message);
    return Promise.resolve(undefined);
  },
}));

const { UploadOnSave } = await import('../../src/extension/targets/uploadOnSave');

const uriOf = (path: string) => ({ scheme: 'file', fsPath: path, path });

/** An editor that tells of a save before it says that it is done. */
function open(path: string): Saved {
  const document = {
    uri: uriOf(path),
    isDirty: true,
    save: () => {
      document.isDirty = false;
      editor.saved?.(document);
      return Promise.resolve(true);
    },
  };
  editor.documents.push(document);
  return document;
}

test('what is saved for an upload goes with it, without another question', async () => {
  const target = { name: 'production', ask: true, ssh: { host: 'example.test' }, path: '/site' };
  const one = {
    folder: { uri: { scheme: 'file', fsPath: '/site', toString: () => 'file:///site' } },
    project: { documentRoot: '.' },
    target,
  };
  const onSave = new UploadOnSave({
    log: { warn: () => undefined },
    commands: { guarded: (work: () => Promise<unknown>) => work() },
    chosen: { current: () => one, need: () => Promise.resolve(one) },
  } as never);
  const order = { ...one, localRoot: '/site' } as unknown as Order;
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  open('/site/app.py');
  await onSave.saveFor([order]);
  await turn();
  expect(editor.documents.map(({ isDirty }) => isDirty)).toEqual([false]);
  expect(editor.questions).toEqual([]);

  // What is saved for an upload of something else, or by hand, is sent as ever.
  open('/site/other.py');
  await onSave.saveFor([{ ...order, paths: ['app.py'] }]);
  const question = 'Upload to production whatever is saved, until this window is closed?';
  await expect.poll(() => editor.questions).toEqual([question]);
  onSave.dispose();
});
