import { describe, expect, it, vi } from 'vitest';

const shown = (): object => ({ dispose: () => undefined, show: () => undefined, hide: () => undefined });
const folder = { name: 'site', index: 0, uri: { scheme: 'file', fsPath: '/nowhere/site' } };

/** VS Code with one folder, whose project file is still being read. */
vi.mock('vscode', () => ({
  workspace: { isTrusted: true, getConfiguration: () => ({ get: () => false }) },
  window: { createStatusBarItem: shown },
  commands: { executeCommand: () => Promise.resolve() },
  l10n: { t: (text: string) => text },
  StatusBarAlignment: { Left: 1 },
  EventEmitter: class {
    readonly event = shown;
    fire = () => undefined;
    dispose = () => undefined;
  },
}));

const { parseProject } = await import('../../src/project');
const { RunnerFeature } = await import('../../src/extension/runner');

describe('a command that comes while the project files are still being read', () => {
  it('waits for them: the folder is there', async () => {
    const handlers = new Map<string, () => unknown>();
    let known: object | undefined;
    const projects = {
      settled: async () => void (known = { folder, project: parseProject('{}').project, described: false }),
      current: () => known,
    };
    const commands = { register: (id: string, run: () => unknown) => (handlers.set(id, run), shown()) };
    const runner = new RunnerFeature({ commands, projects } as never);
    // The folder is not on the disk: the runner itself says so.
    await expect(async () => handlers.get('fastcgi.run')?.()).rejects.toThrow('/nowhere/site');
    runner.dispose();
  });
});
