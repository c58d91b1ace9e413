import type { HttpRequest } from './outcome';

/** What a response says of its version: header values, null when absent. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What conditions look at. */
export type Conditional = Pick<HttpRequest, 'method' | 'headers'>;

/** One header of a request, repeats joined by a comma; null when absent. `name` in lower case. */
export function headerOf(request: Conditional, name: string): string | null {
  const values = request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? null : values.join(', ');
}

/**
 * The answer to a conditional request (RFC 9110, section 13, in Apache's order): 200 to go on, 304 or 412 to send
 * nothing. `now`: milliseconds since 1970.
 */
export function meetsConditions(request: Conditional, validators: Validators, now: number): 200 | 304 | 412 {
  if (!hasConditions(request)) return 200;
  const status = statusOf(request, validators, now);
  // Who asks for a part has the rest: whether it is still good, If-Range tells, and what comes is never "not modified".
  const isPart = headerOf(request, 'range') !== null && headerOf(request, 'if-range') !== null;
  return status === 304 && isPart ? 200 : status;
}

function statusOf(request: Conditional, validators: Validators, now: number): 200 | 304 | 412 {
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  const ifMatch = headerOf(request, 'if-match');
  if (ifMatch !== null && !matchesTag(ifMatch, validators.etag, 'strong')) return 412;
  const changed = (name: string): boolean | null => changedSince(headerOf(request, name), validators, now);
  // What has just changed may change again: its date is no ground to send a part of it.
  const isFresh = headerOf(request, 'range') !== null && now < modifiedAt(validators, now) + 60_000;
  if (!isFresh && changed('if-unmodified-since') === true) return 412;
  const ifNoneMatch = headerOf(request, 'if-none-match');
  if (ifNoneMatch !== null) {
    const strength = headerOf(request, 'range') === null && isGet ? 'weak' : 'strong';
    if (!matchesTag(ifNoneMatch, validators.etag, strength)) return 200;
    if (!isGet) return 412;
  }
  const ifModifiedSince = headerOf(request, 'if-modified-since');
  // Where this condition for sending it holds, none against it counts.
  if (headerOf(request, 'if-unmodified-since') !== null) return 200;
  if (!isGet || ifModifiedSince === null) return ifNoneMatch === null ? 200 : 304;
  // A date in the future says nothing, and neither does what is no date: the file is sent, whatever its tag.
  const isPast = dateOf(ifModifiedSince) <= now;
  return isPast && !isFresh && changed('if-modified-since') === false ? 304 : 200;
}

/** True where the request has a header that begins with `If-`. */
export function hasConditions(request: Conditional): boolean {
  for (const header of request.headers) if (header[0][2] === '-' && /^if-/i.test(header[0])) return true;
  return false;
}

function matchesTag(list: string, etag: string | null, strength: 'strong' | 'weak'): boolean {
  if (list.trimStart().startsWith('*')) return true;
  if (etag === null || (strength === 'strong' && etag.startsWith('W/'))) return false;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (strength === 'strong' ? tag === etag : opaque(tag) === opaque(etag)));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** Milliseconds since 1970, whole seconds; what names no date is of now. */
function modifiedAt({ lastModified }: Validators, now: number): number {
  const time = dateOf(lastModified ?? '');
  return Math.floor((Number.isNaN(time) ? now : time) / 1000) * 1000;
}

/** Whether the document is newer than a date of the request; what names no date is of now. Null without a date to compare with. */
function changedSince(date: string | null, validators: Validators, now: number): boolean | null {
  const since = dateOf(date ?? '');
  const modified = modifiedAt(validators, now);
  return Number.isNaN(since) || Number.isNaN(modified) ? null : modified > since;
}

/** True where the condition of If-Range lets the ranges count. */
export function ifRangeHolds(request: Conditional, validators: Validators): boolean {
  const condition = headerOf(request, 'if-range');
  if (condition === null) return true;
  if (condition.includes('"')) return matchesTag(condition, validators.etag, 'strong');
  return validators.lastModified !== null && dateOf(condition) === dateOf(validators.lastModified);
}

/** Milliseconds since 1970 of a date as HTTP writes them, now or formerly; NaN for any other text, in which JavaScript may see one (`0`). */
const dateOf = (text: string): number => (HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN);

const HTTP_DATE =
  /^ *[A-Za-z]+,? +(?:\d{1,2}[ -][A-Za-z]{3}[ -](?:\d{4}|\d{2}) \d\d:\d\d:\d\d GMT|[A-Za-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4})/i;
