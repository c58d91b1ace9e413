import '../common/panel.css';
import './rows.css';
import './incidents.css';
import { announce } from '../common/announce';
import { element } from '../common/elements';
import { Bar } from './bar';
import { Clock } from './clock';
import { IncidentDetailView } from './incidentDetail';
import { IncidentList } from './incidentList';
import { Lines, messageButtons } from './lines';
import type { FromPanel, IncidentSummary, PanelMemory, PanelStatus, PanelTexts, ToPanel } from './messages';

interface Host {
  readonly postMessage: (message: FromPanel) => void;
  readonly getState: () => Partial<PanelMemory> | undefined;
  readonly setState: (state: PanelMemory) => void;
}

declare function acquireVsCodeApi(): Host;

/** States in which no line comes until somebody does something. */
const STANDING: ReadonlySet<PanelStatus['kind']> = new Set(['idle', 'failed']);

const FRESH: PanelMemory = {
  view: 'incidents',
  filter: '',
  regex: false,
  matchCase: false,
  level: 'debug',
  source: '',
  sinceDeploy: false,
  localTime: false,
  follow: true,
  topRow: null,
  incident: null,
};

/** The whole panel: bar, incidents, lines, details, and the message that stands where there is nothing. */
class LogPanel {
  readonly #host: Host;
  readonly #send: Host['postMessage'];
  readonly #memory: PanelMemory;
  readonly #texts = JSON.parse(document.body.dataset['texts'] ?? '{}') as PanelTexts;
  readonly #clock = new Clock();
  readonly #bar: Bar;
  readonly #lines: Lines;
  readonly #incidents: IncidentList;
  readonly #detail: IncidentDetailView;
  #all: readonly IncidentSummary[] = [];
  #status: PanelStatus | undefined;
  #deployedAt: number | null = null;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#send = host.postMessage;
    this.#memory = { ...FRESH, ...host.getState() };
    const parts = { texts: this.#texts, clock: this.#clock };
    this.#bar = new Bar(this.#texts, {
      onChange: () => this.#apply(),
      onDown: () => this.#enterList(),
      onSave: () => this.#save(),
    });
    this.#lines = new Lines({
      ...parts,
      events: {
        onFollow: (follow) => this.#reportFollow(follow),
        onSelect: ({ id, text }) => this.#send({ type: 'explain', id, text }),
        onOnly: (words) => this.#bar.setFilter(words),
        onScroll: () => this.#rememberSoon(),
      },
    });
    this.#incidents = new IncidentList(element('incidents', HTMLElement), {
      ...parts,
      events: { onSelect: (id) => this.#openIncident(id) },
    });
    this.#detail = new IncidentDetailView(element('incident', HTMLElement), {
      ...parts,
      events: {
        onFix: (fix) => this.#send({ type: 'fix', incident: this.#detail.shown ?? -1, fix }),
        onFrame: ({ file, line }) => this.#send({ type: 'frame', file, line }),
        onLines: (first) => this.#showLine(first),
        onBack: () => this.#closeIncident(),
      },
    });
  }

  start(): void {
    const { follow, topRow, incident, ...bar } = this.#memory;
    this.#bar.state = bar;
    this.#lines.restore(follow, topRow);
    this.#incidents.mark(incident);
    this.#detail.clear(this.#texts.chooseIncident);
    window.addEventListener('keydown', (event) => {
      if (event.key === 'f' && (event.ctrlKey || event.metaKey)) this.#bar.focusFilter();
    });
    this.#apply();
    announce(this.#send, ({ data }: MessageEvent<ToPanel>) => this.#onMessage(data));
    this.#send({ type: 'follow', follow });
  }

  #onMessage(message: ToPanel): void {
    switch (message.type) {
      case 'reset':
        this.#lines.reset(message.maximumLines, message.seenUpTo);
        return this.#showArea();
      case 'rows':
        this.#lines.append(message.batch);
        this.#send({ type: 'taken', id: message.batch.first + message.batch.texts.length - 1 });
        if (message.batch.names.length > 0) this.#bar.setSources(this.#lines.model.sources);
        return this.#showArea();
      case 'incidents':
        return this.#showIncidents(message.incidents);
      case 'incident':
        if (message.incident.id === this.#incidents.selected) this.#detail.show(message.incident);
        return;
      case 'explanation':
        return this.#lines.explain(message.id, message.explanation);
      case 'status':
        return this.#showStatus(message.status);
      case 'facts':
        return this.#takeFacts(message);
      case 'follow':
        return this.#lines.follow(message.follow);
      case 'open':
        this.#bar.showView('incidents');
        this.#incidents.mark(message.id);
        this.#openIncident(message.id);
    }
  }

  /** The bar says something else. */
  #apply(): void {
    const { filter, regex, matchCase, level, source, sinceDeploy, localTime } = this.#bar.state;
    const from = sinceDeploy ? (this.#deployedAt ?? 0) : 0;
    const fine = this.#lines.filter({ text: filter, regex, matchCase, quietest: level, source, from });
    this.#bar.setProblem(!fine);
    if (this.#clock.local !== localTime) {
      this.#clock.local = localTime;
      this.#lines.redraw();
    }
    this.#showIncidents(this.#all);
    this.#remember();
  }

  #takeFacts({ zone, deployedAt, isUnplaced }: Extract<ToPanel, { type: 'facts' }>): void {
    this.#clock.zone = zone;
    this.#deployedAt = deployedAt;
    this.#bar.setFacts(deployedAt !== null ? 'placed' : isUnplaced ? 'unplaced' : 'none', zone);
    if (this.#bar.state.sinceDeploy || this.#clock.local) this.#apply();
  }

  /** The filter holds for incidents, too: level, log, text and deploy. */
  #showIncidents(all: readonly IncidentSummary[]): void {
    this.#all = all;
    const { filter, level, source, sinceDeploy } = this.#bar.state;
    const needle = filter.trim().toLowerCase();
    const levels = { error: 0, warning: 1, info: 2, debug: 3 };
    const shown = all.filter(
      (one) =>
        levels[one.severity] <= levels[level] &&
        (source === '' || one.source === source) &&
        (!sinceDeploy || one.isNew) &&
        (needle === '' ||
          this.#bar.state.regex ||
          `${one.summary} ${one.place} ${one.request}`.toLowerCase().includes(needle)),
    );
    this.#incidents.show(shown);
    this.#bar.setCount(all.filter(({ severity }) => severity !== 'info').length);
    const open = this.#incidents.selected;
    const stillThere = all.some(({ id }) => id === open);
    if (open !== null && stillThere) this.#send({ type: 'incident', id: open });
    else if (!stillThere) this.#detail.clear(this.#texts.chooseIncident);
    this.#showArea();
  }

  #openIncident(id: number): void {
    element('incidents-view', HTMLElement).classList.add('open');
    this.#send({ type: 'incident', id });
    this.#remember();
  }

  #closeIncident(): void {
    element('incidents-view', HTMLElement).classList.remove('open');
    this.#incidents.focus();
  }

  #showLine(id: number): void {
    this.#bar.setFilter('');
    this.#bar.showView('lines');
    this.#lines.reveal(id);
  }

  /** Incidents, or lines, or one message that says why there is nothing and what to do; beside lines it is a strip above them. */
  #showArea(): void {
    const isLines = this.#bar.state.view === 'lines';
    const any = this.#lines.model.size > 0;
    const shown = isLines ? this.#lines.model.visible.length > 0 : this.#incidents.length > 0;
    element('lines-view', HTMLElement).hidden = !isLines || !shown;
    element('incidents-view', HTMLElement).hidden = isLines || !shown;
    element('empty', HTMLElement).hidden = shown;
    if (!shown) this.#showEmpty(isLines, any);
    this.#showNotice(any && this.#status !== undefined && STANDING.has(this.#status.kind));
  }

  #showEmpty(isLines: boolean, any: boolean): void {
    const { title = '', detail = '', actions = [] } = this.#status ?? {};
    const { noMatch, noIncident, noIncidentDetail } = this.#texts;
    const filtered = isLines ? any : this.#all.length > 0;
    const calm = !filtered && any && !isLines;
    element('empty-title', HTMLElement).textContent = filtered ? noMatch : calm ? noIncident : title;
    element('empty-detail', HTMLElement).textContent = filtered
      ? ''
      : calm
        ? noIncidentDetail.replace('{0}', this.#lines.model.size.toLocaleString())
        : detail;
    const buttons = filtered || calm ? [] : this.#buttons(actions);
    element('empty-actions', HTMLElement).replaceChildren(...buttons);
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
    return messageButtons(actions, (command) => this.#send({ type: 'action', command }), !isCalm);
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

  #enterList(): void {
    if (this.#bar.state.view === 'lines') this.#lines.move(1);
    else this.#incidents.focus();
  }

  #save(): void {
    const rows = this.#lines.model.visible;
    const lines: string[] = [];
    for (let at = 0; at < rows.length; at++) lines.push(rows.at(at)?.text ?? '');
    this.#send({ type: 'save', text: lines.length === 0 ? '' : `${lines.join('\n')}\n` });
  }

  #reportFollow(follow: boolean): void {
    this.#remember();
    this.#send({ type: 'follow', follow });
  }

  #rememberSoon(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#remember(), 200);
  }

  #remember(): void {
    this.#host.setState({
      ...this.#bar.state,
      follow: this.#lines.sticks,
      topRow: this.#lines.topRow,
      incident: this.#incidents.selected,
    });
  }
}

new LogPanel(acquireVsCodeApi()).start();
