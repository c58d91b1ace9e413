import '../common/panel.css';
import '../log/rows.css';
import './requests.css';
import { announce } from '../common/announce';
import { buttonOf, element } from '../common/elements';
import { VirtualList } from '../common/virtualList';
import { DetailView } from './detail';
import {
  SHOWN,
  type FromRequests,
  type RequestRow,
  type RequestsMemory,
  type RequestsStatus,
  type RequestsTexts,
  type Shown,
  type Tab,
  type ToRequests,
} from './messages';
import { RequestsModel } from './model';
import { drawRow } from './row';

interface Host {
  readonly postMessage: (message: FromRequests) => void;
  readonly getState: () => RequestsMemory | undefined;
  readonly setState: (state: RequestsMemory) => void;
}

declare function acquireVsCodeApi(): Host;

const TYPING = 120;
const FRESH: RequestsMemory = { filter: '', shown: 'all', tab: null, selected: null };

/** The whole panel: bar, list of requests, details, and the message that stands where there are none. */
class RequestsPanel {
  readonly #host: Host;
  readonly #send: Host['postMessage'];
  readonly #memory: RequestsMemory;
  readonly #texts = JSON.parse(document.body.dataset['texts'] ?? '{}') as RequestsTexts;
  readonly #model = new RequestsModel();
  readonly #filter = element('filter', HTMLInputElement);
  readonly #shown = element('shown', HTMLSelectElement);
  readonly #rows = element('requests', HTMLElement);
  readonly #newer = element('newer', HTMLButtonElement);
  readonly #detail: DetailView;
  readonly #list = new VirtualList<RequestRow>(this.#rows, {
    draw: (row, selected) => this.#draw(row, selected),
    onEnd: (atEnd) => this.#onEnd(atEnd),
    onSelect: (row) => this.#onSelect(row),
  });
  #tab: Tab | null;
  #status: RequestsStatus | undefined;
  #unseen = 0;
  /** A request that is to be selected as soon as its row is there. */
  #wanted: number | null;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#send = host.postMessage;
    this.#memory = host.getState() ?? FRESH;
    this.#tab = this.#memory.tab;
    this.#wanted = this.#memory.selected;
    this.#detail = new DetailView(element('detail', HTMLElement), this.#texts, {
      tab: this.#tab,
      onClose: () => this.#closeDetail(),
      onAct: (action, id) => this.#send({ type: 'act', action, id }),
      onOpen: ({ file, line }) => this.#send({ type: 'open', file, line }),
      onTab: (tab) => this.#onTab(tab),
    });
  }

  start(): void {
    this.#filter.value = this.#memory.filter;
    this.#shown.value = this.#memory.shown;
    this.#model.filter(this.#memory.filter, this.#memory.shown);
    this.#filter.addEventListener('input', () => this.#filterSoon());
    this.#filter.addEventListener('keydown', (event) => this.#onFilterKey(event));
    this.#shown.addEventListener('change', () => this.#applyFilter());
    this.#rows.addEventListener('keydown', (event) => this.#onListKey(event));
    this.#newer.addEventListener('click', () => this.#toEnd());
    announce(this.#send, ({ data }: MessageEvent<ToRequests>) => this.#onMessage(data));
  }

  #onMessage(message: ToRequests): void {
    if (message.type === 'rows') this.#put(message.rows);
    else if (message.type === 'detail') this.#detail.show(message.detail);
    else if (message.type === 'status') this.#showStatus(message.status);
    else if (message.type === 'oldest') this.#forgetBelow(message.id);
    else if (message.type === 'select') this.#wish(message.id);
    else this.#reset();
  }

  #reset(): void {
    this.#model.reset();
    this.#unseen = 0;
    // It may be filled again with what it knew: after a new start of the site, for one.
    this.#wanted ??= this.#detail.shown;
    this.#detail.hide();
    this.#show(0);
  }

  #put(rows: readonly RequestRow[]): void {
    const added = this.#model.put(rows);
    if (!this.#list.sticks) this.#unseen += added;
    this.#show(0);
    this.#fulfil();
    const answered = rows.find(({ id }) => id === this.#detail.shown);
    if (answered !== undefined) this.#ask(answered);
  }

  #forgetBelow(id: number): void {
    const shown = this.#detail.shown;
    if (shown !== null && shown < id) this.#closeDetail();
    this.#show(this.#model.forgetBelow(id));
  }

  #wish(id: number): void {
    this.#wanted = id;
    this.#fulfil();
  }

  #fulfil(): void {
    const index = this.#wanted === null ? -1 : this.#model.indexOf(this.#wanted);
    if (index < 0) return;
    this.#wanted = null;
    this.#list.select(index);
  }

  #show(goneFromFront: number): void {
    this.#showArea();
    this.#list.show(this.#model.visible, goneFromFront);
    this.#newer.hidden = this.#list.sticks || this.#model.visible.length === 0;
    const { newest, newRequests } = this.#texts;
    this.#newer.textContent = this.#unseen === 0 ? newest : newRequests.replace('{0}', String(this.#unseen));
  }

  /** Requests, or one message that says why there are none and what to do. */
  #showArea(): void {
    const any = this.#model.visible.length > 0;
    const filtered = this.#model.size > 0;
    this.#rows.hidden = !any;
    element('empty', HTMLElement).hidden = any;
    const { title = '', detail = '', actions = [] } = this.#status ?? {};
    element('empty-title', HTMLElement).textContent = filtered ? this.#texts.noMatch : title;
    element('empty-detail', HTMLElement).textContent = filtered ? '' : detail;
    const buttons = actions.map(({ label, command }, at) =>
      buttonOf(label, () => this.#send({ type: 'action', command }), at > 0 ? 'secondary' : ''),
    );
    element('empty-actions', HTMLElement).replaceChildren(...(filtered ? [] : buttons));
  }

  #showStatus(status: RequestsStatus): void {
    this.#status = status;
    const state = element('state', HTMLElement);
    state.className = `state ${status.url === '' ? 'idle' : 'live'}`;
    state.textContent = status.url === '' ? '' : status.url;
    state.hidden = status.url === '';
    this.#showArea();
  }

  #draw(row: RequestRow, selected: boolean): HTMLElement {
    const drawn = drawRow(row, selected);
    drawn.setAttribute('aria-posinset', String(this.#model.indexOf(row.id) + 1));
    drawn.setAttribute('aria-setsize', String(this.#model.visible.length));
    return drawn;
  }

  #onSelect(row: RequestRow): void {
    this.#detail.announce(row);
    this.#ask(row);
    this.#remember();
  }

  #ask(row: RequestRow): void {
    if (row.tone !== 'pending') this.#send({ type: 'selected', id: row.id });
  }

  #onTab(tab: Tab): void {
    this.#tab = tab;
    this.#remember();
  }

  #onEnd(atEnd: boolean): void {
    if (atEnd) this.#unseen = 0;
    this.#newer.hidden = atEnd || this.#model.visible.length === 0;
    this.#newer.textContent = this.#texts.newest;
  }

  #toEnd(): void {
    this.#list.stick(true);
    this.#onEnd(true);
  }

  #filterSoon(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#applyFilter(), TYPING);
  }

  #applyFilter(): void {
    this.#model.filter(this.#filter.value, this.#chosenKind());
    this.#show(0);
    this.#list.revealSelected();
    this.#remember();
  }

  #chosenKind(): Shown {
    return SHOWN.find((one) => one === this.#shown.value) ?? 'all';
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
    const { key } = event;
    const last = this.#model.visible.length - 1;
    if (key === 'ArrowDown') this.#list.move(1);
    else if (key === 'ArrowUp') this.#list.move(-1);
    else if (key === 'PageDown') this.#list.move(this.#list.page);
    else if (key === 'PageUp') this.#list.move(-this.#list.page);
    else if (key === 'Home') this.#list.select(0);
    else if (key === 'End') this.#list.select(last);
    else if (key === 'Enter') this.#list.move(0);
    else if (key === 'Escape') this.#closeDetail();
    else return;
    event.preventDefault();
  }

  #closeDetail(): void {
    if (!this.#detail.hide()) return;
    this.#list.unselect();
    this.#remember();
  }

  #remember(): void {
    this.#host.setState({
      filter: this.#filter.value,
      shown: this.#chosenKind(),
      tab: this.#tab,
      selected: this.#detail.shown,
    });
  }
}

new RequestsPanel(acquireVsCodeApi()).start();
