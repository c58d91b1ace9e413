import * as vscode from 'vscode';
import type { FastcgiModule } from '../../deploy/moduleProbe';
import type { Target } from '../../project';
import { DisposableStore } from '../disposables';
import type { CommandId } from '../manifest';
import type { Projects } from '../projects';
import { addressOf, type ChosenTarget, type FolderTarget } from './chosenTarget';

/** What has been done with a target in this window. Times are local times of day. */
interface TargetRecord {
  readonly reloadedAt?: string;
  readonly uploadedAt?: string;
  /** Why the last work failed; absent once something succeeded. */
  readonly failure?: string;
  /** What runs its programs, where that is known. */
  readonly module?: FastcgiModule;
  /** Milliseconds since 1970 until which the server does not start the program. */
  readonly backedOffUntil?: number;
}

/** What has just been done with a target. */
export interface Deployed {
  readonly target: Target;
  readonly kind: 'upload' | 'rollback' | 'reload';
}

/** The status-bar item of the target: its name, whether something is being done with it, when it was last; a click reloads it. */
export class TargetItem {
  readonly #store = new DisposableStore();
  readonly #chosen: ChosenTarget;
  readonly #item: vscode.StatusBarItem;
  readonly #records = new Map<string, TargetRecord>();
  readonly #deployed = this.#store.add(new vscode.EventEmitter<Deployed>());
  #working = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Fires after an upload, a roll back or a reload has succeeded. */
  readonly onDidDeploy = this.#deployed.event;

  constructor(projects: Projects, chosen: ChosenTarget) {
    this.#chosen = chosen;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('target', vscode.StatusBarAlignment.Left, 2),
    );
    this.#item.name = vscode.l10n.t('FastCGI Target');
    const refresh = () => this.#refresh();
    this.#store.add(projects.onDidChange(refresh));
    this.#store.add(chosen.onDidChange(refresh));
    this.#store.add(vscode.window.onDidChangeActiveTextEditor(refresh));
    this.#refresh();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#store.dispose();
  }

  /** Spins while the work goes on, and shows until the next work that it failed. */
  async busy<Result>(target: Target, work: () => Thenable<Result>): Promise<Result> {
    this.#working += 1;
    this.#refresh();
    try {
      const result = await work();
      this.#record(target, {});
      return result;
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) this.#record(target, { failure: messageOf(error) });
      throw error;
    } finally {
      this.#working -= 1;
      this.#refresh();
    }
  }

  /** The server has given the program up for so long; the item counts down. */
  backedOff(target: Target, seconds: number): void {
    this.#record(target, { backedOffUntil: Date.now() + 1000 * seconds });
    this.#tick();
  }

  /** The program has been brought back. */
  revived(target: Target): void {
    this.#record(target, { backedOffUntil: 0, reloadedAt: now() });
  }

  /** A reload has just succeeded. */
  reloaded(target: Target): void {
    this.#record(target, { reloadedAt: now() });
    this.#deployed.fire({ target, kind: 'reload' });
  }

  /** An upload has just changed something there. */
  uploaded(target: Target): void {
    this.#record(target, { uploadedAt: now() });
    this.#deployed.fire({ target, kind: 'upload' });
  }

  /** An earlier state has just been brought back. */
  rolledBack(target: Target): void {
    this.#record(target, {});
    this.#deployed.fire({ target, kind: 'rollback' });
  }

  /** What runs its programs has been found out. */
  runBy(target: Target, module: FastcgiModule): void {
    const before = this.#records.get(keyOf(target)) ?? {};
    this.#records.set(keyOf(target), { ...before, module });
    this.#refresh();
  }

  /** Looks again while something is counted down, and stops by itself. */
  #tick(): void {
    clearTimeout(this.#timer);
    const counting = [...this.#records.values()].some(isBackedOff);
    if (counting && !this.#store.isDisposed) this.#timer = setTimeout(() => this.#tick(), 5000);
    this.#refresh();
  }

  #record(target: Target, news: TargetRecord): void {
    const { failure: _, ...before } = this.#records.get(keyOf(target)) ?? {};
    this.#records.set(keyOf(target), { ...before, ...news });
    this.#refresh();
  }

  #refresh(): void {
    if (this.#store.isDisposed) return;
    const current = this.#chosen.current();
    if (!current) {
      this.#item.hide();
      return;
    }
    this.#show(current);
    this.#item.show();
  }

  #show({ target }: FolderTarget): void {
    const { name } = target;
    const record = this.#records.get(keyOf(target)) ?? {};
    const busy = this.#working > 0;
    const icon = busy ? '$(sync~spin)' : record.failure === undefined ? '$(server)' : '$(warning)';
    const silent = isBackedOff(record);
    this.#item.text =
      silent && !busy
        ? `$(clock) ${vscode.l10n.t('{0}: backed off until {1}', name, timeOfDay(record.backedOffUntil))}`
        : [icon, name, record.reloadedAt].filter((part) => part !== undefined).join(' ');
    this.#item.command = busy ? undefined : silent ? 'fastcgi.recover' : 'fastcgi.reload';
    this.#item.backgroundColor = silent
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.tooltip = tooltip(target, record);
    this.#item.accessibilityInformation = { label: labelOf(name, busy, record), role: 'button' };
  }
}

function labelOf(name: string, busy: boolean, { failure }: TargetRecord): string {
  if (busy) return vscode.l10n.t('Working on {0}', name);
  return failure === undefined
    ? vscode.l10n.t('Reload the dispatcher on {0}', name)
    : vscode.l10n.t('The last work on {0} failed. Reload the dispatcher', name);
}

function tooltip(target: Target, record: TargetRecord): vscode.MarkdownString {
  const links = linksOf(record);
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: links.map(([command]) => command) };
  text.appendText(vscode.l10n.t('Click to reload {0}', target.name));
  // As code: a user name and a host would otherwise look like a mail address and become a link.
  text.appendMarkdown(`\n\n${code(`${addressOf(target)}:${target.path}`)}`);
  for (const line of linesOf(record)) {
    text.appendMarkdown('\n\n');
    text.appendText(line);
  }
  text.appendMarkdown(`\n\n${links.map(([command, title]) => `[${title}](command:${command})`).join(' · ')}`);
  return text;
}

/** What can be done with a target, with its titles. */
function linksOf({ module }: TargetRecord): readonly (readonly [CommandId, string])[] {
  return [
    ['fastcgi.reload', vscode.l10n.t('Reload')],
    ['fastcgi.uploadProject', vscode.l10n.t('Upload Project')],
    ['fastcgi.rollback', vscode.l10n.t('Roll Back')],
    ['fastcgi.recover', vscode.l10n.t('Recover')],
    ['fastcgi.log.follow', vscode.l10n.t('Follow Log')],
    ['fastcgi.chooseTarget', vscode.l10n.t('Choose Target')],
    ...(module === undefined
      ? [['fastcgi.findModule', vscode.l10n.t('Find Out What Runs Programs')] as const]
      : []),
  ];
}

function isBackedOff({ backedOffUntil = 0 }: TargetRecord): boolean {
  return backedOffUntil > Date.now();
}

function timeOfDay(milliseconds = 0): string {
  return new Date(milliseconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function linesOf(record: TargetRecord): string[] {
  const { reloadedAt, uploadedAt, failure, module, backedOffUntil = 0 } = record;
  const seconds = Math.ceil((backedOffUntil - Date.now()) / 1000);
  const lines = [
    isBackedOff(record)
      ? vscode.l10n.t('The server starts the program again in {0} s; Recover does it at once.', seconds)
      : undefined,
    failure,
    uploadedAt && vscode.l10n.t('Last uploaded at {0}.', uploadedAt),
    reloadedAt && vscode.l10n.t('Last reloaded at {0}.', reloadedAt),
    module && moduleLine(module),
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? [vscode.l10n.t('Nothing was done with it in this window yet.')] : lines;
}

function moduleLine(module: FastcgiModule): string {
  return module === 'none'
    ? vscode.l10n.t('Its server has neither mod_fcgid nor mod_fastcgi.')
    : vscode.l10n.t('Its programs are run by {0}.', module);
}

/** An inline code span; a backtick inside would end it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

function now(): string {
  return timeOfDay(Date.now());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function keyOf({ name, ssh, path }: Target): string {
  return JSON.stringify([name, ssh, path]);
}
