import type { DispatcherFile, Range } from './file';

/** A replacement in the text. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** How a problem can be mended. Plain data, so that it can travel with a diagnostic. */
export type DispatcherFix =
  | { readonly kind: 'to-lf' | 'without-bom' | 'to-utf8'; readonly title: string }
  | { readonly kind: 'set-mode'; readonly title: string; readonly mode: number }
  | {
      readonly kind: 'set-mode-on-target';
      readonly title: string;
      readonly target: string;
      readonly mode: number;
    }
  | { readonly kind: 'first-line'; readonly title: string; readonly line: string }
  | { readonly kind: 'change'; readonly title: string; readonly changes: readonly TextChange[] }
  /** `git update-index --chmod=+x`. */
  | { readonly kind: 'git-mode'; readonly title: string }
  /** Lines for .gitattributes and .editorconfig that keep LF in every checkout and in every editor. */
  | { readonly kind: 'keep-lf'; readonly title: string };

/** What a check found. */
export interface Finding {
  readonly message: string;
  readonly range: Range;
  readonly fix?: DispatcherFix;
  /** Where it is milder or worse than the check's usual severity. */
  readonly severity?: Severity;
}

export type Severity = 'error' | 'warning' | 'information';

/** One check = one file: its comment is its documentation. */
export interface DispatcherCheck {
  /** Permanent name, `dispatcher.` or the language's name and words joined by dashes. */
  readonly code: string;
  /** A few words, without a dot at the end. */
  readonly title: string;
  /** `error`: the web server answers 500. `warning`: it does on some hosts, or tells visitors too much. */
  readonly severity: Severity;
  readonly check: (file: DispatcherFile) => Finding | readonly Finding[] | undefined;
}

/** One thing that is wrong with a dispatcher. */
export interface DispatcherProblem {
  readonly code: string;
  readonly severity: Severity;
  /** What the web server will do, and why. */
  readonly message: string;
  readonly range: Range;
  readonly fix?: DispatcherFix;
}
