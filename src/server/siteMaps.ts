import {
  HtaccessDocument,
  usageIn,
  variablesSetIn,
  type SiteFile,
  type SiteMap,
  type Usage,
} from '../language';
import { decodedPath, nameOfUri } from './names';
import { pathOnServer, placeOf, uriOnServer } from './place';
import { folderOf, type FolderHost } from './protocol';
import type { WorkspaceHtaccess, WorkspaceIndex } from './workspaceIndex';

/** What the maps are made of. */
export interface SiteMapsOptions {
  readonly index: WorkspaceIndex;
  readonly hosts: () => readonly FolderHost[];
  /** The document of an open file, by its decoded URI. */
  readonly openDocument: (decodedUri: string) => { uri: string; document: HtaccessDocument } | undefined;
}

/** Sees each document among the .htaccess files of its workspace folder, open ones as they are being written. */
export class SiteMaps {
  readonly #options: SiteMapsOptions;
  readonly #saved = new Map<string, { readonly content: string; readonly document: HtaccessDocument }>();

  constructor(options: SiteMapsOptions) {
    this.#options = options;
  }

  /** The map for an open document; alone where it is in no workspace folder, or is only a template. */
  mapOf(uri: string, document: HtaccessDocument): SiteMap {
    const { index, hosts } = this.#options;
    const around = index.surroundingsOf(uri);
    const place = placeOf(uri, hosts()) ?? { directory: '/', documentRoot: '/' };
    const own: SiteFile = { uri, document, directory: place.directory };
    const folder = folderOf(uri, hosts());
    const isTemplate = nameOfUri(uri) !== '.htaccess';
    const others = folder === undefined || isTemplate ? [] : this.filesIn(folder);
    const files = [...others.filter((one) => decodedPath(one.uri) !== decodedPath(uri)), own];
    return {
      ...own,
      documentRoot: place.documentRoot,
      files: files.sort((one, other) => one.directory.length - other.directory.length),
      kindOf: (path) => {
        const kind = around?.site.stat(path)?.kind;
        return kind === 'file' || kind === 'directory' ? kind : undefined;
      },
      uriOf: (path) => (folder === undefined ? undefined : uriOnServer(path, folder)),
    };
  }

  /** Every .htaccess of a workspace folder. */
  filesIn(folder: FolderHost): readonly SiteFile[] {
    const { index, hosts } = this.#options;
    return index.htaccess.flatMap((file) => {
      const place = nameOfUri(file.uri) === '.htaccess' ? placeOf(file.uri, hosts()) : undefined;
      if (place === undefined || folderOf(file.uri, hosts()) !== folder) return [];
      const { directory } = place;
      const open = this.#options.openDocument(decodedPath(file.uri));
      if (open !== undefined) return [{ ...open, directory }];
      const document = this.#savedDocument(file);
      return document === undefined ? [] : [{ uri: file.uri, document, directory }];
    });
  }

  /** Environment variables that a document's site sets. */
  environmentOf(uri: string): readonly string[] {
    const folder = folderOf(uri, this.#options.hosts());
    return folder === undefined ? [] : variablesSetIn(this.filesIn(folder));
  }

  /** What the .htaccess files of a document's site use. */
  usageOf(uri: string): Usage {
    const folder = folderOf(uri, this.#options.hosts());
    return usageIn(folder === undefined ? [] : this.filesIn(folder).map(({ document }) => document));
  }

  /** A moved file's paths on the server; undefined for one outside of the workspace. */
  pathOf(uri: string): { readonly path: string; readonly folder: FolderHost } | undefined {
    const folder = folderOf(uri, this.#options.hosts());
    return folder === undefined ? undefined : { path: pathOnServer(uri, folder), folder };
  }

  #savedDocument({ uri, content }: WorkspaceHtaccess): HtaccessDocument | undefined {
    if (content === undefined) return undefined;
    const known = this.#saved.get(uri);
    if (known?.content === content) return known.document;
    const document = HtaccessDocument.ofBytes(content);
    this.#saved.set(uri, { content, document });
    return document;
  }
}
