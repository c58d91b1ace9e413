import { PAGE_TYPE } from '../apache/request/programHead';
import { REASONS, type HeaderField } from '../fastcgi';
import { bytesOf } from '../text/bytes';
import { isBodiless, type HttpResponse } from './http/response';
import { apachePage, type PageFacts } from './pages';

/** Status, reason and headers of an answer; header values are byte strings. */
export interface ReplyHead {
  readonly status: number;
  /** The usual phrase when not given. */
  readonly reason?: string;
  readonly headers: readonly HeaderField[];
}

/** Writes status line and headers. What HTTP cannot carry (a status below 200, control characters) becomes 500 or is left out. */
export function writeHead(response: HttpResponse, head: ReplyHead): void {
  const status = head.status >= 200 && head.status <= 999 ? head.status : 500;
  const reason = (status === head.status ? head.reason : undefined) ?? REASONS[status] ?? '';
  const kept = isBodiless(status) ? head.headers.filter(([name]) => !OF_A_BODY.test(name)) : head.headers;
  response.writeHead(
    status,
    UNPRINTABLE.test(reason) ? reason.replaceAll(UNPRINTABLES, '') : reason,
    mergeVary(kept),
  );
}

const UNPRINTABLE = /[^\t\x20-\x7e\x80-\xff]/;
const UNPRINTABLES = /[^\t\x20-\x7e\x80-\xff]/g;
const OF_A_BODY = /^(?:content-(?:length|type)|transfer-encoding)$/i;

const isVary = ([name]: HeaderField): boolean => name.length === 4 && name.toLowerCase() === 'vary';

/** All Vary headers as one, each field once, joined without a space, as Apache does at the very end. */
function mergeVary(headers: readonly HeaderField[]): readonly HeaderField[] {
  if (!headers.some(isVary)) return headers;
  const fields = headers.filter(isVary).flatMap(([, value]) => value.split(/[\t ]*,[\t ]*/));
  const unique = new Map(fields.filter(Boolean).map((field) => [field.toLowerCase(), field] as const));
  return [...headers.filter((header) => !isVary(header)), ['Vary', [...unique.values()].join(',')]];
}

/** Headers with those that directives set: `Header set` and its like replace what a file or program brought. */
export function overlay(own: readonly HeaderField[], directives: readonly HeaderField[]): HeaderField[] {
  if (directives.length === 0) return [...own];
  const replaced = new Set(directives.map(([name]) => name.toLowerCase()));
  return [...own.filter(([name]) => !replaced.has(name.toLowerCase())), ...directives];
}

/** Sends a whole answer whose body is a byte string; without its length where it comes from a filter, which does not know it. */
export function sendText(response: HttpResponse, head: ReplyHead, body: string, isOfFilter = false): void {
  // Apache leaves the length away where it does not send the body.
  const isCounted = !response.isHead && !isOfFilter;
  const length: HeaderField[] = isCounted ? [['Content-Length', String(body.length)]] : [];
  writeHead(response, { ...head, headers: [...head.headers, ...length] });
  response.end(bytesOf(body));
}

/** Of a page of the server's own, where directives have said nothing else. */
export const typeOfPage = (type: string | null = PAGE_TYPE): HeaderField[] =>
  type === null ? [] : [['Content-Type', type]];

/** Sends Apache's own page for a status, with further headers. HEAD gets neither the page nor its length. */
export function sendPage(response: HttpResponse, head: ReplyHead, facts: PageFacts): void {
  const headers = overlay(head.headers, typeOfPage(facts.contentType));
  sendText(response, { ...head, headers }, apachePage(head.status, facts), facts.isOfFilter);
}
