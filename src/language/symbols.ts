import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import { readWord, readWords } from '../apache/syntax/words';
import { textOfByteString } from '../text/bytes';
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
      const name = readWord(entry.line.text, 0).value.toLowerCase();
      if (RULES.has(name)) siblings.push(ruleSymbol(document, entry, conditions));
      if (name === 'rewritecond') conditions ??= entry;
      else conditions = undefined;
    }
  }
  return root;
}

function sectionSymbol(document: HtaccessDocument, { node, line }: Entry): DocumentSymbol {
  const section = node as SectionNode;
  const end = section.close === undefined ? wholeSpan(line).end : wholeSpan(section.close).end;
  return {
    name: shorten(textOfByteString(line.text.replace(/^</, '').replace(/>$/, ''))),
    kind: SymbolKind.Namespace,
    range: document.rangeOf({ start: wholeSpan(line).start, end }),
    selectionRange: document.rangeOf(nameSpan(line)),
  };
}

function ruleSymbol(
  document: HtaccessDocument,
  { line }: Entry,
  conditions: Entry | undefined,
): DocumentSymbol {
  const name = readWord(line.text, 0);
  const isRewrite = name.value.toLowerCase() === 'rewriterule';
  const pieces = isRewrite ? rewritePieces(line.text, name.next) : readWords(line.text.slice(name.next));
  const words = pieces.map(({ value }) => textOfByteString(value));
  const shown = isRewrite ? words.slice(0, 2).join(' → ') : words.join(' ');
  const whole = wholeSpan(line);
  const start = conditions === undefined ? whole.start : wholeSpan(conditions.line).start;
  return {
    name: shorten(shown === '' ? textOfByteString(name.value) : shown),
    detail: shorten([textOfByteString(name.value), ...(isRewrite ? words.slice(2) : [])].join(' ')),
    kind: isRewrite ? SymbolKind.Function : SymbolKind.Event,
    range: document.rangeOf({ start, end: whole.end }),
    selectionRange: document.rangeOf(whole),
  };
}

/** A name that an editor takes: never empty, no control characters. */
function shorten(text: string): string {
  const shown = text
    .slice(0, MOST_SHOWN)
    .replaceAll(/[\u0000-\u001f]/g, ' ')
    .trim();
  return shown === '' ? '…' : shown;
}
