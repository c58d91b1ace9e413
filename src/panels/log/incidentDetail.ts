import { buttonOf, made, textOf } from '../common/elements';
import type { Clock } from './clock';
import { paragraph } from './detail';
import type { FrameView, IncidentDetail, PanelTexts } from './messages';

export interface IncidentDetailEvents {
  readonly onFix: (fix: number) => void;
  readonly onFrame: (frame: FrameView) => void;
  /** Show these lines among the others. */
  readonly onLines: (first: number) => void;
  readonly onBack: () => void;
}

/** Everything about one incident: what happened, why, what to do, where, and the lines that say so. */
export class IncidentDetailView {
  readonly #root: HTMLElement;
  readonly #texts: PanelTexts;
  readonly #clock: Clock;
  readonly #events: IncidentDetailEvents;
  #shown: IncidentDetail | undefined;

  constructor(root: HTMLElement, of: { texts: PanelTexts; clock: Clock; events: IncidentDetailEvents }) {
    this.#root = root;
    this.#texts = of.texts;
    this.#clock = of.clock;
    this.#events = of.events;
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') of.events.onBack();
    });
  }

  /** The incident that is shown. */
  get shown(): number | undefined {
    return this.#shown?.id;
  }

  /** An incident that is shown already keeps its place on the screen and the keyboard. */
  show(incident: IncidentDetail): void {
    const same = this.#shown?.id === incident.id;
    if (same && JSON.stringify(this.#shown) === JSON.stringify(incident)) return;
    const top = same ? this.#root.scrollTop : 0;
    const focused =
      same && this.#root.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    this.#shown = incident;
    this.#root.replaceChildren(...this.#parts(incident));
    this.#root.scrollTop = top;
    if (focused === undefined || focused === null) return;
    [...this.#root.querySelectorAll('button')].find(({ textContent }) => textContent === focused)?.focus();
  }

  /** Nothing is chosen, or there is nothing. */
  clear(words: string): void {
    this.#shown = undefined;
    this.#root.replaceChildren(textOf('p', 'hint', words));
  }

  #parts(incident: IncidentDetail): HTMLElement[] {
    const { cause, remedy, found, also } = incident;
    return [
      buttonOf(this.#texts.back, this.#events.onBack, 'secondary back'),
      textOf('h2', incident.severity, incident.summary),
      textOf('p', 'facts', this.#facts(incident)),
      ...(found.length === 0 ? [] : [list(this.#texts.found, found, 'found')]),
      paragraph(cause, this.#texts.cause),
      paragraph(remedy, this.#texts.remedy),
      this.#buttons(incident),
      ...(incident.frames.length === 0 ? [] : [this.#stack(incident)]),
      ...(also.length === 0 ? [] : [list(this.#texts.also, also, 'also')]),
      this.#lines(incident),
    ];
  }

  #facts({ count, first, last, request, status, clients }: IncidentDetail): string {
    const times = count === 1 ? this.#texts.once : this.#texts.times.replace('{0}', String(count));
    const from = this.#clock.moment(first, last);
    const to = this.#clock.moment(last, last);
    const seen = [
      ...(from === '' || from === to ? [] : [this.#texts.firstTime.replace('{0}', from)]),
      ...(to === '' ? [] : [this.#texts.lastTime.replace('{0}', to)]),
    ];
    const answer = status === null || request === '' ? request : `${request} → ${status}`;
    return [[times, ...seen].join(', '), answer, clients.join(', ')]
      .filter((part) => part !== '')
      .join('  ·  ');
  }

  #buttons(incident: IncidentDetail): HTMLElement {
    const buttons = made('div', 'buttons');
    buttons.append(
      ...incident.fixes.map(({ id, label }, at) =>
        buttonOf(label, () => this.#events.onFix(id), at === 0 ? '' : 'secondary'),
      ),
      buttonOf(this.#texts.copyReport, () => void navigator.clipboard.writeText(this.#report(incident))),
    );
    return buttons;
  }

  #stack({ frames }: IncidentDetail): HTMLElement {
    const section = made('section', 'stack');
    const steps = made('ol');
    for (const frame of [...frames].reverse()) {
      const step = made('li');
      if (frame.isLink) step.append(buttonOf(frame.label, () => this.#events.onFrame(frame), 'link'));
      else step.append(textOf('span', 'foreign', frame.label));
      steps.append(step);
    }
    section.append(textOf('h3', '', this.#texts.stack), steps);
    return section;
  }

  #lines({ lines }: IncidentDetail): HTMLElement {
    const section = made('section', 'evidence');
    const [first] = lines;
    section.append(
      textOf('h3', '', this.#texts.evidence),
      textOf('pre', '', lines.map(({ text }) => text).join('\n')),
    );
    if (first) section.append(buttonOf(this.#texts.showLines, () => this.#events.onLines(first.id)));
    return section;
  }

  /** What somebody else needs who is to help. */
  #report(incident: IncidentDetail): string {
    const { summary, cause, remedy, frames, lines } = incident;
    const stack = frames.map(({ label }) => `  ${label}`);
    return [
      summary,
      this.#facts(incident),
      `${this.#texts.cause} ${cause}`,
      `${this.#texts.remedy} ${remedy}`,
      ...stack,
      '',
      ...lines.map(({ text }) => text),
      '',
    ].join('\n');
  }
}

function list(heading: string, items: readonly string[], className: string): HTMLElement {
  const section = made('section', className);
  const all = made('ul');
  all.append(...items.map((item) => textOf('li', '', item)));
  section.append(textOf('h3', '', heading), all);
  return section;
}
