import * as vscode from 'vscode';
import { reload, type ReloadEvidence, type ReloadReport } from '../../deploy/reload';
import type { RemoteConnection } from '../../remote/connection';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { commandWayOut, Failure, requireTrust } from '../failures';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { needDispatcher } from './place';
import { signalOf, type RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

export interface ReloadContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
}

/** "Reload": a new process of the dispatcher on the server, proved by a request. */
export class ReloadFeature {
  readonly #context: ReloadContext;
  readonly #store = new DisposableStore();

  constructor(context: ReloadContext) {
    this.#context = context;
    this.#store.add(context.commands.register('fastcgi.reload', () => this.#reload()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #reload(): Promise<void> {
    requireTrust();
    const one = await this.#context.chosen.need();
    const title = vscode.l10n.t('Reloading {0}', one.target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    await this.#context.item.busy(one.target, async () => {
      const report = await vscode.window.withProgress(options, (progress, token) => {
        const onStep = (message: string) => {
          this.#context.log.info(`${one.target.name}: ${message}`);
          progress.report({ message });
        };
        return this.#carryOut(one, onStep, signalOf(token));
      });
      this.#tell(report, one);
    });
  }

  async #carryOut(
    one: FolderTarget,
    onStep: (text: string) => void,
    signal: AbortSignal,
  ): Promise<ReloadReport> {
    const { target } = one;
    const dispatcher = await needDispatcher(one);
    const { reload: way, url, path, host } = target;
    return this.#context.sessions.use(target, signal, (connection: RemoteConnection) =>
      reload(connection, {
        remotePath: path,
        dispatcher,
        host,
        ...(typeof way === 'string' ? { strategy: way } : { strategy: 'command', command: way.command }),
        ...(url === undefined ? {} : { url: new URL(dispatcher, url).href }),
        signal,
        onStep,
      }),
    );
  }

  #tell({ evidence, status }: ReloadReport, { target }: FolderTarget): void {
    const message = SUCCESSES[evidence]?.(target.name);
    if (message === undefined) throw failureOf(evidence, target.name, status);
    this.#context.item.reloaded(target);
    // Not awaited: the reload is over whether or not its message is read.
    void offerSite(message, target.url);
  }
}

async function offerSite(message: string, url: string | undefined): Promise<void> {
  const open = vscode.l10n.t('Open Site');
  const ways = url === undefined ? [] : [open];
  const answer = await vscode.window.showInformationMessage(message, ...ways);
  if (answer === open && url !== undefined) await vscode.env.openExternal(vscode.Uri.parse(url));
}

const SUCCESSES: Readonly<Partial<Record<ReloadEvidence, (target: string) => string>>> = {
  'new-process': (target) => vscode.l10n.t('{0} reloaded: a new process answered.', target),
  'probe-header': (target) => vscode.l10n.t('{0} reloaded: the dispatcher reports a new start.', target),
  answered: (target) =>
    vscode.l10n.t('{0} answers after the reload; whether by a new process could not be seen.', target),
  'not-asked': (target) =>
    vscode.l10n.t('{0} was told to reload. Add its "url" to the project file to have it proved.', target),
};

function failureOf(evidence: ReloadEvidence, target: string, status: number | undefined): Failure {
  const message =
    evidence === 'old-process'
      ? vscode.l10n.t(
          '{0} did not reload: the old process still answers. It may need a restart in the control panel of your host.',
          target,
        )
      : status === undefined
        ? vscode.l10n.t('{0} does not answer after the reload.', target)
        : vscode.l10n.t(
            '{0} answers with status {1} after the reload. The error log says why.',
            target,
            status,
          );
  return new Failure(message, [commandWayOut(vscode.l10n.t('Show Error Log'), 'fastcgi.log.follow')]);
}
