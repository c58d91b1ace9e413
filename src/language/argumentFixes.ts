import { registryFor } from '../apache/config/registry';
import type { HostProfile } from '../apache/host';
import { unitSeconds } from '../apache/modules/mod_expires';
import { readWord, readWords, type Word } from '../apache/syntax/words';
import { nearest } from './distance';
import type { Entry, HtaccessDocument } from './document';
import { findOption, OPTIONS } from './options';
import type { ByteFix } from './problem';
import { flagsIn, isFlagTaken } from './refusedArgument';
import { findFlag, RULE_FLAGS } from './rewriteFlags';
import { indentOf, rewritePieces, spanInSource, type Piece } from './spans';
import type { Refused } from './verdict';

/** Flags with blanks between them become one argument; a misspelled one gets names that resemble it. */
export function fixFlags({ line }: Entry): ByteFix[] {
  const piece = rewritePieces(line.text, readWord(line.text, 0).next)[2];
  if (piece === undefined) return [];
  const isCondition = readWord(line.text, 0).value.toLowerCase() === 'rewritecond';
  if (!piece.value.endsWith(']') || !piece.value.startsWith('[')) {
    if (!piece.value.startsWith('[')) return inBrackets(line, piece, isCondition);
    const close = line.text.indexOf(']', piece.start);
    if (close < 0) return closeFlags(line, piece);
    const span = spanInSource(line, piece.start, close + 1);
    const text = line.text.slice(piece.start, close + 1).replaceAll(/\s+/g, '');
    return [{ title: 'Remove the blanks between the flags', edits: [{ ...span, text }], isPreferred: true }];
  }
  const flag = flagsIn(piece).find((one) => one.key !== '' && !isFlagTaken(one, isCondition));
  if (flag === undefined || findFlag(flag.key, isCondition) !== undefined) return [];
  const span = spanInSource(line, flag.start, flag.start + flag.key.length);
  const known = RULE_FLAGS.flatMap(({ name, long }) => [name, long]).filter((name) =>
    isFlagTaken({ ...flag, key: name }, isCondition),
  );
  return nearest(flag.key, new Set(known)).map((name) => ({
    title: `Change to ${name}`,
    edits: [{ ...span, text: name }],
  }));
}

/** `R=301,L`, also with the second bracket. */
function inBrackets(line: Entry['line'], piece: Piece, isCondition: boolean): ByteFix[] {
  const isLast = line.text.slice(piece.end).trim() === '';
  if (!isLast || !flagsIn(piece).every((flag) => isFlagTaken(flag, isCondition))) return [];
  const text = `[${piece.value.replace(/\]$/, '')}]`;
  const edits = [{ ...spanInSource(line, piece.start, piece.end), text }];
  return [{ title: 'Put the flags in brackets', edits, isPreferred: true }];
}

/** `Directive value # comment`: Apache has no comments behind directives. */
export function moveComment({ source, lineEnd }: HtaccessDocument, { line }: Entry): ByteFix[] {
  if (line.firstLine !== line.line) return [];
  const words = readWords(line.text);
  const comment = words.find((word, at) => at > 0 && line.text[word.start] === '#');
  if (comment === undefined) return [];
  const start = spanInSource(line, comment.start, line.text.length).start;
  const before = line.text.slice(0, comment.start).trimEnd().length;
  const behind = spanInSource(line, 0, line.text.length).end;
  const text = `${indentOf(source, line)}${source.slice(start, behind)}${lineEnd}`;
  return [
    {
      title: 'Move the comment to a line of its own',
      edits: [
        { start: line.start, end: line.start, text },
        { start: spanInSource(line, 0, before).end, end: behind, text: '' },
      ],
      isPreferred: true,
    },
  ];
}

const YES = /^(?:true|yes|1|enabled?|an|oui)$/i;

/** A switch that is neither On nor Off. */
export function fixSwitch({ line }: Entry, { judged }: Refused): ByteFix[] {
  if (judged.registered?.directive.args !== 'FLAG') return [];
  const name = readWord(line.text, 0);
  const word = readWord(line.text, name.next);
  if (word.value === '') return [];
  const span = spanInSource(line, word.start, word.end);
  const values = YES.test(word.value) ? ['On', 'Off'] : ['Off', 'On'];
  return values.map((text, at) => ({
    title: `Change to ${text}`,
    edits: [{ ...span, text }],
    isPreferred: at === 0 && (YES.test(word.value) || /^(?:false|no|0|disabled?)$/i.test(word.value)),
  }));
}

/** Options with and without sign in one line. */
export function fixOptions({ line }: Entry): ByteFix[] {
  const [name, ...words] = readWords(line.text);
  if (name?.value.toLowerCase() !== 'options') return [];
  const bare = words.filter(({ value }) => !/^[+-]/.test(value));
  if (bare.length === 0 || bare.length === words.length) return [];
  if (bare.some(({ value }) => /^(?:all|none)$/i.test(value))) return [];
  // Signs help only where every word is an option.
  if (!words.every(({ value }) => findOption(value.replace(/^[+-]/, '')))) return [];
  const edits = bare.map((word) => {
    const { start } = spanInSource(line, word.start, word.end);
    return { start, end: start, text: '+' };
  });
  return [{ title: 'Put + before every option', edits, isPreferred: true }];
}

/** `[R=301,L` without its bracket. */
function closeFlags(line: Entry['line'], piece: { readonly start: number; readonly end: number }): ByteFix[] {
  const { end } = spanInSource(line, piece.start, piece.end);
  return [{ title: 'Add ]', edits: [{ start: end, end, text: ']' }], isPreferred: true }];
}

/** `Deny all` and its like: the second word must be `from`. */
export function insertFrom({ line }: Entry): ByteFix[] {
  const [name, first] = readWords(line.text);
  if (name === undefined || first === undefined || !/^(?:allow|deny)$/i.test(name.value)) return [];
  if (first.value.toLowerCase() === 'from') return [];
  const { start } = spanInSource(line, first.start, first.end);
  return [{ title: 'Insert from', edits: [{ start, end: start, text: 'from ' }], isPreferred: true }];
}

const UNIT_NAMES = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

/** `"access plus 1 mnth"`: the first unit that Apache does not know. */
export function fixUnit({ line }: Entry): ByteFix[] {
  const words = readWords(line.text);
  const [name, code] = [words[0], words.at(-1)];
  if (name === undefined || code === undefined) return [];
  if (!/^(?:expiresbytype|expiresdefault|cookieexpires)$/i.test(name.value)) return [];
  // In the short form (A3600) there are no units. Where the quotes hold backslashes, offsets would be wrong.
  if (/^[AM]/.test(code.value) || line.text.slice(code.start + 1, code.end - 1) !== code.value) return [];
  const parts = readWords(code.value);
  const unit = parts.find(
    ({ value }, at) => /^\d/.test(parts[at - 1]?.value ?? '') && unitSeconds(value) === undefined,
  );
  if (unit === undefined) return [];
  const span = spanInSource(line, code.start + 1 + unit.start, code.start + 1 + unit.end);
  return unitsLike(unit.value).map((text) => ({ title: `Change to ${text}`, edits: [{ ...span, text }] }));
}

/** Units that begin so, else those that resemble it; in the plural as the word is. */
function unitsLike(word: string): readonly string[] {
  const known = UNIT_NAMES.map((unit) => (/s$/i.test(word) ? `${unit}s` : unit));
  const begun = known.filter((unit) => unit.startsWith(word.toLowerCase()));
  return begun.length > 0 ? begun : nearest(word, known);
}

/** Words that the directive does not know and that resemble one which it does. */
export function fixWords({ line }: Entry, { judged }: Refused, host: HostProfile): ByteFix[] {
  const words = readWords(line.text).slice(1);
  return words.flatMap((word, at): ByteFix[] => {
    const known = knownWords(judged, words.slice(0, at), host);
    const lower = new Set(known.map((one) => one.toLowerCase()));
    const sign = /^[+-]/.exec(word.value)?.[0] ?? '';
    const bracket =
      line.text.startsWith('<') && word.end === line.text.length ? />?$/.exec(word.value) : null;
    const bare = word.value.slice(sign.length, bracket?.index);
    if (lower.has(bare.toLowerCase()) || lower.has(sign + bare.toLowerCase())) return [];
    const span = spanInSource(line, word.start, word.end);
    return nearest(bare, known).map((name) => ({
      title: `Change to ${sign}${name}`,
      edits: [{ ...span, text: `${sign}${name}${bracket?.[0] ?? ''}` }],
    }));
  });
}

/** What may stand behind the words before. */
function knownWords(
  { registered }: Refused['judged'],
  before: readonly Word[],
  host: HostProfile,
): readonly string[] {
  if (registered === undefined) return [];
  const { name, directive } = registered;
  if (name === 'Options') return Object.keys(OPTIONS);
  if (name === 'Require') return wordsOfRequire(before, host);
  return directive.values ?? [];
}

/** The arguments of most providers are names of the site's own. */
function wordsOfRequire(before: readonly Word[], host: HostProfile): readonly string[] {
  const [provider] = before.map(({ value }) => value.toLowerCase()).filter((word) => word !== 'not');
  if (provider === undefined) return ['not', ...registryFor(host).authzProviders.keys()];
  return provider === 'all' ? ['granted', 'denied'] : [];
}
