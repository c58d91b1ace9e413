import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type MarkupContent,
} from 'vscode-languageserver';
import type { HostProfile } from '../../apache/host';
import type { Span } from '../../text/lines';
import type { HtaccessDocument } from '../document';
import type { Usage } from '../usage';

/** The files that can be proposed: names in a folder of the server, byte strings as in Site. */
export interface FileLister {
  /** Names in a folder, those of folders with a slash at their end; undefined where it is no folder. */
  list(path: string): readonly string[] | undefined;
  /** Absolute path on the server of the folder of the .htaccess, with a slash at its end. */
  readonly directory: string;
  /** Absolute path of the folder that visitors see as `/`, with a slash at its end. */
  readonly documentRoot: string;
}

/** What completion knows beside the text. */
export interface CompletionContext {
  readonly document: HtaccessDocument;
  readonly host: HostProfile;
  /** Byte offset of the cursor. */
  readonly offset: number;
  /** The editor takes `${1:…}` in what is inserted. */
  readonly snippets: boolean;
  /** The editor can open the list again after an item was taken. */
  readonly suggestsAgain: boolean;
  /** The editor lets its user choose whether what is behind the cursor is kept or replaced. */
  readonly insertsOrReplaces: boolean;
  readonly files: FileLister | undefined;
  /** Environment variables that other files of the site set; byte strings. */
  readonly environment: readonly string[];
  /** What the files of the site use. */
  readonly usage: Usage;
}

/** Something to put in the place of a span of bytes. */
export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** Where it is not the label. */
  readonly text?: string;
  /** `text` is a snippet. */
  readonly isSnippet?: boolean;
  /** Shown behind the label. */
  readonly detail?: string;
  readonly documentation?: string;
  readonly isDeprecated?: boolean;
  /** Opens the list again after it was taken. */
  readonly goesOn?: boolean;
  /** What `resolveCompletion` needs to add the documentation. */
  readonly data?: CompletionData;
}

/** Travels with an item to the editor and back. */
export interface CompletionData {
  readonly directive: string;
}

/** VS Code's command that opens the list. */
const SUGGEST_AGAIN = { title: 'Suggest', command: 'editor.action.triggerSuggest' } as const;

/** Items for proposals that are in the order in which they shall be shown. */
export function toItems(
  proposals: readonly Proposal[],
  span: Span,
  { document, offset, suggestsAgain, insertsOrReplaces }: CompletionContext,
): CompletionItem[] {
  const replace = document.rangeOf(onOneLine(span, document.source, offset));
  const insert = { start: replace.start, end: document.positionAt(offset) };
  const place = insertsOrReplaces ? { insert, replace } : { range: replace };
  return proposals.map((proposal, at) => ({
    label: proposal.label,
    kind: proposal.kind,
    sortText: String(at).padStart(4, '0'),
    filterText: proposal.label,
    textEdit: { ...place, newText: proposal.text ?? proposal.label },
    ...(proposal.isSnippet === true ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(proposal.detail === undefined ? {} : { detail: proposal.detail }),
    ...(proposal.documentation === undefined ? {} : { documentation: markdown(proposal.documentation) }),
    ...(proposal.isDeprecated === true ? { tags: [1 as const] } : {}),
    ...(proposal.goesOn === true && suggestsAgain ? { command: SUGGEST_AGAIN } : {}),
    ...(proposal.data === undefined ? {} : { data: proposal.data }),
  }));
}

const markdown = (value: string): MarkupContent => ({ kind: 'markdown', value });

/** Editors want the replaced text on the line of the cursor; a continued word is replaced in part. */
function onOneLine({ start, end }: Span, source: string, offset: number): Span {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const found = source.indexOf('\n', offset);
  let lineEnd = found < 0 ? source.length : found;
  if (source[lineEnd - 1] === '\r' && lineEnd > offset) lineEnd -= 1;
  return {
    start: Math.min(Math.max(start, lineStart), offset),
    end: Math.max(Math.min(end, lineEnd), offset),
  };
}

/** Words without explanation. */
export function words(
  values: Iterable<string>,
  kind: CompletionItemKind = CompletionItemKind.Value,
): Proposal[] {
  return [...new Set(values)].map((label) => ({ label, kind }));
}
