import { basename } from 'node:path';
import * as vscode from 'vscode';
import { nameOfDeployed, readDeployed } from '../../deploy/download';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { requireTrust } from '../failures';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { localRootOf, meantUris, relativePath } from './place';
import { signalOf, type RemoteSessions } from './sessions';

const scheme = 'fastcgi-remote';

export interface RemoteDocumentsContext {
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
}

/** Files on the server as read-only documents: opened, or beside the local ones in the diff editor. */
export class RemoteDocuments {
  readonly #context: RemoteDocumentsContext;
  readonly #store = new DisposableStore();
  /** Which target an address means: addresses are made here alone, so that a document names no host. */
  readonly #targets = new Map<string, FolderTarget>();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());

  constructor(context: RemoteDocumentsContext) {
    this.#context = context;
    const provider: vscode.TextDocumentContentProvider = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri, token) => this.#content(uri, token),
    };
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.openRemoteFile', (argument) => this.#open(argument)));
    this.#store.add(commands.register('fastcgi.compareWithServer', (argument) => this.#compare(argument)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The address of a file of a target; always its present content. */
  uriOf(one: FolderTarget, path: string): vscode.Uri {
    this.#targets.set(one.target.name, one);
    const uri = vscode.Uri.from({ scheme, authority: '', path: `/${one.target.name}/${path}` });
    this.#changed.fire(uri);
    return uri;
  }

  /** Shows the server's file at the left and the local one, which can be edited, at the right. `there`: a path here or there. */
  async showDifference(one: FolderTarget, there: string): Promise<void> {
    const { target } = one;
    const signal = new AbortController().signal;
    const path = await this.#context.sessions.use(target, signal, (connection) =>
      nameOfDeployed(connection, target.path, there),
    );
    const local = vscode.Uri.joinPath(vscode.Uri.file(localRootOf(one)), path);
    const title = vscode.l10n.t('{0}: {1} ↔ Here', basename(path), one.target.name);
    await vscode.commands.executeCommand('vscode.diff', this.uriOf(one, path), local, title, {
      preview: false,
    });
  }

  async #open(argument: unknown): Promise<void> {
    const { one, path } = await this.#meant(argument);
    const document = await vscode.workspace.openTextDocument(this.uriOf(one, path));
    await vscode.window.showTextDocument(document, { preview: false });
  }

  async #compare(argument: unknown): Promise<void> {
    const { one, path } = await this.#meant(argument);
    await this.showDifference(one, path);
  }

  async #meant(argument: unknown): Promise<{ one: FolderTarget; path: string }> {
    requireTrust();
    const [uri] = meantUris(argument, undefined);
    const one = await this.#context.chosen.need(uri);
    return { one, path: relativePath(localRootOf(one), uri ?? vscode.Uri.file('/')) };
  }

  #content(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const [, name = '', ...rest] = uri.path.split('/');
    const one = this.#targets.get(name);
    if (!one) return Promise.reject(new Error(vscode.l10n.t('Open this file by the command again.')));
    return this.#context.sessions.use(one.target, signalOf(token), async (connection) =>
      new TextDecoder().decode(await readDeployed(connection, one.target.path, rest.join('/'))),
    );
  }
}
