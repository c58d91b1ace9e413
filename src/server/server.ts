import { TextDocuments, TextDocumentSyncKind, type Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hostProfile, type HostProfile } from '../apache/host';
import { verdictOf } from './diagnostics';
import { HOSTS_NOTIFICATION, hostOf, type FolderHost } from './protocol';

/** Milliseconds without a keystroke after which a text is judged. */
const QUIET = 150;

/** The language server over one connection: documents in, diagnostics out. `listen()` starts it. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>();
  #hosts: readonly FolderHost[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listen(): void {
    this.#connection.onInitialize(() => ({
      capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
      serverInfo: { name: 'fastcgi' },
    }));
    this.#connection.onNotification(HOSTS_NOTIFICATION, (hosts: readonly FolderHost[]) =>
      this.#setHosts(hosts),
    );
    this.#connection.onShutdown(() => this.dispose());
    this.#documents.onDidChangeContent(({ document }) => this.#schedule(document));
    this.#documents.onDidClose(({ document }) => this.#forget(document.uri));
    this.#documents.listen(this.#connection);
    this.#connection.listen();
  }

  dispose(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #hostOf(document: TextDocument): HostProfile {
    return hostOf(document.uri, this.#hosts) ?? hostProfile();
  }

  #setHosts(hosts: readonly FolderHost[]): void {
    this.#hosts = hosts;
    for (const document of this.#documents.all()) this.#publish(document);
  }

  #schedule(document: TextDocument): void {
    clearTimeout(this.#pending.get(document.uri));
    const run = () => {
      this.#pending.delete(document.uri);
      this.#publish(document);
    };
    this.#pending.set(document.uri, setTimeout(run, QUIET));
  }

  #publish(document: TextDocument): void {
    const diagnostics = verdictOf(document, this.#hostOf(document));
    const { uri, version } = document;
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #forget(uri: string): void {
    clearTimeout(this.#pending.get(uri));
    this.#pending.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}
