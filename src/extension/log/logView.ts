import * as vscode from 'vscode';
import { explainLine, parseLogLine } from '../../errorlog';
import type { FromPanel, PanelStatus, RowExplanation, ToPanel } from '../../panels/log/messages';
import { readSetting, setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { CONTEXT_KEYS, isCommand, VIEWS } from '../manifest';
import { PanelView } from '../webviews/panelView';
import { Fixes, type FixesContext } from './fixes';
import { IncidentDesk } from './incidentDesk';
import { LogStore } from './logStore';
import { logMarkup } from './page';
import { RowSender } from './rowSender';
import { SeenProblems } from './seenProblems';
import type { SiteFiles } from './siteFiles';
import { panelTexts } from './texts';
import { ShownView } from '../webviews/shownView';

const NOTHING: PanelStatus = { kind: 'idle', title: '', detail: '', actions: [] };

/** Under which the time of the newest line that was seen is kept over a reload of the window. */
const SEEN = 'fastcgi.log.seen';

export interface LogViewContext extends FixesContext {
  readonly extension: vscode.ExtensionContext;
  readonly commands: Commands;
}

/** The panel "FastCGI Log": keeps the lines, and fills the panel again whenever it comes back. */
export class LogView {
  readonly #store = new DisposableStore();
  readonly #panel: PanelView<FromPanel, ToPanel>;
  readonly #memory: vscode.Memento;
  readonly #lines = new LogStore(readSetting('fastcgi.log.maximumLines'));
  readonly #sender = new RowSender(this.#lines, (message) => this.#panel.send(message));
  readonly #desk: IncidentDesk;
  /** What was asked for while the page was not there; it overrules what the page remembers. */
  #wanted: boolean | undefined;
  #wantedIncident: number | undefined;
  #status = NOTHING;
  #zone: number | null = null;
  #deployedAt: number | null = null;
  /** When something came to the server before its lines did: seconds since 1970, by its clock. */
  #deployedBefore: number | undefined;
  #resumed = false;

  constructor(context: LogViewContext) {
    const { extension, commands } = context;
    this.#memory = extension.workspaceState;
    const problems = this.#store.add(new SeenProblems(commands));
    this.#desk = this.#store.add(
      new IncidentDesk({
        store: this.#lines,
        fixes: new Fixes(context),
        problems,
        onChange: () => this.#showIncidents(),
        onOpen: (id) => void this.#open(id),
      }),
    );
    const page = () => ({ name: 'log', markup: logMarkup(panelTexts()), texts: panelTexts() });
    this.#panel = this.#store.add(
      new PanelView(
        {
          id: VIEWS.log,
          extensionUri: extension.extensionUri,
          page,
          shown: new ShownView(extension.workspaceState),
        },
        {
          onReady: () => this.#fill(),
          onMessage: (message) => void commands.guarded(() => this.#onMessage(message)),
          onHidden: () => this.#noteSeen(),
        },
      ),
    );
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('fastcgi.log.maximumLines')) return;
        this.#lines.limit(readSetting('fastcgi.log.maximumLines'));
        if (this.#panel.isReady) this.#fill();
      }),
    );
    this.#store.add(commands.register('fastcgi.log.pause', () => this.setFollow(false)));
    this.#store.add(commands.register('fastcgi.log.clear', () => this.clear()));
  }

  /** Whose lines will come: where its files are in the workspace, and its name. */
  belongTo(files: SiteFiles | undefined, name: string): void {
    this.#desk.belongTo(files, name);
  }

  /** Lines as they come, of the log with this name. */
  add(source: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#lines.add(source, lines);
    if (!this.#resumed) this.#resumeSeen();
    if (!this.#takeZone()) this.#placeDeploy();
    if (this.#panel.isReady) this.#sender.push();
    this.#desk.changed();
  }

  /** All of a log until this moment, seconds since 1970 by the server's clock, has come. */
  written(source: string, seconds: number): void {
    this.#lines.written(source, seconds);
    this.#takeZone();
  }

  /** What the lines tell of the server's zone. False where that is nothing new. */
  #takeZone(): boolean {
    const { zone } = this.#lines;
    if (zone === this.#zone || zone === null) return false;
    this.setZone(zone);
    return true;
  }

  /** A line of our own between the others; none where there are no others. */
  note(text: string): void {
    if (this.#lines.newest < this.#lines.oldest) return;
    this.#lines.note(text, this.#serverNow());
    if (this.#panel.isReady) this.#sender.push();
  }

  /** Something new is on the server from now on: what fails from here on is new. */
  deployed(text: string): void {
    this.note(text);
    this.#deployedBefore = undefined;
    this.#deployedAt = Math.max(1, this.#lines.newest);
    this.#desk.deployed();
    this.#sendFacts();
  }

  /** The same of a moment before the lines came: seconds since 1970, by the server's clock. */
  deployedBefore(seconds: number): void {
    this.#deployedBefore = seconds;
    this.#placeDeploy();
    this.#sendFacts();
  }

  /** Looks for the first row behind it, until one has come; the rows tell the server's local time. */
  #placeDeploy(): void {
    if (this.#deployedBefore === undefined || this.#zone === null || this.#lines.newest === 0) return;
    const last = this.#lines.lastBefore(this.#deployedBefore + this.#zone * 60);
    this.#deployedAt = last + 1;
    this.#desk.deployedBefore(this.#deployedAt);
    if (last < this.#lines.newest) this.#deployedBefore = undefined;
    this.#sendFacts();
  }

  /** Minutes of the server's clock east of UTC. */
  setZone(minutes: number): void {
    this.#zone = minutes;
    this.#placeDeploy();
    this.#sendFacts();
  }

  /** The lines of another server will come. */
  startAnew(): void {
    this.#zone = null;
    this.#lines.forgetZone();
    this.clear();
  }

  clear(): void {
    this.#lines.clear();
    this.#deployedAt = null;
    this.#deployedBefore = undefined;
    this.#sendReset();
    this.#desk.changed();
  }

  setStatus(status: PanelStatus): void {
    this.#status = status;
    this.#panel.send({ type: 'status', status });
  }

  /** Whether the panel sticks to the newest line. */
  setFollow(follow: boolean): void {
    this.#setFollow(follow);
    if (!this.#panel.isReady) this.#wanted = follow;
    this.#panel.send({ type: 'follow', follow });
  }

  dispose(): void {
    this.#noteSeen();
    this.#store.dispose();
  }

  async #onMessage(message: Exclude<FromPanel, { type: 'ready' }>): Promise<void> {
    if (message.type === 'taken') this.#sender.taken(message.id);
    else if (message.type === 'follow') this.#setFollow(message.follow);
    else if (message.type === 'incident') await this.#sendIncident(message.id);
    else if (message.type === 'explain') this.#explain(message.id, message.text);
    else if (message.type === 'fix') await this.#desk.fix(message.incident, message.fix);
    else if (message.type === 'frame') await this.#desk.openFrame(message.file, message.line);
    else if (message.type === 'save') await save(message.text);
    else if (isCommand(message.command)) await vscode.commands.executeCommand(message.command);
  }

  #setFollow(follow: boolean): void {
    setContextKey(CONTEXT_KEYS.logPaused, !follow);
  }

  #fill(): void {
    this.#sendReset();
    this.#sendFacts();
    this.#panel.send({ type: 'status', status: this.#status });
    this.#panel.send({ type: 'incidents', incidents: this.#desk.summaries });
    this.#sender.push();
    if (this.#wanted !== undefined) this.#panel.send({ type: 'follow', follow: this.#wanted });
    if (this.#wantedIncident !== undefined) this.#panel.send({ type: 'open', id: this.#wantedIncident });
    this.#wanted = undefined;
    this.#wantedIncident = undefined;
    this.#showBadge();
  }

  #sendReset(): void {
    const { seenUpTo } = this.#desk;
    const some = seenUpTo > 0 && seenUpTo < this.#lines.newest;
    this.#panel.send({
      type: 'reset',
      maximumLines: readSetting('fastcgi.log.maximumLines'),
      seenUpTo: some ? seenUpTo : -2,
    });
    this.#sender.restart();
  }

  #sendFacts(): void {
    const isUnplaced = this.#deployedAt === null && this.#deployedBefore !== undefined;
    this.#panel.send({ type: 'facts', zone: this.#zone, deployedAt: this.#deployedAt, isUnplaced });
  }

  #showIncidents(): void {
    this.#panel.send({ type: 'incidents', incidents: this.#desk.summaries });
    this.#showBadge();
  }

  async #sendIncident(id: number): Promise<void> {
    const incident = await this.#desk.detail(id);
    if (incident) this.#panel.send({ type: 'incident', incident });
  }

  #explain(id: number, text: string): void {
    const explanation = explainLine(parseLogLine(text));
    this.#panel.send({ type: 'explanation', id, explanation: explanation ? wordsOf(explanation) : null });
  }

  async #open(id: number): Promise<void> {
    if (!this.#panel.isReady) this.#wantedIncident = id;
    await vscode.commands.executeCommand(`${VIEWS.log}.focus`);
    this.#panel.send({ type: 'open', id });
  }

  /** While the panel is hidden, a number on its tab says what happened. */
  #showBadge(): void {
    const count = this.#panel.isReady ? 0 : this.#desk.unseen;
    const tooltip = vscode.l10n.t('{0} new errors in the log', count);
    this.#panel.badge = count === 0 ? undefined : { value: count, tooltip };
  }

  #noteSeen(): void {
    this.#desk.seenUpTo = this.#lines.newest;
    const time = this.#lines.timeOf(this.#lines.newest);
    if (time >= 0) void this.#memory.update(SEEN, time);
  }

  /** After a reload of the window: what had been seen before is not new. */
  #resumeSeen(): void {
    this.#resumed = true;
    const time = this.#memory.get<number>(SEEN);
    if (time === undefined) return;
    this.#desk.seenUpTo = this.#lines.lastUntil(time);
    if (this.#panel.isReady) this.#sendReset();
  }

  /** Now, as the server's clock has it; -1 while its zone is unknown. */
  #serverNow(): number {
    return this.#zone === null ? -1 : Math.floor(Date.now() / 1000) + this.#zone * 60;
  }
}

function wordsOf({ summary, cause, remedy }: RowExplanation): RowExplanation {
  return { summary, cause, remedy };
}

async function save(text: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const place = folder && vscode.Uri.joinPath(folder.uri, 'site.log');
  const uri = await vscode.window.showSaveDialog({
    ...(place && { defaultUri: place }),
    filters: { Log: ['log', 'txt'] },
  });
  if (uri) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}
