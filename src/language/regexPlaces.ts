import type { LogicalLine } from '../apache/syntax/lines';
import { readWord, readWords } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import { rewritePieces } from './spans';
import { lookup } from '../text/lookup';

/** Whose pattern it is: that decides what it is compared with, and by which names its groups are used. */
export type RegexUse = 'rule' | 'condition' | 'redirect' | 'files' | 'environment' | 'header' | 'expression';

/** A regular expression in a line; offsets in the line's text, without quotes and without `!`. */
export interface RegexPlace extends Span {
  readonly use: RegexUse;
  /** As Apache compiles it. */
  readonly pattern: string;
  /** The text between the offsets is the pattern byte for byte. */
  readonly isLiteral: boolean;
  readonly caseless: boolean;
}

interface Word extends Span {
  readonly value: string;
}

/** The regular expressions of a directive or an opening tag, in order. */
export function regexPlaces({ text }: LogicalLine): readonly RegexPlace[] {
  const name = readWord(text, 0);
  const directive = name.value.replace(/>$/, '').toLowerCase();
  if (directive === 'rewriterule' || directive === 'rewritecond')
    return rewriteRegexes(text, directive, rewritePieces(text, name.next));
  if (WITH_EXPRESSION.has(directive)) return expressionRegexes(text, name.next);
  const found = lookup(WHERE, directive);
  if (found === undefined) return [];
  const isTag = directive.startsWith('<') && text.endsWith('>');
  const args = isTag ? text.slice(name.next, -1) : text.slice(name.next);
  const words = readWords(args).map((word) => moved(word, name.next));
  const place = found(words, directive);
  const word = place === undefined ? undefined : words[place.index];
  if (place === undefined || word === undefined) return expressionRegexes(text, name.next);
  return [wordRegex(text, word, place)];
}

const moved = ({ value, start, end }: Word, by: number): Word => ({
  value,
  start: start + by,
  end: end + by,
});

interface Found {
  readonly index: number;
  readonly use: RegexUse;
  readonly caseless?: boolean;
}

type Finder = (words: readonly Word[], directive: string) => Found | undefined;

const filesMatch: Finder = () => ({ index: 0, use: 'files' });

const filesTilde: Finder = (words) => (words[0]?.value === '~' ? { index: 1, use: 'files' } : undefined);

const redirectMatch: Finder = (words) => {
  const isStatus = /^(?:\d{3}|permanent|temp|seeother|gone)$/i.test(words[0]?.value ?? '');
  return { index: isStatus && words.length > 1 ? 1 : 0, use: 'redirect' };
};

const environment =
  (index: number): Finder =>
  (_words, directive) => ({ index, use: 'environment', caseless: directive.endsWith('nocase') });

/** `Header [always] edit name regex replacement`. */
const headerEdit: Finder = (words) => {
  const at = /^(?:always|onsuccess)$/i.test(words[0]?.value ?? '') ? 1 : 0;
  return /^edit\*?$/i.test(words[at]?.value ?? '') ? { index: at + 2, use: 'header' } : undefined;
};

const WHERE: Readonly<Record<string, Finder>> = {
  '<filesmatch': filesMatch,
  '<files': filesTilde,
  redirectmatch: redirectMatch,
  setenvif: environment(1),
  setenvifnocase: environment(1),
  browsermatch: environment(0),
  browsermatchnocase: environment(0),
  header: headerEdit,
  requestheader: headerEdit,
};

const WITH_EXPRESSION: ReadonlySet<string> = new Set(['<if', '<elseif', 'require', 'setenvifexpr']);

function wordRegex(text: string, { value, start, end }: Word, { use, caseless }: Found): RegexPlace {
  const quote = text[start] === '"' || text[start] === "'" ? (text[start] ?? '') : '';
  const inner = { start: start + quote.length, end };
  if (quote !== '' && end > inner.start && text[end - 1] === quote) inner.end -= 1;
  const isLiteral = text.slice(inner.start, inner.end) === value;
  return { ...inner, use, pattern: value, isLiteral, caseless: caseless === true };
}

/** RewriteRule and RewriteCond take quotes only around the whole argument and leave backslashes alone. */
function rewriteRegexes(
  text: string,
  directive: 'rewriterule' | 'rewritecond',
  pieces: readonly Word[],
): readonly RegexPlace[] {
  const isRule = directive === 'rewriterule';
  const piece = pieces[isRule ? 0 : 1];
  if (piece === undefined) return [];
  if (!isRule && pieces[0]?.value.toLowerCase() === 'expr')
    return expressionRegexes(text, piece.start, piece.end);
  const bang = piece.value.startsWith('!') ? 1 : 0;
  const pattern = piece.value.slice(bang);
  if (!isRule && isTest(pattern)) return [];
  const quote = /^["']/.test(text.slice(piece.start)) ? 1 : 0;
  const start = piece.start + quote + bang;
  const flags = pieces[2]?.value ?? '';
  const caseless = /[[,]\s*(?:NC|nocase)\s*[,\]]/i.test(flags);
  const use = isRule ? 'rule' : 'condition';
  return [{ start, end: start + pattern.length, use, pattern, isLiteral: true, caseless }];
}

/** What RewriteCond takes for a test of another kind; an operator alone is a pattern. */
function isTest(condition: string): boolean {
  return condition.length > 1 && /^(?:-[dfFslLhUx]$|-(?:lt|le|eq|ge|gt|ne)|[<>=])/.test(condition);
}

/** `=~ /regex/i`, `!~ m#regex#`: an expression stands within a word, in which a quote and a backslash are escaped. */
function expressionRegexes(text: string, from: number, to = text.length): readonly RegexPlace[] {
  const places: RegexPlace[] = [];
  const opening = /[=!]~\s*(?:m([^\w\s])|(\/))/g;
  opening.lastIndex = from;
  for (let match = opening.exec(text); match !== null && match.index < to; match = opening.exec(text)) {
    const start = opening.lastIndex;
    const close = text.indexOf(match[1] ?? match[2] ?? '/', start);
    const end = close < 0 || close > to ? to : close;
    const pattern = text.slice(start, end);
    const caseless = text[end + 1] === 'i';
    const isLiteral = !/\\["\\/]/.test(pattern);
    places.push({ start, end, use: 'expression', pattern, isLiteral, caseless });
    opening.lastIndex = end + 1;
  }
  return places;
}
