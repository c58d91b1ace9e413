import * as vscode from 'vscode';
import { backOffText, type BackOff } from '../../deploy/backOff';
import { findDispatcher } from '../../deploy/dispatcher';
import { dispatcherUrl, reloadOrTakeBack, worksNow, type ProvedReload } from '../../deploy/proved';
import type { ReloadEvidence, ReloadOptions } from '../../deploy/reload';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { showInformationMessage, withProgress } from '../notifications';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import type { ModuleQuestion } from './moduleQuestion';
import { localRootOf, needDispatcher } from './place';
import { signalOf, type RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

export interface ReloadContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  readonly question: ModuleQuestion;
}

/** "Reload": a new process of the dispatcher on the server, proved by a request. */
export class ReloadFeature {
  readonly #context: ReloadContext;
  readonly #store = new DisposableStore();

  constructor(context: ReloadContext) {
    this.#context = context;
    this.#store.add(context.commands.register('fastcgi.reload', () => this.#reloadChosen()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Reloads a target after something was put there, with a progress and a message. Ends when the reload has, and never fails. */
  after(one: FolderTarget, before: BeforeUpload): Promise<void> {
    return this.#context.commands.repeatable(() => this.#reload(one, before));
  }

  /** Whether the program works now: to be asked before an upload. Undefined where it has no address. */
  async works(one: FolderTarget): Promise<boolean | undefined> {
    return worksNow(dispatcherUrl(one.target, await findDispatcher(localRootOf(one), one.project)));
  }

  /** Reloads a target and gives what can be said of it. @throws Failure where it does not work then */
  prove(one: FolderTarget, order: ReloadOrder): Promise<string> {
    return this.#context.item.busy(one.target, async () =>
      this.#verdict(await this.#carryOut(one, order), one, order),
    );
  }

  async #reloadChosen(): Promise<void> {
    requireTrust();
    await this.#reload(await this.#context.chosen.need(), {});
  }

  async #reload(one: FolderTarget, before: BeforeUpload): Promise<void> {
    const title = vscode.l10n.t('Reloading {0}', one.target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const message = await withProgress(options, (progress, token) => {
      const onStep = (step: string) => progress.report({ message: step });
      return this.prove(one, { onStep, signal: signalOf(token), before });
    });
    // Not awaited: the reload is over whether or not its message is read.
    void offerSite(message, one.target.url);
  }

  async #carryOut(one: FolderTarget, order: ReloadOrder): Promise<ProvedReload> {
    const { target } = one;
    const { signal, before } = order;
    const onStep = (step: string) => {
      this.#context.log.info(`${target.name}: ${step}`);
      order.onStep(step);
    };
    const dispatcher = await needDispatcher(one);
    const { reload: way, path, host, log } = target;
    const url = dispatcherUrl(target, dispatcher);
    const options: ReloadOptions = {
      remotePath: path,
      dispatcher,
      host,
      ...(log === undefined ? {} : { log }),
      ...(typeof way === 'string' ? { strategy: way } : { strategy: 'command', command: way.command }),
      ...(url === undefined ? {} : { url }),
      signal,
      onStep,
    };
    return this.#context.sessions.use(target, signal, (connection) =>
      reloadOrTakeBack(connection, options, { worked: before.worked, deploy: before.deploy }),
    );
  }

  #verdict({ report, takenBack }: ProvedReload, one: FolderTarget, order: ReloadOrder): string {
    const { target } = one;
    const { evidence, status, backOff, module } = report;
    const { commands, question, item } = this.#context;
    if (module !== undefined) item.runBy(target, module);
    // Not awaited: it is a question of its own, and its answer starts another command. Who has a failure to read is not asked.
    else if (evidence !== 'failing' && order.quiet !== true)
      void commands.guarded(() => question.offer(target));
    if (backOff) {
      item.backedOff(target, backOff.secondsLeft ?? 0);
      throw silenceOf(backOff);
    }
    if (takenBack) throw takenBackFailure(target.name, status, order.before.uploadAgain);
    const message = SUCCESSES[evidence]?.(target.name);
    if (message === undefined) throw failureOf(evidence, target.name, status);
    item.reloaded(target);
    return message;
  }
}

/** How the site was before an upload that is to be taken back when it breaks it; nothing is taken back without. */
export interface BeforeUpload {
  readonly worked?: boolean | undefined;
  readonly deploy?: string | undefined;
  /** Uploads what is here then: offered where the upload was taken back. */
  readonly uploadAgain?: () => unknown;
}

export interface ReloadOrder {
  readonly onStep: (text: string) => void;
  readonly signal: AbortSignal;
  readonly before: BeforeUpload;
  /** No question beside the result: others are being reloaded at the same time. */
  readonly quiet?: boolean;
}

function silenceOf(backOff: BackOff): Failure {
  return new Failure(backOffText(backOff), [
    commandWayOut(vscode.l10n.t('Recover...'), 'fastcgi.recover'),
    commandWayOut(vscode.l10n.t('Show Error Log'), 'fastcgi.log.follow'),
  ]);
}

/** Another reload would start the old program once more. */
function takenBackFailure(
  target: string,
  status: number | undefined,
  uploadAgain: (() => unknown) | undefined,
): Failure {
  const message = vscode.l10n.t(
    '{0} did not work with the new files (status {1}), so the upload was taken back. The error log says why.',
    target,
    status ?? vscode.l10n.t('none'),
  );
  const log = commandWayOut(vscode.l10n.t('Show Error Log'), 'fastcgi.log.follow');
  const again = uploadAgain && { title: vscode.l10n.t('Upload Again'), run: uploadAgain };
  return new Failure(message, [log], { again });
}

async function offerSite(message: string, url: string | undefined): Promise<void> {
  const open = vscode.l10n.t('Open Site');
  const ways = url === undefined ? [] : [open];
  const answer = await showInformationMessage(message, ...ways);
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
  const log = commandWayOut(vscode.l10n.t('Show Error Log'), 'fastcgi.log.follow');
  // What does not answer at all has nothing in its log.
  const isSilent = evidence !== 'old-process' && status === undefined;
  const doctor = commandWayOut(vscode.l10n.t('Find the Cause'), 'fastcgi.doctor');
  return new Failure(message, isSilent ? [doctor, log] : [log]);
}
