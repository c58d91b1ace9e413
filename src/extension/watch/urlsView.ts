import * as vscode from 'vscode';
import type { FromUrls, ToUrls, UrlsAction, UrlsState, UrlsTexts } from '../../panels/urls/messages';
import { DisposableStore } from '../disposables';
import { VIEWS } from '../manifest';
import { urlsPage } from './page';

/** What a person does in the panel. */
export interface UrlsViewEvents {
  /** The panel appeared, and wants to be filled. */
  readonly onShown: () => void;
  readonly onSelect: (id: number) => void;
  /** `file` is a URI. */
  readonly onOpen: (file: string, line: number) => void;
  readonly onAction: (action: UrlsAction) => void;
}

const ACTIONS: readonly string[] = ['watch', 'record', 'stop'] satisfies readonly UrlsAction[];

/** The panel "URLs": what becomes of each URL, and the steps of the watched one. It keeps nothing itself. */
export class UrlsView implements vscode.WebviewViewProvider {
  readonly #store = new DisposableStore();
  readonly #root: vscode.Uri;
  readonly #events: UrlsViewEvents;
  #view: vscode.WebviewView | undefined;
  #ready = false;

  constructor(extensionUri: vscode.Uri, events: UrlsViewEvents) {
    this.#root = vscode.Uri.joinPath(extensionUri, 'dist', 'panels');
    this.#events = events;
    this.#store.add(vscode.window.registerWebviewViewProvider(VIEWS.urls, this));
  }

  /** Whether somebody looks at it. */
  get isShown(): boolean {
    return this.#ready && this.#view?.visible === true;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    this.#ready = false;
    webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    const own = new DisposableStore();
    own.add(webview.onDidReceiveMessage((message: FromUrls) => this.#onMessage(message)));
    own.add(
      view.onDidChangeVisibility(() => {
        // The page is thrown away while it is hidden, and announces itself again.
        if (!view.visible) this.#ready = false;
      }),
    );
    own.add(
      view.onDidDispose(() => {
        own.dispose();
        if (this.#view === view) this.#view = undefined;
      }),
    );
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#root, name)).toString();
    webview.html = urlsPage({
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID(),
      script: resource('urls.js'),
      style: resource('urls.css'),
      texts: texts(),
    });
  }

  show(state: UrlsState): void {
    const message: ToUrls = { type: 'state', state };
    // A webview has one listener, no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onMessage(message: FromUrls): void {
    if (message.type === 'ready') {
      this.#ready = true;
      this.#events.onShown();
    } else if (message.type === 'select') {
      if (typeof message.id === 'number') this.#events.onSelect(message.id);
    } else if (message.type === 'open') {
      if (typeof message.file === 'string' && typeof message.line === 'number')
        this.#events.onOpen(message.file, message.line);
    } else if (ACTIONS.includes(message.action)) this.#events.onAction(message.action);
  }
}

function texts(): UrlsTexts {
  const { l10n } = vscode;
  return {
    url: l10n.t('URL'),
    outcome: l10n.t('Outcome'),
    list: l10n.t('URLs and what becomes of them'),
    trace: l10n.t('Steps of the watched URL'),
    watch: l10n.t('Watch a URL...'),
    record: l10n.t('Record as URL Test'),
    stop: l10n.t('Stop Watching'),
    emptyTitle: l10n.t('See what your .htaccess does to a URL'),
    emptyDetail: l10n.t(
      'Name a URL of the site: every rule shows what it was compared with and what it made of it, while you type. The URLs of your *.urls files are listed here with their outcomes.',
    ),
    noTrace: l10n.t('Choose a URL to see its way through the rules.'),
    expected: l10n.t('expected'),
    more: l10n.t('{0} more are not shown.'),
  };
}
