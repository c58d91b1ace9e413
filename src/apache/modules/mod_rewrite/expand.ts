import type { RewriteRule } from './config';
import { capture, log, type RewriteContext } from './context';
import { lookUpVariable } from './variables';

/** An expanded text, and whether the `?` that will split off the query came from an expansion. */
export interface Expanded {
  readonly text: string;
  readonly hasUnsafeQuestionMark: boolean;
}

/**
 * Replaces `\c`, `$N`, `%N`, `%{NAME}` and `${map:key|default}` once, from left to right (do_expand). `rule` escapes its
 * backreferences where its flags say so.
 */
export function expand(input: string, context: RewriteContext, rule?: RewriteRule): string {
  return /[\\$%]/.test(input) ? expandTracked(input, context, rule).text : input;
}

/** The same with an eye on the first `?` (with QSL the last one). */
export function expandTracked(input: string, context: RewriteContext, rule?: RewriteRule): Expanded {
  let text = '';
  const marks = new QuestionMarks(rule?.flags.queryLast === true);
  for (let at = 0; at < input.length;) {
    const special = nextSpecial(input, at);
    marks.literal(input.slice(at, special));
    text += input.slice(at, special);
    if (special >= input.length) break;
    const piece = expandOne(input, special, { context, rule });
    text += piece.text;
    if (piece.isExpansion) marks.expansion(piece.text);
    at = piece.next;
  }
  return { text, hasUnsafeQuestionMark: marks.isUnsafe };
}

/** Which `?` decides, and whether it was written or came from an expansion. */
class QuestionMarks {
  readonly #wantsLast: boolean;
  #isDecided = false;
  isUnsafe = false;

  constructor(wantsLast: boolean) {
    this.#wantsLast = wantsLast;
  }

  literal(text: string): void {
    this.#see(text, false);
  }

  expansion(text: string): void {
    this.#see(text, true);
  }

  #see(text: string, isUnsafe: boolean): void {
    if (this.#isDecided || !text.includes('?')) return;
    this.isUnsafe = isUnsafe;
    this.#isDecided = !this.#wantsLast;
  }
}

function nextSpecial(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 || code === 36 || code === 37) return at;
  }
  return text.length;
}

interface Piece {
  readonly text: string;
  readonly next: number;
  /** False for what stands there literally. */
  readonly isExpansion: boolean;
}

interface Scope {
  readonly context: RewriteContext;
  readonly rule: RewriteRule | undefined;
}

function expandOne(input: string, at: number, scope: Scope): Piece {
  const sign = input[at];
  const following = input[at + 1] ?? '';
  const literally = (text: string): Piece => ({
    text,
    next: at + Math.max(text.length, 1),
    isExpansion: false,
  });
  if (sign === '\\') return { text: following === '' ? '\\' : following, next: at + 2, isExpansion: false };
  if (following === '{') return expandBraces(input, at, scope);
  if (following >= '0' && following <= '9') {
    const text = backreference(sign === '$' ? 'rule' : 'condition', Number(following), scope);
    return { text, next: at + 2, isExpansion: text !== '' };
  }
  return literally(sign ?? '');
}

function backreference(kind: 'rule' | 'condition', number: number, { context, rule }: Scope): string {
  const text = capture(kind === 'rule' ? context.ruleCaptures : context.conditionCaptures, number);
  if (text === '' || rule?.flags.escapeBackreferences !== true) return text;
  const escaped = escapeBackreference(text, rule);
  log(context, 5, () => `escaping backreference '${text}' to '${escaped}'`);
  return escaped;
}

/** Escapes a captured text as [B], [BNP], [BNE] and [BCTLS] say (escape_backref). */
function escapeBackreference(text: string, rule: RewriteRule): string {
  const { escapes, noEscapes, escapeNoPlus, escapeControls } = rule.flags;
  return text.replaceAll(/[^A-Za-z0-9_]/gs, (character) => {
    const code = character.charCodeAt(0);
    const isControl = code <= 32 || code === 127;
    const isListed = escapes?.includes(character) === true;
    const isWanted = isListed || (escapeControls ? isControl : escapes === undefined);
    if (!isWanted || noEscapes?.includes(character) === true) return character;
    if (character === ' ' && !escapeNoPlus) return '+';
    return `%${code.toString(16).padStart(2, '0')}`;
  });
}

function expandBraces(input: string, at: number, scope: Scope): Piece {
  const close = closingBrace(input, at + 2);
  const asWritten: Piece = { text: input.slice(at, at + 2), next: at + 2, isExpansion: false };
  if (close < 0) return asWritten;
  const inner = input.slice(at + 2, close);
  if (input[at] === '%') {
    return { text: lookUpVariable(inner, scope.context), next: close + 1, isExpansion: true };
  }
  const colon = topLevel(inner, ':');
  if (colon < 0) return asWritten;
  // A .htaccess cannot declare a map, and the host profile knows none: every look-up ends in its default.
  const bar = topLevel(inner.slice(colon + 1), '|');
  const fallback = bar < 0 ? '' : inner.slice(colon + 1 + bar + 1);
  return { text: expand(fallback, scope.context, scope.rule), next: close + 1, isExpansion: true };
}

/** Offset of the brace that closes the one before `from`; -1 when there is none. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '}' && --depth === 0) return at;
    if (text[at] === '{') depth += 1;
  }
  return -1;
}

/** Offset of a character outside of inner braces; -1 when there is none. */
function topLevel(text: string, wanted: string): number {
  let depth = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === wanted && depth === 1) return at;
    if (text[at] === '}' && --depth === 0) return -1;
    if (text[at] === '{') depth += 1;
  }
  return -1;
}
