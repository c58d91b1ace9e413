import { made, textOf } from '../common/elements';
import { TABS, type RequestDetail, type RequestsTexts, type Tab } from './messages';
import { drawPage } from './pages';
import type { TracePlace } from '../trace/messages';

export interface TabsOptions {
  readonly texts: RequestsTexts;
  readonly open: (place: TracePlace) => void;
  readonly onChoose: (tab: Tab) => void;
}

/** The pages of a request's details under a row of tabs; arrows walk the tabs. */
export function drawTabs(detail: RequestDetail, chosen: Tab, options: TabsOptions): HTMLElement {
  const { texts, open } = options;
  const root = made('div', 'tabbed');
  const bar = made('div', 'tabs');
  bar.role = 'tablist';
  const page = made('div', 'page');
  page.role = 'tabpanel';
  page.tabIndex = 0;
  const buttons = TABS.map((tab) => tabButton(tab, texts.tabs[tab] + countOf(detail, tab)));
  const show = (tab: Tab): void => {
    for (const [at, button] of buttons.entries()) mark(button, TABS[at] === tab);
    page.setAttribute('aria-labelledby', `tab-${tab}`);
    page.replaceChildren(drawPage(detail, tab, { texts, open }));
    page.scrollTop = 0;
  };
  const choose = (tab: Tab): void => {
    show(tab);
    buttons[TABS.indexOf(tab)]?.focus();
    options.onChoose(tab);
  };
  for (const [at, button] of buttons.entries()) {
    const here = TABS[at] ?? 'headers';
    button.addEventListener('click', () => choose(here));
    button.addEventListener('keydown', (event) => {
      const next = neighbour(at, event.key);
      if (next === undefined) return;
      event.preventDefault();
      choose(next);
    });
  }
  bar.append(...buttons);
  root.append(bar, page);
  show(chosen);
  return root;
}

function neighbour(at: number, key: string): Tab | undefined {
  if (key === 'Home') return TABS[0];
  if (key === 'End') return TABS.at(-1);
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  return step === 0 ? undefined : TABS.at((at + step) % TABS.length);
}

function tabButton(tab: Tab, label: string): HTMLButtonElement {
  const button = textOf('button', 'tab', label);
  button.id = `tab-${tab}`;
  button.role = 'tab';
  return button;
}

function mark(button: HTMLButtonElement, selected: boolean): void {
  button.ariaSelected = String(selected);
  button.tabIndex = selected ? 0 : -1;
  button.classList.toggle('selected', selected);
}

/** How much there is to be seen, where that is a reason to look. */
function countOf(detail: RequestDetail, tab: Tab): string {
  if (tab === 'environment' && detail.environment.length > 0) return ` (${detail.environment.length})`;
  const isMarked = tab === 'errors' && (detail.errors.length > 0 || detail.failure !== '');
  return isMarked ? ' ●' : '';
}
