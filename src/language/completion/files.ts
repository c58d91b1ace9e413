import { CompletionItemKind } from 'vscode-languageserver';
import { textOfByteString } from '../../text/bytes';
import type { ArgumentPlace } from '../cursor';
import { FILE_ARGUMENTS, type FileArgument, type PathKind } from '../fileArguments';
import type { FileLister, Proposal } from './proposal';
import { lookup } from '../../text/lookup';

/** How a path is meant; `root` is what follows `%{DOCUMENT_ROOT}` in a condition. */
type Meant = PathKind | 'root';

/** Arguments that name a file: how. */
function pathKind({ directive, index, written }: ArgumentPlace): Meant | undefined {
  if (directive === 'rewritecond')
    return index === 0 && /^["']?%\{DOCUMENT_ROOT\}\//i.test(written) ? 'root' : undefined;
  if (directive === 'rewriterule') return index === 1 && !/[%$:]/.test(written) ? 'relative' : undefined;
  const named = lookup(FILE_ARGUMENTS, directive);
  if (named === undefined || !isAt(named, index)) return undefined;
  return named.mayBeOther === true && !/^["']?\//.test(written) ? undefined : named.kind;
}

/** Of the arguments that are still being written nobody knows which one is the last. */
const isAt = ({ at }: FileArgument, index: number): boolean =>
  at === 'every' || (at === 'last' ? index > 0 : index === at);

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
    .filter((name) => !/[\s"']/.test(name) && isWorthNaming(name, kind))
    .sort()
    .map((name) => fileProposal(`${start}${textOfByteString(name)}`));
  return { proposals, from: Math.max(quote, slash + 1) };
}

/** Files of editors, repositories and the .htaccess itself are never meant; others that are hidden only where they are protected. */
function isWorthNaming(name: string, kind: Meant): boolean {
  if (kind === 'name' && name.endsWith('/')) return false;
  if (NEVER_MEANT.has(name)) return false;
  return !name.startsWith('.') || name === '.well-known/' || kind === 'server' || kind === 'name';
}

const NEVER_MEANT: ReadonlySet<string> = new Set([
  '.htaccess', '.git/', '.gitignore', '.gitattributes', '.github/', '.hg/', '.svn/', '.vscode/', '.idea/', '.DS_Store',
]); // prettier-ignore

function folderOf(kind: Meant, typed: string, files: FileLister): string | undefined {
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
