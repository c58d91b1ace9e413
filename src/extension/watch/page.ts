import type { UrlsTexts } from '../../panels/urls/messages';
import { escaped } from '../webviews/page';

/** The HTML of the panel "URLs". */
export function urlsMarkup(texts: UrlsTexts): string {
  return `<div id="main" class="main" hidden>
  <div class="list">
    <p id="summary" class="urls-summary" role="status" hidden></p>
    <div id="urls" class="urls-list" role="listbox" aria-label="${escaped(texts.list)}"></div>
    <p id="more" class="urls-more" hidden></p>
  </div>
  <div id="detail" class="detail urls-detail" role="region" aria-label="${escaped(texts.trace)}"></div>
</div>
<div id="empty" class="empty" role="status"></div>`;
}
