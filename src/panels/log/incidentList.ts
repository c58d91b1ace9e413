import { made, textOf } from '../common/elements';
import type { Clock } from './clock';
import type { IncidentSummary, PanelTexts } from './messages';

export interface IncidentListEvents {
  readonly onSelect: (id: number) => void;
}

/** The incidents, newest first, two lines each; one of them is selected. */
export class IncidentList {
  readonly #root: HTMLElement;
  readonly #texts: PanelTexts;
  readonly #clock: Clock;
  readonly #events: IncidentListEvents;
  #incidents: readonly IncidentSummary[] = [];
  #selected: number | null = null;

  constructor(root: HTMLElement, of: { texts: PanelTexts; clock: Clock; events: IncidentListEvents }) {
    this.#root = root;
    this.#texts = of.texts;
    this.#clock = of.clock;
    this.#events = of.events;
    root.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get selected(): number | null {
    return this.#selected;
  }

  get length(): number {
    return this.#incidents.length;
  }

  /** Shows these, and keeps the keyboard where it was. */
  show(incidents: readonly IncidentSummary[]): void {
    const focused = this.#root.contains(document.activeElement);
    const top = this.#root.scrollTop;
    this.#incidents = incidents;
    const today = Math.max(0, ...incidents.map(({ last }) => last));
    this.#root.replaceChildren(...incidents.map((one) => this.#card(one, today)));
    this.#root.scrollTop = top;
    if (focused) this.#focusSelected();
  }

  /** Marks one; tells nobody. */
  mark(id: number | null): void {
    this.#selected = id;
    this.show(this.#incidents);
  }

  focus(): void {
    if (this.#selected === null) this.#move(0);
    else this.#focusSelected();
  }

  #card(one: IncidentSummary, today: number): HTMLElement {
    const selected = one.id === this.#selected;
    const card = made('div', `incident ${one.severity}`);
    card.classList.toggle('selected', selected);
    card.classList.toggle('unseen', one.isUnseen);
    card.dataset['id'] = String(one.id);
    card.setAttribute('role', 'option');
    card.setAttribute('aria-selected', String(selected));
    card.tabIndex = selected || (this.#selected === null && one === this.#incidents[0]) ? 0 : -1;
    const head = made('div', 'head');
    const icon = made('span', 'icon');
    icon.title = this.#texts.severities[one.severity];
    icon.setAttribute('role', 'img');
    icon.setAttribute('aria-label', this.#texts.severities[one.severity]);
    head.append(
      icon,
      textOf('span', 'summary', one.summary),
      ...(one.isNew ? [textOf('span', 'new', this.#texts.isNew)] : []),
    );
    card.append(head, textOf('div', 'facts', this.#facts(one, today)));
    card.addEventListener('click', () => this.#select(one.id));
    return card;
  }

  #facts({ count, last, request, place, source }: IncidentSummary, today: number): string {
    const times = count === 1 ? this.#texts.once : this.#texts.times.replace('{0}', String(count));
    const when = this.#clock.moment(last, today);
    const seen = when === '' ? times : `${times}, ${this.#texts.lastTime.replace('{0}', when)}`;
    return [seen, place, request, source].filter((part) => part !== '').join('  ·  ');
  }

  #select(id: number): void {
    this.mark(id);
    this.#focusSelected();
    this.#events.onSelect(id);
  }

  #focusSelected(): void {
    const card =
      this.#root.querySelector<HTMLElement>('.incident.selected') ??
      this.#root.querySelector<HTMLElement>('.incident');
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: 'nearest' });
  }

  #onKey(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    this.#move(by);
  }

  #move(by: number): void {
    const current = this.#incidents.findIndex(({ id }) => id === this.#selected);
    const place = Math.max(0, Math.min(this.#incidents.length - 1, current < 0 ? 0 : current + by));
    const one = this.#incidents[place];
    if (one) this.#select(one.id);
  }
}
