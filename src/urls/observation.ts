import type { Outcome } from '../apache/request/outcome';

/** What came of a request: the outcome, and what it is compared by. All texts are byte strings. */
export interface Observation {
  readonly outcome: Outcome;
  /** What the program gets; without a program, what directives set. */
  readonly variables: Readonly<Record<string, string>>;
  /** How the server names itself in a Location (`originsOf`). */
  readonly origins: readonly string[];
}

/** Values of a response header, by its name without case. */
export function headerValues(headers: Outcome['headers'], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

/** The media type without parameters, in small letters. */
export function mediaType(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}
