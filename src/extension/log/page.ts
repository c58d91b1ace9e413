import { LOUDNESS, type PanelTexts } from '../../panels/log/messages';
import { escaped } from '../webviews/page';

/** The HTML of the log panel. */
export function logMarkup(texts: PanelTexts): string {
  const options = [...LOUDNESS]
    .reverse()
    .map((one) => `<option value="${one}">${escaped(texts.levels[one])}</option>`);
  return `<div class="bar" role="toolbar" aria-label="${escaped(texts.toolbar)}">
  <div class="tabs" role="tablist">
    <button id="tab-incidents" role="tab" aria-controls="incidents-view">${escaped(texts.incidents)}</button>
    <button id="tab-lines" role="tab" aria-controls="lines-view">${escaped(texts.lines)}</button>
  </div>
  <input id="filter" type="text" placeholder="${escaped(texts.filter)}" aria-label="${escaped(texts.filter)}" title="${escaped(texts.filterHelp)}" spellcheck="false" />
  ${toggle('regex', '.*', texts.regex)}
  ${toggle('case', 'Aa', texts.matchCase)}
  <select id="level" aria-label="${escaped(texts.level)}">${options.join('')}</select>
  <select id="source" aria-label="${escaped(texts.source)}" hidden><option value="">${escaped(texts.allSources)}</option></select>
  ${toggle('since', texts.sinceDeploy, texts.sinceDeploy)}
  ${toggle('local', texts.localTime, texts.localTime)}
  <button id="save" class="toggle" title="${escaped(texts.save)}">${escaped(texts.save)}</button>
  <span id="state" class="state" role="status"></span>
</div>
<div id="notice" class="notice" role="status" hidden>
  <p id="notice-text"></p>
  <div id="notice-actions" class="buttons"></div>
</div>
<div id="incidents-view" class="incidents-view" role="tabpanel" aria-labelledby="tab-incidents" hidden>
  <div id="incidents" class="incidents" role="listbox" aria-label="${escaped(texts.incidentList)}"></div>
  <div id="incident" class="incident-detail" role="region" aria-live="polite" tabindex="-1"></div>
</div>
<div id="lines-view" class="main" role="tabpanel" aria-labelledby="tab-lines" hidden>
  <div class="list">
    <div id="log" class="log" role="listbox" aria-label="${escaped(texts.log)}" tabindex="0"></div>
    <button id="newer" class="newer" hidden></button>
  </div>
  <div id="detail" class="detail" hidden></div>
</div>
<div id="empty" class="empty" role="status">
  <h2 id="empty-title"></h2>
  <p id="empty-detail"></p>
  <div id="empty-actions" class="buttons"></div>
</div>`;
}

function toggle(id: string, label: string, title: string): string {
  return `<button id="${id}" class="toggle" aria-pressed="false" aria-label="${escaped(title)}" title="${escaped(title)}">${escaped(label)}</button>`;
}
