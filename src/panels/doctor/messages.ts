/** What the extension and the doctor's page say to each other. */

/** One finding of the doctor, ready to be shown. */
export interface FindingView {
  readonly severity: 'error' | 'warning' | 'info' | 'ok';
  readonly title: string;
  readonly why: string;
  readonly evidence: readonly string[];
  /** `button`: words of the button that does it; null where a person must. */
  readonly remedies: readonly { readonly text: string; readonly button: string | null }[];
}

export interface ReportView {
  readonly heading: string;
  readonly verdict: string;
  readonly isWell: boolean;
  readonly findings: readonly FindingView[];
}

export interface DoctorTexts {
  readonly why: string;
  readonly evidence: string;
  readonly fine: string;
  readonly again: string;
  readonly learn: string;
  readonly copy: string;
  readonly copyJson: string;
  readonly severities: Readonly<Record<FindingView['severity'], string>>;
}

/** Extension to page. */
export type ToDoctor =
  { readonly type: 'report'; readonly report: ReportView } | { readonly type: 'busy'; readonly text: string };

/** Page to extension. */
export type FromDoctor =
  | { readonly type: 'ready' | 'again' | 'learn' | 'copy' | 'copy-json' }
  | { readonly type: 'fix'; readonly finding: number; readonly remedy: number };
