import type { HttpRequest } from '../apache/request/outcome';

/** What a response says of its version: header values, null when absent. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** One header of a request, repeats joined by a comma; null when absent. `name` in lower case. */
export function headerOf(request: HttpRequest, name: string): string | null {
  const values = request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? null : values.join(', ');
}

/**
 * The answer to a conditional request (RFC 9110, section 13, in Apache's order): 200 to go on, 304 or 412 to send
 * nothing.
 */
export function meetsConditions(request: HttpRequest, validators: Validators): 200 | 304 | 412 {
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  const ifMatch = headerOf(request, 'if-match');
  if (ifMatch !== null && !matchesTag(ifMatch, validators.etag, 'strong')) return 412;
  if (ifMatch === null && changedSince(headerOf(request, 'if-unmodified-since'), validators) === true)
    return 412;
  const ifNoneMatch = headerOf(request, 'if-none-match');
  if (ifNoneMatch !== null) {
    const strength = headerOf(request, 'range') === null && isGet ? 'weak' : 'strong';
    if (!matchesTag(ifNoneMatch, validators.etag, strength)) return 200;
    return isGet ? 304 : 412;
  }
  const unchanged = changedSince(headerOf(request, 'if-modified-since'), validators) === false;
  return isGet && unchanged ? 304 : 200;
}

function matchesTag(list: string, etag: string | null, strength: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  if (etag === null || (strength === 'strong' && etag.startsWith('W/'))) return false;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (strength === 'strong' ? tag === etag : opaque(tag) === opaque(etag)));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** Whether the document is newer than a date of the request; null when either is unknown. */
function changedSince(date: string | null, { lastModified }: Validators): boolean | null {
  const since = Date.parse(date ?? '');
  const modified = Date.parse(lastModified ?? '');
  return Number.isNaN(since) || Number.isNaN(modified) ? null : modified > since;
}

/** True where the condition of If-Range lets the ranges count. */
export function ifRangeHolds(request: HttpRequest, validators: Validators): boolean {
  const condition = headerOf(request, 'if-range');
  if (condition === null) return true;
  if (condition.includes('"')) return matchesTag(condition, validators.etag, 'strong');
  return validators.lastModified !== null && Date.parse(condition) === Date.parse(validators.lastModified);
}
