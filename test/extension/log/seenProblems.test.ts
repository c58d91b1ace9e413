import { beforeEach, describe, expect, it, vi } from 'vitest';

/** What is marked in files, by their path; the watchers of files; when a file was written. */
const marked = new Map<string, string[]>();
const watchers = new Map<string, () => void>();
let mtime = 0;
const told: string[] = [];

vi.mock('vscode', () => {
  const closed = (): object => ({ dispose: () => undefined });
  class Uri {
    readonly path: string;
    constructor(path: string) {
      this.path = path;
    }
    toString = () => this.path;
    static readonly parse = (path: string) => new Uri(path);
    static readonly joinPath = ({ path }: Uri, ...parts: string[]) =>
      new Uri(parts[0] === '..' ? path.replace(/\/[^/]*$/, '') : [path, ...parts].join('/'));
  }
  return {
    Uri,
    Range: class {
      readonly isRange = true;
    },
    RelativePattern: class {
      readonly pattern: string;
      constructor({ path }: Uri, name: string) {
        this.pattern = `${path}/${name}`;
      }
    },
    Diagnostic: class {
      readonly message: string;
      constructor(_: object, message: string) {
        this.message = message;
      }
    },
    DiagnosticSeverity: {},
    FileType: { File: 1 },
    CodeActionKind: {},
    l10n: {
      t: (text: string, ...values: unknown[]) =>
        text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])),
    },
    languages: {
      registerCodeActionsProvider: closed,
      createDiagnosticCollection: () => ({
        clear: () => marked.clear(),
        delete: ({ path }: Uri) => marked.delete(path),
        set: ({ path }: Uri, problems: { message: string }[]) =>
          marked.set(
            path,
            problems.map(({ message }) => message),
          ),
        dispose: () => undefined,
      }),
    },
    window: { showWarningMessage: async (message: string) => void told.push(message) },
    workspace: {
      onDidSaveTextDocument: closed,
      getConfiguration: () => ({ get: () => true }),
      fs: { stat: async () => ({ type: 1, mtime }) },
      createFileSystemWatcher: ({ pattern }: { pattern: string }) => ({
        onDidChange: (changed: () => void) => watchers.set(pattern, changed),
        onDidDelete: () => undefined,
        dispose: () => watchers.delete(pattern),
      }),
    },
  };
});

const vscode = await import('vscode');
const { IncidentDesk } = await import('../../../src/extension/log/incidentDesk');
const { LogStore } = await import('../../../src/extension/log/logStore');
const { SeenProblems } = await import('../../../src/extension/log/seenProblems');
const { SiteFiles } = await import('../../../src/extension/log/siteFiles');

const PREFIX =
  '[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7] [client 127.0.0.1:40000] mod_fcgid: stderr: ';

const failure = (file: string, module: string): string[] =>
  [
    'Traceback (most recent call last):',
    `  File "${file}", line 3, in <module>`,
    `ModuleNotFoundError: No module named '${module}'`,
  ].map((line) => PREFIX + line);

describe('problems that stand in files', () => {
  let desk: InstanceType<typeof IncidentDesk>;
  let store: InstanceType<typeof LogStore>;

  beforeEach(() => {
    marked.clear();
    watchers.clear();
    told.length = 0;
    mtime = 0;
    store = new LogStore(1000);
    const commands = { register: () => ({ dispose: () => undefined }) };
    const problems = new SeenProblems(commands as never);
    desk = new IncidentDesk({
      store,
      fixes: {} as never,
      problems,
      onChange: () => undefined,
      onOpen: () => undefined,
    });
    const site = { folder: { uri: vscode.Uri.parse('/home/me/site') }, project: { documentRoot: '.' } };
    desk.belongTo(new SiteFiles(site as never, ['/srv/site']), 'production');
  });

  const add = (log: string, lines: readonly string[]): void => {
    store.add(log, lines);
    desk.changed();
  };

  it('tell whether they were seen on this machine or on the server whose log is read', async () => {
    add('local', failure('/home/me/site/here.py', 'a'));
    add('error', failure('/srv/site/there.py', 'b'));
    await vi.waitFor(() => expect(marked.size).toBe(2));
    expect(marked.get('/home/me/site/here.py')?.[0]).toContain('seen on this machine once');
    expect(marked.get('/home/me/site/there.py')?.[0]).toContain('seen on production once');
  });

  it('of this machine are no news of the server after an upload', async () => {
    desk.deployed();
    add('local', failure('/home/me/site/here.py', 'a'));
    await vi.waitFor(() => expect(marked.size).toBe(1));
    expect(told).toEqual([]);
    add('error', failure('/srv/site/there.py', 'b'));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]).toContain('New on production');
  });

  it('go when the file is written by another program, but not by late news of an earlier writing', async () => {
    add('error', failure('/srv/site/there.py', 'b'));
    await vi.waitFor(() => expect(watchers.has('/home/me/site/there.py')).toBe(true));
    watchers.get('/home/me/site/there.py')?.();
    await Promise.resolve();
    expect(marked.size).toBe(1);
    mtime = Date.now() + 1000;
    watchers.get('/home/me/site/there.py')?.();
    await vi.waitFor(() => expect(marked.size).toBe(0));
  });
});
