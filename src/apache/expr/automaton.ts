import { PRECEDENCE, RULES, TOKENS, type Rule } from './grammar';

/** One state of the parser. */
export interface State {
  /** Token -> next state; in the order of TOKENS, which is the order of an error message. */
  readonly shift: ReadonlyMap<string, number>;
  /** Nonterminal -> next state after a reduction to it. */
  readonly goto: ReadonlyMap<string, number>;
  /** The rule that is recognised here whatever comes next, unless the next token can be shifted. */
  readonly reduce: Rule | undefined;
  readonly accept: boolean;
}

/** A rule and how much of its right side has been seen. */
interface Item {
  readonly rule: Rule;
  readonly dot: number;
}

const START: Rule = { left: '$accept', right: ['root', '$end'], action: 'pass first' };
const ALL_RULES: readonly Rule[] = [START, ...RULES];
const TOKEN_NAMES: ReadonlySet<string> = new Set(TOKENS);

/** Worked out for the first expression: most processes meet none. */
let known: readonly State[] | undefined;

/**
 * The states of the parser for the grammar in grammar.ts. Apache's parser is made by a generator that gives every
 * state one default reduction, taken without a look at the next token; an error is therefore found late, in the first
 * state that can only shift, and its message lists what that state can shift. No state of this grammar has two
 * reductions (`buildStates` would throw, and a test builds it), so the plain LR(0) states with precedence are the whole truth.
 */
export function parserStates(): readonly State[] {
  return (known ??= buildStates());
}

function buildStates(): State[] {
  const kernels: Item[][] = [[{ rule: START, dot: 0 }]];
  const numbers = new Map<string, number>([[keyOf(kernels[0] as Item[]), 0]]);
  const states: State[] = [];
  for (let at = 0; at < kernels.length; at++) {
    const items = closure(kernels[at] as Item[]);
    const targets = new Map<string, number>();
    for (const [symbol, kernel] of successors(items)) {
      const key = keyOf(kernel);
      const known = numbers.get(key) ?? kernels.push(kernel) - 1;
      numbers.set(key, known);
      targets.set(symbol, known);
    }
    states.push(stateOf(items, targets));
  }
  return states;
}

function stateOf(items: readonly Item[], targets: ReadonlyMap<string, number>): State {
  const complete = items.filter((item) => item.dot === item.rule.right.length);
  if (complete.length > 1) throw new Error('two reductions in one state of the expression grammar');
  const done = complete[0]?.rule;
  const shift = new Map<string, number>();
  for (const token of TOKENS) {
    const target = targets.get(token);
    if (target !== undefined && !(done && bindsTighter(done, token))) shift.set(token, target);
  }
  const goto = new Map([...targets].filter(([symbol]) => !TOKEN_NAMES.has(symbol)));
  return { shift, goto, reduce: done === START ? undefined : done, accept: done === START };
}

/** True when a complete rule is reduced before an operator that could also continue it. */
function bindsTighter(done: Rule, token: string): boolean {
  const operator = done.right.findLast((symbol) => TOKEN_NAMES.has(symbol));
  const ofRule = operator === undefined ? -1 : PRECEDENCE.indexOf(operator);
  const ofToken = PRECEDENCE.indexOf(token);
  return ofRule >= 0 && ofToken >= 0 && ofRule > ofToken;
}

function closure(kernel: readonly Item[]): Item[] {
  const items = [...kernel];
  const added = new Set<string>();
  for (let at = 0; at < items.length; at++) {
    const { rule, dot } = items[at] as Item;
    const next = rule.right[dot];
    if (next === undefined || added.has(next)) continue;
    added.add(next);
    for (const candidate of ALL_RULES) if (candidate.left === next) items.push({ rule: candidate, dot: 0 });
  }
  return items;
}

function successors(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const { rule, dot } of items) {
    const next = rule.right[dot];
    if (next === undefined) continue;
    const group = groups.get(next) ?? [];
    group.push({ rule, dot: dot + 1 });
    groups.set(next, group);
  }
  return groups;
}

function keyOf(kernel: readonly Item[]): string {
  return kernel
    .map(({ rule, dot }) => `${ALL_RULES.indexOf(rule)}.${dot}`)
    .sort()
    .join(' ');
}
