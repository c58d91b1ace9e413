import {
  SemanticTokenModifiers,
  SemanticTokenTypes,
  type Range,
  type SemanticTokens,
} from 'vscode-languageserver';
import type { DirectiveNode, SectionNode } from '../apache/syntax/tree';
import { readWord } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import { backreferencesIn } from './backreferences';
import type { Entry, HtaccessDocument } from './document';
import { environmentNames } from './environmentNames';
import { spanInSource } from './spans';

/** What the numbers of the tokens stand for. */
export const SEMANTIC_LEGEND = {
  tokenTypes: [
    SemanticTokenTypes.variable,
    SemanticTokenTypes.parameter,
    SemanticTokenTypes.namespace,
  ] as string[],
  tokenModifiers: [SemanticTokenModifiers.declaration] as string[],
};

interface Token extends Span {
  /** Index into the legend's types. */
  readonly type: number;
  /** Bits of the legend's modifiers. */
  readonly modifiers: number;
}

const [VARIABLE, PARAMETER, NAMESPACE] = [0, 1, 2] as const;
const DECLARATION = 1;

/**
 * What only the meaning of a word tells, and the grammar cannot: environment variables wherever they are named, groups
 * that are used, modules. In the whole document, or the lines of a range. Never throws.
 */
export function semanticTokens(document: HtaccessDocument, range?: Range): SemanticTokens {
  if (document.isTooLarge) return { data: [] };
  const start = range === undefined ? 0 : document.offsetAt({ line: range.start.line, character: 0 });
  const end = range === undefined ? document.source.length : document.offsetAt(range.end);
  const variables = environmentNames(document)
    .filter(({ isGuess }) => isGuess !== true)
    .map(({ span, role }): Token => ({
      ...span,
      type: VARIABLE,
      modifiers: role === 'set' ? DECLARATION : 0,
    }));
  const others = document.entries.flatMap((entry) =>
    entry.line.end < start || entry.line.start > end ? [] : tokensOn(entry),
  );
  const all = [...variables, ...others].filter((token) => token.end >= start && token.start <= end);
  return {
    data: encoded(
      document,
      all.sort((one, other) => one.start - other.start),
    ),
  };
}

function tokensOn(entry: Entry): readonly Token[] {
  const { kind, line, node } = entry;
  if (kind === 'directive' && /^rewrite(?:rule|cond)$/i.test((node as DirectiveNode).name)) {
    if (!/[$%]\d/.test(line.text)) return [];
    return backreferencesIn(entry).map((use) => ({
      ...spanInSource(line, use.start, use.end),
      type: PARAMETER,
      modifiers: 0,
    }));
  }
  if (kind !== 'section' || !/^ifmodule$/i.test((node as SectionNode).name)) return [];
  const word = readWord(line.text, (node as SectionNode).argumentsAt);
  const name = /^["!]*([\w-]+(?:\.c)?)/.exec(line.text.slice(word.start));
  if (name?.[1] === undefined) return [];
  const at = word.start + name[0].length - name[1].length;
  return [{ ...spanInSource(line, at, at + name[1].length), type: NAMESPACE, modifiers: 0 }];
}

/** Five numbers for each token, positions relative to the token before; what reaches over a line end is left out. */
function encoded(document: HtaccessDocument, tokens: readonly Token[]): number[] {
  const data: number[] = [];
  let [line, character, from] = [0, 0, 0];
  for (const token of tokens) {
    const { start, end } = document.rangeOf(token);
    if (start.line !== end.line || end.character === start.character || token.start < from) continue;
    const isSameLine = start.line === line;
    data.push(start.line - line, isSameLine ? start.character - character : start.character);
    data.push(end.character - start.character, token.type, token.modifiers);
    [line, character, from] = [start.line, start.character, token.end];
  }
  return data;
}
