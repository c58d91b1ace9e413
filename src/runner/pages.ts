import * as fs from 'node:fs';
import { isAtLeast, type HostProfile } from '../apache/host';
import { REASONS } from '../fastcgi';
import { textOfByteString } from '../text/bytes';
import { namedPlaces } from './places';

/** Replaces what HTML would read as markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** What fills in Apache's own page for a status. */
export interface PageFacts {
  readonly host: HostProfile;
  /** Target of a redirect, a byte string. */
  readonly location?: string | null;
  readonly method?: string;
  /** What Apache adds to the page, HTML. */
  readonly note?: string;
  /** The page's type, where it is not the usual one; null for none. */
  readonly contentType?: string | null | undefined;
  /** The page comes from the filter that reads ranges, and Apache does not know its length. */
  readonly isOfFilter?: boolean;
  /** The error that its ErrorDocument came to. */
  readonly further?: number | undefined;
}

/** Apache's own pages changed their document type after 2.4.63 (read in its source; measured with 2.4.71). */
function documentType(host: HostProfile, older: string): string {
  if (!isAtLeast(host, 64)) return `<!DOCTYPE HTML PUBLIC "${older}">`;
  return '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">';
}

/**
 * Apache's own page for a status, byte for byte as a visitor gets it (recorded from a server without ServerSignature).
 * Byte string; goes with `text/html; charset=iso-8859-1`.
 */
export function apachePage(status: number, facts: PageFacts): string {
  const reason = REASONS[status] ?? 'Internal Server Error';
  const title = REASONS[status] === undefined ? `500 ${reason}` : `${status} ${reason}`;
  return `${documentType(facts.host, '-//IETF//DTD HTML 2.0//EN')}
<html><head>
<title>${title}</title>
</head><body>
<h1>${reason}</h1>
${status === 417 ? explanation(status, facts) : noted(explanation(status, facts), facts.note)}${additionally(facts.further)}</body></html>
`;
}

/** What Apache adds when the document of an error fails itself. */
function additionally(further: number | undefined): string {
  if (further === undefined) return '';
  return `<p>Additionally, a ${further} ${REASONS[further] ?? ''}\nerror was encountered while trying to use an ErrorDocument to handle the request.</p>\n`;
}

/** The note stands at the end of the last paragraph. */
function noted(text: string, note = ''): string {
  return note === '' ? text : text.replace(/<\/p>\n$/, () => `${note}</p>\n`);
}

function explanation(status: number, facts: PageFacts): string {
  const link = escapeHtml(facts.location ?? '');
  if ([301, 302, 307, 308].includes(status))
    return `<p>The document has moved <a href="${link}">here</a>.</p>\n`;
  if (status === 303) return `<p>The answer to your request is located <a href="${link}">here</a>.</p>\n`;
  if (status === 405) {
    return `<p>The requested method ${escapeHtml(facts.method ?? '')} is not allowed for this URL.</p>\n`;
  }
  if (status === 501)
    return `<p>${escapeHtml(facts.method ?? '')} not supported for current URL.<br />\n</p>\n`;
  if (status === 413) return (EXPLANATIONS[413] ?? '').replace('GET', escapeHtml(facts.method ?? 'GET'));
  if (status === 411) return (EXPLANATIONS[411] ?? '').replace('GET', escapeHtml(facts.method ?? 'GET'));
  if (status === 417) return unmetExpectation(facts.note);
  return EXPLANATIONS[status] ?? internalError(facts.host.serverAdmin);
}

const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: '<p>Your browser sent a request that this server could not understand.<br />\n</p>\n',
  401: "<p>This server could not verify that you\nare authorized to access the document\nrequested.  Either you supplied the wrong\ncredentials (e.g., bad password), or your\nbrowser doesn't understand how to supply\nthe credentials required.</p>\n",
  403: "<p>You don't have permission to access this resource.</p>\n",
  404: '<p>The requested URL was not found on this server.</p>\n',
  410: '<p>The requested resource is no longer available on this server and there is no forwarding address.\nPlease remove all references to this resource.</p>\n',
  412: '<p>The precondition on the request for this URL evaluated to false.</p>\n',
  411: '<p>A request of the requested method GET requires a valid Content-length.<br />\n</p>\n',
  413: 'The requested resource does not allow request data with GET requests, or the amount of data provided in\nthe request exceeds the capacity limit.\n',
  414: "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n",
  416: '<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n',
  503: '<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>\n',
};

/** The note is what the client sent. */
function unmetExpectation(note = ''): string {
  return `<p>The expectation given in the Expect request-header
field could not be met by this server.
${note}</p><p>Only the 100-continue expectation is supported.</p>
`;
}

function internalError(serverAdmin: string): string {
  return `<p>The server encountered an internal error or
misconfiguration and was unable to complete
your request.</p>
<p>Please contact the server administrator at${' '}
 ${escapeHtml(serverAdmin)} to inform them of the time this error occurred,
 and the actions you performed just before this error.</p>
<p>More information about this error may be available
in the server error log.</p>
`;
}

/** What a developer should know of a failed request. All ordinary text. */
export interface Failure {
  /** What happened, why, and what to do. */
  readonly message: string;
  /** The line in Apache's error log, where there is one. */
  readonly logMessage: string | null;
  /** What the program wrote to its error output during this request. */
  readonly errorOutput: string;
  /** The line of a `.htaccess` that is at fault. */
  readonly place?: FaultPlace;
}

/** A line of a file of this machine. */
export interface FaultPlace {
  /** Absolute. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** What a failure is shown with. */
export interface DeveloperPageOptions {
  /** Of the answer: 500, 503. */
  readonly status: number;
  /** What a visitor of the real site gets instead, a byte string. */
  readonly visitorPage: string;
  /** Where relative paths in the output begin. */
  readonly folder: string;
  /** The address that opens a line in the editor; null where there is none. */
  readonly linkTo: (file: string, line: number) => string | null;
}

/** The page shown instead of Apache's "Internal Server Error": what happened, in full. UTF-8. */
export function developerPage(failure: Failure, options: DeveloperPageOptions): string {
  const log = failure.logMessage === null ? '' : section("Apache's error log would say", failure.logMessage);
  const output = failure.errorOutput.trim();
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${options.status}: the request failed</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 3rem auto; padding: 0 1rem; }
pre { background: #8882; padding: 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
p { overflow-wrap: anywhere; }
iframe { width: 100%; height: 19rem; border: 1px solid #8888; background: #fff; color-scheme: light; }
:root { color-scheme: light dark; }
</style></head><body>
<h1>The request failed</h1>
<p>${escapeHtml(failure.message)}</p>
${failure.place === undefined ? '' : placeLine(failure.place, options)}${output === '' ? '' : linkedSection('What the program wrote to its error output', output, options)}${log}<h2>What a visitor of the real site would see</h2>
<iframe sandbox title="Apache's page" srcdoc="${escapeHtml(textOfByteString(options.visitorPage))}"></iframe>
</body></html>
`;
}

/** The line at fault, as a link where an editor can open it. */
function placeLine({ file, line }: FaultPlace, { linkTo }: DeveloperPageOptions): string {
  const name = escapeHtml(`${file}:${line}`);
  const address = linkTo(file, line);
  return `<p>${address === null ? name : `<a href="${escapeHtml(address)}">${name}</a>`}</p>\n`;
}

/** A text in which every line of a file that is there is a link into the editor. */
function linkedSection(title: string, text: string, { folder, linkTo }: DeveloperPageOptions): string {
  let html = '';
  let at = 0;
  for (const { start, end, file, line } of namedPlaces(text, folder)) {
    const address = isFile(file) ? linkTo(file, line) : null;
    if (address === null) continue;
    html += escapeHtml(text.slice(at, start));
    html += `<a href="${escapeHtml(address)}">${escapeHtml(text.slice(start, end))}</a>`;
    at = end;
  }
  return `<h2>${title}</h2>\n<pre>${html}${escapeHtml(text.slice(at))}</pre>\n`;
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function section(title: string, text: string): string {
  return `<h2>${title}</h2>\n<pre>${escapeHtml(text)}</pre>\n`;
}

/** A listing of a folder, as mod_autoindex without FancyIndexing writes it. All byte strings. */
export function listingPage(
  uri: string,
  names: readonly { readonly name: string; readonly isFolder: boolean }[],
  host: HostProfile,
): string {
  const title = escapeHtml(`Index of ${uri.replace(/(.)\/$/, '$1')}`);
  const parent =
    uri === '/'
      ? ''
      : `<li><a href="${escapeHtml(encodePath(uri.replace(/[^/]+\/?$/, '')))}"> Parent Directory</a></li>\n`;
  const items = names.map(({ name, isFolder }) => {
    const shown = isFolder ? `${name}/` : name;
    return `<li><a href="${escapeHtml(encodePath(shown))}"> ${escapeHtml(shown)}</a></li>\n`;
  });
  return `${documentType(host, '-//W3C//DTD HTML 3.2 Final//EN')}
<html>
 <head>
  <title>${title}</title>
 </head>
 <body>
<h1>${title}</h1>
<ul>${parent}${items.join('')}</ul>
</body></html>
`;
}

/** A byte string as a URL path. */
export function encodePath(path: string): string {
  return path.replace(
    /[^A-Za-z0-9/$\-_.+!*'(),:@&=~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
