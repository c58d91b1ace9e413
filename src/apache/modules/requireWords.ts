import type { Expr } from '../expr';
import { textFor } from '../request/evaluateFor';
import type { RequestRecord } from '../request/record';
import { readWord } from '../syntax/words';
import type { AuthzProvider, AuthzStatus } from './providers';

/** The words of a text up to its end or its first empty word, as `while ((w = ap_getword_conf(&t)) && w[0])` takes them. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (let word = readWord(text, 0); word.value !== ''; word = readWord(text, word.next))
    words.push(word.value);
  return words;
}

/** What a provider of words says; `words` is undefined where the line's expression cannot be evaluated. */
type WordsCheck = (r: RequestRecord, words: () => readonly string[] | undefined) => AuthzStatus;

/** A provider whose line is a text with expressions in it, made of words once it is evaluated: `Require user`, `group` and others. */
export function wordsProvider(complaint: string, check: WordsCheck, since = 0): AuthzProvider {
  return {
    since,
    parse(cmd, args) {
      const parsed = cmd.parseExpr('Require list', args);
      if ('refusal' in parsed) return parsed;
      return { check: (r) => check(r, () => evaluatedWords(r, parsed.expr, complaint)) };
    },
  };
}

function evaluatedWords(r: RequestRecord, expr: Expr, complaint: string): string[] | undefined {
  const result = textFor(r, expr);
  if ('text' in result) return wordsOf(result.text);
  r.logError(`${complaint}: Can't evaluate require expression: ${result.problem}`);
  return undefined;
}
