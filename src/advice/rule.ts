import type { Span } from '../text/lines';
import type { AdviceFile } from './file';

/** How loudly an advice is shown; it is never an error, because Apache takes the file. */
export type AdviceSeverity = 'warning' | 'information' | 'hint';

/** A replacement in the source: half-open byte offsets. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** What an editor can do about it with one click. Edits do not overlap. */
export interface AdviceFix {
  /** In the imperative: `Remove the flag OR`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Another place in the same file that the advice is about. */
export interface RelatedPlace extends Span {
  readonly message: string;
}

/** One thing that a rule found. Offsets are bytes of the source. */
export interface Finding extends Span {
  /** What Apache will do, and why. A byte string where it quotes the file. */
  readonly message: string;
  readonly fix?: AdviceFix;
  readonly related?: readonly RelatedPlace[];
  /** Where it is milder or worse than the rule's usual severity. */
  readonly severity?: AdviceSeverity;
}

/** One rule: one file, whose comment is its documentation. */
export interface AdviceRule {
  /** Permanent name, `area.kebab-case`. */
  readonly code: string;
  /** A few words, without a dot at the end. */
  readonly title: string;
  /** `off` for a rule that only speaks when the user asked for it. */
  readonly severity: AdviceSeverity | 'off';
  check(file: AdviceFile): Iterable<Finding>;
}

/** What a user may set for a rule's code. */
export type SeveritySetting = AdviceSeverity | 'error' | 'off';
