import * as vscode from 'vscode';
import type { UploadProgress } from '../../deploy/stage';
import type { UploadReport } from '../../deploy/upload';
import type { Commands } from '../commands';
import { showErrorMessage, showInformationMessage, showWarningMessage } from '../notifications';
import type { BeforeUpload, ReloadFeature } from './reload';
import { countsOf, isWork, type Order } from './sending';
import { together, type Outcome, type Watching } from './together';

/** An upload that is over; `before` where the target is to be reloaded now. */
export interface Sent {
  readonly report: UploadReport;
  readonly before?: BeforeUpload;
}

/** What is done with a single target. */
export interface SingleUpload {
  plan(order: Order, signal: AbortSignal): Promise<UploadReport>;
  send(
    order: Order,
    watching: { readonly signal: AbortSignal; readonly onProgress: (progress: UploadProgress) => void },
  ): Promise<Sent>;
  /** Does all of it again, with messages of its own. */
  again(order: Order): Promise<void>;
  /** Shows what was left alone, with its ways out. */
  tellConflicts(report: UploadReport, order: Order): void;
}

export interface SeveralContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly reloads: ReloadFeature;
  readonly single: SingleUpload;
}

/** What is said of one target. */
interface Told {
  readonly order: Order;
  readonly said: string;
  readonly state: 'done' | 'left' | 'failed' | 'stopped';
  /** Something was put there, and it was not reloaded yet. */
  readonly isNew?: boolean;
  /** It was reloaded at once, or should have been. */
  readonly isProved?: boolean;
  /** Shows it in a message of its own, with its ways out. */
  readonly show?: () => void;
}

/**
 * Uploads to several targets: one question, one progress and one message for all of them, as VS Code shows three messages that come at
 * the same time, and no fourth. Each upload is all or nothing by itself.
 */
export class SeveralTargets {
  readonly #context: SeveralContext;

  constructor(context: SeveralContext) {
    this.#context = context;
  }

  async upload(orders: readonly Order[]): Promise<void> {
    const title = vscode.l10n.t('Comparing with {0} targets', orders.length);
    const plans = await together(orders, title, (order, { signal }) => this.#plan(order, signal));
    const told = plans.map((plan) => this.#toldOf(plan));
    if (told.some(({ state }) => state === 'stopped')) return;
    const failed = told.filter(({ state }) => state === 'failed');
    const able = told.filter(({ state }) => state !== 'failed').map(({ order }) => order);
    if (able.length > 0 && !(await isWanted(able.length, told))) return;
    const sent = able.length > 0 ? await this.#send(able) : [];
    // Not awaited: the uploads are over; the answer starts something else.
    const words = sent.some(({ isProved }) => isProved === true) ? provedWords : uploadedWords;
    void this.#tell([...sent, ...failed], words);
  }

  async #plan(order: Order, signal: AbortSignal): Promise<Told> {
    const report = await this.#context.single.plan(order, signal);
    return { order, said: `${countsOf(report)}${leftAlone(report)}`, state: 'done' };
  }

  async #send(orders: readonly Order[]): Promise<Told[]> {
    const title = vscode.l10n.t('Uploading to {0} targets', orders.length);
    const outcomes = await together(orders, title, (order, watching) => this.#sendOne(order, watching));
    return outcomes.map((outcome) => this.#toldOf(outcome));
  }

  async #sendOne(order: Order, { signal, show }: Watching): Promise<Told> {
    const { single } = this.#context;
    const onProgress = ({ files, totalFiles, bytes, totalBytes }: UploadProgress) =>
      show(totalBytes === 0 ? 1 : bytes / totalBytes, `${files}/${totalFiles}`);
    const { report, before } = await single.send(order, { signal, onProgress });
    const said = isWork(report) ? countsOf(report) : vscode.l10n.t('has everything already');
    if (report.conflicts.length > 0) {
      const showIt = () => single.tellConflicts(report, order);
      return { order, said: `${said}${leftAlone(report)}`, state: 'left', show: showIt };
    }
    if (before === undefined) return { order, said, state: 'done', isNew: isWork(report) };
    const told = await this.#reloadOne(order, before, { signal, show });
    return { ...told, said: `${said}, ${told.said}`, isProved: true };
  }

  /** The upload stays what it is, whatever comes of the reload. */
  async #reloadOne(order: Order, before: BeforeUpload, { signal, show }: Watching): Promise<Told> {
    const { reloads } = this.#context;
    show(1, vscode.l10n.t('reloading'));
    try {
      await reloads.prove(order, { signal, before, onStep: () => undefined, quiet: true });
      return { order, said: vscode.l10n.t('reloaded'), state: 'done' };
    } catch (error) {
      return this.#failed(order, error, () => reloads.after(order, before));
    }
  }

  async #reload(orders: readonly Order[]): Promise<void> {
    const title = vscode.l10n.t('Reloading {0} targets', orders.length);
    const outcomes = await together(orders, title, (order, watching) => this.#reloadOne(order, {}, watching));
    await this.#tell(
      outcomes.map((outcome) => this.#toldOf(outcome)),
      reloadedWords,
    );
  }

  #toldOf({ order, result, error }: Outcome<Told>): Told {
    return result ?? this.#failed(order, error, () => this.#context.single.again(order));
  }

  #failed(order: Order, error: unknown, again: () => Promise<void>): Told {
    if (error instanceof vscode.CancellationError)
      return { order, said: vscode.l10n.t('stopped'), state: 'stopped' };
    const said = error instanceof Error ? error.message : String(error);
    const { log, commands } = this.#context;
    log.error(`${order.target.name}: ${said}`);
    return { order, said, state: 'failed', show: () => commands.failed(error, again) };
  }

  async #tell(told: readonly Told[], words: Words): Promise<void> {
    if (told.every(({ state }) => state === 'stopped')) return;
    const open = told.filter(({ show }) => show !== undefined);
    const fresh = told.filter(({ isNew }) => isNew === true).map(({ order }) => order);
    const details = vscode.l10n.t('Details...');
    const reload = vscode.l10n.t('Reload');
    const ways = open.length > 0 ? [details] : fresh.length > 0 ? [reload] : [];
    const answer = await messageFor(told)(messageOf(told, words), ...ways);
    if (answer === reload) await this.#reload(fresh);
    else if (answer === details) (await choose(open))?.show?.();
  }
}

/** What is said of all, by how many of them it is true. */
type Words = (done: number, all: number) => string;

const uploadedWords: Words = (done, all) =>
  done === all
    ? vscode.l10n.t('Uploaded to {0} targets.', all)
    : vscode.l10n.t('Uploaded to {0} of {1} targets.', done, all);

const provedWords: Words = (done, all) =>
  done === all
    ? vscode.l10n.t('Uploaded to {0} targets and reloaded.', all)
    : vscode.l10n.t('Uploaded to {0} of {1} targets and reloaded.', done, all);

const reloadedWords: Words = (done, all) =>
  done === all
    ? vscode.l10n.t('Reloaded {0} targets.', all)
    : vscode.l10n.t('Reloaded {0} of {1} targets.', done, all);

/** All in one text; errors at length only where there is one, as Details has them all. */
function messageOf(told: readonly Told[], words: Words): string {
  const isLong = told.filter(({ state }) => state === 'failed').length < 2;
  const done = told.filter(({ state }) => state === 'done' || state === 'left').length;
  const sentences = told.map(({ order, said, state }) => {
    const text = state === 'failed' && !isLong ? vscode.l10n.t('failed') : said;
    return `${order.target.name}: ${text.replace(/\.$/, '')}.`;
  });
  return [words(done, told.length), ...sentences].join(' ');
}

function messageFor(told: readonly Told[]) {
  const has = (wanted: Told['state']) => told.some(({ state }) => state === wanted);
  const show = has('failed') ? showErrorMessage : has('left') ? showWarningMessage : showInformationMessage;
  return (message: string, ...ways: string[]) => show(message, ...ways);
}

/** One of those that need a look. */
async function choose(open: readonly Told[]): Promise<Told | undefined> {
  if (open.length < 2) return open[0];
  const items = open.map((told) => ({ label: told.order.target.name, detail: told.said, told }));
  const placeHolder = vscode.l10n.t('Which target?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.told;
}

async function isWanted(count: number, told: readonly Told[]): Promise<boolean> {
  const yes = vscode.l10n.t('Upload');
  const message =
    count === told.length
      ? vscode.l10n.t('Upload to {0} targets?', count)
      : vscode.l10n.t('Upload to {0} of {1} targets?', count, told.length);
  const detail = told.map(({ order, said }) => `${order.target.name}: ${said}`).join('\n');
  return (await showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}

function leftAlone({ conflicts, dryRun }: UploadReport): string {
  if (conflicts.length === 0) return '';
  return dryRun
    ? vscode.l10n.t(', {0} to be left alone', conflicts.length)
    : vscode.l10n.t(', {0} left alone', conflicts.length);
}
