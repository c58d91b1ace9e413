import type { UrlsTexts } from '../../panels/urls/messages';
import { escaped } from '../log/page';

export interface PageParts {
  /** What may load style sheets and fonts: the webview's own source. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  readonly texts: UrlsTexts;
}

/** The panel's HTML. Only the named script runs, nothing is loaded from elsewhere. */
export function urlsPage({ cspSource, nonce, script, style, texts }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${escaped(style)}" />
  </head>
  <body data-texts="${escaped(JSON.stringify(texts))}">
    <div id="main" class="main" hidden>
      <div class="list">
        <div id="urls" class="urls-list" role="listbox" aria-label="${escaped(texts.list)}"></div>
        <p id="more" class="urls-more" hidden></p>
      </div>
      <div id="detail" class="detail urls-detail" role="region" aria-label="${escaped(texts.trace)}"></div>
    </div>
    <div id="empty" class="empty" role="status"></div>
    <script nonce="${nonce}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}
