import * as vscode from 'vscode';
import type { Fix, Incident } from '../../errorlog';
import type { IncidentDetail, IncidentSummary } from '../../panels/log/messages';
import { readSetting } from '../commands';
import { showWarningMessage } from '../notifications';
import { detailOf, summaryOf, type IncidentContext } from './incidentView';
import type { Fixes } from './fixes';
import { localLogName } from './localLog';
import type { LogStore } from './logStore';
import type { SeenProblems } from './seenProblems';
import type { SiteFiles } from './siteFiles';

/** Milliseconds between two looks at what the lines tell: a flood must not be sorted with every line. */
const PAUSE = 300;

export interface IncidentDeskContext {
  readonly store: LogStore;
  readonly fixes: Fixes;
  readonly problems: SeenProblems;
  /** The incidents are others now. */
  readonly onChange: () => void;
  /** Show one in the panel. */
  readonly onOpen: (id: number) => void;
}

/** What follows from the incidents: the list, what is new after a deploy, one message about it, problems in the editor. */
export class IncidentDesk {
  readonly #context: IncidentDeskContext;
  #files: SiteFiles | undefined;
  #name = '';
  #incidents: readonly Incident[] = [];
  #local = new Set<string>();
  /** Whether an incident was there before the last deploy; undefined where there was none. */
  #isOld: ((incident: Incident) => boolean) | undefined;
  #told = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Rows up to this one have been seen by the reader. */
  seenUpTo = 0;

  constructor(context: IncidentDeskContext) {
    this.#context = context;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Whose log it is: where its files are in the workspace, and its name. */
  belongTo(files: SiteFiles | undefined, name: string): void {
    this.#files = files;
    this.#name = name;
  }

  /** Lines have come. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.#look(), PAUSE);
  }

  /** From now on, what was not known before is new; a person is told of the first of them. */
  deployed(): void {
    this.#files?.forget();
    const known = new Set(this.#context.store.incidents.map(({ id }) => id));
    this.#isOld = ({ id }) => known.has(id);
    this.#told = false;
    this.changed();
  }

  /** The same for a deploy whose place among the rows was found later: this row is the first behind it. Whoever reads on is told nothing. */
  deployedBefore(row: number): void {
    this.#isOld = ({ lines }) => (lines[0]?.id ?? 0) < row;
    this.#told = true;
    this.changed();
  }

  get summaries(): readonly IncidentSummary[] {
    return this.#incidents.map((one) => summaryOf(one, this.#contextOf(one)));
  }

  /** Incidents that the reader has not seen, errors only. */
  get unseen(): number {
    return this.#incidents.filter((one) => one.severity === 'error' && this.#contextOf(one).isUnseen).length;
  }

  async detail(id: number): Promise<IncidentDetail | undefined> {
    const incident = this.#incidents.find((one) => one.id === id);
    if (!incident) return undefined;
    const frames = incident.traceback?.frames ?? [];
    await Promise.all(frames.map(({ file }) => this.#learn(file)));
    return detailOf(incident, {
      context: this.#contextOf(incident),
      isLocal: (path) => this.#local.has(path),
      found: await this.#context.fixes.foundIn(incident, this.#files),
      labels: (fix) => this.#context.fixes.label(fix),
    });
  }

  async fix(id: number, number: number): Promise<void> {
    const incident = this.#incidents.find((one) => one.id === id);
    const fix: Fix | undefined = incident?.fixes[number];
    if (!incident || !fix) return;
    const { request, script } = incident;
    await this.#context.fixes.apply(fix, { files: this.#files, request, script });
  }

  async openFrame(file: string, line: number): Promise<void> {
    await this.#context.fixes.apply({ kind: 'open', path: file, line }, { files: this.#files });
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#incidents = this.#context.store.incidents;
    this.#context.onChange();
    if (this.#files)
      await this.#context.problems.show(this.#incidents, this.#files, (one) => this.#whereSeen(one));
    this.#tell();
  }

  async #learn(file: string): Promise<void> {
    if (!this.#local.has(file) && (await this.#files?.find(file))) this.#local.add(file);
    if (this.#local.size > 2000) this.#local = new Set();
  }

  #contextOf(incident: Incident): IncidentContext {
    const newest = incident.lines.at(-1)?.id ?? 0;
    return {
      source: this.#context.store.sourceOf(newest),
      isNew: this.#isOld?.(incident) === false,
      isUnseen: newest > this.seenUpTo,
    };
  }

  #isLocal(incident: Incident): boolean {
    return this.#contextOf(incident).source === localLogName();
  }

  #whereSeen(incident: Incident): string {
    return this.#isLocal(incident) ? vscode.l10n.t('this machine') : this.#name;
  }

  /** One message for each deploy: the rest is in the panel. What fails on this machine has nothing to do with it. */
  #tell(): void {
    if (this.#told || !readSetting('fastcgi.log.notify')) return;
    const news = this.#incidents.find(
      (one) => one.severity === 'error' && this.#contextOf(one).isNew && !this.#isLocal(one),
    );
    if (!news) return;
    this.#told = true;
    void this.#notify(news);
  }

  async #notify({ id, summary }: Incident): Promise<void> {
    const show = vscode.l10n.t('Show');
    const message = vscode.l10n.t('New on {0} since the last upload or reload: {1}', this.#name, summary);
    if ((await showWarningMessage(message, show)) === show) this.#context.onOpen(id);
  }
}
