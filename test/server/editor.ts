import { PassThrough } from 'node:stream';
import type {
  CancellationToken,
  CompletionItem,
  Diagnostic,
  InitializeResult,
  PublishDiagnosticsParams,
} from 'vscode-languageserver';
import {
  createConnection,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-languageserver/node';
import type { HostProfile } from '../../src/apache/host';
import { HOSTS_NOTIFICATION } from '../../src/server/protocol';
import { LanguageServer, type LanguageServerOptions } from '../../src/server/server';

/** The document that is meant where none is named. */
export const URI = 'file:///home/me/site/blog/.htaccess';

/** An editor's end of a server that runs in this process, over two streams. To be disposed. */
export class Editor {
  readonly #client: MessageConnection;
  readonly #server: LanguageServer;
  readonly #published: PublishDiagnosticsParams[] = [];
  #waiting: (() => void) | undefined;
  /** What the editor answers when it is asked for the settings below `htaccess`. */
  settings: unknown = null;
  /** What it says of completions beside that. */
  completionItem: object = {};
  /** What it waits for before it answers. */
  beforeSettings: Promise<void> = Promise.resolve();

  constructor(options: LanguageServerOptions = {}) {
    const [up, down] = [new PassThrough(), new PassThrough()];
    this.#server = new LanguageServer(
      createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)),
      options,
    );
    this.#server.listen();
    this.#client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.#client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.push(params);
      this.#waiting?.();
    });
    this.#client.onRequest('workspace/configuration', async ({ items }: { items: readonly object[] }) => {
      await this.beforeSettings;
      return items.map(() => this.settings);
    });
    this.#client.listen();
  }

  async start(initializationOptions: object = {}): Promise<InitializeResult> {
    const completion = { completionItem: { snippetSupport: true, ...this.completionItem } };
    const workspace = { configuration: true };
    const result = await this.#client.sendRequest<InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      capabilities: { textDocument: { completion }, workspace },
      initializationOptions,
    });
    await this.#client.sendNotification('initialized', {});
    return result;
  }

  async open(text: string, uri = URI): Promise<void> {
    const textDocument = { uri, languageId: 'htaccess', version: 1, text };
    await this.#client.sendNotification('textDocument/didOpen', { textDocument });
  }

  async change(text: string, version: number): Promise<void> {
    const params = { textDocument: { uri: URI, version }, contentChanges: [{ text }] };
    await this.#client.sendNotification('textDocument/didChange', params);
  }

  /** Changes parts of a document. */
  async edit(contentChanges: readonly object[], version: number, uri = URI): Promise<void> {
    await this.#client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri = URI): Promise<void> {
    return this.#client.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  sendHosts(host: HostProfile, more: object = {}): Promise<void> {
    return this.#client.sendNotification(HOSTS_NOTIFICATION, [
      { folder: 'file:///home/me/site', host, ...more },
    ]);
  }

  ask<Answer>(method: string, more: object = {}, uri = URI): Promise<Answer> {
    return this.#client.sendRequest<Answer>(method, { textDocument: { uri }, ...more });
  }

  /** A question that is about no one document. */
  askAny<Answer>(method: string, params: object, token?: CancellationToken): Promise<Answer> {
    // An absent token must not be named: it would be sent as a second parameter.
    return token === undefined
      ? this.#client.sendRequest<Answer>(method, params)
      : this.#client.sendRequest<Answer>(method, params, token);
  }

  resolve(item: CompletionItem): Promise<CompletionItem> {
    return this.#client.sendRequest('completionItem/resolve', item);
  }

  /** The next diagnostics that are published for a version (undefined: for a closed document). */
  async diagnostics(version?: number): Promise<readonly Diagnostic[]> {
    for (;;) {
      const at = this.#published.findIndex((one) => one.version === version);
      if (at >= 0) return this.#published.splice(at, 1)[0]?.diagnostics ?? [];
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  /** The next diagnostics that are published for a document, whatever its version. */
  async diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    for (;;) {
      const at = this.#published.findIndex((one) => one.uri === uri);
      if (at >= 0) return this.#published.splice(at, 1)[0]?.diagnostics ?? [];
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  /** Tells that the settings are other ones. */
  changedSettings(): Promise<void> {
    return this.#client.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  /** Tells that files changed on disk. */
  changedOnDisk(...uris: string[]): Promise<void> {
    const changes = uris.map((uri) => ({ uri, type: 2 }));
    return this.#client.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }

  dispose(): void {
    this.#server.dispose();
    this.#client.dispose();
  }
}
