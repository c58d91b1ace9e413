import * as vscode from 'vscode';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure } from '../failures';
import { isHtaccess } from '../languages';
import { HTACCESS_DEBUG_TYPE } from '../manifest';
import { showErrorMessage } from '../notifications';
import type { Projects } from '../projects';
import { formatRequest } from '../../urls';
import type { UrlEvaluator } from '../watch/evaluator';
import { askUrl, typedRequest } from '../watch/watchedUrl';
import { ANOTHER_URL_REQUEST, HtaccessDebugSession } from './session';

interface HtaccessConfiguration extends vscode.DebugConfiguration {
  /** As in a `*.urls` file: `/path`, or a method, a URL and headers. */
  readonly url?: string;
  readonly stopOnEntry?: boolean;
}

export interface HtaccessDebugContext {
  readonly commands: Commands;
  readonly evaluator: UrlEvaluator;
  readonly projects: Projects;
}

/** Debugging a `.htaccess`: F5 in one asks for a URL and steps through its rules. */
export class HtaccessDebug
  implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory
{
  readonly #context: HtaccessDebugContext;
  readonly #store = new DisposableStore();

  constructor(context: HtaccessDebugContext) {
    this.#context = context;
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    for (const trigger of [Initial, Dynamic])
      this.#store.add(vscode.debug.registerDebugConfigurationProvider(HTACCESS_DEBUG_TYPE, this, trigger));
    this.#store.add(vscode.debug.registerDebugAdapterDescriptorFactory(HTACCESS_DEBUG_TYPE, this));
    this.#store.add(context.commands.register('fastcgi.debugAnotherUrl', () => restartWithAnother()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [own()];
  }

  /** F5 in a `.htaccess` without a launch.json gives an empty configuration; without a URL it is asked for. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: HtaccessConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    if (!configuration.type && !(document && isHtaccess(document))) return configuration;
    const full: HtaccessConfiguration = configuration.type ? configuration : own();
    if (full.url !== undefined && full.url !== '') return full;
    const home = folder ?? (document && vscode.workspace.getWorkspaceFolder(document.uri));
    const request = home && (await askUrl(home, { title: title() }));
    return request && { ...full, url: formatRequest(request) };
  }

  createDebugAdapterDescriptor({ configuration, workspaceFolder }: vscode.DebugSession) {
    const { url = '', stopOnEntry = true } = configuration as HtaccessConfiguration;
    const request = typedRequest(url);
    const uri = this.#anchor(workspaceFolder);
    if (!request || !uri) {
      const message = vscode.l10n.t(
        '"{0}" is no URL: write /path, or GET https://www.example.com/path.',
        url,
      );
      void showErrorMessage(message);
      return undefined;
    }
    const home = vscode.workspace.getWorkspaceFolder(uri);
    const askAnother = async (value: string) => home && (await askUrl(home, { title: title(), value }));
    const { evaluator } = this.#context;
    const session = new HtaccessDebugSession({ uri, request }, { evaluator, stopOnEntry, askAnother });
    return new vscode.DebugAdapterInlineImplementation(session);
  }

  #anchor(folder: vscode.WorkspaceFolder | undefined): vscode.Uri | undefined {
    const active = vscode.window.activeTextEditor?.document.uri;
    if (active && vscode.workspace.getWorkspaceFolder(active)) return active;
    const home = folder ?? this.#context.projects.current()?.folder;
    return home && vscode.Uri.joinPath(home.uri, '.htaccess');
  }
}

const title = (): string => vscode.l10n.t('Step Through a URL');

/** The session that is looked at asks for a URL and begins anew with it. */
async function restartWithAnother(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== HTACCESS_DEBUG_TYPE)
    throw new Failure(vscode.l10n.t('No .htaccess is being stepped through: press F5 in one first.'));
  await session.customRequest(ANOTHER_URL_REQUEST);
}

function own(): HtaccessConfiguration {
  return {
    type: HTACCESS_DEBUG_TYPE,
    request: 'launch',
    name: vscode.l10n.t('Step Through .htaccess'),
    url: '',
    stopOnEntry: true,
  };
}
