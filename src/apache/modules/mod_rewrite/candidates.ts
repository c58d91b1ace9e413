import { headOf, lettersOf } from '../../regex';
import type { RewriteRule } from './config';
import type { RewriteContext } from './context';
import { ruleInput } from './rule';

/** Below it the rules themselves are gone through as quickly. */
const FEWEST_RULES = 32;

/** What the patterns of a list of rules need, side by side: thousands of rules are passed over without being looked at. */
interface ListNeeds {
  readonly letters: Int32Array;
  readonly heads: Int32Array;
  readonly headMasks: Int32Array;
}

const known = new WeakMap<readonly RewriteRule[], ListNeeds>();

/**
 * Finds the rules whose pattern may match; all others do nothing. Not for traces, which show every rule. A negated rule
 * may always match, and one that is chained takes those behind it along when it does not.
 */
export class Candidates {
  readonly #rules: readonly RewriteRule[];
  readonly #needs: ListNeeds | undefined;
  /** What the subject was made of the last time. */
  #filename: string | null | undefined;
  #pathInfo: string | null = null;
  #letters = 0;
  #head = 0;

  constructor(rules: readonly RewriteRule[]) {
    this.#rules = rules;
    this.#needs = rules.length < FEWEST_RULES ? undefined : needsOf(rules);
  }

  /** Number of the first rule from `at` on that may match the request as it is now; the number of rules when there is none. */
  next(at: number, context: RewriteContext): number {
    if (this.#needs === undefined) return at;
    this.#look(context);
    const { letters, heads, headMasks } = this.#needs;
    let found = at;
    for (; found < this.#rules.length; found++) {
      const missing = (letters[found] ?? 0) & ~this.#letters;
      const different = ((heads[found] ?? 0) ^ this.#head) & (headMasks[found] ?? 0);
      if (missing === 0 && different === 0) break;
    }
    return found;
  }

  #look(context: RewriteContext): void {
    const { filename, pathInfo } = context.r;
    if (filename === this.#filename && pathInfo === this.#pathInfo) return;
    this.#filename = filename;
    this.#pathInfo = pathInfo;
    const subject = ruleInput(context);
    this.#letters = lettersOf(subject);
    this.#head = headOf(subject);
  }
}

function needsOf(rules: readonly RewriteRule[]): ListNeeds {
  let needs = known.get(rules);
  if (needs === undefined) known.set(rules, (needs = collectNeeds(rules)));
  return needs;
}

function collectNeeds(rules: readonly RewriteRule[]): ListNeeds {
  const { length } = rules;
  const needs = {
    letters: new Int32Array(length),
    heads: new Int32Array(length),
    headMasks: new Int32Array(length),
  };
  rules.forEach(({ regex, isNegated, flags }, at) => {
    if (isNegated || flags.chain || regex.needs === undefined) return;
    needs.letters[at] = regex.needs.letters;
    needs.heads[at] = regex.needs.head;
    needs.headMasks[at] = regex.needs.headMask;
  });
  return needs;
}
