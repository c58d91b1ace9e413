import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ProgramCommand, RunnerEvent } from '../../runner';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { noFolder, pathOnDisk, requireTrust } from '../failures';
import { DEBUG_TYPE } from '../manifest';
import type { FolderProject, Projects } from '../projects';
import type { RunnerFeature } from '../runner';
import type { Debugpy } from './debugpy';
import { DebuggedPrograms } from './programs';
import { SiteSession } from './siteSession';

export interface DebugContext {
  readonly commands: Commands;
  readonly projects: Projects;
  readonly runner: RunnerFeature;
}

/** A launch configuration of the type `fastcgi`. */
interface SiteConfiguration extends vscode.DebugConfiguration {
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly python?: string;
  readonly justMyCode?: boolean;
  readonly openBrowser?: boolean;
}

/** "Debug Dispatcher Locally", as one command and as launch configuration. */
export class DebugFeature implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory {
  readonly #store = new DisposableStore();
  readonly #context: DebugContext;
  /** Sessions of debugpy's own adapter that are about to begin. */
  readonly #adapters = new Map<number, Debugpy>();
  #lastAdapter = 0;

  constructor(context: DebugContext) {
    this.#context = context;
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    for (const trigger of [Initial, Dynamic]) {
      this.#store.add(vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, this, trigger));
    }
    this.#store.add(vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, this));
    this.#store.add(context.commands.register('fastcgi.debug', () => this.#debug()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [ownConfiguration()];
  }

  /** F5 without a launch.json gives an empty configuration. */
  resolveDebugConfiguration(
    _: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    return configuration.type ? configuration : ownConfiguration();
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const { configuration } = session;
    const debugpy = this.#adapters.get(Number(configuration['adapter']));
    if (configuration.request === 'attach' && debugpy !== undefined) {
      this.#adapters.delete(Number(configuration['adapter']));
      return new vscode.DebugAdapterExecutable(debugpy.python, [path.join(debugpy.folder, 'adapter')]);
    }
    if (configuration.request !== 'launch') {
      throw new Error(vscode.l10n.t('A "fastcgi" configuration has the request "launch".'));
    }
    return new vscode.DebugAdapterInlineImplementation(this.#siteSession(session));
  }

  async #debug(): Promise<void> {
    requireTrust();
    const { projects } = this.#context;
    await projects.settled();
    const one = projects.current();
    // The failure of a session would offer a launch.json, which does not help here.
    if (!one) throw noFolder();
    pathOnDisk(one.folder);
    await vscode.debug.startDebugging(one.folder, ownConfiguration());
  }

  #siteSession(session: vscode.DebugSession): SiteSession {
    const store = new DisposableStore();
    const { runner } = this.#context;
    let served = false;
    const adapter: SiteSession = new SiteSession({
      start: async () => {
        const one = await this.#projectOf(session);
        await runner.debug(one, this.#programs(session, one, { adapter, store }));
        served = true;
        store.add(
          runner.onDidServe(() => {
            // "FastCGI: Stop", or another site: this session has nothing left.
            served = false;
            adapter.end();
          }),
        );
      },
      stop: async () => {
        store.dispose();
        if (served) await runner.stop();
        served = false;
      },
    });
    return adapter;
  }

  #programs(
    session: vscode.DebugSession,
    one: FolderProject,
    { adapter, store }: { readonly adapter: SiteSession; readonly store: DisposableStore },
  ) {
    const {
      port,
      environment,
      python,
      justMyCode = true,
      openBrowser,
    } = session.configuration as SiteConfiguration;
    const programs = store.add(
      new DebuggedPrograms({
        folder: one.folder,
        parent: session,
        ...(python === undefined ? {} : { python }),
        justMyCode,
        ownAdapter: (debugpy) => this.#remember(debugpy),
      }),
    );
    store.add(
      this.#context.runner.onEvent((event) => {
        programs.onEvent(event);
        const note = programs.noteOn(event);
        if (note !== undefined) adapter.print('important', `${note}\n`);
        print(adapter, event);
      }),
    );
    return {
      ...(port === undefined ? {} : { port }),
      ...(environment === undefined ? {} : { environment }),
      ...(openBrowser === undefined ? {} : { openBrowser }),
      prepare: (command: ProgramCommand) => programs.prepare(command),
    };
  }

  #remember(debugpy: Debugpy): number {
    this.#adapters.set(++this.#lastAdapter, debugpy);
    return this.#lastAdapter;
  }

  async #projectOf({ workspaceFolder }: vscode.DebugSession): Promise<FolderProject> {
    requireTrust();
    const { projects } = this.#context;
    await projects.settled();
    const folder = workspaceFolder?.uri.toString();
    const one = projects.all.find((known) => known.folder.uri.toString() === folder) ?? projects.current();
    if (one) return one;
    throw noFolder();
  }
}

function ownConfiguration(): vscode.DebugConfiguration {
  return { type: DEBUG_TYPE, request: 'launch', name: vscode.l10n.t('FastCGI: Debug Dispatcher Locally') };
}

/** What the debug console shows of a site. */
function print(adapter: SiteSession, event: RunnerEvent): void {
  if (event.kind === 'output') adapter.print(event.stream, event.text);
  else if (event.kind === 'problem') adapter.print('stderr', `${event.message}\n`);
  else if (event.kind === 'request') {
    adapter.print('console', `${event.method} ${event.target} ${event.status}\n`);
  }
}
