import { meetsConditions, type Conditional, type Validators } from './conditions';
import type { Answer } from './outcome';
import { rangesOf } from './ranges';
import type { RequestRecord } from './record';

const MILLISECONDS = 1000;

const conditional = (r: RequestRecord): Conditional => ({
  method: r.method,
  headers: [...r.headersIn.entries()],
});

const validators = (r: RequestRecord): Validators => ({
  etag: r.headersOut.get('ETag') ?? null,
  lastModified: r.headersOut.get('Last-Modified') ?? null,
});

/** Whether a file is sent at all: 304 or 412 where the client's conditions say that it need not be (ap_meets_conditions). */
export function applyConditions(r: RequestRecord): void {
  if (r.evaluation.leavesContent || r.isSentAlways || r.status < 200 || r.status > 299) return;
  const status = meetsConditions(conditional(r), validators(r), r.evaluation.time * MILLISECONDS);
  if (status === 200) return;
  r.status = status;
  r.hasNoContent = true;
  const reason = status === 304 ? 'the client has this version already' : 'the client wants another version';
  r.addTrace({
    module: 'http_core',
    text: `${status}: ${reason}`,
    event: {
      result: 'applied',
      reason,
      changes: [{ what: 'status', before: '200', after: String(status) }],
    },
  });
}

/** What Range asks of a file (ap_byterange_filter): the answer with its status, or 416 where it has no such part. */
export function applyRange(r: RequestRecord, answer: Answer): Answer | 416 {
  if (r.evaluation.leavesContent || r.status !== 200 || answer.kind !== 'file') return answer;
  if (r.isInPieces || isRanged(r, answer)) return answer;
  const ranges = rangesOf(conditional(r), r.finfo?.size ?? 0, validators(r));
  if (ranges === null) return answer;
  if (ranges === 'unsatisfiable') return 416;
  r.status = 206;
  const isWhole = ranges.length === 1;
  return isWhole ? answer : { ...answer, contentType: 'multipart/byteranges' };
}

/** Somebody has made a part of it already. */
const isRanged = (r: RequestRecord, { contentType }: { readonly contentType: string | null }): boolean =>
  r.headersOut.get('Content-Range') !== undefined || /^multipart\/(?:x-)?byteranges/i.test(contentType ?? '');
