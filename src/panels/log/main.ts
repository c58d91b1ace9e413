import '../common/panel.css';
import './rows.css';
import { DetailView } from './detail';
import { drawRow } from './row';
import { LOUDNESS, type Loudness, type PanelMemory, type PanelTexts, type ToPanel } from './messages';
import type { FromPanel, LogRow, PanelStatus } from './messages';
import { LogModel } from './model';
import { element } from '../common/elements';
import { VirtualList } from '../common/virtualList';

interface Host {
  readonly postMessage: (message: FromPanel) => void;
  readonly getState: () => PanelMemory | undefined;
  readonly setState: (state: PanelMemory) => void;
}

declare function acquireVsCodeApi(): Host;

/** Milliseconds for which a filter that is being typed waits. */
const TYPING = 120;

/** States in which no line comes until somebody does something. */
const STANDING: ReadonlySet<PanelStatus['kind']> = new Set(['idle', 'failed']);

const FRESH: PanelMemory = { filter: '', level: 'debug', follow: true, topRow: null };

/** The whole panel: bar, list, details, and the message that stands where there are no lines. */
class LogPanel {
  readonly #host: Host;
  readonly #send: Host['postMessage'];
  readonly #memory: PanelMemory;
  readonly #texts = JSON.parse(document.body.dataset['texts'] ?? '{}') as PanelTexts;
  readonly #model = new LogModel(1000);
  readonly #filter = element('filter', HTMLInputElement);
  readonly #level = element('level', HTMLSelectElement);
  readonly #log = element('log', HTMLElement);
  readonly #newer = element('newer', HTMLButtonElement);
  readonly #detail = new DetailView(element('detail', HTMLElement), this.#texts, () => this.#closeDetail());
  readonly #list = new VirtualList<LogRow>(this.#log, {
    draw: drawRow,
    onEnd: (atEnd) => this.#reportFollow(atEnd),
    onSelect: (row) => this.#onSelect(row),
  });
  #status: PanelStatus | undefined;
  #unseen = 0;
  #pendingTop: number | null;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#send = host.postMessage;
    this.#memory = host.getState() ?? FRESH;
    this.#pendingTop = this.#memory.topRow;
  }

  start(): void {
    this.#filter.value = this.#memory.filter;
    this.#level.value = this.#memory.level;
    this.#list.stick(this.#memory.follow);
    this.#model.filter(this.#memory.filter, this.#memory.level);
    this.#listen();
    this.#send({ type: 'ready' });
    this.#send({ type: 'follow', follow: this.#memory.follow });
  }

  #listen(): void {
    this.#filter.addEventListener('input', () => this.#filterSoon());
    this.#filter.addEventListener('keydown', (event) => this.#onFilterKey(event));
    this.#level.addEventListener('change', () => this.#applyFilter());
    this.#log.addEventListener('keydown', (event) => this.#onListKey(event));
    this.#log.addEventListener('scroll', () => this.#remember(), { passive: true });
    this.#newer.addEventListener('click', () => this.#setFollow(true));
    window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => this.#onMessage(data));
  }

  #onMessage(message: ToPanel): void {
    if (message.type === 'reset') this.#reset(message.maximumLines);
    else if (message.type === 'rows') this.#append(message.rows);
    else if (message.type === 'status') this.#showStatus(message.status);
    else this.#setFollow(message.follow);
  }

  #reset(maximumLines: number): void {
    this.#model.reset(maximumLines);
    this.#unseen = 0;
    this.#closeDetail();
    this.#show(0);
  }

  #append(rows: readonly LogRow[]): void {
    const before = this.#model.visible.length;
    const added = this.#model.append(rows);
    if (!this.#list.sticks) this.#unseen += added;
    this.#show(before + added - this.#model.visible.length);
    this.#restorePlace();
  }

  /** After the panel was hidden: back to the line that was at the top. */
  #restorePlace(): void {
    if (this.#pendingTop === null || this.#list.sticks) return;
    const index = this.#model.indexOf(this.#pendingTop);
    if (index >= this.#model.visible.length) return;
    this.#list.revealAtTop(index);
    this.#pendingTop = null;
    this.#unseen = 0;
    this.#showNewer();
  }

  #show(goneFromFront: number): void {
    this.#showArea();
    this.#list.show(this.#model.visible, goneFromFront);
    this.#showNewer();
  }

  /** Lines, or one message that says why there are none and what to do; beside lines it is a strip above them. */
  #showArea(): void {
    const lines = this.#model.visible.length > 0;
    const filtered = this.#model.size > 0;
    this.#log.hidden = !lines;
    element('empty', HTMLElement).hidden = lines;
    const { title = '', detail = '', actions = [] } = this.#status ?? {};
    element('empty-title', HTMLElement).textContent = filtered ? this.#texts.noMatch : title;
    element('empty-detail', HTMLElement).textContent = filtered ? '' : detail;
    element('empty-actions', HTMLElement).replaceChildren(...this.#buttons(filtered ? [] : actions));
    this.#showNotice(filtered && this.#status !== undefined && STANDING.has(this.#status.kind));
  }

  #showNotice(shown: boolean): void {
    const { kind, title = '', detail = '', actions = [] } = this.#status ?? {};
    const notice = element('notice', HTMLElement);
    notice.hidden = !shown;
    notice.classList.toggle('failed', kind === 'failed');
    element('notice-text', HTMLElement).textContent = shown ? `${title}: ${detail}` : '';
    element('notice-actions', HTMLElement).replaceChildren(...this.#buttons(shown ? actions : []));
  }

  #buttons(actions: PanelStatus['actions']): HTMLElement[] {
    // While all is well, the way out is not what a reader is looking for.
    const isCalm = this.#status === undefined || !STANDING.has(this.#status.kind);
    return actions.map((action, at) => this.#button(action, isCalm || at > 0));
  }

  #button({ label, command }: PanelStatus['actions'][number], secondary: boolean): HTMLElement {
    const button = document.createElement('button');
    button.textContent = label;
    button.classList.toggle('secondary', secondary);
    button.addEventListener('click', () => this.#send({ type: 'action', command }));
    return button;
  }

  #showStatus(status: PanelStatus): void {
    this.#status = status;
    const state = element('state', HTMLElement);
    state.className = `state ${status.kind}`;
    state.textContent = status.title;
    state.title = status.detail;
    // It stands in large letters elsewhere.
    state.hidden = STANDING.has(status.kind);
    this.#showArea();
  }

  #showNewer(): void {
    this.#newer.hidden = this.#list.sticks || this.#model.visible.length === 0;
    const { newest, newLines } = this.#texts;
    this.#newer.textContent = this.#unseen === 0 ? newest : newLines.replace('{0}', String(this.#unseen));
  }

  #setFollow(follow: boolean): void {
    if (follow !== this.#list.sticks) this.#list.stick(follow);
    this.#reportFollow(follow);
  }

  #reportFollow(follow: boolean): void {
    if (follow) this.#unseen = 0;
    this.#showNewer();
    this.#remember();
    this.#send({ type: 'follow', follow });
  }

  #filterSoon(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#applyFilter(), TYPING);
  }

  #applyFilter(): void {
    const top = this.#list.topRow;
    this.#model.filter(this.#filter.value, this.#quietest());
    this.#show(0);
    if (!this.#list.sticks && top !== null) this.#list.revealAtTop(this.#model.indexOf(top));
    this.#remember();
  }

  #quietest(): Loudness {
    return LOUDNESS.find((one) => one === this.#level.value) ?? 'debug';
  }

  #onFilterKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#filter.value = '';
      this.#applyFilter();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.#list.move(1);
    }
  }

  #onListKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#closeDetail();
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) this.#copySelected();
    else if (!this.#moveBy(event.key)) return;
    event.preventDefault();
  }

  #moveBy(key: string): boolean {
    if (key === 'ArrowDown') this.#list.move(1);
    else if (key === 'ArrowUp') this.#list.move(-1);
    else if (key === 'PageDown') this.#list.move(this.#list.page);
    else if (key === 'PageUp') this.#list.move(-this.#list.page);
    else if (key === 'Home') this.#list.select(0);
    else if (key === 'End') this.#setFollowAndSelectLast();
    else return false;
    return true;
  }

  #setFollowAndSelectLast(): void {
    this.#setFollow(true);
    this.#list.select(this.#model.visible.length - 1);
  }

  /** A text that the reader marked with the mouse goes before the selected line. */
  #copySelected(): void {
    const marked = getSelection()?.toString() ?? '';
    const text = marked === '' ? this.#list.selected?.text : marked;
    if (text !== undefined) void navigator.clipboard.writeText(text);
  }

  #onSelect(row: LogRow): void {
    this.#detail.show(row);
  }

  #closeDetail(): void {
    if (!this.#detail.hide()) return;
    this.#list.unselect();
    this.#log.focus({ preventScroll: true });
  }

  #remember(): void {
    this.#host.setState({
      filter: this.#filter.value,
      level: this.#quietest(),
      follow: this.#list.sticks,
      topRow: this.#list.sticks ? null : this.#list.topRow,
    });
  }
}

new LogPanel(acquireVsCodeApi()).start();
