import type { RegexMatch } from '../regex';

/** A text with the groups that a pattern found in it. */
export interface Groups {
  readonly subject: string;
  readonly match: RegexMatch;
}

/** Nothing was matched yet: every group is empty. */
export const NO_GROUPS: Groups = { subject: '', match: new Int32Array(20).fill(-1) };

/** Puts groups into a template: `$0`–`$9`; a backslash keeps the next character as it is (ap_pregsub). */
export function substituteGroups(template: string, { subject, match }: Groups): string {
  return template.replaceAll(
    /\$(\d)|\\(.)/gs,
    (_all, digit: string | undefined, kept: string | undefined) => {
      if (digit === undefined) return kept ?? '';
      const start = match[2 * Number(digit)] ?? -1;
      const end = match[2 * Number(digit) + 1] ?? -1;
      return start >= 0 && start < end ? subject.slice(start, end) : '';
    },
  );
}

/** All groups of a match as texts, 0 for the whole; null for those that took no part. */
export function groupTexts({ subject, match }: Groups): readonly (string | null)[] {
  return Array.from({ length: match.length / 2 }, (_, group) => {
    const start = match[2 * group] ?? -1;
    return start < 0 ? null : subject.slice(start, match[2 * group + 1]);
  });
}
