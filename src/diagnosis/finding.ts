import type { Fix } from '../errorlog';

/** A way to mend what was found: a command of ours, and for people with a shell the same in one line. */
export interface Remedy {
  /** What to do, one sentence. */
  readonly text: string;
  readonly fix?: Fix;
  /** A command line for the terminal of this machine. */
  readonly command?: string;
}

export interface Finding {
  /** Permanent name, as `dispatcher.crlf` or `web.unreachable`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info' | 'ok';
  /** How surely this is the cause of what fails now, 0 to 100: the report goes from the surest down. */
  readonly weight: number;
  /** What was found: one sentence. */
  readonly title: string;
  readonly why: string;
  readonly evidence: readonly string[];
  readonly remedies: readonly Remedy[];
}

/** A finding that names what is well: the reader need not look there. */
export function well(code: string, title: string, evidence: readonly string[] = []): Finding {
  return { code, severity: 'ok', weight: 0, title, why: '', evidence, remedies: [] };
}
