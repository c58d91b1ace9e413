export interface PageParts {
  /** What may load style sheets and fonts: the webview's own source. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** HTML of the body, ready as it is. */
  readonly markup: string;
  /** What the script finds in `data-texts`. */
  readonly texts: object;
}

/** A webview's HTML. Only the named script runs, nothing is loaded from elsewhere. */
export function pageHtml({ cspSource, nonce, script, style, markup, texts }: PageParts): string {
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
    ${markup}
    <script nonce="${nonce}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}

/** What HTML would read as markup, replaced. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
