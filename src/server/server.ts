import {
  CodeActionKind,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hostProfile, type HostProfile } from '../apache/host';
import { toDiagnostic, TRIGGER_CHARACTERS, type FileLister } from '../language';
import { byteStringOfText } from '../text/bytes';
import { Analysis } from './analysis';
import { answerFeatures } from './features';
import { answerFormatting, FORMATS_AFTER } from './formatting';
import { pathInFolder, placeOf } from './place';
import {
  folderOf,
  hostOf,
  HOSTS_NOTIFICATION,
  type FolderHost,
  type InitializationOptions,
} from './protocol';
import { askSettings, DEFAULT_SETTINGS, type HtaccessSettings } from './settings';

/** Milliseconds without a keystroke after which advice is given, too; longer for a text whose check takes its time. */
const QUIET = 150;
const QUIET_WHEN_LONG = 800;

/** Characters that make a text long. */
const LONG = 200_000;

/** Characters above which even the verdict waits for a pause. */
const TOO_LONG_AT_ONCE = 1_000_000;

/** What the server cannot do by itself. */
export interface LanguageServerOptions {
  /** Names in a folder: URI of the workspace folder, and the path below it. Without it no file names are proposed. */
  readonly listFolder?: (folderUri: string, relative: string) => readonly string[] | undefined;
}

const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS], resolveProvider: true },
  hoverProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: {
    firstTriggerCharacter: FORMATS_AFTER[0],
    moreTriggerCharacter: FORMATS_AFTER.slice(1),
  },
};

/** The language server over one connection: LSP messages to language/ and back. `listen()` starts it. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #options: LanguageServerOptions;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>();
  /** Documents whose verdict is about to be given. */
  readonly #due = new Map<string, ReturnType<typeof setImmediate>>();
  /** The verdict that the editor shows, as JSON. */
  readonly #shown = new Map<string, string>();
  readonly #analyses = new Map<string, Analysis>();
  readonly #usualHost = hostProfile();
  #hosts: readonly FolderHost[] = [];
  #snippets = false;
  #suggestsAgain = false;
  #hasSettings = false;

  constructor(connection: Connection, options: LanguageServerOptions = {}) {
    this.#connection = connection;
    this.#options = options;
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onNotification(HOSTS_NOTIFICATION, (hosts: unknown) => {
      this.#setHosts(Array.isArray(hosts) ? (hosts as readonly FolderHost[]) : []);
    });
    connection.onShutdown(() => this.dispose());
    this.#answerRequests();
    this.#documents.onDidChangeContent(({ document }) => this.#schedule(document));
    this.#documents.onDidClose(({ document }) => this.#forget(document.uri));
    this.#documents.listen(connection);
    connection.listen();
  }

  dispose(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    for (const turn of this.#due.values()) clearImmediate(turn);
    this.#pending.clear();
    this.#due.clear();
    this.#shown.clear();
    this.#analyses.clear();
  }

  #initialize({ capabilities, initializationOptions }: InitializeParams) {
    const given = initializationOptions as InitializationOptions | undefined;
    this.#snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    this.#hasSettings = capabilities.workspace?.configuration === true;
    this.#suggestsAgain = given?.canSuggestAgain === true;
    return { capabilities: CAPABILITIES, serverInfo: { name: 'fastcgi' } };
  }

  #answerRequests(): void {
    const connection = this.#connection;
    const around = {
      analysisOf: (uri: string) => this.#analysisOf(uri),
      hostOf: (uri: string) => this.#hostOf(uri),
      filesFor: (uri: string) => this.#filesFor(uri),
      settingsOf: (uri: string) => this.#settingsOf(uri),
      takesSnippets: () => this.#snippets,
      suggestsAgain: () => this.#suggestsAgain,
    };
    answerFeatures(connection, around);
    answerFormatting(connection, around);
  }

  /** The analysis of a document's newest version; undefined for one that is not open. */
  #analysisOf(uri: string): Analysis | undefined {
    const text = this.#documents.get(uri);
    if (text === undefined) return undefined;
    const known = this.#analyses.get(uri);
    if (known?.version === text.version) return known;
    const made = new Analysis(text, this.#hostOf(uri), placeOf(uri, this.#hosts) ?? {});
    this.#analyses.set(uri, made);
    return made;
  }

  #filesFor(uri: string): FileLister | undefined {
    const { listFolder } = this.#options;
    const holder = folderOf(uri, this.#hosts);
    const place = placeOf(uri, this.#hosts);
    if (listFolder === undefined || holder === undefined || place === undefined) return undefined;
    const list = (path: string): readonly string[] | undefined => {
      const relative = pathInFolder(path, holder);
      return relative === undefined ? undefined : listFolder(holder.folder, relative)?.map(byteStringOfText);
    };
    return { ...place, list };
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
    this.#analyses.clear();
    for (const document of this.#documents.all()) this.#publish(document.uri);
  }

  /** The verdict comes at once, where it is another one; with the advice it comes after a pause. */
  #schedule(document: TextDocument): void {
    const { uri } = document;
    const { length } = document.getText();
    clearTimeout(this.#pending.get(uri));
    const run = () => {
      this.#pending.delete(uri);
      this.#publish(uri);
    };
    this.#pending.set(uri, setTimeout(run, length > LONG ? QUIET_WHEN_LONG : QUIET));
    if (length <= TOO_LONG_AT_ONCE && !this.#due.has(uri)) {
      this.#due.set(
        uri,
        setImmediate(() => this.#publishVerdict(uri)),
      );
    }
  }

  #publishVerdict(uri: string): void {
    this.#due.delete(uri);
    const analysis = this.#analysisOf(uri);
    if (analysis === undefined) return;
    const diagnostics = analysis.verdict.map((problem) => toDiagnostic(problem, uri));
    const verdict = JSON.stringify(diagnostics);
    if (verdict === (this.#shown.get(uri) ?? '[]')) return;
    this.#shown.set(uri, verdict);
    void this.#connection.sendDiagnostics({ uri, version: analysis.version, diagnostics });
  }

  #publish(uri: string): void {
    const analysis = this.#analysisOf(uri);
    if (analysis === undefined) return;
    const [verdict, diagnostics] = [analysis.verdict, analysis.problems].map((problems) =>
      problems.map((problem) => toDiagnostic(problem, uri)),
    );
    this.#shown.set(uri, JSON.stringify(verdict));
    void this.#connection.sendDiagnostics({ uri, version: analysis.version, diagnostics: diagnostics ?? [] });
  }

  #forget(uri: string): void {
    clearTimeout(this.#pending.get(uri));
    this.#pending.delete(uri);
    clearImmediate(this.#due.get(uri));
    this.#due.delete(uri);
    this.#shown.delete(uri);
    this.#analyses.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}
