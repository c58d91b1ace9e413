import type { RegisteredDirective } from '../apache/config/registry';
import { patchOf, type HostProfile } from '../apache/host';
import { ALL_MODULES } from '../apache/modules/all';
import { placeBits, type Place } from '../apache/modules/define';

/** The override classes that AllowOverride can grant. */
export const CLASSES = ['AuthConfig', 'FileInfo', 'Indexes', 'Limit', 'Options'] as const satisfies Place[];

const ALL_CLASSES = placeBits(['All']);

/** Every directive of every module, loaded or not, by lower-case name; sections with `<`. */
export const CATALOG: ReadonlyMap<string, readonly RegisteredDirective[]> = catalog();

function catalog(): Map<string, RegisteredDirective[]> {
  const byName = new Map<string, RegisteredDirective[]>();
  for (const module of ALL_MODULES) {
    for (const [name, directive] of Object.entries(module.directives)) {
      const entry = { name, module, directive, places: placeBits(directive.where) };
      const others = byName.get(name.toLowerCase());
      if (others === undefined) byName.set(name.toLowerCase(), [entry]);
      else others.push(entry);
    }
  }
  return byName;
}

/** Why a host takes a directive in a .htaccess, or does not. */
export type Standing = 'fine' | 'server-only' | 'module-missing' | 'too-new' | 'not-granted' | 'unknown';

/** What a host says to a directive, with the best of its records: several modules may register one name. */
export interface Judged {
  readonly standing: Standing;
  readonly registered: RegisteredDirective | undefined;
}

const BEST_FIRST: readonly Standing[] = ['fine', 'not-granted', 'too-new', 'module-missing', 'server-only'];

/** Looks a name up in any case, sections with `<`. */
export function directiveOn(host: HostProfile, name: string): Judged {
  const records = CATALOG.get(name.toLowerCase()) ?? [];
  const judged = records.map((registered) => ({ standing: standingOf(registered, host), registered }));
  judged.sort((one, other) => BEST_FIRST.indexOf(one.standing) - BEST_FIRST.indexOf(other.standing));
  return judged[0] ?? { standing: 'unknown', registered: undefined };
}

/** Whether a host takes a directive in a .htaccess, whatever section it stands in. */
export function standingOf(registered: RegisteredDirective, host: HostProfile): Standing {
  const { module, directive, name, places } = registered;
  const isListed = host.allowOverrideList.some((listed) => listed.toLowerCase() === name.toLowerCase());
  if ((places & ALL_CLASSES) === 0 && !isListed) return 'server-only';
  if (!host.modules.includes(module.name)) return 'module-missing';
  if ((directive.since ?? 0) > patchOf(host)) return 'too-new';
  return isListed || (places & grantedBits(host)) !== 0 ? 'fine' : 'not-granted';
}

/** The classes that AllowOverride grants, as bits (`Options=…` grants Options; `Nonfatal=…` none). */
export function grantedBits(host: HostProfile): number {
  const words = host.allowOverride.map((word) => word.toLowerCase().replace(/^options=.*$/s, 'options'));
  const granted = (['All', ...CLASSES] as const).filter((place) => words.includes(place.toLowerCase()));
  return placeBits(granted);
}
