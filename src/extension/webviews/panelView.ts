import * as vscode from 'vscode';
import { DisposableStore } from '../disposables';
import { LivePage, type PageEvents, type PageSource } from './livePage';
import type { ShownView } from './shownView';

/** A view that is a page of ours. What is sent while there is no page goes nowhere: it is filled when it announces itself. */
export class PanelView<From extends { readonly type: string }, To> implements vscode.WebviewViewProvider {
  readonly #id: string;
  readonly #shown: ShownView | undefined;
  readonly #source: PageSource;
  readonly #events: PageEvents<From>;
  readonly #registration: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  #page: LivePage<From, To> | undefined;
  #badge: vscode.ViewBadge | undefined;

  constructor(
    { id, shown, ...source }: PageSource & { id: string; shown?: ShownView | undefined },
    events: PageEvents<From>,
  ) {
    this.#id = id;
    this.#shown = shown;
    this.#source = source;
    this.#events = events;
    this.#registration = vscode.window.registerWebviewViewProvider(id, this);
  }

  /** Whether the page is there: what is sent now arrives, and somebody looks at it. */
  get isReady(): boolean {
    return this.#page?.isReady === true;
  }

  /** The number on the view's tab. */
  set badge(badge: vscode.ViewBadge | undefined) {
    this.#badge = badge;
    if (this.#view) this.#view.badge = badge;
  }

  send(message: To): void {
    this.#page?.send(message);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#page?.dispose();
    const page = new LivePage<From, To>(view.webview, this.#source, this.#events);
    this.#view = view;
    this.#page = page;
    const own = new DisposableStore();
    own.add(page);
    own.add(
      view.onDidChangeVisibility(() => {
        page.setVisible(view.visible);
        this.#shown?.note(this.#id, view.visible);
      }),
    );
    this.#shown?.note(this.#id, true);
    own.add(view.onDidDispose(() => this.#forget(view, own)));
    view.badge = this.#badge;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#page?.dispose();
  }

  /** Another one may have taken its place already. */
  #forget(view: vscode.WebviewView, own: DisposableStore): void {
    own.dispose();
    if (this.#view !== view) return;
    this.#view = undefined;
    this.#page = undefined;
  }
}
