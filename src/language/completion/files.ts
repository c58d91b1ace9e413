import { CompletionItemKind } from 'vscode-languageserver';
import { textOfByteString } from '../../text/bytes';
import type { ArgumentPlace } from '../cursor';
import type { FileLister, Proposal } from './proposal';

/** How the path in an argument is meant. */
type PathKind = 'url' | 'server' | 'name' | 'relative' | 'root';

/** Arguments that name a file: which one, and how. */
function pathKind({ directive, index, written }: ArgumentPlace): PathKind | undefined {
  switch (directive) {
    case 'errordocument':
      return index === 1 && /^["']?\//.test(written) ? 'url' : undefined;
    case 'fallbackresource':
    case 'indexstylesheet':
    case 'rewritebase':
      return index === 0 ? 'url' : undefined;
    case 'action':
      return index === 1 ? 'url' : undefined;
    case 'redirect':
    case 'redirectmatch':
      return index > 0 && /^["']?\//.test(written) ? 'url' : undefined;
    case 'rewritecond':
      return index === 0 && /^["']?%\{DOCUMENT_ROOT\}\//i.test(written) ? 'root' : undefined;
    case 'headername':
    case 'readmename':
      return index === 0 ? 'relative' : undefined;
    case 'rewriterule':
      return index === 1 && !/[%$:]/.test(written) ? 'relative' : undefined;
    case 'directoryindex':
      return 'relative';
    case 'authuserfile':
    case 'authgroupfile':
    case 'fcgidwrapper':
      return index === 0 ? 'server' : undefined;
    case '<files':
      return index === 0 ? 'name' : undefined;
    default:
      return undefined;
  }
}

/** File names for an argument, with the bytes of `written` that they replace: from the last slash on. */
export function fileProposals(
  place: ArgumentPlace,
  files: FileLister,
): { readonly proposals: readonly Proposal[]; readonly from: number } {
  const kind = pathKind(place);
  const none = { proposals: [], from: 0 };
  if (kind === undefined) return none;
  const typed = place.written.slice(0, place.before);
  const quote = /^["']/.test(typed) ? 1 : 0;
  const slash = typed.lastIndexOf('/');
  const folder = folderOf(kind, slash < 0 ? '' : typed.slice(quote, slash + 1), files);
  if (folder === undefined) return none;
  const names = files.list(folder) ?? [];
  const start = slash < 0 && kind === 'url' ? '/' : '';
  const proposals = names
    .filter((name) => !/[\s"']/.test(name) && (kind !== 'name' || !name.endsWith('/')))
    .sort()
    .map((name) => fileProposal(`${start}${textOfByteString(name)}`));
  return { proposals, from: Math.max(quote, slash + 1) };
}

function folderOf(kind: PathKind, typed: string, files: FileLister): string | undefined {
  if (kind === 'name') return typed === '' ? files.directory : undefined;
  if (kind === 'root') return typed.replace(/^%\{DOCUMENT_ROOT\}\//i, files.documentRoot);
  if (kind === 'server') return typed.startsWith('/') ? typed : undefined;
  if (typed.startsWith('/')) return `${files.documentRoot}${typed.slice(1)}`;
  return kind === 'url' ? files.documentRoot : `${files.directory}${typed}`;
}

function fileProposal(label: string): Proposal {
  const isFolder = label.endsWith('/');
  return {
    label,
    kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
    ...(isFolder ? { goesOn: true } : {}),
  };
}
