import type { TracePart } from '../trace/messages';

/** How a URL ends, for its colour. */
export type UrlTone = 'answered' | 'redirect' | 'error';

/** One URL of the table. */
export interface UrlRow {
  readonly id: number;
  /** As in a `*.urls` file: `POST /form`. */
  readonly request: string;
  readonly outcome: string;
  readonly tone: UrlTone | undefined;
  /** Undefined where nothing is expected; what a failed case expects otherwise. */
  readonly expected?: string;
  readonly ok?: boolean;
}

/** Everything that the panel shows. */
export interface UrlsState {
  readonly rows: readonly UrlRow[];
  /** How many more there are. */
  readonly more: number;
  /** The row that is watched. */
  readonly watched: number | null;
  /** The watched URL with its outcome; empty where none is. */
  readonly heading: string;
  readonly tone: UrlTone | undefined;
  readonly parts: readonly TracePart[];
}

/** Texts of the panel's own controls. */
export interface UrlsTexts {
  readonly url: string;
  readonly outcome: string;
  readonly list: string;
  readonly trace: string;
  readonly watch: string;
  readonly record: string;
  readonly stop: string;
  /** What the buttons say where there is little room. */
  readonly short: Readonly<Record<UrlsAction, string>>;
  readonly emptyTitle: string;
  readonly emptyDetail: string;
  readonly noTrace: string;
  readonly expected: string;
  /** `{0}` of `{1}` tests. */
  readonly failed: string;
  /** `{0}` is a number. */
  readonly passed: string;
  readonly nextFailed: string;
  /** `{0}` is a number. */
  readonly more: string;
}

/** The extension to the panel. */
export type ToUrls = { readonly type: 'state'; readonly state: UrlsState };

/** What the panel's buttons do. */
export type UrlsAction = 'watch' | 'record' | 'stop';

/** The panel to the extension. */
export type FromUrls =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly id: number }
  | { readonly type: 'open'; readonly file: string; readonly line: number }
  | { readonly type: 'action'; readonly action: UrlsAction };
