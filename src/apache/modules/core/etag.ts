/** Bits of FileETag (ETAG_* of http_core.h). */
export const ETAG = { unset: 0, none: 1, mtime: 2, inode: 4, size: 8, all: 2 | 4 | 8, digest: 16 } as const;

/** What FileETag says: a set of parts, or changes to the inherited one. */
export interface EtagConfig {
  readonly bits: number;
  readonly added: number;
  readonly removed: number;
}

/** Nothing set: size and time of the file. */
export const NO_ETAG: EtagConfig = { bits: ETAG.unset, added: 0, removed: 0 };

/** One word of FileETag put to those before it (set_etag_bits). */
export function withEtagWord({ bits, added, removed }: EtagConfig, sign: string, bit: number): EtagConfig {
  if (sign === '+') return { bits, added: added | bit, removed: removed & ~bit };
  if (sign === '-') return { bits, added: added & ~bit, removed: removed | bit };
  return { bits: bit === ETAG.none ? bit : (bits & ~ETAG.none) | bit, added: 0, removed: 0 };
}

/** The parts that a file's ETag is made of (ap_make_etag); `unset` for the usual ones. */
export function etagParts({ bits, added, removed }: EtagConfig): number {
  return (bits & ~removed) | added;
}

/** The deeper folder's over the outer one's (merge_core_dir_configs). */
export function mergeEtag(base: EtagConfig, add: EtagConfig): EtagConfig {
  if (add.bits !== ETAG.unset) return add;
  const added = (base.added & ~add.removed) | add.added;
  const removed = (base.removed & ~add.added) | add.removed;
  const kept = added === 0 ? base.bits : base.bits & ~ETAG.none;
  return { bits: (kept & ~removed) | added, added, removed };
}
