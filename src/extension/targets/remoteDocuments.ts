import { posix } from 'node:path';
import * as vscode from 'vscode';
import { nameOfDeployed } from '../../deploy/download';
import { readStamped, statDeployed, type ReadStamp, type RemoteStamp } from '../../deploy/remoteLook';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { localRootOf, meantUris, relativePath } from './place';
import type { ReloadFeature } from './reload';
import { pickRemoteFile } from './remoteFilePicker';
import { saveOnServer } from './saveOnServer';
import type { RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

const scheme = 'fastcgi-remote';

export interface RemoteDocumentsContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  readonly reloads: ReloadFeature;
}

/** A file of a target, by its local path relative to the document root. */
export interface RemotePlace {
  readonly one: FolderTarget;
  readonly path: string;
}

/** Files on the server as documents: opened and edited there, or beside the local ones in the diff editor. */
export class RemoteDocuments implements vscode.FileSystemProvider {
  readonly #context: RemoteDocumentsContext;
  readonly #store = new DisposableStore();
  /** Which target an address means: addresses are made here alone, so that a document names no host. */
  readonly #targets = new Map<string, FolderTarget>();
  /** What VS Code was told last of a file's look, and what it read: what is saved must have been edited from that. */
  readonly #told = new Map<string, RemoteStamp>();
  readonly #read = new Map<string, ReadStamp>();
  /** Why each is about to be saved. */
  readonly #reasons = new Map<string, vscode.TextDocumentSaveReason>();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;

  constructor(context: RemoteDocumentsContext) {
    this.#context = context;
    const options = { isCaseSensitive: true };
    this.#store.add(vscode.workspace.registerFileSystemProvider(scheme, this, options));
    this.#store.add(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === scheme) this.#reasons.set(document.uri.toString(), reason);
      }),
    );
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.openRemoteFile', (argument) => this.#open(argument)));
    this.#store.add(commands.register('fastcgi.compareWithServer', (argument) => this.#compare(argument)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The address of a file of a target; always its present content. */
  uriOf({ one, path }: RemotePlace): vscode.Uri {
    this.#targets.set(one.target.name, one);
    const uri = vscode.Uri.from({ scheme, authority: '', path: `/${one.target.name}/${path}` });
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    return uri;
  }

  /** The file that one of these documents shows; undefined for any other document, and for one of an earlier session. */
  placeOf(uri: vscode.Uri): RemotePlace | undefined {
    const [, name = '', ...rest] = uri.path.split('/');
    const one = uri.scheme === scheme ? this.#targets.get(name) : undefined;
    return one && { one, path: rest.join('/') };
  }

  /** Shows the server's file at the left and the local one, which can be edited, at the right. `there`: a path here or there. */
  async showDifference(one: FolderTarget, there: string): Promise<void> {
    const { target } = one;
    const signal = new AbortController().signal;
    const path = await this.#context.sessions.use(target, signal, (connection) =>
      nameOfDeployed(connection, target.path, there),
    );
    const local = vscode.Uri.joinPath(vscode.Uri.file(localRootOf(one)), path);
    const title = vscode.l10n.t('{0}: {1} ↔ Here', posix.basename(path), one.target.name);
    const onServer = this.uriOf({ one, path });
    await vscode.commands.executeCommand('vscode.diff', onServer, local, title, { preview: false });
  }

  /** "Upload" of such a document is to save it. @throws Failure where there is nothing to save */
  async upload(uri: vscode.Uri): Promise<void> {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (document?.isDirty === true) return void (await document.save());
    throw new Failure(
      vscode.l10n.t(
        '{0} is the file on the server, unchanged. Edit and save it to change it there.',
        posix.basename(uri.path),
      ),
    );
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { one, path } = this.#needPlace(uri);
    const found = await this.#context.sessions.use(one.target, never, (connection) =>
      statDeployed(connection, one.target.path, path),
    );
    if (!found) this.#told.delete(uri.toString());
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    const { kind, linked, size, mtime } = found;
    this.#told.set(uri.toString(), { size, mtime });
    const type = kind === 'directory' ? vscode.FileType.Directory : vscode.FileType.File;
    const permissions = linked ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type, size, ctime: mtime * 1000, mtime: mtime * 1000, ...permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { one, path } = this.#needPlace(uri);
    const { content, stamp } = await this.#context.sessions.use(one.target, never, (connection) =>
      readStamped(connection, one.target.path, path),
    );
    this.#read.set(uri.toString(), stamp);
    return content;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    if (
      (this.#reasons.get(key) ?? vscode.TextDocumentSaveReason.Manual) !==
      vscode.TextDocumentSaveReason.Manual
    )
      throw notByItself(uri);
    const [base, read] = [this.#told.get(key), this.#read.get(key)];
    // Where somebody was told of another file since, and goes on, it is that one which is replaced.
    const isRead = read?.size === base?.size && read?.mtime === base?.mtime;
    const baseSha256 = isRead ? read?.sha256 : undefined;
    const order = { ...this.#needPlace(uri), content, base, baseSha256 };
    const stamp = await saveOnServer(this.#context, order);
    this.#told.set(key, stamp);
    this.#read.set(key, stamp);
  }

  /** Who wants to know asks. */
  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** A file that was named is opened at once; else one is chosen, beginning where the open one lies. */
  async #open(argument: unknown): Promise<void> {
    requireTrust();
    const active = vscode.window.activeTextEditor?.document.uri;
    const uri = argument instanceof vscode.Uri ? argument : active;
    const known = uri && this.placeOf(uri);
    const one = known?.one ?? (await this.#context.chosen.need(uri));
    const here = known?.path ?? (uri && pathBelow(localRootOf(one), uri));
    const path =
      argument instanceof vscode.Uri ? here : await pickRemoteFile(this.#context.sessions, one, here);
    if (path === undefined) return;
    await vscode.commands.executeCommand('vscode.open', this.uriOf({ one, path }), { preview: false });
  }

  async #compare(argument: unknown): Promise<void> {
    requireTrust();
    const [uri] = meantUris(argument, undefined);
    const known = uri && this.placeOf(uri);
    if (known) return this.showDifference(known.one, known.path);
    const one = await this.#context.chosen.need(uri);
    await this.showDifference(one, relativePath(localRootOf(one), uri ?? vscode.Uri.file('/')));
  }

  #needPlace(uri: vscode.Uri): RemotePlace {
    requireTrust();
    const place = this.placeOf(uri);
    if (place) return place;
    throw vscode.FileSystemError.Unavailable(vscode.l10n.t('Open this file by the command again.'));
  }
}

/** With auto save, visitors would get what is half written. */
function notByItself(uri: vscode.Uri): Failure {
  return new Failure(
    vscode.l10n.t(
      '{0} lies on the server: it is saved when you save it, not by itself.',
      posix.basename(uri.path),
    ),
  );
}

/** VS Code does not say when it has lost interest in a file. */
const never = new AbortController().signal;

function pathBelow(localRoot: string, uri: vscode.Uri): string | undefined {
  try {
    return relativePath(localRoot, uri);
  } catch {
    return undefined;
  }
}
