import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type Diagnostic,
  type InitializeParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hostProfile, type HostProfile } from '../apache/host';
import {
  diagnose,
  HtaccessDocument,
  SEMANTIC_LEGEND,
  SIGNATURE_AFTER,
  toDiagnostic,
  TRIGGER_CHARACTERS,
  type DiagnoseOptions,
  type FileLister,
} from '../language';
import { Analysis } from './analysis';
import { ClientFiles } from './clientFiles';
import { ClosedFiles } from './closedFiles';
import { answerEvaluations } from './evaluations';
import { answerFeatures } from './features';
import type { WorkspaceFiles } from './files';
import { answerFormatting, FORMATS_AFTER } from './formatting';
import { decodedPath, nameOfUri } from './names';
import { answerNavigation } from './navigation';
import { OpenFiles } from './openFiles';
import { OwnProjects } from './ownProjects';
import { placeOf } from './place';
import {
  folderOf,
  hostOf,
  HOSTS_NOTIFICATION,
  type FolderHost,
  type InitializationOptions,
} from './protocol';
import { askSettings, DEFAULT_SETTINGS, type HtaccessSettings } from './settings';
import { SiteMaps } from './siteMaps';
import { WorkspaceIndex, type WorkspaceHtaccess } from './workspaceIndex';

/** What the server cannot do by itself. */
export interface LanguageServerOptions {
  /** Where files of workspace folders are read; what the editor itself offers comes after these. */
  readonly files?: readonly WorkspaceFiles[];
}

/** Milliseconds that a completion waits for the names of files when a folder has just been opened. */
const MOST_WAIT = 1000;

/** Milliseconds that an outcome waits for them: over half of the files it would be a wrong one. */
const MOST_WAIT_FOR_OUTCOME = 30_000;

/** Milliseconds of quiet on disk after which changes are looked at. */
const DISK_QUIET = 200;

const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS], resolveProvider: true },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: [...SIGNATURE_AFTER] },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
  documentHighlightProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: SEMANTIC_LEGEND, full: true, range: true },
  definitionProvider: true,
  referencesProvider: true,
  documentLinkProvider: {},
  renameProvider: { prepareProvider: true },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: {
    firstTriggerCharacter: FORMATS_AFTER[0],
    moreTriggerCharacter: FORMATS_AFTER.slice(1),
  },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: { willRename: { filters: [{ pattern: { glob: '**' } }] } },
  },
};

/** The language server over one connection: LSP messages to language/ and back. `listen()` starts it. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  /** URIs of open documents, by their decoded form: editors write the same URI in several ways. */
  readonly #open = new Map<string, string>();
  readonly #analyses = new Map<string, Analysis>();
  readonly #clientFiles: ClientFiles;
  readonly #projects: OwnProjects;
  readonly #index: WorkspaceIndex;
  readonly #openFiles: OpenFiles;
  readonly #closedFiles: ClosedFiles;
  readonly #usualHost = hostProfile();
  #hosts: readonly FolderHost[] = [];
  /** How loudly the user wants each advice. */
  #severities: HtaccessSettings['advice']['severity'] = {};
  #snippets = false;
  #insertsOrReplaces = false;
  #suggestsAgain = false;
  #closesTags = false;
  #hasSettings = false;
  /** The workspace folders at the start, where the server reads their project files itself. */
  #folders: readonly string[] | undefined;
  #hears = false;
  #watches = false;
  #disk: ReturnType<typeof setTimeout> | undefined;
  readonly #changedOnDisk = new Set<string>();

  constructor(connection: Connection, { files = [] }: LanguageServerOptions = {}) {
    this.#connection = connection;
    this.#clientFiles = new ClientFiles(connection);
    const all = [...files, this.#clientFiles];
    this.#index = new WorkspaceIndex({
      files: all,
      openText: (decoded) => this.#textOf(decoded),
      onChange: () => this.#surroundingsChanged(),
    });
    const publish = (uri: string, diagnostics: readonly Diagnostic[], version?: number) => {
      const params = { uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) };
      void connection.sendDiagnostics(params);
    };
    this.#projects = new OwnProjects({ files: all, setHosts: (hosts) => this.#setHosts(hosts), publish });
    this.#openFiles = new OpenFiles({
      analysisOf: (uri) => this.#analysisOf(uri),
      publish,
      checked: (uri) => this.#othersDependOn(uri),
    });
    this.#closedFiles = new ClosedFiles({
      isOpen: (uri) => this.#open.has(decodedPath(uri)),
      check: (file) => this.#checkClosed(file),
      publish,
    });
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#start());
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
      if (this.#folders !== undefined) this.#projects.change(event);
    });
    connection.onDidChangeConfiguration(() => this.#readSettings());
    connection.onNotification(HOSTS_NOTIFICATION, (hosts: unknown) => {
      this.#setHosts(Array.isArray(hosts) ? (hosts as readonly FolderHost[]) : []);
    });
    connection.onDidChangeWatchedFiles(({ changes }) => this.#changedFiles(changes.map(({ uri }) => uri)));
    connection.onShutdown(() => this.dispose());
    this.#answerRequests();
    this.#documents.onDidOpen(({ document }) => this.#opened(document.uri));
    this.#documents.onDidChangeContent(({ document }) => this.#openFiles.changed(document));
    this.#documents.onDidSave(({ document }) => this.#changedFiles([document.uri]));
    this.#documents.onDidClose(({ document }) => this.#forget(document.uri));
    this.#documents.listen(connection);
    connection.listen();
  }

  dispose(): void {
    clearTimeout(this.#disk);
    this.#openFiles.dispose();
    this.#closedFiles.dispose();
    this.#index.dispose();
    this.#analyses.clear();
  }

  #initialize({ capabilities, initializationOptions, ...params }: InitializeParams) {
    const given = initializationOptions as InitializationOptions | undefined;
    const item = capabilities.textDocument?.completion?.completionItem;
    this.#snippets = item?.snippetSupport === true;
    this.#insertsOrReplaces = item?.insertReplaceSupport === true;
    this.#hasSettings = capabilities.workspace?.configuration === true;
    this.#hears = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.#watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    this.#clientFiles.isOffered = given?.readsFiles === true;
    this.#folders = given?.sendsHosts === true ? undefined : foldersIn(params);
    this.#suggestsAgain = given?.canSuggestAgain === true;
    this.#closesTags = given?.closesTags === true;
    return { capabilities: CAPABILITIES, serverInfo: { name: 'fastcgi' } };
  }

  #answerRequests(): void {
    const connection = this.#connection;
    const maps = new SiteMaps({
      index: this.#index,
      hosts: () => this.#hosts,
      openDocument: (decoded) => this.#openDocument(decoded),
    });
    const around = {
      analysisOf: (uri: string) => this.#analysisOf(uri),
      hostOf: (uri: string) => this.#hostOf(uri),
      filesFor: (uri: string) => this.#filesFor(uri),
      environmentOf: (uri: string) => maps.environmentOf(uri),
      usageOf: (uri: string) => maps.usageOf(uri),
      settingsOf: (uri: string) => this.#settingsOf(uri),
      takesSnippets: () => this.#snippets,
      suggestsAgain: () => this.#suggestsAgain,
      insertsOrReplaces: () => this.#insertsOrReplaces,
      closesTags: () => this.#closesTags,
    };
    answerFeatures(connection, around);
    answerFormatting(connection, around);
    const filesKnown = () => this.#filesKnown();
    answerNavigation(connection, { analysisOf: around.analysisOf, filesKnown, maps });
    answerEvaluations(connection, {
      index: this.#index,
      maps,
      hosts: () => this.#hosts,
      filesKnown: () => this.#filesKnown(MOST_WAIT_FOR_OUTCOME),
    });
  }

  /** The analysis of a document's newest version; undefined for one that is not open. */
  #analysisOf(uri: string): Analysis | undefined {
    const text = this.#documents.get(uri);
    if (text === undefined) return undefined;
    const known = this.#analyses.get(uri);
    if (known?.version === text.version) return known;
    const made = new Analysis(text, this.#hostOf(uri), this.#optionsFor(uri));
    this.#analyses.set(uri, made);
    return made;
  }

  /** What is known beside a document's text. Where a template will lie, and beside which files, nobody knows. */
  #optionsFor(uri: string): DiagnoseOptions {
    const severities = { ...folderOf(uri, this.#hosts)?.advice, ...this.#severities };
    const place = placeOf(uri, this.#hosts);
    const around = nameOfUri(uri) === '.htaccess' ? this.#index.surroundingsOf(uri) : undefined;
    return { ...place, ...around, severities };
  }

  async #filesFor(uri: string): Promise<FileLister | undefined> {
    await this.#filesKnown();
    const around = this.#index.surroundingsOf(uri);
    if (around === undefined) return undefined;
    const { site, directory, documentRoot } = around;
    const list = (path: string): readonly string[] | undefined =>
      site
        .list(path)
        ?.map((name) => (site.lstat(`${path}/${name}`)?.kind === 'directory' ? `${name}/` : name));
    return { directory, documentRoot, list };
  }

  /** Resolves when the files of the workspace are known, or after a moment. */
  async #filesKnown(most = MOST_WAIT): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, most);
    });
    await Promise.race([this.#index.settled(), enough]);
    clearTimeout(timer);
  }

  /** The editor's settings for a document; the defaults where the editor has none to give. */
  #settingsOf(uri: string): Promise<HtaccessSettings> {
    return this.#hasSettings ? askSettings(this.#connection, uri) : Promise.resolve(DEFAULT_SETTINGS);
  }

  #hostOf(uri: string): HostProfile {
    return hostOf(uri, this.#hosts) ?? this.#usualHost;
  }

  #setHosts(hosts: readonly FolderHost[]): void {
    this.#hosts = hosts;
    this.#index.setFolders(hosts);
    this.#surroundingsChanged();
  }

  /** Reads what there is at the start, and asks to hear what changes in settings and on disk. */
  async #start(): Promise<void> {
    const { client } = this.#connection;
    if (this.#folders !== undefined) this.#projects.setFolders(this.#folders);
    await this.#readSettings();
    if (this.#hears) await client.register(DidChangeConfigurationNotification.type, { section: 'htaccess' });
    const watchers = [{ globPattern: '**/*' }];
    if (this.#watches) await client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }

  async #readSettings(): Promise<void> {
    if (!this.#hasSettings) return;
    const { severity } = (await askSettings(this.#connection)).advice;
    if (JSON.stringify(severity) === JSON.stringify(this.#severities)) return;
    this.#severities = severity;
    this.#surroundingsChanged();
  }

  #changedFiles(uris: readonly string[]): void {
    for (const uri of uris) this.#changedOnDisk.add(uri);
    clearTimeout(this.#disk);
    this.#disk = setTimeout(() => {
      this.#projects.changed([...this.#changedOnDisk]);
      this.#index.update([...this.#changedOnDisk]);
      this.#changedOnDisk.clear();
    }, DISK_QUIET);
  }

  /** Everything may be judged otherwise: other hosts, or other files. */
  #surroundingsChanged(): void {
    this.#analyses.clear();
    for (const { uri } of this.#documents.all()) this.#openFiles.surroundingsChanged(uri);
    this.#closedFiles.refresh(this.#index.htaccess);
  }

  /** Files below the folder of a document are read after it, and by its rules. */
  #othersDependOn(changed: string): void {
    const folder = decodedPath(changed).slice(0, decodedPath(changed).lastIndexOf('/') + 1);
    const isBelow = (uri: string) => decodedPath(uri).startsWith(folder);
    for (const { uri } of this.#documents.all()) {
      if (uri === changed || !isBelow(uri)) continue;
      this.#analyses.delete(uri);
      this.#openFiles.surroundingsChanged(uri);
    }
    this.#closedFiles.recheck(this.#index.htaccess.filter(({ uri }) => isBelow(uri)));
  }

  #checkClosed({ uri, content, size }: WorkspaceHtaccess): readonly Diagnostic[] {
    const document =
      content === undefined ? HtaccessDocument.tooLarge(size) : HtaccessDocument.ofBytes(content);
    return diagnose(document, this.#hostOf(uri), this.#optionsFor(uri)).map((one) => toDiagnostic(one, uri));
  }

  #openDocument(decodedUri: string): { uri: string; document: HtaccessDocument } | undefined {
    const uri = this.#open.get(decodedUri);
    const analysis = uri === undefined ? undefined : this.#analysisOf(uri);
    return uri === undefined || analysis === undefined ? undefined : { uri, document: analysis.document };
  }

  #textOf(decodedUri: string): string | undefined {
    const uri = this.#open.get(decodedUri);
    return uri === undefined ? undefined : this.#documents.get(uri)?.getText();
  }

  #opened(uri: string): void {
    this.#open.set(decodedPath(uri), uri);
    this.#closedFiles.opened(uri);
    // An editor that does not tell what changes on disk: an opened file is an occasion to look.
    if (!this.#watches) this.#index.readAgain();
  }

  #forget(uri: string): void {
    this.#open.delete(decodedPath(uri));
    this.#openFiles.closed(uri);
    this.#analyses.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.#closedFiles.recheck(
      this.#index.htaccess.filter((one) => decodedPath(one.uri) === decodedPath(uri)),
    );
  }
}

/** The workspace folders that an editor names, in whichever of the protocol's ways. */
function foldersIn({
  workspaceFolders,
  rootUri,
}: Pick<InitializeParams, 'workspaceFolders' | 'rootUri'>): string[] {
  const folders = workspaceFolders?.map(({ uri }) => uri) ?? [];
  return folders.length === 0 && rootUri ? [rootUri] : folders;
}
