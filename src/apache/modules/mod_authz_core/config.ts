import type { Origin } from '../define';
import type { AuthzCheck } from '../providers';

/** 'and' for <RequireAll>, 'or' for <RequireAny>; <RequireNone> is a negated 'or'. */
export type AuthzLogic = 'and' | 'or';

/** A `Require` line. */
export interface AuthzLine {
  readonly kind: 'line';
  readonly negate: boolean;
  /** Bits of the methods that it is for. */
  limited: number;
  /** As in the file, `user a b`, for the log. */
  readonly text: string;
  readonly origin: Origin;
  readonly check: AuthzCheck;
}

/** A container of lines and other containers; also the unwritten one around everything of a folder. */
export interface AuthzSection {
  readonly kind: 'section';
  readonly logic: AuthzLogic;
  readonly negate: boolean;
  limited: number;
  /** Made by AuthMerging, not written. */
  readonly isMerged: boolean;
  /** Absent where it is not written. */
  readonly origin?: Origin;
  readonly children: AuthzNode[];
}

export type AuthzNode = AuthzLine | AuthzSection;

/** mod_authz_core's per-directory configuration; undefined means not set. */
export interface AuthzConfig {
  section: AuthzSection | undefined;
  merging: AuthzLogic | 'off' | undefined;
  forbidsOnFailure: boolean | undefined;
}

/** A container without children. */
export function newSection(logic: AuthzLogic, negate = false, origin: Origin = {}): AuthzSection {
  return { kind: 'section', logic, negate, limited: 0, isMerged: false, origin, children: [] };
}

/** `Require all granted`, as a server's own configuration has it. */
export function everybody(): AuthzSection {
  const line: AuthzLine = {
    kind: 'line',
    negate: false,
    limited: -1,
    text: 'all granted',
    origin: {},
    check: () => 'granted',
  };
  return { ...newSection('or'), limited: -1, children: [line] };
}

/** The name of a container as Apache's messages have it. */
export function sectionName({ logic, negate, isMerged }: AuthzSection): string {
  const word = logic === 'and' ? (negate ? 'NotAll' : 'All') : negate ? 'None' : 'Any';
  return isMerged ? `AuthMerging ${word}` : `<Require${word}>`;
}

/** The deeper folder's rules in place of the outer one's, or together with them where AuthMerging says so. */
export function mergeAuthz(base: AuthzConfig, add: AuthzConfig): AuthzConfig {
  const forbidsOnFailure = add.forbidsOnFailure ?? base.forbidsOnFailure;
  if (add.merging === undefined && add.section === undefined && base.section !== undefined) {
    return { ...base, forbidsOnFailure };
  }
  if (add.merging === undefined || add.merging === 'off') return { ...add, forbidsOnFailure };
  return { section: mergedSection(base, add, add.merging), merging: add.merging, forbidsOnFailure };
}

function mergedSection(
  { section: outer }: AuthzConfig,
  { section: inner }: AuthzConfig,
  logic: AuthzLogic,
): AuthzSection | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return {
    kind: 'section',
    logic,
    negate: false,
    limited: outer.limited | inner.limited,
    isMerged: true,
    children: [outer, inner],
  };
}
