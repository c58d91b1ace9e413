import { hostProfile } from '../../src/apache/host';
import { HtaccessDocument, type SiteFile, type SiteMap } from '../../src/language';
import type { Location, Position, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { applied, withRanges } from './marked';

/** A site of texts by path below its document root `/site/`; the one with a `|` is the document with the cursor. */
export class TextSite {
  readonly map: SiteMap;
  readonly position: Position;
  readonly files: readonly SiteFile[];

  constructor(texts: Readonly<Record<string, string>>) {
    const { treeRoot } = hostProfile();
    const paths = Object.keys(texts);
    const files = paths
      .filter((path) => path.endsWith('.htaccess'))
      .sort((one, other) => one.length - other.length)
      .map((path) => {
        const directory = `${treeRoot}/${path.slice(0, path.lastIndexOf('/') + 1)}`;
        return { uri: path, directory, document: new HtaccessDocument((texts[path] ?? '').replace('|', '')) };
      });
    const current = files.find(({ uri }) => texts[uri]?.includes('|')) ?? files[0];
    if (current === undefined) throw new Error('A site needs a .htaccess');
    const folders = new Set(paths.flatMap((path) => parents(`${treeRoot}/${path}`)));
    this.files = files;
    this.position = current.document.positionOfCharacter(Math.max(0, texts[current.uri]?.indexOf('|') ?? 0));
    this.map = {
      ...current,
      documentRoot: `${treeRoot}/`,
      files,
      kindOf: (path) =>
        Object.hasOwn(texts, path.slice(treeRoot.length + 1))
          ? 'file'
          : folders.has(path)
            ? 'directory'
            : undefined,
      uriOf: (path) => (path.startsWith(`${treeRoot}/`) ? path.slice(treeRoot.length + 1) : undefined),
    };
  }

  /** Locations as the texts of their files with `«»` around them; `path` alone for other files. */
  shown(locations: readonly Location[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const uri of new Set(locations.map((one) => one.uri))) {
      const document = this.files.find((file) => file.uri === uri)?.document;
      const ranges = locations.filter((one) => one.uri === uri).map(({ range }) => range);
      found[uri] = document === undefined ? '' : withRanges(document, ranges);
    }
    return found;
  }

  /** The texts after an edit, of the files that it changes. */
  after(edit: WorkspaceEdit | undefined): Record<string, string> {
    const changes: Record<string, TextEdit[]> = edit?.changes ?? {};
    return Object.fromEntries(
      Object.entries(changes).map(([uri, edits]) => {
        const document = this.files.find((file) => file.uri === uri)?.document;
        return [uri, document === undefined ? 'no such file' : applied(document, edits)];
      }),
    );
  }
}

function parents(path: string): string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    found.push(path.slice(0, at));
  return found;
}
