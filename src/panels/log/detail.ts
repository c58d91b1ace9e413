import { buttonOf, made, textOf } from '../common/elements';
import { sameRequest } from './filter';
import type { LogRow, PanelTexts, RowExplanation } from './messages';

export interface DetailEvents {
  readonly onClose: () => void;
  /** Show only lines with these words. */
  readonly onOnly: (words: string) => void;
}

/** What one line means and what to do, then the whole of it, wrapped; beside the list, or below it where the panel is narrow. */
export class DetailView {
  readonly #root: HTMLElement;
  readonly #texts: PanelTexts;
  readonly #events: DetailEvents;
  #shown = -1;

  constructor(root: HTMLElement, texts: PanelTexts, events: DetailEvents) {
    this.#root = root;
    this.#texts = texts;
    this.#events = events;
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') events.onClose();
    });
  }

  show(row: LogRow): void {
    this.#shown = row.id;
    this.#root.hidden = false;
    const words = made('div', 'words');
    words.append(textOf('pre', '', row.text));
    this.#root.replaceChildren(words, this.#buttons(row));
    this.#root.scrollTop = 0;
  }

  /** Puts the meaning of a line over it, if it is still the one that is shown. */
  explain(id: number, explanation: RowExplanation | null): void {
    if (id !== this.#shown || explanation === null) return;
    const { summary, cause, remedy } = explanation;
    const words = this.#root.querySelector('.words');
    words?.prepend(
      textOf('p', '', summary),
      paragraph(cause, this.#texts.cause),
      paragraph(remedy, this.#texts.remedy),
    );
  }

  /** Gives whether it was shown. */
  hide(): boolean {
    if (this.#root.hidden) return false;
    this.#shown = -1;
    this.#root.hidden = true;
    this.#root.replaceChildren();
    return true;
  }

  #buttons(row: LogRow): HTMLElement {
    const { client, pid } = sameRequest(row);
    const { copy, onlyRequest, onlyProcess, close } = this.#texts;
    const only = (label: string, words: string) => buttonOf(label, () => this.#events.onOnly(words));
    const buttons = made('div', 'buttons');
    buttons.append(
      buttonOf(copy, () => void navigator.clipboard.writeText(row.text)),
      ...(client === undefined ? [] : [only(onlyRequest, `client:${client}`)]),
      ...(pid === undefined ? [] : [only(onlyProcess, `pid:${pid}`)]),
      buttonOf(close, this.#events.onClose),
    );
    return buttons;
  }
}

/** A paragraph with a bold beginning. */
export function paragraph(text: string, heading: string): HTMLElement {
  const element = made('p');
  element.append(textOf('strong', '', `${heading} `), text);
  return element;
}
