import { describe, expect, it, vi } from 'vitest';
import type { CommandId } from '../../src/extension/manifest';

/** VS Code without a folder. Things that are only shown may be made and filled. */
vi.mock('vscode', () => {
  const shown = (): object => ({ dispose: () => undefined, show: () => undefined, hide: () => undefined });
  return {
    workspace: { isTrusted: true, registerTextDocumentContentProvider: shown, onDidSaveTextDocument: shown },
    window: { activeTextEditor: undefined, createStatusBarItem: shown, createTreeView: shown },
    commands: { executeCommand: () => Promise.resolve() },
    StatusBarAlignment: { Left: 1 },
    debug: { registerDebugConfigurationProvider: shown, registerDebugAdapterDescriptorFactory: shown },
    DebugConfigurationProviderTriggerKind: {},
    languages: { createDiagnosticCollection: shown },
    l10n: { t: (text: string) => text },
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
const { DebugFeature } = await import('../../src/extension/debug/debug');
const { Failure } = await import('../../src/extension/failures');
const { registerProjectFile } = await import('../../src/extension/projectFile');
const { ChosenTarget } = await import('../../src/extension/targets/chosenTarget');
const { importTargets } = await import('../../src/extension/targets/importTargets');

const { RunnerFeature } = await import('../../src/extension/runner');
const { localRootOf } = await import('../../src/extension/targets/place');

const projects = { all: [], current: () => undefined, settled: () => Promise.resolve() } as never;

/** Carries one command of a feature out. */
async function carryOut(
  id: CommandId,
  make: (context: never) => unknown,
  more: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const handlers = new Map<CommandId, () => unknown>();
  const commands = { register: (one: CommandId, run: () => unknown) => (handlers.set(one, run), {}) };
  make({ commands, projects, ...more } as never);
  return handlers.get(id)?.();
}

const CALLS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['Check Dispatcher', () => carryOut('fastcgi.checkDispatcher', (context) => new CheckFeature(context))],
  ['Debug Dispatcher Locally', () => carryOut('fastcgi.debug', (context) => new DebugFeature(context))],
  [
    'Open Project File',
    () => carryOut('fastcgi.openProjectFile', ({ commands }) => registerProjectFile(commands, projects)),
  ],
  ['Import Servers', () => importTargets(projects, {} as never)],
  ['what needs a target', () => new ChosenTarget(projects, {} as never).need()],
  ['what needs several targets', () => new ChosenTarget(projects, {} as never).chooseSeveral()],
];

describe('without a folder', () => {
  it.each(CALLS)('%s says so, and opens one', async (_, call) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    const { message, waysOut } = error as InstanceType<typeof Failure>;
    expect([message, waysOut.map(({ title }) => title)]).toEqual([
      'Open the folder of the site first.',
      ['Open Folder'],
    ]);
  });
});

/** A repository on the web, say, whose path may be that of something else here. */
const VIRTUAL = {
  folder: { uri: { scheme: 'vscode-vfs', path: '/tmp', fsPath: '/tmp', toString: () => 'vscode-vfs:/tmp' } },
  project: { documentRoot: '.', runner: { port: 0 } },
  target: { name: 'live', path: 'public_html' },
};
const elsewhere = {
  projects: { all: [VIRTUAL], current: () => VIRTUAL, settled: () => Promise.resolve() },
  chosen: { need: () => Promise.resolve(VIRTUAL), onDidChange: () => ({}) },
};

const ELSEWHERE: readonly (readonly [string, () => unknown])[] = [
  ['Run', () => carryOut('fastcgi.run', (context) => new RunnerFeature(context), elsewhere)],
  ['Debug', () => carryOut('fastcgi.debug', (context) => new DebugFeature(context), elsewhere)],
  ['Check', () => carryOut('fastcgi.checkDispatcher', (context) => new CheckFeature(context), elsewhere)],
  [
    'Check on Target',
    () => carryOut('fastcgi.checkDispatcherOnTarget', (context) => new CheckFeature(context), elsewhere),
  ],
  ['Upload', () => localRootOf(VIRTUAL as never)],
];

describe('in a folder that is on no disk', () => {
  it.each(ELSEWHERE)('%s takes nothing of this machine for it', async (_, call) => {
    const error: unknown = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Error).message).toMatch(/^This folder is on no disk/);
  });
});
