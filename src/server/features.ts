import {
  CodeActionKind,
  CodeActionTriggerKind,
  type CodeAction,
  type CodeActionParams,
  type CompletionItem,
  type CompletionParams,
  type Connection,
  type TextDocumentPositionParams,
} from 'vscode-languageserver';
import type { HostProfile } from '../apache/host';
import {
  closingTagBelow,
  codeActions,
  complete,
  documentHighlights,
  documentSymbols,
  foldingRanges,
  hover,
  refactorings,
  resolveCompletion,
  selectionRanges,
  semanticTokens,
  signatureHelp,
  type FileLister,
  type Usage,
} from '../language';
import type { Analysis } from './analysis';
import { CLOSING_TAG_REQUEST } from './protocol';

/** What the features of a document ask the server for. */
export interface FeatureSurroundings {
  /** The analysis of a document's newest version; undefined for one that is not open. */
  analysisOf(uri: string): Analysis | undefined;
  hostOf(uri: string): HostProfile;
  /** The files around a document; undefined where nobody knows them. */
  filesFor(uri: string): Promise<FileLister | undefined>;
  /** Environment variables that the .htaccess files around a document set; byte strings. */
  environmentOf(uri: string): readonly string[];
  /** What the .htaccess files around a document use. */
  usageOf(uri: string): Usage;
  /** The editor takes snippets. */
  takesSnippets(): boolean;
  /** The editor can open the list of completions again. */
  suggestsAgain(): boolean;
  /** The editor takes completions with two ranges. */
  insertsOrReplaces(): boolean;
}

/** Answers requests about one document: completion, hover, outline, folding, quick fixes. */
export function answerFeatures(connection: Connection, around: FeatureSurroundings): void {
  connection.onCompletion((params) => completion(params, around));
  connection.onCompletionResolve((item) => {
    const uri = (item.data as { readonly uri?: string } | undefined)?.uri ?? '';
    return resolveCompletion(item, around.hostOf(uri));
  });
  connection.onHover(({ textDocument, position }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? null : hover(analysis.document, position, analysis.host);
  });
  connection.onSignatureHelp(({ textDocument, position }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? null : signatureHelp(analysis.document, position, analysis.host);
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? [] : documentSymbols(analysis.document);
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? [] : foldingRanges(analysis.document);
  });
  connection.onDocumentHighlight(({ textDocument, position }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? [] : documentHighlights(analysis.document, position);
  });
  connection.languages.semanticTokens.on(({ textDocument }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? { data: [] } : semanticTokens(analysis.document);
  });
  connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? { data: [] } : semanticTokens(analysis.document, range);
  });
  connection.onSelectionRanges(({ textDocument, positions }) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? [] : selectionRanges(analysis.document, positions);
  });
  connection.onRequest(CLOSING_TAG_REQUEST, ({ textDocument, position }: TextDocumentPositionParams) => {
    const analysis = around.analysisOf(textDocument.uri);
    return analysis === undefined ? null : (closingTagBelow(analysis.document, position) ?? null);
  });
  connection.onCodeAction((params) => actions(params, around));
}

async function completion(
  { textDocument, position, context }: CompletionParams,
  around: FeatureSurroundings,
): Promise<CompletionItem[]> {
  // The text of this moment: the position is one of it, and of no text that is written while files are looked up.
  const analysis = around.analysisOf(textDocument.uri);
  const files = await around.filesFor(textDocument.uri);
  if (analysis === undefined) return [];
  const { document, host } = analysis;
  const trigger = context?.triggerCharacter;
  const items = complete(document, position, {
    host,
    snippets: around.takesSnippets(),
    suggestsAgain: around.suggestsAgain(),
    insertsOrReplaces: around.insertsOrReplaces(),
    environment: around.environmentOf(textDocument.uri),
    usage: around.usageOf(textDocument.uri),
    ...(files === undefined ? {} : { files }),
    ...(trigger === undefined ? {} : { trigger }),
  });
  return items.map((item) => withUri(item, textDocument.uri));
}

/** An item whose documentation comes later says for which document: hosts differ. */
function withUri(item: CompletionItem, uri: string): CompletionItem {
  return item.data === undefined ? item : { ...item, data: { ...(item.data as object), uri } };
}

async function actions(
  { textDocument, range, context }: CodeActionParams,
  around: FeatureSurroundings,
): Promise<CodeAction[]> {
  const { uri } = textDocument;
  const { diagnostics, only, triggerKind } = context;
  const analysis = around.analysisOf(uri);
  const problems = analysis?.problems ?? [];
  const fixes = codeActions(problems, { uri, range, diagnostics, ...(only === undefined ? {} : { only }) });
  // What nothing is wrong with gets no light bulb: only who asks is told what could be made of it.
  const isAsked =
    only === undefined ? triggerKind !== CodeActionTriggerKind.Automatic : only.some(isRefactoring);
  if (!isAsked) return fixes;
  const files = await around.filesFor(uri);
  if (analysis === undefined) return fixes;
  const { document, host } = analysis;
  return [
    ...fixes,
    ...refactorings(document, { uri, range, host, ...(files === undefined ? {} : { files }) }),
  ];
}

const isRefactoring = (kind: string): boolean => `${CodeActionKind.RefactorRewrite}.`.startsWith(`${kind}.`);
