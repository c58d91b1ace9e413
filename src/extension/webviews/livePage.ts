import * as vscode from 'vscode';
import { DisposableStore } from '../disposables';
import { pageHtml, type PageParts } from './page';

/** A page of ours: `dist/panels/NAME.js` and `NAME.css`, its markup, and the texts of its script. */
export interface PanelPage extends Pick<PageParts, 'markup' | 'texts'> {
  readonly name: string;
}

export interface PageSource {
  readonly extensionUri: vscode.Uri;
  readonly page: () => PanelPage;
}

type Ready = { readonly type: 'ready' };

export interface PageEvents<From> {
  /** The page is there, knows nothing, and wants to be filled with all there is to show. */
  readonly onReady: () => void;
  readonly onMessage: (message: Exclude<From, Ready>) => void;
  /** The page is gone until the next `onReady`. */
  readonly onHidden?: () => void;
}

/** Milliseconds that a page has to announce itself before it is loaded anew; twice as many each further time. */
const PATIENCE = 10_000;

/** How often it is loaded anew: where VS Code shows no page at all, it is not tried for ever. */
const MOST_RELOADS = 4;

/**
 * A page of ours in a webview. Its script announces itself with `{type: 'ready'}` whenever VS Code has loaded it: at first, and
 * each time the webview is shown again. Only then it is sent something, all there is at first. VS Code may fail to hand the
 * script over, on a busy machine say, and tells nobody: a page that stays silent while it can be seen is loaded anew.
 */
export class LivePage<From extends { readonly type: string }, To> {
  readonly #webview: vscode.Webview;
  readonly #source: PageSource;
  readonly #events: PageEvents<From>;
  readonly #store = new DisposableStore();
  #ready = false;
  #reloads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(webview: vscode.Webview, source: PageSource, events: PageEvents<From>) {
    this.#webview = webview;
    this.#source = source;
    this.#events = events;
    this.#store.add(webview.onDidReceiveMessage((message: From) => this.#onMessage(message)));
    this.#load();
  }

  /** Whether what is sent now arrives. */
  get isReady(): boolean {
    return this.#ready;
  }

  send(message: To): void {
    // A webview has one listener, no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (this.#ready) void this.#webview.postMessage(message);
  }

  /** VS Code throws the page away when it is hidden, and loads it by itself when it is shown. */
  setVisible(visible: boolean): void {
    if (visible) this.#expect();
    else this.#hide();
  }

  dispose(): void {
    this.#store.dispose();
    this.#hide();
  }

  #load(): void {
    const { extensionUri, page } = this.#source;
    const { name, markup, texts } = page();
    const root = vscode.Uri.joinPath(extensionUri, 'dist', 'panels');
    const resource = (file: string) => this.#webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
    this.#webview.options = { enableScripts: true, localResourceRoots: [root] };
    this.#webview.html = pageHtml({
      cspSource: this.#webview.cspSource,
      // Another one each time: VS Code loads only what differs from what it has.
      nonce: crypto.randomUUID(),
      script: resource(`${name}.js`),
      style: resource(`${name}.css`),
      markup,
      texts,
    });
    this.#expect();
  }

  #expect(): void {
    clearTimeout(this.#timer);
    if (this.#ready || this.#store.isDisposed || this.#reloads === MOST_RELOADS) return;
    this.#timer = setTimeout(() => this.#reload(), PATIENCE * 2 ** this.#reloads);
  }

  #reload(): void {
    this.#reloads += 1;
    this.#load();
  }

  #hide(): void {
    clearTimeout(this.#timer);
    if (!this.#ready) return;
    this.#ready = false;
    this.#events.onHidden?.();
  }

  #onMessage(message: From): void {
    if (!isReady(message)) return this.#events.onMessage(message as Exclude<From, Ready>);
    clearTimeout(this.#timer);
    this.#reloads = 0;
    this.#ready = true;
    this.#events.onReady();
  }
}

function isReady({ type }: { readonly type: string }): boolean {
  return type === 'ready';
}
