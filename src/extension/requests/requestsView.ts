import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  REQUEST_ACTIONS,
  type FromRequests,
  type RequestAction,
  type RequestDetail,
  type RequestRow,
  type RequestsStatus,
  type ToRequests,
} from '../../panels/requests/messages';
import { DisposableStore } from '../disposables';
import { COMMANDS, VIEWS, type CommandId } from '../manifest';
import { requestsPage } from './page';
import { requestsTexts } from './texts';

/** Rows in one message. */
const CHUNK = 500;

/** Where the view gets what it shows, and what it asks for. */
export interface RequestsSource {
  /** All rows, oldest first. */
  readonly rows: () => readonly RequestRow[];
  readonly status: () => RequestsStatus;
  /** Undefined for a request that is not answered yet, or forgotten. */
  readonly detail: (id: number) => RequestDetail | undefined;
  readonly act: (action: RequestAction, id: number) => void;
  readonly open: (file: string, line: number) => void;
}

/** The panel "FastCGI Requests". It is filled again whenever it comes back, and keeps nothing itself. */
export class RequestsView implements vscode.WebviewViewProvider {
  readonly #store = new DisposableStore();
  readonly #root: vscode.Uri;
  readonly #source: RequestsSource;
  #view: vscode.WebviewView | undefined;
  #ready = false;
  #wanted: number | undefined;

  constructor(extensionUri: vscode.Uri, source: RequestsSource) {
    this.#root = vscode.Uri.joinPath(extensionUri, 'dist', 'panels');
    this.#source = source;
    this.#store.add(vscode.window.registerWebviewViewProvider(VIEWS.requests, this));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    this.#ready = false;
    webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    const own = new DisposableStore();
    own.add(webview.onDidReceiveMessage((message: FromRequests) => this.#onMessage(message)));
    own.add(
      view.onDidChangeVisibility(() => {
        // The page is thrown away while it is hidden, and announces itself again.
        if (!view.visible && this.#view === view) this.#ready = false;
      }),
    );
    own.add(
      view.onDidDispose(() => {
        own.dispose();
        if (this.#view === view) this.#view = undefined;
      }),
    );
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#root, name)).toString();
    webview.html = requestsPage({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      script: resource('requests.js'),
      style: resource('requests.css'),
      texts: requestsTexts(),
    });
  }

  /** New rows, and rows that have changed. */
  put(rows: readonly RequestRow[], oldest: number): void {
    if (rows.length > 0) this.#send({ type: 'rows', rows });
    this.#send({ type: 'oldest', id: oldest });
  }

  /** Everything has changed. */
  fill(): void {
    this.#send({ type: 'reset' });
    this.#send({ type: 'status', status: this.#source.status() });
    const rows = this.#source.rows();
    for (let at = 0; at < rows.length; at += CHUNK) {
      this.#send({ type: 'rows', rows: rows.slice(at, at + CHUNK) });
    }
  }

  showStatus(): void {
    this.#send({ type: 'status', status: this.#source.status() });
  }

  /** Selects a request as soon as the page is there and knows it. */
  select(id: number): void {
    if (this.#ready) this.#send({ type: 'select', id });
    else this.#wanted = id;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onMessage(message: FromRequests): void {
    if (message.type === 'ready') this.#onReady();
    else if (message.type === 'selected') this.#sendDetail(message.id);
    else if (message.type === 'act') this.#act(message);
    else if (message.type === 'open') this.#open(message);
    else if (message.type === 'action' && isCommand(message.command)) {
      void vscode.commands.executeCommand(message.command);
    }
  }

  #onReady(): void {
    this.#ready = true;
    this.fill();
    if (this.#wanted !== undefined) this.#send({ type: 'select', id: this.#wanted });
    this.#wanted = undefined;
  }

  #sendDetail(id: number): void {
    const detail = this.#source.detail(id);
    if (detail) this.#send({ type: 'detail', detail });
  }

  #act({ action, id }: { readonly action: string; readonly id: number }): void {
    const known = REQUEST_ACTIONS.find((one) => one === action);
    if (known) this.#source.act(known, id);
  }

  #open({ file, line }: { readonly file: unknown; readonly line: unknown }): void {
    if (typeof file === 'string' && typeof line === 'number') this.#source.open(file, line);
  }

  #send(message: ToRequests): void {
    // A webview has one listener, no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }
}

function isCommand(command: string): command is CommandId {
  return Object.hasOwn(COMMANDS, command);
}
