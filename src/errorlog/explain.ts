import { explanations } from './explanations';
import type { LogLine } from './line';

/** What a line means, in plain words. */
export interface Explanation {
  /** Permanent name, as `fcgid.died-at-start`. */
  readonly code: string;
  /** What happened: one sentence. */
  readonly summary: string;
  /** Why, most likely. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

/** Apache cuts its messages at 8 KiB; what is longer is output of a program, and its start is enough. */
const LONGEST = 8192;

/** Explains a line of the error log; undefined for one that is not known or needs no explanation. Never throws; linear. */
export function explainLine(line: LogLine): Explanation | undefined {
  const message = line.message.slice(0, LONGEST);
  for (const { code, explains } of explanations) {
    const found = explains(message, line);
    if (found) return { code, ...found };
  }
  return undefined;
}
