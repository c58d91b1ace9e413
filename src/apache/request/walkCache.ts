import { DirConfig } from '../config/dirConfig';
import type { HostProfile } from '../host';
import type { RequestRecord } from './record';

/** The three walks that put configurations together, each with a memory of its own (AP_NOTE_*_WALK). */
type Walk = 'directory' | 'file' | 'if';

/** What a walk came to. */
interface Walked {
  /** The folder or file name that was looked at. */
  readonly place: string;
  /** The list of sections that were asked. */
  readonly sections?: readonly unknown[] | undefined;
  readonly base: DirConfig;
  readonly matched: readonly DirConfig[];
  readonly result: DirConfig;
}

/** What the walks of a request came to. */
export type Walks = Partial<Record<Walk, Walked>>;

/** Modules that take part in access control without promising that equal configurations give equal answers. */
const UNPROMISING: ReadonlySet<string> = new Set([
  'mod_allowmethods',
  'mod_fcgid',
  'mod_log_debug',
  'mod_lua',
]);

/** True where sections that match again may stand for the whole configuration (auth_internal_per_conf). */
const sharesSections = (host: HostProfile): boolean =>
  !host.modules.some((module) => UNPROMISING.has(module));

/** What was found for the request that this one follows or serves. */
function walkedBefore(r: RequestRecord, walk: Walk): Walked | undefined {
  const ofRequest = (other: RequestRecord | null): Walked | undefined => other?.walks[walk];
  return ofRequest(r.prev) ?? ofRequest(r.main);
}

/** One walk's matches, in their order. */
export interface WalkMatches {
  readonly walk: Walk;
  /** Where the walk led; matches of an earlier walk to the same place are taken as they are, unless it is empty. */
  readonly place: string;
  readonly matched: readonly DirConfig[];
  /** What is remembered as the place, where that is another. */
  readonly remembered?: string;
  /** The list of sections that were asked. */
  readonly sections?: readonly unknown[];
}

/** What matched when the same sections were asked for the same name before: they are not asked again. */
export function matchedBefore(
  r: RequestRecord,
  walk: Walk,
  { place, sections }: { readonly place: string; readonly sections: readonly unknown[] },
): readonly DirConfig[] | undefined {
  const before = walkedBefore(r, walk);
  return before?.place === place && before.sections === sections ? before.matched : undefined;
}

/**
 * Puts what matched over the request's configuration, and gives the sum of the matches. A request that follows another to
 * the same place gets the very same configuration, which tells checkAccess that nothing must be asked again.
 */
export function applyWalk(r: RequestRecord, matches: WalkMatches): DirConfig | undefined {
  const { walk, place, matched, remembered = place, sections } = matches;
  const merged = sumOf(matched);
  const base = r.perDirConfig;
  const before = walkedBefore(r, walk);
  const isSame =
    before !== undefined &&
    before.base === base &&
    isSameList(before.matched, matched) &&
    ((place !== '' && place === before.place) || sharesSections(r.host));
  if (isSame) r.perDirConfig = before.result;
  else if (merged !== undefined) r.perDirConfig = DirConfig.merge(base, merged);
  r.walks[walk] = { place: remembered, sections, base, matched, result: r.perDirConfig };
  return merged;
}

function sumOf(configs: readonly DirConfig[]): DirConfig | undefined {
  let sum: DirConfig | undefined;
  for (const config of configs) sum = sum === undefined ? config : sumOfTwo(sum, config);
  return sum;
}

/** Sums of configurations that were added before: they are asked for with every request. */
const sums = new WeakMap<DirConfig, WeakMap<DirConfig, DirConfig>>();

function sumOfTwo(one: DirConfig, other: DirConfig): DirConfig {
  let known = sums.get(one);
  if (known === undefined) sums.set(one, (known = new WeakMap()));
  let sum = known.get(other);
  if (sum === undefined) known.set(other, (sum = DirConfig.merge(one, other)));
  return sum;
}

function isSameList(one: readonly DirConfig[], other: readonly DirConfig[]): boolean {
  return one.length === other.length && one.every((config, at) => config === other[at]);
}
