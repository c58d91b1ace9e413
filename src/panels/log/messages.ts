/** What the extension and the log panel say to each other. Both sides check what arrives. */

/** How loud a line is: what the panel colours and filters by. */
export type Loudness = 'error' | 'warning' | 'info' | 'debug';

/** From loudest to quietest; a row is told by its index. */
export const LOUDNESS: readonly Loudness[] = ['error', 'warning', 'info', 'debug'];

/** Of a row: an entry, a line without a prefix, or what the extension notes itself (a deploy, a lost connection). */
export const ROW_KINDS = ['entry', 'raw', 'note'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/**
 * Many lines in one message, field by field: lists of numbers and texts travel several times as quickly as objects. All lists are equally
 * long. Ids ascend without gaps inside a batch; where a batch does not go on with the last one, lines between them were left out.
 */
export interface RowBatch {
  /** Id of the first row. */
  readonly first: number;
  /** Whole lines; very long ones are cut. */
  readonly texts: readonly string[];
  /** Where the message begins in its line, behind Apache's prefix. */
  readonly starts: readonly number[];
  /** Seconds of the server's local time since 1970 as if it were UTC; -1 where unknown. */
  readonly times: readonly number[];
  /** Index into LOUDNESS, plus 4 times the index into ROW_KINDS. */
  readonly looks: readonly number[];
  /** Index into the names: which log. */
  readonly sources: readonly number[];
  /** Index into the names: level, module and message number as they are shown. */
  readonly origins: readonly number[];
  /** Names that were not told before; they go on where the last ones ended. */
  readonly names: readonly string[];
}

/** One line as the panel shows it. */
export interface LogRow {
  readonly id: number;
  readonly kind: RowKind;
  readonly loudness: Loudness;
  readonly time: number;
  readonly source: string;
  /** As `error fcgid AH00124`. */
  readonly origin: string;
  readonly message: string;
  readonly text: string;
}

/** A button. Its number is given back when it is pressed. */
export interface FixButton {
  readonly id: number;
  readonly label: string;
}

/** An incident in the list. */
export interface IncidentSummary {
  readonly id: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly summary: string;
  /** As `app.py:12`; empty where unknown. */
  readonly place: string;
  /** As `GET /project/x`; empty where unknown. */
  readonly request: string;
  readonly source: string;
  readonly count: number;
  /** As `times` of rows. */
  readonly first: number;
  readonly last: number;
  /** First seen after the last deploy. */
  readonly isNew: boolean;
  /** Seen (again) since the reader looked last. */
  readonly isUnseen: boolean;
}

/** One step of a stack. */
export interface FrameView {
  readonly label: string;
  readonly file: string;
  readonly line: number;
  /** The file is in the workspace: the label is a link. */
  readonly isLink: boolean;
}

/** Everything about one incident. */
export interface IncidentDetail extends IncidentSummary {
  readonly cause: string;
  readonly remedy: string;
  readonly also: readonly string[];
  /** What was found in the files of the site that explains it, most telling first. */
  readonly found: readonly string[];
  readonly status: number | null;
  readonly clients: readonly string[];
  readonly frames: readonly FrameView[];
  readonly fixes: readonly FixButton[];
  readonly lines: readonly { readonly id: number; readonly text: string }[];
}

/** What one line means, in plain words. */
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
  | { readonly type: 'reset'; readonly maximumLines: number; readonly seenUpTo: number }
  | { readonly type: 'rows'; readonly batch: RowBatch }
  | { readonly type: 'incidents'; readonly incidents: readonly IncidentSummary[] }
  | { readonly type: 'incident'; readonly incident: IncidentDetail }
  | { readonly type: 'explanation'; readonly id: number; readonly explanation: RowExplanation | null }
  | { readonly type: 'status'; readonly status: PanelStatus }
  /**
   * Minutes of the server's clock east of UTC; null while unknown. The first row after the last deploy; null where there is none, or
   * where it is not known yet which row that is.
   */
  | {
      readonly type: 'facts';
      readonly zone: number | null;
      readonly deployedAt: number | null;
      readonly isUnplaced: boolean;
    }
  /** Stick to the end, or stay where the reader is. */
  | { readonly type: 'follow'; readonly follow: boolean }
  /** Show this incident. */
  | { readonly type: 'open'; readonly id: number };

/** Panel to extension. */
export type FromPanel =
  /** The panel is there and knows nothing yet. */
  | { readonly type: 'ready' }
  /** Rows up to this one have arrived: more may come. */
  | { readonly type: 'taken'; readonly id: number }
  /** The reader scrolled away from the end, or back to it. */
  | { readonly type: 'follow'; readonly follow: boolean }
  | { readonly type: 'action'; readonly command: string }
  | { readonly type: 'incident'; readonly id: number }
  | { readonly type: 'explain'; readonly id: number; readonly text: string }
  | { readonly type: 'fix'; readonly incident: number; readonly fix: number }
  | { readonly type: 'frame'; readonly file: string; readonly line: number }
  /** Write these lines to a file. */
  | { readonly type: 'save'; readonly text: string };

/** Texts of the panel's own controls, in the reader's language. `{0}` is a number or a name. */
export interface PanelTexts {
  readonly toolbar: string;
  readonly incidents: string;
  readonly lines: string;
  readonly filter: string;
  readonly filterHelp: string;
  readonly regex: string;
  readonly matchCase: string;
  readonly badPattern: string;
  readonly level: string;
  readonly levels: Readonly<Record<Loudness, string>>;
  readonly source: string;
  readonly allSources: string;
  readonly sinceDeploy: string;
  readonly noDeploy: string;
  readonly unplaced: string;
  readonly localTime: string;
  readonly serverTime: string;
  readonly zoneUnknown: string;
  readonly log: string;
  readonly incidentList: string;
  readonly close: string;
  readonly back: string;
  readonly copy: string;
  readonly copyReport: string;
  readonly save: string;
  readonly onlyRequest: string;
  readonly onlyProcess: string;
  readonly showLines: string;
  readonly newLines: string;
  /** Leads back to the end where nothing new has come. */
  readonly newest: string;
  readonly unseen: string;
  readonly noMatch: string;
  readonly noIncident: string;
  readonly noIncidentDetail: string;
  readonly chooseIncident: string;
  readonly cause: string;
  readonly remedy: string;
  readonly found: string;
  readonly also: string;
  readonly stack: string;
  readonly evidence: string;
  readonly times: string;
  readonly once: string;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly isNew: string;
  readonly severities: Readonly<Record<IncidentSummary['severity'], string>>;
}

/** What the panel keeps while it is hidden. */
export interface PanelMemory {
  readonly view: 'incidents' | 'lines';
  readonly filter: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly level: Loudness;
  readonly source: string;
  readonly sinceDeploy: boolean;
  readonly localTime: boolean;
  readonly follow: boolean;
  /** The line at the top when not following. */
  readonly topRow: number | null;
  readonly incident: number | null;
}
