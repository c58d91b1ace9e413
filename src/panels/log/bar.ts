import { element } from '../common/elements';
import { LOUDNESS, type Loudness, type PanelMemory, type PanelTexts } from './messages';

/** Milliseconds for which a filter that is being typed waits. */
const TYPING = 120;

/** What the bar says; the rest of a panel's memory belongs to the lists. */
export type BarState = Omit<PanelMemory, 'follow' | 'topRow' | 'incident'>;

export interface BarEvents {
  readonly onChange: () => void;
  /** From the filter into the list. */
  readonly onDown: () => void;
  readonly onSave: () => void;
}

/** The row of controls above the lists. */
export class Bar {
  readonly #texts: PanelTexts;
  readonly #events: BarEvents;
  readonly #filter = element('filter', HTMLInputElement);
  readonly #level = element('level', HTMLSelectElement);
  readonly #source = element('source', HTMLSelectElement);
  readonly #toggles = {
    regex: element('regex', HTMLButtonElement),
    matchCase: element('case', HTMLButtonElement),
    sinceDeploy: element('since', HTMLButtonElement),
    localTime: element('local', HTMLButtonElement),
  };
  readonly #tabs = {
    incidents: element('tab-incidents', HTMLButtonElement),
    lines: element('tab-lines', HTMLButtonElement),
  };
  #view: BarState['view'] = 'incidents';
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: PanelTexts, events: BarEvents) {
    this.#texts = texts;
    this.#events = events;
    this.#filter.addEventListener('input', () => this.#soon());
    this.#filter.addEventListener('keydown', (event) => this.#onFilterKey(event));
    for (const select of [this.#level, this.#source]) select.addEventListener('change', events.onChange);
    for (const toggle of Object.values(this.#toggles))
      toggle.addEventListener('click', () => this.#toggle(toggle));
    for (const view of ['incidents', 'lines'] as const) {
      this.#tabs[view].addEventListener('click', () => this.showView(view));
      this.#tabs[view].addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowLeft' || key === 'ArrowRight') this.#otherTab();
      });
    }
    element('save', HTMLButtonElement).addEventListener('click', events.onSave);
  }

  get state(): BarState {
    return {
      view: this.#view,
      filter: this.#filter.value,
      regex: isOn(this.#toggles.regex),
      matchCase: isOn(this.#toggles.matchCase),
      level: LOUDNESS.find((one) => one === this.#level.value) ?? 'debug',
      source: this.#source.value,
      sinceDeploy: isOn(this.#toggles.sinceDeploy),
      localTime: isOn(this.#toggles.localTime),
    };
  }

  set state(state: BarState) {
    this.#filter.value = state.filter;
    this.#level.value = state.level;
    if (state.source !== '') this.setSources([state.source]);
    this.#source.value = state.source;
    setOn(this.#toggles.regex, state.regex);
    setOn(this.#toggles.matchCase, state.matchCase);
    setOn(this.#toggles.sinceDeploy, state.sinceDeploy);
    setOn(this.#toggles.localTime, state.localTime);
    this.#mark(state.view);
  }

  /** Incidents or lines. */
  showView(view: BarState['view']): void {
    this.#mark(view);
    this.#events.onChange();
  }

  /** The logs of which there are lines; one that was chosen stays. */
  setSources(names: readonly string[]): void {
    const chosen = this.#source.value;
    const all = [...new Set([...names, ...(chosen === '' ? [] : [chosen])])];
    const known = [...this.#source.options].slice(1).map(({ value }) => value);
    this.#source.hidden = all.length < 2 && chosen === '';
    if (all.join('\n') === known.join('\n')) return;
    this.#source.replaceChildren(
      new Option(this.#texts.allSources, ''),
      ...all.map((name) => new Option(name, name)),
    );
    this.#source.value = chosen;
  }

  /** Number of incidents, on its tab. */
  setCount(count: number): void {
    this.#tabs.incidents.textContent =
      count === 0 ? this.#texts.incidents : `${this.#texts.incidents} (${count})`;
  }

  /** Whether there is a deploy, or one without a place among the rows; whether the server's clock is known. */
  setFacts(deploy: 'none' | 'unplaced' | 'placed', zone: number | null): void {
    const { noDeploy, unplaced, sinceDeploy } = this.#texts;
    this.#toggles.sinceDeploy.disabled = deploy !== 'placed';
    this.#toggles.sinceDeploy.title = { none: noDeploy, unplaced, placed: sinceDeploy }[deploy];
    this.#toggles.localTime.disabled = zone === null;
    this.#toggles.localTime.title = zone === null ? this.#texts.zoneUnknown : this.#texts.localTime;
  }

  setProblem(wrong: boolean): void {
    this.#filter.classList.toggle('wrong', wrong);
    this.#filter.setAttribute('aria-invalid', String(wrong));
    this.#filter.title = wrong ? this.#texts.badPattern : this.#texts.filterHelp;
  }

  /** Words of its own, as those that a button puts there. */
  setFilter(words: string): void {
    this.#filter.value = words;
    setOn(this.#toggles.regex, false);
    this.#events.onChange();
  }

  setLevel(level: Loudness): void {
    this.#level.value = level;
  }

  focusFilter(): void {
    this.#filter.focus();
    this.#filter.select();
  }

  #mark(view: BarState['view']): void {
    this.#view = view;
    for (const [name, tab] of Object.entries(this.#tabs)) {
      tab.setAttribute('aria-selected', String(name === view));
      tab.tabIndex = name === view ? 0 : -1;
    }
  }

  #otherTab(): void {
    this.showView(this.#view === 'lines' ? 'incidents' : 'lines');
    this.#tabs[this.#view].focus();
  }

  #toggle(button: HTMLButtonElement): void {
    setOn(button, !isOn(button));
    this.#events.onChange();
  }

  #soon(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(this.#events.onChange, TYPING);
  }

  #onFilterKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#filter.value = '';
      this.#events.onChange();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.#events.onDown();
    }
  }
}

function isOn(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true';
}

function setOn(button: HTMLButtonElement, on: boolean): void {
  button.setAttribute('aria-pressed', String(on));
}
