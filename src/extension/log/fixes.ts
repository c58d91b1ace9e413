import * as vscode from 'vscode';
import { checkDispatcher } from '../../dispatcher';
import type { Fix, Incident } from '../../errorlog';
import { repair } from '../guard/repair';
import { Failure, requireTrust } from '../failures';
import { COMMANDS, type CommandId } from '../manifest';
import type { FolderTarget } from '../targets/chosenTarget';
import type { RemoteSessions } from '../targets/sessions';
import type { SiteFiles } from './siteFiles';

export interface FixesContext {
  readonly sessions: RemoteSessions;
  /** The target whose log is shown. */
  readonly current: () => FolderTarget | undefined;
}

/** What the buttons of an incident do. */
export class Fixes {
  readonly #context: FixesContext;

  constructor(context: FixesContext) {
    this.#context = context;
  }

  /** Words of a button; undefined where it can do nothing here. */
  label(fix: Fix): string | undefined {
    switch (fix.kind) {
      case 'to-lf':
        return vscode.l10n.t('Convert to LF');
      case 'without-bom':
        return vscode.l10n.t('Remove Byte Order Mark');
      case 'set-mode':
        return fix.path === undefined || !this.#context.current()
          ? undefined
          : vscode.l10n.t('Set Mode {0} on the Server', fix.mode.toString(8));
      case 'open':
        return fix.line === undefined ? vscode.l10n.t('Open File') : vscode.l10n.t('Go to Line');
      case 'rule':
        return vscode.l10n.t('Open .htaccess');
      default: {
        const command = commandOf(fix.kind);
        return command === undefined ? undefined : TITLES[fix.kind]();
      }
    }
  }

  async apply(fix: Fix, files: SiteFiles | undefined): Promise<void> {
    if (fix.kind === 'open') return open(await local(fix.path, files), fix.line);
    if (fix.kind === 'rule') return open(await local('.htaccess', files));
    if (fix.kind === 'set-mode') return this.#setMode(fix.path ?? '', fix.mode);
    if (fix.kind === 'to-lf' || fix.kind === 'without-bom') {
      const uri = await this.#script(fix.path, files);
      return repair(await vscode.workspace.openTextDocument(uri), { kind: fix.kind, title: '' });
    }
    const command = commandOf(fix.kind);
    if (command !== undefined) await vscode.commands.executeCommand(command);
  }

  /** What the workspace's own copy of the program shows: the first guess becomes a finding. */
  async foundIn(incident: Incident, files: SiteFiles | undefined): Promise<readonly string[]> {
    if (incident.script === null || !/died|exit|exec|env\.|suexec|plain-cgi/.test(incident.code)) return [];
    const uri = await files?.find(incident.script);
    if (!uri) return [];
    const bytes = await vscode.workspace.fs.readFile(uri);
    return checkDispatcher(bytes, { path: uri.path }).map(({ message }) => message);
  }

  async #script(path: string | undefined, files: SiteFiles | undefined): Promise<vscode.Uri> {
    const named = path === undefined ? undefined : await files?.find(path);
    if (named) return named;
    const [first] = await vscode.workspace.findFiles('**/*.fcgi', '**/node_modules/**', 1);
    if (first) return first;
    throw new Failure(vscode.l10n.t('The program is not in this workspace.'));
  }

  /** Changes a permission on the server, after a question: it is the only one of these that changes something there. */
  async #setMode(path: string, mode: number): Promise<void> {
    requireTrust();
    const one = this.#context.current();
    if (!one) throw new Failure(vscode.l10n.t('No server is described yet.'));
    const set = vscode.l10n.t('Set Mode');
    const text = mode.toString(8);
    const question = vscode.l10n.t('Give {0} on {1} the mode {2}?', path, one.target.name, text);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, set)) !== set) return;
    const full = path.startsWith('/') ? path : `${one.target.path}/${path}`;
    await this.#context.sessions.use(one.target, new AbortController().signal, async (connection) =>
      (await connection.sftp()).setstat(full, { mode }),
    );
    vscode.window.setStatusBarMessage(vscode.l10n.t('{0} has the mode {1} now.', full, text), 5000);
  }
}

async function local(path: string, files: SiteFiles | undefined): Promise<vscode.Uri> {
  const uri = await files?.find(path);
  if (uri) return uri;
  throw new Failure(vscode.l10n.t('{0} is not in this workspace.', path));
}

async function open(uri: vscode.Uri, line?: number): Promise<void> {
  const place = line === undefined ? undefined : new vscode.Range(line - 1, 0, line - 1, 0);
  await vscode.window.showTextDocument(uri, { ...(place && { selection: place }) });
}

const TITLES = {
  reload: () => vscode.l10n.t('Reload'),
  recover: () => vscode.l10n.t('Recover'),
  preflight: () => vscode.l10n.t('Preflight'),
  doctor: () => vscode.l10n.t('Find the Cause'),
} as const;

/** The command that does it, where this version has one. */
function commandOf(kind: keyof typeof TITLES): CommandId | undefined {
  const id = `fastcgi.${kind}`;
  return isCommand(id) ? id : undefined;
}

/** Whether this is one of our own commands: a page may ask for nothing else. */
export function isCommand(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}
