import type { LogLine } from '../line';

/** Something that mends, or leads to what must be mended. Paths are the server's. Plain data, so that it can travel to a view. */
export type Fix =
  | { readonly kind: 'to-lf' | 'without-bom'; readonly path?: string }
  | { readonly kind: 'set-mode'; readonly path?: string; readonly mode: number }
  | { readonly kind: 'open'; readonly path: string; readonly line?: number }
  /** Which rule of which .htaccess acts on an address. */
  | { readonly kind: 'rule'; readonly target?: string }
  | { readonly kind: 'upload' | 'reload' | 'recover' | 'preflight' | 'doctor' };

/**
 * How close a message is to the cause of a failure. Where several messages belong to one failure, the highest rank tells it.
 * `routine` lines belong to a server's ordinary life and are no failure.
 */
export const RANKS = { routine: 0, symptom: 20, consequence: 40, host: 50, cause: 60, program: 80 } as const;

export type Rank = keyof typeof RANKS;

/** What a line means, in plain words. */
export interface Explanation {
  /** Permanent name, as `fcgid.died-at-start`. */
  readonly code: string;
  readonly rank: Rank;
  /** What happened: one sentence. */
  readonly summary: string;
  /** Why, most likely. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
  readonly fixes: readonly Fix[];
  /** The program or file that it is about, as the line names it: a path of the server, or a bare name. */
  readonly script?: string;
}

/** What a table says about one message. */
export type Words = Pick<Explanation, 'summary' | 'cause' | 'remedy' | 'script'> & {
  readonly rank?: Rank;
  readonly fixes?: readonly Fix[];
};

/** One known message: how it is recognised, and what it means. */
export interface KnownMessage {
  readonly code: string;
  readonly rank: Rank;
  readonly explains: (message: string, line: LogLine) => Words | undefined;
}

/** A known message that a pattern recognises; the words get its captures. */
export function known(
  code: string,
  rank: Rank,
  pattern: RegExp,
  words: (captures: readonly string[], line: LogLine) => Words,
): KnownMessage {
  return {
    code,
    rank,
    explains(message, line) {
      const found = pattern.exec(message);
      return found
        ? words(
            found.slice(1).map((capture) => capture ?? ''),
            line,
          )
        : undefined;
    },
  };
}

/** A known message whose words are always the same. */
export function plain(code: string, rank: Rank, pattern: RegExp, words: Words): KnownMessage {
  return known(code, rank, pattern, () => words);
}

const ROUTINE = { cause: 'This belongs to the ordinary life of the server.', remedy: 'Nothing to do.' };

/** A message that says that all is well. */
export function routine(code: string, pattern: RegExp, summary: string): KnownMessage {
  return plain(code, 'routine', pattern, { summary, ...ROUTINE });
}

/** A message about the server itself, which only the host can mend. */
export function hostTrouble(code: string, pattern: RegExp, summary: string): KnownMessage {
  return plain(code, 'host', pattern, {
    summary,
    cause: "This is about the server itself, not about your site's files.",
    remedy:
      'Send this line to your host, with its time. If it came only once, during a restart, it can be ignored.',
  });
}
