/** What the extension and the log panel say to each other. Both sides check what arrives. */

/** How loud a line is: what the panel colours and filters by. */
export type Loudness = 'error' | 'warning' | 'info' | 'debug';

/** From loudest to quietest. */
export const LOUDNESS: readonly Loudness[] = ['error', 'warning', 'info', 'debug'];

/** One line of the remote error log. */
export interface LogRow {
  /** Ascending without gaps within one session of the extension. */
  readonly id: number;
  readonly loudness: Loudness;
  /** Time of day as the server wrote it, `12:34:56`; empty where the line has none. */
  readonly time: string;
  /** Apache's own word, as `error` or `notice`. */
  readonly level: string;
  /** Module and message number, as `fcgid` or `rewrite AH00671`; empty for raw lines. */
  readonly origin: string;
  readonly message: string;
  /** The whole line. */
  readonly text: string;
  readonly explanation?: RowExplanation;
}

/** What a line means, in plain words. */
export interface RowExplanation {
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
}

/** A button in the panel that runs a command of the extension. */
export interface PanelAction {
  readonly label: string;
  readonly command: string;
}

/** What the panel shows beside (or instead of) lines. */
export interface PanelStatus {
  readonly kind: 'idle' | 'busy' | 'live' | 'failed';
  readonly title: string;
  readonly detail: string;
  readonly actions: readonly PanelAction[];
}

/** Extension to panel. */
export type ToPanel =
  /** Everything anew: lines that were shown are forgotten. */
  | { readonly type: 'reset'; readonly maximumLines: number }
  | { readonly type: 'rows'; readonly rows: readonly LogRow[] }
  | { readonly type: 'status'; readonly status: PanelStatus }
  /** Stick to the end, or stay where the reader is. */
  | { readonly type: 'follow'; readonly follow: boolean };

/** Panel to extension. */
export type FromPanel =
  /** The panel is there and knows nothing yet. */
  | { readonly type: 'ready' }
  /** The reader scrolled away from the end, or back to it. */
  | { readonly type: 'follow'; readonly follow: boolean }
  | { readonly type: 'action'; readonly command: string };

/** Texts of the panel's own controls, in the reader's language. */
export interface PanelTexts {
  readonly filter: string;
  readonly level: string;
  readonly levels: Readonly<Record<Loudness, string>>;
  readonly log: string;
  readonly close: string;
  readonly copy: string;
  /** `{0}` is a number. */
  readonly newLines: string;
  /** Leads back to the end where nothing new has come. */
  readonly newest: string;
  readonly noMatch: string;
  readonly cause: string;
  readonly remedy: string;
}

/** What the panel keeps while it is hidden. */
export interface PanelMemory {
  readonly filter: string;
  readonly level: Loudness;
  readonly follow: boolean;
  /** The line at the top when not following. */
  readonly topRow: number | null;
}
