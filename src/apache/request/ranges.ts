import { headerOf, ifRangeHolds, type Conditional, type Validators } from './conditions';

/** Bytes of a document, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** MaxRanges, MaxRangeOverlaps and MaxRangeReversals of Apache, by default. */
const MOST_RANGES = 200;
const MOST_OVERLAPS = 20;
const MOST_REVERSALS = 20;

/**
 * The ranges that a request asks for, joined where they touch or overlap, as Apache joins them: null for the whole
 * document (no Range, one that cannot be read, an If-Range that no longer holds, too many), 'unsatisfiable' where all
 * lie beyond the end.
 */
export function rangesOf(
  request: Conditional,
  size: number,
  validators: Validators,
): readonly ByteRange[] | 'unsatisfiable' | null {
  const header = headerOf(request, 'range');
  if (header === null || size === 0 || !/^bytes=/i.test(header) || !ifRangeHolds(request, validators))
    return null;
  const asked = readRanges(header.slice('bytes='.length), size);
  if (asked === null) return null;
  const merger = new RangeMerger();
  for (const range of asked.ranges) merger.add(range);
  const ranges = merger.end();
  if (ranges.length === 0) return asked.isBeyond ? 'unsatisfiable' : null;
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return merger.isExcessive || total > size ? null : ranges;
}

/** Null when one of them cannot be read. */
function readRanges(list: string, size: number): { ranges: ByteRange[]; isBeyond: boolean } | null {
  const ranges: ByteRange[] = [];
  let isBeyond = false;
  for (const one of list.replace(/,$/, '').split(',')) {
    const [, from = '', to = ''] = /^(\d*)-(\d*)$/.exec(one) ?? [];
    if (from === '' && to === '') return null;
    const range = from === '' ? suffix(Number(to), size) : { first: Number(from), last: lastOf(to, size) };
    if (range === null) continue;
    if (to !== '' && from !== '' && Number(to) < range.first) return null;
    if (range.first >= size) isBeyond = true;
    else ranges.push({ first: range.first, last: Math.min(range.last, size - 1) });
  }
  return { ranges, isBeyond };
}

const lastOf = (to: string, size: number): number => (to === '' ? size - 1 : Number(to));

function suffix(length: number, size: number): ByteRange | null {
  return length === 0 ? null : { first: Math.max(0, size - length), last: size - 1 };
}

/** Joins each range with the one before it where they touch. */
class RangeMerger {
  readonly #done: ByteRange[] = [];
  #open: ByteRange | null = null;
  #overlaps = 0;
  #reversals = 0;

  get isExcessive(): boolean {
    return (
      this.#done.length > MOST_RANGES || this.#overlaps > MOST_OVERLAPS || this.#reversals > MOST_REVERSALS
    );
  }

  add(range: ByteRange): void {
    const open = this.#open;
    if (open === null) {
      this.#open = range;
      return;
    }
    const overlaps = range.first <= open.last && range.last >= open.first;
    const touches = range.first === open.last + 1 || range.last + 1 === open.first;
    if (overlaps) this.#overlaps++;
    if (range.first < open.first) this.#reversals++;
    if (overlaps || touches) {
      this.#open = {
        first: Math.min(open.first, range.first),
        last: Math.max(open.last, range.last),
      };
      return;
    }
    this.#done.push(open);
    this.#open = range;
  }

  end(): readonly ByteRange[] {
    if (this.#open !== null) this.#done.push(this.#open);
    this.#open = null;
    return this.#done;
  }
}
