import '../common/panel.css';
import '../trace/trace.css';
import './urls.css';
import { announce } from '../common/announce';
import { buttonOf, element, made, shortButtonOf, textOf } from '../common/elements';
import { drawTrace, focusedStep, focusStep } from '../trace/view';
import type { FromUrls, ToUrls, UrlRow, UrlsState, UrlsTexts } from './messages';
import { countsOf, nextFailed } from './model';

declare function acquireVsCodeApi(): { readonly postMessage: (message: FromUrls) => void };

/** URLs with their outcomes beside the steps of the watched one. */
class UrlsPanel {
  readonly #send = acquireVsCodeApi().postMessage;
  readonly #texts = JSON.parse(document.body.dataset['texts'] ?? '{}') as UrlsTexts;
  readonly #list = element('urls', HTMLElement);
  readonly #summary = element('summary', HTMLElement);
  readonly #more = element('more', HTMLElement);
  readonly #detail = element('detail', HTMLElement);
  readonly #main = element('main', HTMLElement);
  readonly #empty = element('empty', HTMLElement);
  #state: UrlsState | undefined;

  start(): void {
    this.#empty.append(
      textOf('h2', '', this.#texts.emptyTitle),
      textOf('p', '', this.#texts.emptyDetail),
      this.#buttons(['watch']),
    );
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
    announce(this.#send, ({ data }: MessageEvent<ToUrls>) => this.#show(data.state));
  }

  #show(state: UrlsState): void {
    const before = this.#state?.watched;
    this.#state = state;
    const isEmpty = state.rows.length === 0 && state.heading === '';
    this.#empty.hidden = !isEmpty;
    this.#main.hidden = isEmpty;
    if (isEmpty) return;
    const hadFocus = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...state.rows.map((row) => this.#drawRow(row)));
    // Where none is watched, Tab leads to the first.
    const stop = this.#list.children[Math.max(0, this.#index())];
    if (stop instanceof HTMLElement) stop.tabIndex = 0;
    const watched = this.#list.children[this.#index()];
    if (state.watched !== before) watched?.scrollIntoView({ block: 'nearest' });
    if (hadFocus) this.#focus(this.#index());
    this.#drawSummary(state);
    this.#more.hidden = state.more === 0;
    this.#more.textContent = this.#texts.more.replace('{0}', String(state.more));
    this.#drawDetail(state);
  }

  /** Which tests fail may be below the fold: how many do stands at the top. The words change only with the numbers, as they are read out. */
  #drawSummary({ rows }: UrlsState): void {
    const { tests, failed } = countsOf(rows);
    const words = failed > 0 ? this.#texts.failed.replace('{1}', String(tests)) : this.#texts.passed;
    const text = words.replace('{0}', String(failed > 0 ? failed : tests));
    this.#summary.hidden = tests === 0;
    if (this.#summary.firstElementChild?.textContent === text) return;
    this.#summary.classList.toggle('failed', failed > 0);
    this.#summary.replaceChildren(textOf('span', '', text));
    if (failed > 0) this.#summary.append(buttonOf(this.#texts.nextFailed, () => this.#selectNext()));
  }

  #selectNext(): void {
    const next = this.#state && nextFailed(this.#state);
    if (next !== undefined) this.#send({ type: 'select', id: next });
  }

  #drawRow(row: UrlRow): HTMLElement {
    const isWatched = row.id === this.#state?.watched;
    const item = made(
      'div',
      `url-row ${row.ok === undefined ? (row.tone ?? '') : row.ok ? 'passed' : 'failed'}`,
    );
    item.role = 'option';
    item.tabIndex = -1;
    item.ariaSelected = String(isWatched);
    const expected = row.ok === false ? [`${this.#texts.expected} ${row.expected ?? ''}`] : [];
    item.ariaLabel = [row.request, row.outcome, ...expected].join(', ');
    item.append(textOf('code', 'url-request', row.request), textOf('code', 'url-outcome', row.outcome));
    item.append(...expected.map((text) => textOf('code', 'url-expected', text)));
    item.addEventListener('click', () => this.#send({ type: 'select', id: row.id }));
    return item;
  }

  #drawDetail({ heading, tone, parts }: UrlsState): void {
    const scroll = this.#detail.scrollTop;
    const focused = focusedStep(this.#detail);
    const button = [...this.#detail.querySelectorAll('button')].findIndex(
      (one) => one === document.activeElement,
    );
    const title = textOf('h2', `url-heading ${tone ?? ''}`, heading === '' ? this.#texts.noTrace : heading);
    const buttons = this.#buttons(heading === '' ? ['watch'] : ['watch', 'record', 'stop']);
    const open = ({ file, line }: { file: string; line: number }) => this.#send({ type: 'open', file, line });
    this.#detail.replaceChildren(title, buttons, drawTrace(parts, { label: this.#texts.trace, open }));
    if (focused >= 0) focusStep(this.#detail, focused);
    const after = buttons.querySelectorAll('button');
    if (button >= 0) after[Math.min(button, after.length - 1)]?.focus();
    this.#detail.scrollTop = scroll;
  }

  #buttons(actions: readonly ('watch' | 'record' | 'stop')[]): HTMLElement {
    const bar = made('div', 'buttons');
    for (const action of actions) {
      const label = this.#texts[action];
      const run = (): void => this.#send({ type: 'action', action });
      const isAlone = actions.length === 1;
      bar.append(isAlone ? buttonOf(label, run) : shortButtonOf(label, this.#texts.short[action], run));
    }
    return bar;
  }

  #onKey(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity, Enter: 0, ' ': 0 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const rows = this.#state?.rows ?? [];
    const here = by === 0 ? Math.max(0, this.#index()) : this.#index();
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + by))];
    if (next) this.#send({ type: 'select', id: next.id });
  }

  #index(): number {
    return this.#state?.rows.findIndex((row) => row.id === this.#state?.watched) ?? -1;
  }

  #focus(index: number): void {
    const row = this.#list.children[Math.max(0, index)];
    if (row instanceof HTMLElement) row.focus();
  }
}

new UrlsPanel().start();
