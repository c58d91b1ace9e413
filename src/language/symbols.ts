import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
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
  const labels = new Labels(document);
  const root: DocumentSymbol[] = [];
  const levels = new Map<Entry, Level>();
  let conditions: Entry | undefined;
  for (const entry of document.entries) {
    const around = entry.parent === undefined ? undefined : levels.get(entry.parent);
    const siblings = around?.symbol.children ?? root;
    if (entry.kind === 'section') {
      const symbol = { ...sectionSymbol(document, entry), children: [] };
      siblings.push(symbol);
      const depth = (around?.depth ?? 0) + 1;
      levels.set(entry, depth < DEEPEST || around === undefined ? { symbol, depth } : around);
    } else if (entry.kind === 'directive') {
      const name = lowerCase((entry.node as DirectiveNode).name);
      if (RULES.has(name)) siblings.push(ruleSymbol(document, entry, { conditions, labels }));
      if (name === 'rewritecond') conditions ??= entry;
      else conditions = undefined;
    }
  }
  labels.keep();
  return root;
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

function ruleSymbol(
  document: HtaccessDocument,
  entry: Entry,
  { conditions, labels }: { readonly conditions: Entry | undefined; readonly labels: Labels },
): DocumentSymbol {
  const selectionRange = document.rangeOf(wholeSpan(entry.line));
  const first = conditions === undefined ? undefined : document.positionAt(wholeSpan(conditions.line).start);
  const { name, detail, kind } = labels.of(entry);
  return {
    name,
    detail,
    kind,
    range: first === undefined ? selectionRange : { start: first, end: selectionRange.end },
    selectionRange,
  };
}

/** How a rule is called in the outline. */
interface Label {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
}

/** The labels of the document that was looked at last, by the text of the line: after a keystroke nearly all are the same. */
let lastLabels: ReadonlyMap<string, Label> = new Map();

class Labels {
  readonly #document: HtaccessDocument;
  readonly #labels = new Map<string, Label>();

  constructor(document: HtaccessDocument) {
    this.#document = document;
  }

  of({ line: { text }, node }: Entry): Label {
    const label = lastLabels.get(text) ?? this.#make(text, node as DirectiveNode);
    this.#labels.set(text, label);
    return label;
  }

  keep(): void {
    lastLabels = this.#labels;
  }

  #make(text: string, { name, argumentsAt }: DirectiveNode): Label {
    const isRewrite = lowerCase(name) === 'rewriterule';
    const pieces = isRewrite ? rewritePieces(text, argumentsAt) : readWords(text.slice(argumentsAt));
    const words = pieces.map(({ value }) => this.#document.textOf(value));
    const shown = isRewrite ? words.slice(0, 2).join(' → ') : words.join(' ');
    return {
      name: shorten(shown === '' ? this.#document.textOf(name) : shown),
      detail: shorten([this.#document.textOf(name), ...(isRewrite ? words.slice(2) : [])].join(' ')),
      kind: isRewrite ? SymbolKind.Function : SymbolKind.Event,
    };
  }
}

/** A name that an editor takes: never empty, no control characters. */
function shorten(text: string): string {
  const cut = text.length > MOST_SHOWN ? text.slice(0, MOST_SHOWN) : text;
  const shown = (/[\u0000-\u001f]/.test(cut) ? cut.replaceAll(/[\u0000-\u001f]/g, ' ') : cut).trim();
  return shown === '' ? '…' : shown;
}
