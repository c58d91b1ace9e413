import { parseExpr, placeOptions, type ExprPlace } from '../apache/expr';
import { isAtLeast, patchOf, type HostProfile } from '../apache/host';
import { noFlags, setRuleFlag } from '../apache/modules/mod_rewrite/flags';
import { APACHE_REGEX, parseRegex } from '../apache/regex';
import { sourceOffset, type LogicalLine } from '../apache/syntax/lines';
import { readWord } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import { rewritePieces, spanInSource, type Piece } from './spans';

/** The argument that Apache refused, where it is a flag, a regular expression or an expression. */
export interface RefusedArgument {
  readonly code: 'apache.flag' | 'apache.pattern' | 'apache.expression';
  readonly span: Span;
  readonly because: string;
}

/** One flag of a rule, without the blanks around it; offsets in the line's text. */
export interface FlagSpan extends Span {
  readonly key: string;
  readonly value: string;
}

/** The flags inside `[…]`. */
export function flagsIn(piece: Piece): FlagSpan[] {
  const open = piece.value.startsWith('[') ? piece.value.slice(1) : piece.value;
  const list = open.endsWith(']') ? open.slice(0, -1) : open;
  let at = piece.end - piece.start === piece.value.length ? piece.start : piece.start + 1;
  if (piece.value.startsWith('[')) at += 1;
  return list.split(',').map((raw) => {
    const blanks = raw.length - raw.trimStart().length;
    const flag = raw.trim();
    const start = at + blanks;
    at += raw.length + 1;
    const equals = flag.indexOf('=');
    const key = equals < 0 ? flag : flag.slice(0, equals);
    return { start, end: start + flag.length, key, value: equals < 0 ? '' : flag.slice(equals + 1) };
  });
}

const CONDITION_FLAGS = /^(?:nc|nocase|or|ornext|nv|novary)$/i;

/** True when mod_rewrite takes the flag, of a condition or of a rule. */
export function isFlagTaken(flag: FlagSpan, isCondition: boolean): boolean {
  if (isCondition) return CONDITION_FLAGS.test(flag.key);
  return setRuleFlag(noFlags(), flag.key, flag.value) === undefined;
}

/** Looks for the flag or the pattern of a directive that Apache cannot take. */
export function refusedArgument(line: LogicalLine, host: HostProfile): RefusedArgument | undefined {
  const word = readWord(line.text, 0);
  const name = word.value.toLowerCase();
  if (name === 'rewriterule' || name === 'rewritecond')
    return refusedRewrite(line, name === 'rewritecond', host);
  const place = EXPRESSION_PLACES.get(name);
  if (place !== undefined) return refusedExpression(line, firstArgument(line, word.next), place, host);
  const argument = PATTERN_ARGUMENTS.get(name);
  if (argument === undefined) return undefined;
  let found = readWord(line.text, word.next);
  for (let skipped = 0; skipped < argument; skipped++) found = readWord(line.text, found.next);
  if (name === 'redirectmatch' && /^(?:\d+|permanent|temp|seeother|gone)$/i.test(found.value)) {
    found = readWord(line.text, found.next);
  }
  const isQuoted = /^["']/.test(line.text.slice(found.start, found.end));
  const start = isQuoted ? found.start + 1 : found.start;
  const raw = line.text.slice(start, start + found.value.length);
  // Where words lose backslashes or a closing bracket, offsets in the pattern would be wrong.
  const value = !isQuoted && name.startsWith('<') ? found.value.replace(/>$/, '') : found.value;
  return refusedPattern(line, { start, end: start + value.length, value }, host, raw.startsWith(value));
}

/** Directives whose pattern is a word of its own: how many words stand before it. */
const PATTERN_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['<filesmatch', 0],
  ['redirectmatch', 0],
  ['browsermatch', 0],
  ['browsermatchnocase', 0],
  ['setenvif', 1],
  ['setenvifnocase', 1],
]);

/** Directives whose first argument is an expression. */
const EXPRESSION_PLACES: ReadonlyMap<string, ExprPlace> = new Map([
  ['<if', 'If'],
  ['<elseif', 'If'],
  ['setenvifexpr', 'SetEnvIfExpr'],
]);

/** The first word of the arguments, without the bracket of a tag. */
function firstArgument({ text }: LogicalLine, from: number): Piece {
  const isTag = text.startsWith('<') && text.endsWith('>');
  return readWord(isTag ? text.slice(0, -1) : text, from);
}

function refusedExpression(
  line: LogicalLine,
  piece: Piece,
  place: ExprPlace,
  host: HostProfile,
): RefusedArgument | undefined {
  const parsed = parseExpr(piece.value, { ...placeOptions(place, patchOf(host)), modules: host.modules });
  if (!('problem' in parsed)) return undefined;
  const { offset, length } = parsed.problem;
  const start = /^["']/.test(line.text.slice(piece.start)) ? piece.start + 1 : piece.start;
  // Where quotes were escaped in the word, offsets in its value are not those of the line.
  const isLiteral = line.text.startsWith(piece.value, start);
  const [from, to] =
    isLiteral && length > 0 ? [start + offset, start + offset + length] : [piece.start, piece.end];
  return { code: 'apache.expression', span: spanInSource(line, from, to), because: '' };
}

function refusedRewrite(
  line: LogicalLine,
  isCondition: boolean,
  host: HostProfile,
): RefusedArgument | undefined {
  const pieces = rewritePieces(line.text, readWord(line.text, 0).next);
  const [first, second, third] = pieces;
  if (third !== undefined) {
    const flag = refusedFlag(line, third, isCondition);
    if (flag !== undefined) return flag;
  }
  const piece = isCondition ? second : first;
  if (piece === undefined) return undefined;
  if (isCondition && first?.value.toLowerCase() === 'expr')
    return refusedExpression(line, piece, 'RewriteCond', host);
  const bang = piece.value.startsWith('!') ? 1 : 0;
  const quote = piece.end - piece.start === piece.value.length ? 0 : 1;
  const value = piece.value.slice(bang);
  if (isCondition && /^(?:[<>=]|-(?:lt|le|gt|ge|eq|ne|.$))/.test(value)) return undefined;
  const start = piece.start + quote + bang;
  return refusedPattern(line, { start, end: start + value.length, value }, host, true);
}

function refusedFlag(line: LogicalLine, piece: Piece, isCondition: boolean): RefusedArgument | undefined {
  if (!piece.value.startsWith('[') || !piece.value.endsWith(']')) {
    const isSplit = piece.value.startsWith('[') && line.text.includes(']', piece.end);
    const because = isSplit
      ? 'Flags are one argument: no blanks between them, or the whole list in quotes.'
      : 'Flags stand in square brackets, with commas between them and no blanks.';
    const end = isSplit ? line.text.indexOf(']', piece.end) + 1 : piece.end;
    return { code: 'apache.flag', span: spanInSource(line, piece.start, end), because };
  }
  const flag = flagsIn(piece).find((one) => one.key !== '' && !isFlagTaken(one, isCondition));
  if (flag === undefined) return undefined;
  return { code: 'apache.flag', span: spanInSource(line, flag.start, flag.end), because: '' };
}

function refusedPattern(
  line: LogicalLine,
  piece: Piece,
  host: HostProfile,
  isLiteral: boolean,
): RefusedArgument | undefined {
  const options = isAtLeast(host, 41) ? APACHE_REGEX : { duplicateNames: true };
  const { problem } = parseRegex(piece.value, options);
  if (problem === undefined) return undefined;
  const because = `PCRE2: ${problem.message} (at ${problem.offset}).`;
  const whole = {
    code: 'apache.pattern',
    span: spanInSource(line, piece.start, piece.end),
    because,
  } as const;
  if (!isLiteral || problem.offset >= piece.value.length) return whole;
  const at = sourceOffset(line, piece.start + problem.offset);
  return { ...whole, span: { start: at, end: at + 1 } };
}
