import type { Kept } from './evaluator';
import type { KnownQuestion } from './question';

/** What was found out about a request whose words come again on its connection: kept with its head, and forgotten with it. */
export interface RequestMemory {
  outcome: Kept | null;
  /** What was asked of a program when the words came last. */
  question: KnownQuestion | null;
}
