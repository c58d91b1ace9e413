import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { explainLine, parseLogLine } from '../../errorlog';
import type { FromPanel, PanelStatus, RowExplanation, ToPanel } from '../../panels/log/messages';
import { readSetting, setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { CONTEXT_KEYS, VIEWS } from '../manifest';
import { Fixes, isCommand, type FixesContext } from './fixes';
import { IncidentDesk } from './incidentDesk';
import { LogStore } from './logStore';
import { logPage } from './page';
import { RowSender } from './rowSender';
import { SeenProblems } from './seenProblems';
import type { SiteFiles } from './siteFiles';
import { panelTexts } from './texts';

const NOTHING: PanelStatus = { kind: 'idle', title: '', detail: '', actions: [] };

/** Under which the time of the newest line that was seen is kept over a reload of the window. */
const SEEN = 'fastcgi.log.seen';

export interface LogViewContext extends FixesContext {
  readonly extension: vscode.ExtensionContext;
  readonly commands: Commands;
}

/** The panel "FastCGI Log": keeps the lines, and fills the panel again whenever it comes back. */
export class LogView implements vscode.WebviewViewProvider {
  readonly #store = new DisposableStore();
  readonly #root: vscode.Uri;
  readonly #memory: vscode.Memento;
  readonly #commands: Commands;
  readonly #lines = new LogStore(readSetting('fastcgi.log.maximumLines'));
  readonly #sender = new RowSender(this.#lines, (message) => this.#send(message));
  readonly #desk: IncidentDesk;
  #view: vscode.WebviewView | undefined;
  #ready = false;
  /** What was asked for while the page was not there; it overrules what the page remembers. */
  #wanted: boolean | undefined;
  #wantedIncident: number | undefined;
  #status = NOTHING;
  #zone: number | null = null;
  #deployedAt: number | null = null;
  #resumed = false;

  constructor(context: LogViewContext) {
    const { extension, commands } = context;
    this.#root = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'panels');
    this.#memory = extension.workspaceState;
    this.#commands = commands;
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
    this.#store.add(vscode.window.registerWebviewViewProvider(VIEWS.log, this));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('fastcgi.log.maximumLines')) return;
        this.#lines.limit(readSetting('fastcgi.log.maximumLines'));
        if (this.#ready) this.#fill();
      }),
    );
    this.#store.add(commands.register('fastcgi.log.pause', () => this.setFollow(false)));
    this.#store.add(commands.register('fastcgi.log.clear', () => this.clear()));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    this.#ready = false;
    webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    const own = new DisposableStore();
    own.add(
      webview.onDidReceiveMessage((message: FromPanel) => {
        void this.#commands.guarded(() => this.#onMessage(message));
      }),
    );
    // The page is thrown away while the panel is hidden; it announces itself again when it is back.
    own.add(
      view.onDidChangeVisibility(() => {
        if (view.visible || this.#view !== view) return;
        this.#ready = false;
        this.#noteSeen();
      }),
    );
    own.add(
      view.onDidDispose(() => {
        own.dispose();
        // Another one may have taken its place already.
        if (this.#view !== view) return;
        this.#noteSeen();
        this.#view = undefined;
        this.#ready = false;
      }),
    );
    webview.html = this.#page(webview);
    this.#showBadge();
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
    if (this.#lines.zone !== this.#zone && this.#lines.zone !== null) this.setZone(this.#lines.zone);
    if (this.#ready) this.#sender.push();
    this.#desk.changed();
  }

  /** A line of our own between the others; none where there are no others. */
  note(text: string): void {
    if (this.#lines.newest < this.#lines.oldest) return;
    this.#lines.note(text, this.#serverNow());
    if (this.#ready) this.#sender.push();
  }

  /** Something new is on the server from now on: what fails from here on is new. */
  deployed(text: string): void {
    this.note(text);
    this.#deployedAt = Math.max(1, this.#lines.newest);
    this.#desk.deployed();
    this.#sendFacts();
  }

  /** Minutes of the server's clock east of UTC. */
  setZone(minutes: number): void {
    this.#zone = minutes;
    this.#sendFacts();
  }

  clear(): void {
    this.#lines.clear();
    this.#deployedAt = null;
    this.#sendReset();
    this.#desk.changed();
  }

  setStatus(status: PanelStatus): void {
    this.#status = status;
    this.#send({ type: 'status', status });
  }

  /** Whether the panel sticks to the newest line. */
  setFollow(follow: boolean): void {
    this.#setFollow(follow);
    if (!this.#ready) this.#wanted = follow;
    this.#send({ type: 'follow', follow });
  }

  dispose(): void {
    this.#noteSeen();
    this.#store.dispose();
  }

  async #onMessage(message: FromPanel): Promise<void> {
    if (message.type === 'ready') this.#fill();
    else if (message.type === 'taken') this.#sender.taken(message.id);
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
    this.#ready = true;
    this.#sendReset();
    this.#sendFacts();
    this.#send({ type: 'status', status: this.#status });
    this.#send({ type: 'incidents', incidents: this.#desk.summaries });
    this.#sender.push();
    if (this.#wanted !== undefined) this.#send({ type: 'follow', follow: this.#wanted });
    if (this.#wantedIncident !== undefined) this.#send({ type: 'open', id: this.#wantedIncident });
    this.#wanted = undefined;
    this.#wantedIncident = undefined;
  }

  #sendReset(): void {
    const { seenUpTo } = this.#desk;
    const some = seenUpTo > 0 && seenUpTo < this.#lines.newest;
    this.#send({
      type: 'reset',
      maximumLines: readSetting('fastcgi.log.maximumLines'),
      seenUpTo: some ? seenUpTo : -2,
    });
    this.#sender.restart();
  }

  #sendFacts(): void {
    this.#send({ type: 'facts', zone: this.#zone, deployedAt: this.#deployedAt });
  }

  #showIncidents(): void {
    this.#send({ type: 'incidents', incidents: this.#desk.summaries });
    this.#showBadge();
  }

  async #sendIncident(id: number): Promise<void> {
    const incident = await this.#desk.detail(id);
    if (incident) this.#send({ type: 'incident', incident });
  }

  #explain(id: number, text: string): void {
    const explanation = explainLine(parseLogLine(text));
    this.#send({ type: 'explanation', id, explanation: explanation ? wordsOf(explanation) : null });
  }

  async #open(id: number): Promise<void> {
    if (!this.#ready) this.#wantedIncident = id;
    await vscode.commands.executeCommand(`${VIEWS.log}.focus`);
    this.#send({ type: 'open', id });
  }

  /** While the panel is hidden, a number on its tab says what happened. */
  #showBadge(): void {
    const view = this.#view;
    if (!view) return;
    const count = view.visible && this.#ready ? 0 : this.#desk.unseen;
    const tooltip = vscode.l10n.t('{0} new errors in the log', count);
    view.badge = count === 0 ? undefined : { value: count, tooltip };
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
    if (this.#ready) this.#sendReset();
  }

  /** Now, as the server's clock has it; -1 while its zone is unknown. */
  #serverNow(): number {
    return this.#zone === null ? -1 : Math.floor(Date.now() / 1000) + this.#zone * 60;
  }

  #send(message: ToPanel): void {
    // A webview has one listener, no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }

  #page(webview: vscode.Webview): string {
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#root, name)).toString();
    return logPage({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      script: resource('log.js'),
      style: resource('log.css'),
      texts: panelTexts(),
    });
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
