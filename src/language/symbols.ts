import { SymbolKind, type DocumentSymbol, type Position, type Range } from 'vscode-languageserver';
import type { DirectiveNode, SectionNode } from '../apache/syntax/tree';
import { readWords } from '../apache/syntax/words';
import type { Entry, HtaccessDocument } from './document';
import { nameSpan, rewritePieces, wholeSpan } from './spans';

/** Sections nested more deeply are shown on this level: editors walk the outline recursively. */
const DEEPEST = 30;

/** Longest name that is shown whole. */
const MOST_SHOWN = 80;

/** Directives that get a line in the outline, by lower-case name. */
const RULES: ReadonlySet<string> = new Set([
  'rewriterule',
  'redirect',
  'redirectmatch',
  'redirectpermanent',
  'redirecttemp',
  'errordocument',
  'fallbackresource',
]);

interface Level {
  readonly symbol: { readonly children: DocumentSymbol[] };
  readonly depth: number;
}

/** The outline: sections with what is in them, rules with their conditions, redirects and error documents. */
export function documentSymbols(document: HtaccessDocument): DocumentSymbol[] {
  const rules = document.entries.filter(isRule);
  const symbols = new RuleSymbols(document, rules);
  const root: DocumentSymbol[] = [];
  const levels = new Map<Entry, Level>();
  let conditions: Entry | undefined;
  let count = 0;
  for (const entry of document.entries) {
    if (entry.kind === 'section') {
      const { siblings, depth, around } = levelOf(entry);
      const symbol = { ...sectionSymbol(document, entry), children: [] };
      siblings.push(symbol);
      levels.set(entry, depth < DEEPEST || around === undefined ? { symbol, depth } : around);
    } else if (entry === rules[count]) {
      levelOf(entry).siblings.push(symbols.next(entry, conditions));
      count += 1;
      conditions = undefined;
    } else if (entry.kind === 'directive') {
      if (nameOf(entry) === 'rewritecond') conditions ??= entry;
      else conditions = undefined;
    }
  }
  symbols.keep();
  return root;

  function levelOf({ parent }: Entry) {
    const around = parent === undefined ? undefined : levels.get(parent);
    return { around, siblings: around?.symbol.children ?? root, depth: (around?.depth ?? 0) + 1 };
  }
}

function isRule(entry: Entry): boolean {
  return entry.kind === 'directive' && RULES.has(nameOf(entry));
}

function nameOf({ node }: Entry): string {
  return lowerCase((node as DirectiveNode).name);
}

const lowerCased = new Map<string, string>();

/** Names are few, and written in few ways. */
function lowerCase(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  if (lowerCased.size > 1000) lowerCased.clear();
  const made = name.toLowerCase();
  lowerCased.set(name, made);
  return made;
}

function sectionSymbol(document: HtaccessDocument, { node, line }: Entry): DocumentSymbol {
  const section = node as SectionNode;
  const end = section.close === undefined ? wholeSpan(line).end : wholeSpan(section.close).end;
  return {
    name: shorten(document.textOf(line.text.replace(/^</, '').replace(/>$/, ''))),
    kind: SymbolKind.Namespace,
    range: document.rangeOf({ start: wholeSpan(line).start, end }),
    selectionRange: document.rangeOf(nameSpan(line)),
  };
}

type RuleSymbol = DocumentSymbol & { readonly detail: string };

/** The rules of the document that was looked at last: after a keystroke nearly all are the same, and at the same place. */
let last: { readonly rules: readonly Entry[]; readonly symbols: readonly RuleSymbol[] } = {
  rules: [],
  symbols: [],
};

/** The rules of a document one after the other, those that are known taken from the last time. */
class RuleSymbols {
  readonly #document: HtaccessDocument;
  readonly #rules: readonly Entry[];
  readonly #symbols: RuleSymbol[] = [];

  constructor(document: HtaccessDocument, rules: readonly Entry[]) {
    this.#document = document;
    this.#rules = rules;
  }

  next(entry: Entry, conditions: Entry | undefined): RuleSymbol {
    const known = this.#known(entry.line.text);
    const place = this.#document.rangeOf(wholeSpan(entry.line));
    const start =
      conditions === undefined ? place.start : this.#document.positionAt(wholeSpan(conditions.line).start);
    const symbol =
      known !== undefined && isSame(known.range.start, start) && isSameRange(known.selectionRange, place)
        ? known
        : placed(known ?? labelOf(this.#document, entry), start, place);
    this.#symbols.push(symbol);
    return symbol;
  }

  keep(): void {
    last = { rules: this.#rules, symbols: this.#symbols };
  }

  /** Mostly one place is written at: rules before it have their number from the start as before, those behind it from the end. */
  #known(text: string): RuleSymbol | undefined {
    const at = this.#symbols.length;
    if (last.rules[at]?.line.text === text) return last.symbols[at];
    const fromEnd = at + last.rules.length - this.#rules.length;
    return last.rules[fromEnd]?.line.text === text ? last.symbols[fromEnd] : undefined;
  }
}

function isSameRange(one: Range, other: Range): boolean {
  return isSame(one.start, other.start) && isSame(one.end, other.end);
}

function isSame(one: Position, other: Position): boolean {
  return one.line === other.line && one.character === other.character;
}

/** How a rule is called in the outline. */
type Label = Pick<RuleSymbol, 'name' | 'detail' | 'kind'>;

/** `start`: of the first condition. Written out, since spreading takes several times as long. */
function placed({ name, detail, kind }: Label, start: Position, place: Range): RuleSymbol {
  return { name, detail, kind, range: { start, end: place.end }, selectionRange: place };
}

function labelOf(document: HtaccessDocument, { line: { text }, node }: Entry): Label {
  const { name, argumentsAt } = node as DirectiveNode;
  const isRewrite = lowerCase(name) === 'rewriterule';
  const pieces = isRewrite ? rewritePieces(text, argumentsAt) : readWords(text.slice(argumentsAt));
  const words = pieces.map(({ value }) => document.textOf(value));
  const shown = isRewrite ? words.slice(0, 2).join(' → ') : words.join(' ');
  return {
    name: shorten(shown === '' ? document.textOf(name) : shown),
    detail: shorten([document.textOf(name), ...(isRewrite ? words.slice(2) : [])].join(' ')),
    kind: isRewrite ? SymbolKind.Function : SymbolKind.Event,
  };
}

/** A name that an editor takes: never empty, no control characters. */
function shorten(text: string): string {
  const cut = text.length > MOST_SHOWN ? text.slice(0, MOST_SHOWN) : text;
  const shown = (/[\u0000-\u001f]/.test(cut) ? cut.replaceAll(/[\u0000-\u001f]/g, ' ') : cut).trim();
  return shown === '' ? '…' : shown;
}
