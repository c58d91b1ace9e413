import * as vscode from 'vscode';
import { DisposableStore } from '../disposables';
import { pageHtml, type PageParts } from './page';

/** A page of ours: `dist/panels/NAME.js` and `NAME.css`, its markup, and the texts of its script. */
export interface PanelPage extends Pick<PageParts, 'markup' | 'texts'> {
  readonly name: string;
}

export interface PanelEvents<From> {
  /** The page is there, knows nothing, and wants to be filled. */
  readonly onReady: () => void;
  readonly onMessage: (message: From) => void;
  /** The page is gone until the next `onReady`. */
  readonly onHidden?: () => void;
}

/** Puts a page of ours into a webview; it may load nothing but its own script and style. */
export function fillWebview(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { name, markup, texts }: PanelPage,
): void {
  const root = vscode.Uri.joinPath(extensionUri, 'dist', 'panels');
  const resource = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID(),
    script: resource(`${name}.js`),
    style: resource(`${name}.css`),
    markup,
    texts,
  });
}

/**
 * A view that is a page of ours. VS Code throws the page away while it is hidden; a page that comes back announces itself with
 * `{type: 'ready'}`. What is sent while there is none goes nowhere.
 */
export class PanelView<From extends { readonly type: string }, To> implements vscode.WebviewViewProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #page: () => PanelPage;
  readonly #events: PanelEvents<Exclude<From, { readonly type: 'ready' }>>;
  readonly #registration: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  #ready = false;
  #badge: vscode.ViewBadge | undefined;

  constructor(
    { id, extensionUri, page }: { id: string; extensionUri: vscode.Uri; page: () => PanelPage },
    events: PanelEvents<Exclude<From, { readonly type: 'ready' }>>,
  ) {
    this.#extensionUri = extensionUri;
    this.#page = page;
    this.#events = events;
    this.#registration = vscode.window.registerWebviewViewProvider(id, this);
  }

  /** Whether what is sent now arrives. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Whether somebody looks at it. */
  get isShown(): boolean {
    return this.#ready && this.#view?.visible === true;
  }

  /** The number on the view's tab. */
  set badge(badge: vscode.ViewBadge | undefined) {
    this.#badge = badge;
    if (this.#view) this.#view.badge = badge;
  }

  send(message: To): void {
    // A webview has one listener, no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    const own = new DisposableStore();
    own.add(view.webview.onDidReceiveMessage((message: From) => this.#onMessage(message)));
    own.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.#hide(view);
      }),
    );
    own.add(
      view.onDidDispose(() => {
        own.dispose();
        this.#hide(view);
        if (this.#view === view) this.#view = undefined;
      }),
    );
    fillWebview(view.webview, this.#extensionUri, this.#page());
    view.badge = this.#badge;
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** Another one may have taken its place already. */
  #hide(view: vscode.WebviewView): void {
    if (this.#view !== view) return;
    this.#ready = false;
    this.#events.onHidden?.();
  }

  #onMessage(message: From): void {
    if (isReady(message)) {
      this.#ready = true;
      this.#events.onReady();
    } else this.#events.onMessage(message as Exclude<From, { readonly type: 'ready' }>);
  }
}

function isReady({ type }: { readonly type: string }): boolean {
  return type === 'ready';
}
