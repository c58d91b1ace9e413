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
import { isCommand, VIEWS } from '../manifest';
import { PanelView } from '../webviews/panelView';
import { requestsMarkup } from './page';
import { requestsTexts } from './texts';
import type { PanelPlace } from '../webviews/shownView';

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
export class RequestsView {
  readonly #panel: PanelView<FromRequests, ToRequests>;
  readonly #source: RequestsSource;
  #wanted: number | undefined;

  constructor({ extensionUri, shown }: PanelPlace, source: RequestsSource) {
    this.#source = source;
    const texts = requestsTexts();
    const page = () => ({ name: 'requests', markup: requestsMarkup(texts), texts });
    this.#panel = new PanelView(
      { id: VIEWS.requests, extensionUri, page, shown },
      { onReady: () => this.#onReady(), onMessage: (message) => this.#onMessage(message) },
    );
  }

  /** New rows, and rows that have changed. */
  put(rows: readonly RequestRow[], oldest: number): void {
    if (rows.length > 0) this.#panel.send({ type: 'rows', rows });
    this.#panel.send({ type: 'oldest', id: oldest });
  }

  /** Everything has changed. */
  fill(): void {
    this.#panel.send({ type: 'reset' });
    this.#panel.send({ type: 'status', status: this.#source.status() });
    const rows = this.#source.rows();
    for (let at = 0; at < rows.length; at += CHUNK) {
      this.#panel.send({ type: 'rows', rows: rows.slice(at, at + CHUNK) });
    }
  }

  showStatus(): void {
    this.#panel.send({ type: 'status', status: this.#source.status() });
  }

  /** Selects a request as soon as the page is there and knows it. */
  select(id: number): void {
    if (this.#panel.isReady) this.#panel.send({ type: 'select', id });
    else this.#wanted = id;
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #onMessage(message: Exclude<FromRequests, { type: 'ready' }>): void {
    if (message.type === 'selected') this.#sendDetail(message.id);
    else if (message.type === 'act') this.#act(message);
    else if (message.type === 'open') this.#open(message);
    else if (message.type === 'action' && isCommand(message.command)) {
      void vscode.commands.executeCommand(message.command);
    }
  }

  #onReady(): void {
    this.fill();
    if (this.#wanted !== undefined) this.#panel.send({ type: 'select', id: this.#wanted });
    this.#wanted = undefined;
  }

  #sendDetail(id: number): void {
    const detail = this.#source.detail(id);
    if (detail) this.#panel.send({ type: 'detail', detail });
  }

  #act({ action, id }: { readonly action: string; readonly id: number }): void {
    const known = REQUEST_ACTIONS.find((one) => one === action);
    if (known) this.#source.act(known, id);
  }

  #open({ file, line }: { readonly file: unknown; readonly line: unknown }): void {
    if (typeof file === 'string' && typeof line === 'number') this.#source.open(file, line);
  }
}
