import { join } from 'node:path';
import * as vscode from 'vscode';
import { diagnose, reportText, type Report } from '../../diagnosis';
import { examine } from '../../doctor';
import type { DoctorTexts, FromDoctor, ToDoctor } from '../../panels/doctor/messages';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { pathOnDisk, requireTrust } from '../failures';
import { Fixes } from '../log/fixes';
import { SiteFiles } from '../log/siteFiles';
import type { ChosenTarget, FolderTarget } from '../targets/chosenTarget';
import { signalOf, type RemoteSessions } from '../targets/sessions';
import type { ProgramsThere } from '../targets/programsThere';
import type { UrlEvaluator } from '../watch/evaluator';
import { LivePage } from '../webviews/livePage';
import { withProgress } from '../notifications';
import { learnServer } from './learn';

export interface DoctorContext {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly evaluator: UrlEvaluator;
  readonly programsThere: ProgramsThere;
}

/** "Why Is My Site Failing?": examines the target, and shows the report beside the editors. */
export class DoctorFeature {
  readonly #context: DoctorContext;
  readonly #store = new DisposableStore();
  readonly #fixes: Fixes;
  #panel: vscode.WebviewPanel | undefined;
  #page: LivePage<FromDoctor, ToDoctor> | undefined;
  #report: Report | undefined;
  #one: FolderTarget | undefined;

  constructor(context: DoctorContext) {
    this.#context = context;
    const { sessions, evaluator, programsThere } = context;
    this.#fixes = new Fixes({ sessions, evaluator, programsThere, current: () => this.#one });
    this.#store.add(context.commands.register('fastcgi.doctor', () => this.#examine()));
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#store.dispose();
  }

  async #examine(): Promise<void> {
    requireTrust();
    const one = await this.#context.chosen.need();
    this.#one = one;
    const title = vscode.l10n.t('Looking for what is wrong with {0}', one.target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const report = await withProgress(options, async (progress, token) => {
      const onStep = (message: string) => progress.report({ message });
      const seen = await this.#observe(one, { onStep, signal: signalOf(token) });
      this.#context.programsThere.examined(one, seen.dispatcher);
      return diagnose(seen);
    });
    this.#report = report;
    this.#show();
  }

  #observe(one: FolderTarget, { onStep, signal }: { onStep: (text: string) => void; signal: AbortSignal }) {
    const { folder, project, target } = one;
    const local = pathOnDisk(folder);
    return examine({
      folder: local,
      documentRoot: join(local, project.documentRoot),
      project,
      target,
      signal,
      onStep,
      use: (work) => this.#context.sessions.use(target, signal, work),
    }).catch((error: unknown) => {
      throw signal.aborted ? new vscode.CancellationError() : error;
    });
  }

  #show(): void {
    if (this.#panel) {
      this.#panel.reveal();
      this.#send();
      return;
    }
    const title = vscode.l10n.t('Why Is My Site Failing?');
    const panel = vscode.window.createWebviewPanel('fastcgi.doctor', title, vscode.ViewColumn.Active);
    this.#panel = panel;
    const { extensionUri, commands } = this.#context;
    const content = () => ({ name: 'doctor', markup: '<main id="report"></main>', texts: texts() });
    const page = new LivePage<FromDoctor, ToDoctor>(
      panel.webview,
      { extensionUri, page: content },
      {
        onReady: () => this.#send(),
        onMessage: (message) => void commands.guarded(() => this.#onMessage(message)),
      },
    );
    this.#page = page;
    panel.onDidChangeViewState(() => page.setVisible(panel.visible));
    panel.onDidDispose(() => {
      page.dispose();
      this.#panel = this.#page = undefined;
    });
  }

  async #onMessage(message: Exclude<FromDoctor, { type: 'ready' }>): Promise<void> {
    if (message.type === 'again') await this.#examine();
    else if (message.type === 'learn') await this.#learn();
    else if (message.type === 'fix') await this.#fix(message.finding, message.remedy);
    else if (this.#report) {
      const text = message.type === 'copy' ? reportText(this.#report) : JSON.stringify(this.#report, null, 2);
      await vscode.env.clipboard.writeText(text);
    }
  }

  async #fix(finding: number, remedy: number): Promise<void> {
    const one = this.#one;
    const fix = this.#report?.findings[finding]?.remedies[remedy]?.fix;
    if (one && fix) await this.#fixes.apply(fix, { files: new SiteFiles(one, [one.target.path]) });
  }

  async #learn(): Promise<void> {
    if (this.#one) await learnServer(this.#one, this.#context.sessions);
  }

  #send(): void {
    if (!this.#report) return;
    const { target, verdict, findings } = this.#report;
    const isWell = !findings.some(({ severity }) => severity === 'error' || severity === 'warning');
    this.#page?.send({
      type: 'report',
      report: {
        heading: vscode.l10n.t('Why is {0} failing?', target),
        verdict,
        isWell,
        findings: findings.map(({ severity, title, why, evidence, remedies }) => ({
          severity,
          title,
          why,
          evidence,
          remedies: remedies.map(({ text, fix }) => ({
            text,
            // It is what is being read.
            button: (fix && fix.kind !== 'doctor' && this.#fixes.label(fix)) || null,
          })),
        })),
      },
    });
  }
}

function texts(): DoctorTexts {
  return {
    why: vscode.l10n.t('Why:'),
    evidence: vscode.l10n.t('Evidence'),
    fine: vscode.l10n.t('In order'),
    again: vscode.l10n.t('Examine Again'),
    learn: vscode.l10n.t('Learn the Server…'),
    copy: vscode.l10n.t('Copy as Text'),
    copyJson: vscode.l10n.t('Copy as JSON'),
    severities: {
      error: vscode.l10n.t('Error'),
      warning: vscode.l10n.t('Warning'),
      info: vscode.l10n.t('Information'),
      ok: vscode.l10n.t('In order'),
    },
  };
}
