import * as path from 'node:path';
import * as vscode from 'vscode';
import {
  programStart,
  type Language,
  type Preparation,
  type ProgramCommand,
  type RunnerEvent,
} from '../../runner';
import { DisposableStore } from '../disposables';
import { findDebugpy, type Debugpy } from './debugpy';
import {
  DEBUGGERS,
  perlPlan,
  phpPlan,
  pythonConfiguration,
  pythonPreparation,
  rubyPlan,
  type DelegateConfiguration,
  type PlanInput,
} from './plans';
import { freePort, isTaken } from './ports';

/** What the programs of a site are debugged with. */
export interface ProgramsOptions {
  readonly folder: vscode.WorkspaceFolder;
  /** The session of the site, above those of its programs. */
  readonly parent: vscode.DebugSession;
  /** The interpreter to take in place of that of the `#!` line. */
  readonly python?: string;
  readonly justMyCode: boolean;
  /** A session with debugpy's own adapter begins: the factory of adapters finds it by this number. */
  readonly ownAdapter: (debugpy: Debugpy) => number;
}

/** Milliseconds for a debugger to be ready. */
const PATIENCE = 20_000;

/** Starts each program of a site under the debugger of its language, as a session of its own. */
export class DebuggedPrograms {
  readonly #store = new DisposableStore();
  readonly #options: ProgramsOptions;
  readonly #own = new Set<vscode.DebugSession>();
  /** PHP's debugger waits for all requests of a session at one port. */
  #phpPort: Promise<number> | undefined;
  /** Ruby programs that wait for their debugger: what they say when they do. */
  readonly #rubies = new Map<string, DelegateConfiguration>();
  /** Programs that are started for a debugger, and those of which it was said that they are not. */
  readonly #known = new Set<string>();
  #disposed = false;

  constructor(options: ProgramsOptions) {
    this.#options = options;
    const isOwn = (session: vscode.DebugSession) => session.parentSession?.id === options.parent.id;
    this.#store.add(
      vscode.debug.onDidStartDebugSession((session) => void (isOwn(session) && this.#own.add(session))),
    );
    this.#store.add(vscode.debug.onDidTerminateDebugSession((session) => this.#onTerminated(session)));
  }

  /** The debuggers of single programs end with them; PHP's is there for the whole session, and its end is the end of it. */
  #onTerminated(session: vscode.DebugSession): void {
    if (!this.#own.delete(session) || session.type !== 'php') return;
    void vscode.debug.stopDebugging(this.#options.parent);
  }

  /** Makes the debugger of a program ready, and says how the program is to be started for it. Rejects where there is none. */
  async prepare(command: ProgramCommand): Promise<Preparation> {
    const dispatcher = command.file;
    this.#known.add(dispatcher);
    const start = programStart(command, process.env['PATH'] ?? '');
    const name = path.basename(dispatcher);
    const input = { name, dispatcher, start };
    if (start.language === undefined) {
      throw new Error(
        vscode.l10n.t(
          'There is no debugger for {0}: its #! line names neither Python, PHP, Perl nor Ruby.',
          name,
        ),
      );
    }
    if (start.language === 'python') return this.#preparePython(input);
    requireExtension(start.language);
    if (start.language === 'php') return this.#preparePhp(input);
    const port = await freePort();
    return start.language === 'perl'
      ? this.#preparePerl({ ...input, port })
      : this.#prepareRuby({ ...input, port });
  }

  /** Ruby programs say in their error output when the debugger may come. */
  onEvent(event: RunnerEvent): void {
    if (event.kind !== 'output') return;
    const port = /Debugger can attach via TCP\/IP \(127\.0\.0\.1:(\d+)\)/.exec(event.text)?.[1];
    const waiting = port === undefined ? undefined : this.#rubies.get(port);
    if (port === undefined || waiting === undefined) return;
    this.#rubies.delete(port);
    void this.#begin(waiting);
  }

  /** Said once of a program that runs without a debugger: CGI programs end with each request. */
  noteOn(event: RunnerEvent): string | undefined {
    if (event.kind !== 'started' || this.#known.has(event.dispatcher)) return undefined;
    this.#known.add(event.dispatcher);
    return vscode.l10n.t(
      '{0} is a CGI program and runs without a debugger: breakpoints work in FastCGI programs.',
      path.basename(event.dispatcher),
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.#store.dispose();
    for (const session of this.#own) if (session.type === 'php') void vscode.debug.stopDebugging(session);
  }

  async #preparePython(input: Omit<PlanInput, 'port'>): Promise<Preparation> {
    const { python, justMyCode, ownAdapter } = this.#options;
    const extension = vscode.extensions.getExtension(DEBUGGERS.python.id);
    const interpreter = python ?? input.start.command[0] ?? 'python3';
    const debugpy = await findDebugpy(interpreter, extension?.extensionPath);
    if (debugpy === undefined) throw new Error(noDebugpy());
    const configuration = pythonConfiguration(input.name, justMyCode);
    const port = await this.#beginWaiting(
      extension ? configuration : { ...configuration, type: 'fastcgi', adapter: ownAdapter(debugpy) },
    );
    return pythonPreparation({ ...input, port }, debugpy.folder, python);
  }

  /** Begins a session of debugpy, and gives the port at which its adapter waits for the program. */
  #beginWaiting(configuration: DelegateConfiguration): Promise<number> {
    const store = new DisposableStore();
    return new Promise<number>((resolve, reject) => {
      const fail = () => reject(new Error(vscode.l10n.t("Python's debugger did not become ready.")));
      const timer = setTimeout(fail, PATIENCE);
      store.add({ dispose: () => clearTimeout(timer) });
      store.add(
        vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
          if (session.parentSession?.id !== this.#options.parent.id) return;
          const port: unknown = (body as { readonly port?: unknown } | undefined)?.port;
          if (event === 'debugpyWaitingForServer' && typeof port === 'number') resolve(port);
        }),
      );
      // Resolves only when the program is there, which waits for the port: not awaited.
      this.#begin(configuration).catch(reject);
    }).finally(() => store.dispose());
  }

  async #preparePhp(input: Omit<PlanInput, 'port'>): Promise<Preparation> {
    this.#phpPort ??= this.#beginPhp(input);
    try {
      return phpPlan({ ...input, port: await this.#phpPort }).preparation;
    } catch (error) {
      // The next start tries again.
      this.#phpPort = undefined;
      throw error;
    }
  }

  /** Gives the port at which PHP's debugger waits. */
  async #beginPhp(input: Omit<PlanInput, 'port'>): Promise<number> {
    const port = await freePort();
    void this.#begin(phpPlan({ ...input, port }).configuration).catch(() => undefined);
    await ready(port);
    return port;
  }

  async #preparePerl(input: PlanInput): Promise<Preparation> {
    const plan = perlPlan(input);
    void this.#begin(plan.configuration).catch(() => undefined);
    await ready(input.port);
    return plan.preparation;
  }

  #prepareRuby(input: PlanInput): Preparation {
    const plan = rubyPlan(input);
    this.#rubies.set(String(input.port), plan.configuration);
    return plan.preparation;
  }

  async #begin(configuration: DelegateConfiguration): Promise<void> {
    const { folder, parent } = this.#options;
    const began = await vscode.debug.startDebugging(
      folder,
      { ...configuration },
      {
        parentSession: parent,
        lifecycleManagedByParent: configuration.type !== 'php',
        consoleMode: vscode.DebugConsoleMode.MergeWithParent,
        suppressDebugToolbar: false,
        suppressSaveBeforeStart: true,
        compact: true,
      },
    );
    if (!began && !this.#disposed) throw new Error(vscode.l10n.t('The debugger could not be started.'));
  }
}

async function ready(port: number): Promise<void> {
  if (await isTaken(port, PATIENCE)) return;
  throw new Error(vscode.l10n.t('The debugger did not become ready.'));
}

function requireExtension(language: Language): void {
  const { id, name } = DEBUGGERS[language];
  if (vscode.extensions.getExtension(id)) return;
  throw new Error(
    vscode.l10n.t('To debug this program, install the extension "{0}" ({1}), then start again.', name, id),
  );
}

function noDebugpy(): string {
  const { id, name } = DEBUGGERS.python;
  return vscode.l10n.t(
    'debugpy, which debugs Python, was not found. Install the extension "{0}" ({1}), or debugpy itself: python3 -m pip install debugpy, or on Debian and Ubuntu apt install python3-debugpy.',
    name,
    id,
  );
}
