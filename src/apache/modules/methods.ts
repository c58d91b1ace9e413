import type { RequestRecord } from '../request/record';
import { methodBit, UNKNOWN_METHOD } from './core/limit';

/** The bit of a request's method. */
export function requestMethodBit(r: RequestRecord): number {
  return methodBit(r.method, r.host) ?? 1 << UNKNOWN_METHOD;
}
