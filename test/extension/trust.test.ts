import { describe, expect, it, vi } from 'vitest';
import type { CommandId } from '../../src/extension/manifest';

/** VS Code with an untrusted workspace. Things that are only shown may be made and filled; nothing else is there. */
vi.mock('vscode', () => {
  const shown = (): object => ({ dispose: () => undefined, show: () => undefined, hide: () => undefined });
  return {
    workspace: {
      isTrusted: false,
      onDidGrantWorkspaceTrust: shown,
      onDidSaveTextDocument: shown,
      registerTextDocumentContentProvider: shown,
      registerFileSystemProvider: shown,
      onWillSaveTextDocument: shown,
    },
    window: {
      createStatusBarItem: shown,
      createTreeView: () => ({ ...shown(), onDidChangeSelection: shown }),
      activeTextEditor: undefined,
    },
    languages: { createDiagnosticCollection: shown },
    commands: { executeCommand: () => Promise.resolve() },
    l10n: { t: (text: string) => text },
    StatusBarAlignment: { Left: 1 },
    Uri: class extends URL {
      static from = (): URL => new URL('fastcgi-report:/page');
    },
    EventEmitter: class {
      readonly event = shown;
      dispose = () => undefined;
    },
  };
});

const { CheckFeature } = await import('../../src/extension/check/check');
const { RunnerFeature } = await import('../../src/extension/runner');
const { RemoteLog } = await import('../../src/extension/log/remoteLog');
const { ReloadFeature } = await import('../../src/extension/targets/reload');
const { UploadFeature } = await import('../../src/extension/targets/upload');
const { ReleasesFeature } = await import('../../src/extension/targets/releases');
const { RemoteDocuments } = await import('../../src/extension/targets/remoteDocuments');
const { registerDownloads } = await import('../../src/extension/targets/downloads');
const { RemoteSessions } = await import('../../src/extension/targets/sessions');

const REFUSED = 'Nothing is run or sent from a workspace that you do not trust.';

type Handler = () => unknown;

/** A feature's surroundings: commands are collected, and what a refused command asks for is noted. */
function surroundings() {
  const handlers = new Map<CommandId, Handler>();
  const asked: string[] = [];
  const quiet = { dispose: () => undefined };
  const noted = (name: string) => async () => void asked.push(name);
  const context = {
    commands: { register: (id: CommandId, run: Handler) => (handlers.set(id, run), quiet) },
    projects: { onDidChange: () => quiet, current: () => undefined, settled: noted('projects') },
    chosen: { onDidChange: () => quiet, current: () => undefined, need: noted('target') },
    sessions: { use: noted('connection') },
    item: { busy: noted('reload') },
    view: { setStatus: () => undefined, setFollow: () => undefined },
    onDidDeploy: () => quiet,
    memory: { get: () => undefined, update: () => Promise.resolve() },
  };
  return { handlers, asked, context: context as never };
}

const FEATURES: readonly (readonly [CommandId, (context: never) => unknown])[] = [
  ['fastcgi.run', (context) => new RunnerFeature(context)],
  ['fastcgi.checkDispatcher', (context) => new CheckFeature(context)],
  ['fastcgi.checkDispatcherOnTarget', (context) => new CheckFeature(context)],
  ['fastcgi.uploadProject', (context) => new UploadFeature(context)],
  ['fastcgi.uploadFile', (context) => new UploadFeature(context)],
  ['fastcgi.uploadChanged', (context) => new UploadFeature(context)],
  ['fastcgi.uploadToSeveral', (context) => new UploadFeature(context)],
  ['fastcgi.previewUpload', (context) => new UploadFeature(context)],
  ['fastcgi.preview.upload', (context) => new UploadFeature(context)],
  ['fastcgi.rollback', (context) => new ReleasesFeature(context)],
  ['fastcgi.deployed', (context) => new ReleasesFeature(context)],
  ['fastcgi.recover', (context) => new ReleasesFeature(context)],
  ['fastcgi.download', (context) => registerDownloads(context)],
  ['fastcgi.compareWithServer', (context) => new RemoteDocuments(context)],
  ['fastcgi.openRemoteFile', (context) => new RemoteDocuments(context)],
  ['fastcgi.reload', (context) => new ReloadFeature(context)],
  ['fastcgi.log.follow', (context) => new RemoteLog(context)],
];

describe('without workspace trust', () => {
  it.each(FEATURES)('%s is refused before anything is asked for', async (id, make) => {
    const { handlers, asked, context } = surroundings();
    make(context);
    await expect(async () => handlers.get(id)?.()).rejects.toThrow(REFUSED);
    expect(asked).toEqual([]);
  });

  it('no connection is opened, whoever asks for one', async () => {
    const work = vi.fn();
    const sessions = new RemoteSessions({ secrets: {}, globalState: {} } as never, {} as never);
    const target = { ssh: { host: '127.0.0.1', port: 1, user: 'nobody' } } as never;
    await expect(sessions.use(target, new AbortController().signal, work)).rejects.toThrow(REFUSED);
    expect(work).not.toHaveBeenCalled();
    sessions.dispose();
  });
});
