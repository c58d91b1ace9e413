import { buttonOf, made, shortButtonOf, textOf } from '../common/elements';
import type { TracePlace } from '../trace/messages';
import {
  REQUEST_ACTIONS,
  type RequestAction,
  type RequestDetail,
  type RequestRow,
  type RequestsTexts,
  type Tab,
} from './messages';
import { drawTabs } from './tabs';

export interface DetailEvents {
  readonly onClose: () => void;
  readonly onAct: (action: RequestAction, id: number) => void;
  readonly onOpen: (place: TracePlace) => void;
  readonly onTab: (tab: Tab) => void;
}

/** Everything about the selected request; beside the list, or below it where the panel is narrow. */
export class DetailView {
  readonly #root: HTMLElement;
  readonly #texts: RequestsTexts;
  readonly #events: DetailEvents;
  #tab: Tab | null;
  #shown: number | null = null;

  constructor(root: HTMLElement, texts: RequestsTexts, options: DetailEvents & { readonly tab: Tab | null }) {
    this.#root = root;
    this.#texts = texts;
    this.#events = options;
    this.#tab = options.tab;
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') options.onClose();
    });
  }

  /** The request that is shown, or asked for. */
  get shown(): number | null {
    return this.#shown;
  }

  /** What the list knows, until the rest has come. */
  announce(row: RequestRow): void {
    this.#shown = row.id;
    this.#root.hidden = false;
    if (row.tone !== 'pending') return;
    const heading = made('div', 'heading');
    heading.append(textOf('h2', 'title', `${row.method} ${row.url}`), this.#closeButton());
    this.#root.replaceChildren(heading, textOf('p', 'nothing', this.#texts.pending));
  }

  show(detail: RequestDetail): void {
    if (detail.id !== this.#shown) return;
    const heading = made('div', 'heading');
    heading.append(textOf('h2', 'title', detail.title), this.#closeButton());
    const tabs = drawTabs(detail, this.#tab ?? firstTab(detail), {
      texts: this.#texts,
      open: this.#events.onOpen,
      onChoose: (tab) => {
        this.#tab = tab;
        this.#events.onTab(tab);
      },
    });
    this.#root.replaceChildren(heading, this.#buttons(detail), tabs);
  }

  /** Gives whether it was shown. */
  hide(): boolean {
    this.#shown = null;
    if (this.#root.hidden) return false;
    this.#root.hidden = true;
    this.#root.replaceChildren();
    return true;
  }

  #buttons({ id, rule }: RequestDetail): HTMLElement {
    const row = made('div', 'buttons');
    const actions = REQUEST_ACTIONS.filter((action) => action !== 'rule' || rule !== undefined);
    const { actions: labels, shortActions } = this.#texts;
    for (const action of actions) {
      const run = (): void => this.#events.onAct(action, id);
      row.append(shortButtonOf(labels[action], shortActions[action], run));
    }
    return row;
  }

  #closeButton(): HTMLElement {
    const button = buttonOf('×', this.#events.onClose, 'close');
    button.ariaLabel = this.#texts.close;
    button.title = this.#texts.close;
    return button;
  }
}

/** What went wrong comes first, until the reader chooses. */
function firstTab({ failure, errors }: RequestDetail): Tab {
  return failure !== '' || errors.length > 0 ? 'errors' : 'headers';
}
