import { isAtLeast } from '../host';
import { core } from '../modules/core';
import type { RequestRecord } from './record';

/** LimitRequestBody's default, since Apache 2.4.54. */
const DEFAULT_LIMIT = 1_073_741_824;

/** Bytes of a body that LimitRequestBody lets through; null for any number. */
export function bodyLimitOf(r: RequestRecord): number | null {
  const limit = r.perDirConfig.get(core)?.limitRequestBody ?? (isAtLeast(r.host, 54) ? DEFAULT_LIMIT : 0);
  return limit === 0 ? null : limit;
}

/**
 * True, with Apache's complaint, where the request's body is longer than LimitRequestBody lets through. Apache sees it when it
 * reads the body: before a handler answers, or before it answers itself; once in a chain of requests.
 */
export function isBodyTooLong(r: RequestRecord): boolean {
  const { evaluation } = r;
  const length = r.headersIn.get('Content-Length');
  if (evaluation.isBodyRead || length === undefined) return false;
  const limit = bodyLimitOf(r);
  if (limit === null || Number(length) <= limit) return false;
  evaluation.isBodyRead = true;
  r.logError(
    `AH01588: Requested content-length of ${length} is larger than the configured limit of ${limit}`,
    r.perDirConfig.lastUse('LimitRequestBody')?.origin,
    'refused',
  );
  return true;
}
