import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as path from 'node:path';
import type { HttpRequest } from '../apache/request/outcome';
import type { HeaderField } from '../fastcgi';
import { bytesOf } from '../text/bytes';
import type { IncomingRequest } from './http/connection';
import type { HttpResponse, OutgoingHead } from './http/response';
import { liveScript, mayCarryScript } from './liveReload';

/** No site can have a file here: names with a leading dot are not served. */
const PREFIX = '/.vscode-fastcgi/';

export interface OwnPagesOptions {
  /** Opens a line of a file in the editor; without it there are no links. */
  readonly onOpen: ((file: string, line: number) => void) | undefined;
  /** Pages reload when a file of the site changes. */
  readonly liveReload: boolean;
}

/** Endings of files whose change can be seen in a page. What programs write for themselves (data, logs) is none of them. */
const SHOWN = new Set(
  (
    'html htm xhtml shtml css js mjs svg png jpg jpeg gif webp avif ico woff woff2 ttf otf webmanifest ' +
    'py pl pm rb php inc fcgi cgi tpl tmpl tt tt2 j2 jinja jinja2 mustache hbs ejs erb haml slim twig mako md'
  ).split(' '),
);

/**
 * What the local server answers by itself, beside the site: a line of a traceback opens in the editor, and pages are told that a
 * file has changed.
 */
export class OwnPages {
  readonly #options: OwnPagesOptions;
  readonly #secret = randomBytes(32);
  /** Pages that listen for changes. */
  readonly #listening = new Set<HttpResponse>();
  /** Tells one run of the server, and one state of the site, from the others. */
  readonly #instance = randomBytes(8).toString('hex');
  #changes = 0;

  constructor(options: OwnPagesOptions) {
    this.#options = options;
  }

  /** True when pages may carry a script. */
  get isLive(): boolean {
    return this.#options.liveReload;
  }

  /** Whether a request may be one of a page of ours. */
  isOwn({ head, body }: IncomingRequest): boolean {
    return head.path.startsWith(PREFIX) && head.method === 'GET' && body.declared === 0;
  }

  /** Answers a request of a page of ours; false for all others. The host name has been checked. */
  answer(incoming: IncomingRequest, response: HttpResponse): boolean {
    const { head } = incoming;
    if (!this.isOwn(incoming)) return false;
    const url = new URL(head.path.slice(PREFIX.length - 1), 'http://localhost');
    if (url.pathname === '/open' && this.#options.onOpen !== undefined) this.#open(url, response);
    else if (!this.#options.liveReload) return false;
    else if (url.pathname === '/live.js') this.#sendScript(response);
    else if (url.pathname === '/live') this.#listen(response);
    else return false;
    return true;
  }

  /** The address that opens a line in the editor; null where there is no editor. Only addresses made here work. */
  linkTo(file: string, line: number): string | null {
    if (this.#options.onOpen === undefined) return null;
    const query = new URLSearchParams({ file, line: String(line), key: this.#keyOf(file, line) });
    return `${PREFIX}open?${query.toString()}`;
  }

  /** The fields of an answer, and the script that goes behind the page where one may be carried. */
  carry(
    request: HttpRequest,
    { status, headers }: OutgoingHead,
  ): { headers: readonly HeaderField[]; tail?: Uint8Array } {
    if (!this.#options.liveReload || !mayCarryScript(request, { status, headers })) return { headers };
    const tail = bytesOf(`<script src="${PREFIX}live.js" async></script>`);
    const longer = headers.map(([name, value]): HeaderField =>
      name.toLowerCase() === 'content-length' ? [name, String(Number(value) + tail.length)] : [name, value],
    );
    return { headers: longer, tail };
  }

  /** Files have changed: pages that show them reload; style sheets alone are read again without that. */
  changed(files: readonly string[]): void {
    const shown = files.filter(
      (file) => SHOWN.has(path.extname(file).slice(1).toLowerCase()) || isAccessFile(file),
    );
    if (shown.length === 0) return;
    this.#changes++;
    const what = shown.every((file) => path.extname(file) === '.css') ? 'css' : 'page';
    for (const response of this.#listening) send(response, what, this.#state);
  }

  dispose(): void {
    for (const response of this.#listening) response.end();
    this.#listening.clear();
  }

  get #state(): string {
    return `${this.#instance}.${this.#changes}`;
  }

  #open(url: URL, response: HttpResponse): void {
    const file = url.searchParams.get('file') ?? '';
    const line = Number(url.searchParams.get('line'));
    const isOurs = isSame(url.searchParams.get('key') ?? '', this.#keyOf(file, line));
    if (isOurs) this.#options.onOpen?.(file, line);
    // 204: the browser stays where it is.
    response.writeHead(isOurs ? 204 : 403, isOurs ? 'No Content' : 'Forbidden', isOurs ? [] : NOTHING);
    response.end();
  }

  #keyOf(file: string, line: number): string {
    return createHmac('sha256', this.#secret).update(`${line} ${file}`).digest('hex');
  }

  #sendScript(response: HttpResponse): void {
    const script = bytesOf(liveScript(`${PREFIX}live`));
    response.writeHead(200, 'OK', [
      ['Content-Type', 'text/javascript'],
      ['Cache-Control', 'no-cache'],
      ['Content-Length', String(script.length)],
    ]);
    response.end(script);
  }

  #listen(response: HttpResponse): void {
    response.writeHead(200, 'OK', [
      ['Content-Type', 'text/event-stream'],
      ['Cache-Control', 'no-store'],
    ]);
    this.#listening.add(response);
    response.onClose(() => this.#listening.delete(response));
    send(response, 'hello', this.#state);
  }
}

const NOTHING: readonly HeaderField[] = [['Content-Length', '0']];

function send(response: HttpResponse, event: string, data: string): void {
  response.write(bytesOf(`event: ${event}\ndata: ${data}\n\n`));
}

function isAccessFile(file: string): boolean {
  return path.basename(file) === '.htaccess';
}

function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
}
