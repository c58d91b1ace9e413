import { SHOWN, type RequestsTexts } from '../../panels/requests/messages';
import { escaped } from '../webviews/page';

/** The HTML of the requests panel. */
export function requestsMarkup(texts: RequestsTexts): string {
  const options = SHOWN.map((one) => `<option value="${one}">${escaped(texts.shown[one])}</option>`);
  return `<div class="bar" role="toolbar" aria-label="${escaped(texts.filter)}">
  <input id="filter" type="text" placeholder="${escaped(texts.filter)}" aria-label="${escaped(texts.filter)}" spellcheck="false" />
  <select id="shown" aria-label="${escaped(texts.show)}">${options.join('')}</select>
  <span id="state" class="state" role="status"></span>
</div>
<div class="main">
  <div class="list">
    <div id="requests" class="log" role="listbox" aria-label="${escaped(texts.list)}" tabindex="0" hidden></div>
    <button id="newer" class="newer" hidden></button>
    <div id="empty" class="empty" role="status">
      <h2 id="empty-title"></h2>
      <p id="empty-detail"></p>
      <div id="empty-actions" class="buttons"></div>
    </div>
  </div>
  <div id="detail" class="detail requests-detail" role="region" aria-label="${escaped(texts.request)}" hidden></div>
</div>`;
}
