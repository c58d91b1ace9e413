import type { ServerResponse } from 'node:http';
import { REASONS, type HeaderField } from '../fastcgi';
import { bytesOf } from '../text/bytes';
import { ObservedResponse } from './observedResponse';
import { apachePage, type PageFacts } from './pages';

/** Status, reason and headers of an answer; header values are byte strings. */
export interface ReplyHead {
  readonly status: number;
  /** The usual phrase when not given. */
  readonly reason?: string;
  readonly headers: readonly HeaderField[];
}

/** Media type of Apache's own pages. */
export const PAGE_TYPE = 'text/html; charset=iso-8859-1';

/** Writes status line and headers. What HTTP cannot carry (a status below 200, control characters) becomes 500 or is left out. */
export function writeHead(response: ServerResponse, head: ReplyHead): void {
  const status = head.status >= 200 && head.status <= 999 ? head.status : 500;
  const reason = status === head.status ? head.reason : undefined;
  const kept = head.headers.filter(([name]) => !isBodiless(status) || !OF_A_BODY.test(name));
  const merged = mergeVary(kept);
  const sent =
    response instanceof ObservedResponse ? response.observeHead({ status, headers: merged }) : merged;
  const flat = sent.flatMap(([name, value]) => [name, value]);
  response.writeHead(status, (reason ?? REASONS[status] ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, ''), flat);
}

const OF_A_BODY = /^(?:content-(?:length|type)|transfer-encoding)$/i;

/** All Vary headers as one, each field once, joined without a space, as Apache does at the very end. */
function mergeVary(headers: readonly HeaderField[]): readonly HeaderField[] {
  const isVary = ([name]: HeaderField): boolean => name.toLowerCase() === 'vary';
  const fields = headers.filter(isVary).flatMap(([, value]) => value.split(/[\t ]*,[\t ]*/));
  if (fields.length === 0) return headers;
  const unique = new Map(fields.filter(Boolean).map((field) => [field.toLowerCase(), field] as const));
  return [...headers.filter((header) => !isVary(header)), ['Vary', [...unique.values()].join(',')]];
}

/** Statuses that never have content. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** Headers with those that directives set: `Header set` and its like replace what a file or program brought. */
export function overlay(own: readonly HeaderField[], directives: readonly HeaderField[]): HeaderField[] {
  const replaced = new Set(directives.map(([name]) => name.toLowerCase()));
  return [...own.filter(([name]) => !replaced.has(name.toLowerCase())), ...directives];
}

/** Sends a whole answer whose body is a byte string. */
export function sendText(response: ServerResponse, head: ReplyHead, body: string): void {
  const length: HeaderField = ['Content-Length', String(body.length)];
  writeHead(response, { ...head, headers: [...head.headers, length] });
  response.end(isBodiless(head.status) ? undefined : bytesOf(body));
}

/** Sends Apache's own page for a status, with further headers. HEAD gets neither the page nor its length. */
export function sendPage(response: ServerResponse, head: ReplyHead, facts: PageFacts): void {
  const headers: HeaderField[] = [...head.headers, ['Content-Type', PAGE_TYPE]];
  if (facts.method !== 'HEAD')
    return sendText(response, { ...head, headers }, apachePage(head.status, facts));
  writeHead(response, { ...head, headers });
  response.end();
}
