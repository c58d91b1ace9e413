import { made, textOf } from '../common/elements';
import type { TracePlace } from '../trace/messages';
import { drawTrace, placeLink } from '../trace/view';
import type { BodyText, LinkedText, Pair, RequestDetail, RequestsTexts, Tab } from './messages';

interface PageOptions {
  readonly texts: RequestsTexts;
  readonly open: (place: TracePlace) => void;
}

/** One page of a request's details. */
export function drawPage(detail: RequestDetail, tab: Tab, { texts, open }: PageOptions): HTMLElement {
  const page = made('div');
  const nothing = () => textOf('p', 'nothing', texts.nothing);
  if (tab === 'headers') page.append(...headers(detail, { texts, open }));
  else if (tab === 'body') {
    page.append(textOf('h3', '', texts.request), ...body(detail.requestBody, texts));
    page.append(textOf('h3', '', texts.response), ...body(detail.responseBody, texts));
  } else if (tab === 'environment') {
    page.append(detail.environment.length === 0 ? nothing() : pairs(detail.environment));
  } else if (tab === 'errors') page.append(...errors(detail, open, nothing));
  else
    page.append(
      detail.trace.length === 0 ? nothing() : drawTrace(detail.trace, { label: texts.tabs.trace, open }),
    );
  return page;
}

function headers(detail: RequestDetail, { texts, open }: PageOptions): HTMLElement[] {
  const summary = pairs(detail.summary);
  const { rule } = detail;
  if (rule !== undefined) {
    const values = [...summary.querySelectorAll('dd')];
    values.find((value) => value.textContent === rule.label)?.replaceChildren(placeLink(rule, open));
  }
  return [
    summary,
    textOf('h3', '', texts.request),
    pairs(detail.requestHeaders),
    textOf('h3', '', texts.response),
    pairs(detail.responseHeaders),
  ];
}

function pairs(all: readonly Pair[]): HTMLElement {
  const list = made('dl', 'pairs');
  for (const [name, value] of all) list.append(textOf('dt', '', name), textOf('dd', '', value));
  return list;
}

function body({ text, note }: BodyText, texts: RequestsTexts): HTMLElement[] {
  const remark = note === '' ? [] : [textOf('p', 'nothing', note)];
  if (text === '') return remark.length > 0 ? remark : [textOf('p', 'nothing', texts.nothing)];
  return [textOf('pre', 'body', text), ...remark];
}

function errors(
  { failure, errors: text }: RequestDetail,
  open: PageOptions['open'],
  nothing: () => HTMLElement,
): HTMLElement[] {
  if (failure === '' && text.length === 0) return [nothing()];
  const why = failure === '' ? [] : [textOf('p', 'failure', failure)];
  return text.length === 0 ? why : [...why, linked(text, open)];
}

function linked(text: LinkedText, open: PageOptions['open']): HTMLElement {
  const block = made('pre', 'errors');
  for (const part of text) {
    if (typeof part === 'string') block.append(part);
    else block.append(placeLink({ ...part.place, label: part.text }, open));
  }
  return block;
}
