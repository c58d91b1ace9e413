import { readWord, readWords } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import type { Entry, HtaccessDocument } from './document';
import { rewritePieces, spanInSource } from './spans';
import { lookup } from '../text/lookup';

/** The name of an environment variable where a file sets or reads it. */
export interface EnvironmentName {
  /** Without `REDIRECT_`, which Apache puts before it at every internal redirect. */
  readonly name: string;
  readonly role: 'set' | 'unset' | 'use';
  /** Bytes of the name alone. */
  readonly span: Span;
  readonly entry: Entry;
  /** It may also be a request header: the attribute of SetEnvIf. It counts where a variable of that name is set. */
  readonly isGuess?: boolean;
}

/** Apache's table of variables takes no notice of case. */
export function sameVariable(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const known = new WeakMap<HtaccessDocument, readonly EnvironmentName[]>();

/** Every variable that a file names, in order. Worked out once for each document. */
export function environmentNames(document: HtaccessDocument): readonly EnvironmentName[] {
  const found = known.get(document);
  if (found !== undefined) return found;
  const names = document.entries.flatMap((entry) =>
    entry.kind === 'directive' || entry.kind === 'section' ? namesIn(entry) : [],
  );
  known.set(document, names);
  return names;
}

/** Names of all variables that some files set, each once. */
export function variablesSetIn(files: readonly { readonly document: HtaccessDocument }[]): readonly string[] {
  const names = new Map<string, string>();
  for (const { document } of files)
    for (const { name, role } of environmentNames(document))
      if (role === 'set' && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** The variable whose name holds a byte offset. */
export function environmentNameAt(document: HtaccessDocument, offset: number): EnvironmentName | undefined {
  const entry = document.entryAt(offset);
  if (entry === undefined || (entry.kind !== 'directive' && entry.kind !== 'section')) return undefined;
  return namesIn(entry).find(({ span }) => span.start <= offset && offset <= span.end);
}

type Role = EnvironmentName['role'];

interface Named extends Span {
  readonly name: string;
  readonly role: Role;
  readonly isGuess?: boolean;
}

/** Offsets of a found name are in the line's text until here. */
function namesIn(entry: Entry): readonly EnvironmentName[] {
  const { text } = entry.line;
  if (!/env|%\{|match/i.test(text) && !/\[.*\be=/i.test(text)) return [];
  const name = readWord(text, 0);
  const directive = name.value.replace(/>$/, '').toLowerCase();
  const own = lookup(OWN, directive)?.(text, name.next, directive) ?? [];
  const all = [...own, ...readIn(text, name.next)].sort((one, other) => one.start - other.start);
  return all.map(({ start, end, ...rest }) => withoutRedirect({ ...rest, start, end }, entry));
}

function withoutRedirect({ name, start, end, role, isGuess }: Named, entry: Entry): EnvironmentName {
  const prefix = /^(?:REDIRECT_)*/i.exec(name)?.[0] ?? '';
  const span = spanInSource(entry.line, start + prefix.length, end);
  return { name: name.slice(prefix.length), role, span, entry, ...(isGuess === true ? { isGuess } : {}) };
}

type Finder = (text: string, from: number, directive: string) => readonly Named[];

interface Word extends Span {
  readonly value: string;
}

function wordsFrom(text: string, from: number): readonly Word[] {
  return readWords(text.slice(from)).map(({ value, start, end }) => {
    const quote = /["']/.test(text[from + start] ?? '') ? 1 : 0;
    return { value, start: from + start + quote, end: from + end };
  });
}

/** A whole word is the name. */
const named = ({ value, start }: Word, role: Role): Named => ({
  name: value,
  role,
  start,
  end: start + value.length,
});

const first: Finder = (text, from) =>
  wordsFrom(text, from)
    .slice(0, 1)
    .map((word) => named(word, 'set'));

const each =
  (role: Role): Finder =>
  (text, from) =>
    wordsFrom(text, from).map((word) => named(word, role));

/** `name`, `name=value`, `!name` behind the first words. */
const assignments =
  (behind: number): Finder =>
  (text, from, directive) => {
    const words = wordsFrom(text, from);
    const guess = directive.startsWith('setenvif') && directive !== 'setenvifexpr' ? words[0] : undefined;
    const set = words.slice(behind).map(({ value, start }): Named => {
      const bang = value.startsWith('!') ? 1 : 0;
      const equals = value.indexOf('=');
      const name = value.slice(bang, equals < 0 ? undefined : equals);
      const at = start + bang;
      return { name, role: bang === 1 ? 'unset' : 'set', start: at, end: at + name.length };
    });
    return guess === undefined || !/^\w+$/.test(guess.value)
      ? set
      : [{ ...named(guess, 'use'), isGuess: true }, ...set];
  };

/** `[E=name:value]`, `[env=!name]`. */
const flags: Finder = (text, from) => {
  const piece = rewritePieces(text, from)[2];
  if (piece === undefined) return [];
  const written = text.slice(piece.start);
  return [...written.matchAll(/(?<=[[,]\s*)(?:e|env)=(!?)([^:,\]\s"]+)/gi)].map((match) => {
    const [whole, bang = '', name = ''] = match;
    const end = piece.start + match.index + whole.length;
    return { name, role: bang === '!' ? 'unset' : 'set', start: end - name.length, end };
  });
};

/** `Require [not] env name …`. */
const requireEnv: Finder = (text, from) => {
  const words = wordsFrom(text, from);
  const at = words[0]?.value.toLowerCase() === 'not' ? 1 : 0;
  if (words[at]?.value.toLowerCase() !== 'env') return [];
  return words.slice(at + 1).map((word) => named(word, 'use'));
};

/** `env=name`, `env=!name` behind Header, Allow and Deny. */
const guard: Finder = (text, from) =>
  wordsFrom(text, from).flatMap((word): Named[] => {
    const sign = /^env=!?/i.exec(word.value)?.[0];
    if (sign === undefined) return [];
    return [named({ ...word, value: word.value.slice(sign.length), start: word.start + sign.length }, 'use')];
  });

const OWN: Readonly<Record<string, Finder>> = {
  setenv: first,
  passenv: each('set'),
  unsetenv: each('unset'),
  setenvif: assignments(2),
  setenvifnocase: assignments(2),
  browsermatch: assignments(1),
  browsermatchnocase: assignments(1),
  setenvifexpr: assignments(1),
  rewriterule: flags,
  header: guard,
  requestheader: guard,
  allow: guard,
  deny: guard,
  require: requireEnv,
};

/** Where a variable is read: `%{ENV:name}`, `env('name')`, `%{name}e`. */
function readIn(text: string, from: number): readonly Named[] {
  READS.lastIndex = from;
  const found: Named[] = [];
  for (let match = READS.exec(text); match !== null; match = READS.exec(text)) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const start = match.index + match[0].indexOf(name, match[0].search(/[:({]/) + 1);
    found.push({ name, role: 'use', start, end: start + name.length });
  }
  return found;
}

const READS =
  /%\{(?:env|reqenv):([^}"'\s]+)\}|\b(?:req)?env\(\s*["']?([^"')\s]+)["']?\s*\)|%\{([^}:"'\s]+)\}e\b/gi;
