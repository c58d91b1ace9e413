import type { LogRow, PanelTexts } from './messages';

/** What one line means and what to do, then the whole of it, wrapped; beside the list, or below it where the panel is narrow. */
export class DetailView {
  readonly #root: HTMLElement;
  readonly #texts: PanelTexts;
  readonly #onClose: () => void;

  constructor(root: HTMLElement, texts: PanelTexts, onClose: () => void) {
    this.#root = root;
    this.#texts = texts;
    this.#onClose = onClose;
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') onClose();
    });
  }

  show(row: LogRow): void {
    this.#root.hidden = false;
    const words = document.createElement('div');
    words.className = 'words';
    words.append(...this.#explanation(row), line(row));
    this.#root.replaceChildren(words, this.#buttons(row));
    this.#root.scrollTop = 0;
  }

  /** Gives whether it was shown. */
  hide(): boolean {
    if (this.#root.hidden) return false;
    this.#root.hidden = true;
    this.#root.replaceChildren();
    return true;
  }

  #explanation({ explanation }: LogRow): HTMLElement[] {
    if (explanation === undefined) return [];
    const { summary, cause, remedy } = explanation;
    return [paragraph(summary), paragraph(cause, this.#texts.cause), paragraph(remedy, this.#texts.remedy)];
  }

  #buttons({ text }: LogRow): HTMLElement {
    const row = document.createElement('div');
    row.className = 'buttons';
    row.append(
      button(this.#texts.copy, () => void navigator.clipboard.writeText(text)),
      button(this.#texts.close, this.#onClose),
    );
    return row;
  }
}

function line({ text }: LogRow): HTMLElement {
  const element = document.createElement('pre');
  element.textContent = text;
  return element;
}

function paragraph(text: string, heading?: string): HTMLElement {
  const element = document.createElement('p');
  if (heading !== undefined) {
    const strong = document.createElement('strong');
    strong.textContent = `${heading} `;
    element.append(strong);
  }
  element.append(text);
  return element;
}

function button(label: string, run: () => void): HTMLElement {
  const element = document.createElement('button');
  element.className = 'secondary';
  element.textContent = label;
  element.addEventListener('click', run);
  return element;
}
