/** Names and delimiters of PCRE2's syntax. */
import type { GroupType, VerbName } from './ast';

export const alphaAssertions: ReadonlyMap<string, GroupType> = new Map([
  ['pla', 'lookahead'],
  ['plb', 'lookbehind'],
  ['napla', 'nonAtomicLookahead'],
  ['naplb', 'nonAtomicLookbehind'],
  ['nla', 'negativeLookahead'],
  ['nlb', 'negativeLookbehind'],
  ['positive_lookahead', 'lookahead'],
  ['positive_lookbehind', 'lookbehind'],
  ['non_atomic_positive_lookahead', 'nonAtomicLookahead'],
  ['non_atomic_positive_lookbehind', 'nonAtomicLookbehind'],
  ['negative_lookahead', 'negativeLookahead'],
  ['negative_lookbehind', 'negativeLookbehind'],
  ['atomic', 'atomic'],
  ['sr', 'scriptRun'],
  ['asr', 'atomicScriptRun'],
  ['script_run', 'scriptRun'],
  ['atomic_script_run', 'atomicScriptRun'],
]);

export const conditionAssertions: ReadonlySet<GroupType> = new Set([
  'lookahead',
  'lookbehind',
  'negativeLookahead',
  'negativeLookbehind',
]);

export const verbs: ReadonlyMap<string, VerbName> = new Map([
  ['', 'MARK'],
  ['MARK', 'MARK'],
  ['ACCEPT', 'ACCEPT'],
  ['F', 'FAIL'],
  ['FAIL', 'FAIL'],
  ['COMMIT', 'COMMIT'],
  ['PRUNE', 'PRUNE'],
  ['SKIP', 'SKIP'],
  ['THEN', 'THEN'],
]);

export const calloutDelimiters: Readonly<Record<string, string>> = {
  '`': '`',
  "'": "'",
  '"': '"',
  '^': '^',
  '%': '%',
  '#': '#',
  $: '$',
  '{': '}',
};
