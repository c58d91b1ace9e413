import { LOUDNESS, type PanelTexts } from '../../panels/log/messages';

export interface PageParts {
  /** What may load style sheets and fonts: the webview's own source. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  readonly texts: PanelTexts;
}

/** The panel's HTML. Only the named script runs, nothing is loaded from elsewhere. */
export function logPage({ cspSource, nonce, script, style, texts }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  const options = [...LOUDNESS]
    .reverse()
    .map((one) => `<option value="${one}">${escaped(texts.levels[one])}</option>`);
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${escaped(style)}" />
  </head>
  <body data-texts="${escaped(JSON.stringify(texts))}">
    <div class="bar" role="toolbar" aria-label="${escaped(texts.toolbar)}">
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
    <div id="incidents-view" class="incidents-view" hidden>
      <div id="incidents" class="incidents" role="listbox" aria-label="${escaped(texts.incidentList)}"></div>
      <div id="incident" class="incident-detail" role="region" aria-live="polite" tabindex="-1"></div>
    </div>
    <div id="lines-view" class="main" hidden>
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
    </div>
    <script nonce="${nonce}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}

function toggle(id: string, label: string, title: string): string {
  return `<button id="${id}" class="toggle" aria-pressed="false" aria-label="${escaped(title)}" title="${escaped(title)}">${escaped(label)}</button>`;
}

/** What HTML would read as markup, replaced. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
