import type { RequestRecord } from '../request/record';
import { methodBit } from './core/limit';

/** Number of method numbers that a request may have: the known ones and M_INVALID. */
export const METHOD_COUNT = 27;

/** The bit of a request's method; one that Apache does not know counts as M_INVALID. */
export function requestMethodBit(r: RequestRecord): number {
  return methodBit(r.method) ?? 1 << (METHOD_COUNT - 1);
}
