import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { FromPanel, LogRow, PanelStatus, PanelTexts, ToPanel } from '../../panels/log/messages';
import { readSetting, setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { COMMANDS, CONTEXT_KEYS, VIEWS, type CommandId } from '../manifest';
import { logPage } from './page';
import { RowBuffer } from './rowBuffer';

/** Rows in one message: large enough to be quick, small enough not to block the panel. */
const CHUNK = 2000;

const NOTHING: PanelStatus = { kind: 'idle', title: '', detail: '', actions: [] };

/** The panel "FastCGI Log": keeps the lines, and fills the panel again whenever it comes back. */
export class LogView implements vscode.WebviewViewProvider {
  readonly #store = new DisposableStore();
  readonly #root: vscode.Uri;
  readonly #buffer = new RowBuffer(readSetting('fastcgi.log.maximumLines'));
  #view: vscode.WebviewView | undefined;
  #ready = false;
  /** What was asked for while the page was not there; it overrules what the page remembers. */
  #wanted: boolean | undefined;
  #status = NOTHING;

  constructor(extensionUri: vscode.Uri, commands: Commands) {
    this.#root = vscode.Uri.joinPath(extensionUri, 'dist', 'panels');
    this.#store.add(vscode.window.registerWebviewViewProvider(VIEWS.log, this));
    this.#store.add(commands.register('fastcgi.log.pause', () => this.setFollow(false)));
    this.#store.add(commands.register('fastcgi.log.clear', () => this.clear()));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    this.#ready = false;
    webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    const own = new DisposableStore();
    own.add(webview.onDidReceiveMessage((message: FromPanel) => this.#onMessage(message)));
    // The page is thrown away while the panel is hidden; it announces itself again when it is back.
    own.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible && this.#view === view) this.#ready = false;
      }),
    );
    own.add(
      view.onDidDispose(() => {
        own.dispose();
        // Another one may have taken its place already.
        if (this.#view !== view) return;
        this.#view = undefined;
        this.#ready = false;
      }),
    );
    webview.html = this.#page(webview);
  }

  /** Lines as they come from the server. */
  add(lines: readonly string[]): void {
    const rows = this.#buffer.add(lines);
    if (rows.length > 0) this.#sendRows(rows);
  }

  clear(): void {
    this.#buffer.clear();
    this.#sendReset();
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
    this.#store.dispose();
  }

  #onMessage(message: FromPanel): void {
    if (message.type === 'ready') this.#fill();
    else if (message.type === 'follow') this.#setFollow(message.follow);
    else if (message.type === 'action' && isCommand(message.command)) {
      void vscode.commands.executeCommand(message.command);
    }
  }

  #setFollow(follow: boolean): void {
    setContextKey(CONTEXT_KEYS.logPaused, !follow);
  }

  #fill(): void {
    this.#ready = true;
    this.#sendReset();
    this.#send({ type: 'status', status: this.#status });
    this.#sendRows(this.#buffer.rows);
    if (this.#wanted !== undefined) this.#send({ type: 'follow', follow: this.#wanted });
    this.#wanted = undefined;
  }

  #sendReset(): void {
    this.#send({ type: 'reset', maximumLines: readSetting('fastcgi.log.maximumLines') });
  }

  #sendRows(rows: readonly LogRow[]): void {
    for (let at = 0; at < rows.length; at += CHUNK) {
      this.#send({ type: 'rows', rows: rows.slice(at, at + CHUNK) });
    }
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
      texts: texts(),
    });
  }
}

function isCommand(command: string): command is CommandId {
  return Object.hasOwn(COMMANDS, command);
}

function texts(): PanelTexts {
  return {
    filter: vscode.l10n.t('Filter lines'),
    level: vscode.l10n.t('Least important lines to show'),
    levels: {
      error: vscode.l10n.t('Errors'),
      warning: vscode.l10n.t('Warnings and errors'),
      info: vscode.l10n.t('Notices'),
      debug: vscode.l10n.t('Everything'),
    },
    log: vscode.l10n.t('Remote error log'),
    close: vscode.l10n.t('Close'),
    copy: vscode.l10n.t('Copy Line'),
    newest: vscode.l10n.t('Newest line'),
    newLines: vscode.l10n.t('{0} new lines'),
    noMatch: vscode.l10n.t('No line matches the filter.'),
    cause: vscode.l10n.t('Why:'),
    remedy: vscode.l10n.t('What to do:'),
  };
}
