import * as vscode from 'vscode';
import type { FromUrls, ToUrls, UrlsAction, UrlsState, UrlsTexts } from '../../panels/urls/messages';
import { VIEWS } from '../manifest';
import { PanelView } from '../webviews/panelView';
import { urlsMarkup } from './page';
import type { PanelPlace } from '../webviews/shownView';

/** What a person does in the panel. */
export interface UrlsViewEvents {
  /** The panel appeared, and wants to be filled: with what is known at once, and with what has changed since. */
  readonly onShown: () => void;
  readonly onSelect: (id: number) => void;
  /** `file` is a URI. */
  readonly onOpen: (file: string, line: number) => void;
  readonly onAction: (action: UrlsAction) => void;
}

const ACTIONS: readonly string[] = ['watch', 'record', 'stop'] satisfies readonly UrlsAction[];

/** The panel "URLs": what becomes of each URL, and the steps of the watched one. It keeps nothing itself. */
export class UrlsView {
  readonly #panel: PanelView<FromUrls, ToUrls>;
  readonly #events: UrlsViewEvents;

  constructor({ extensionUri, shown }: PanelPlace, events: UrlsViewEvents) {
    this.#events = events;
    const page = () => ({ name: 'urls', markup: urlsMarkup(texts()), texts: texts() });
    this.#panel = new PanelView(
      { id: VIEWS.urls, extensionUri, page, shown },
      { onReady: events.onShown, onMessage: (message) => this.#onMessage(message) },
    );
  }

  /** Whether somebody looks at it. */
  get isShown(): boolean {
    return this.#panel.isReady;
  }

  show(state: UrlsState): void {
    this.#panel.send({ type: 'state', state });
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #onMessage(message: Exclude<FromUrls, { type: 'ready' }>): void {
    if (message.type === 'select') {
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
    short: { watch: l10n.t('Watch...'), record: l10n.t('Record'), stop: l10n.t('Stop') },
    emptyTitle: l10n.t('See what your .htaccess does to a URL'),
    emptyDetail: l10n.t(
      'Name a URL of the site: every rule shows what it was compared with and what it made of it, while you type. The URLs of your *.urls files are listed here with their outcomes.',
    ),
    noTrace: l10n.t('Choose a URL to see its way through the rules.'),
    expected: l10n.t('expected'),
    failed: l10n.t('{0} of {1} tests fail'),
    passed: l10n.t('All {0} tests pass'),
    nextFailed: l10n.t('Next Failed'),
    more: l10n.t('{0} more are not shown.'),
  };
}
