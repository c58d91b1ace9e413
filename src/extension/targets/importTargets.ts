import { homedir } from 'node:os';
import * as vscode from 'vscode';
import {
  addTargets,
  importFileZilla,
  importSftpJson,
  importWinScp,
  secretSpans,
  targetNames,
  uniqueNames,
  type Import,
  type ImportedSecret,
  type ImportedSite,
} from '../../project/imports';
import { commandWayOut, Failure, noFolder, requireTrust } from '../failures';
import { PROJECT_FILE } from '../manifest';
import { showInformationMessage } from '../notifications';
import type { Projects } from '../projects';
import type { Passwords } from './passwords';

interface Source {
  readonly file: vscode.Uri;
  readonly text: string;
  readonly found: Import;
}

/**
 * Takes servers over from the SFTP extensions' `sftp.json`, from FileZilla or from WinSCP into the project file. Their passwords go
 * to the secret store, and are taken out of `sftp.json` when that is wanted.
 */
export async function importTargets(projects: Projects, passwords: Passwords): Promise<void> {
  requireTrust();
  await projects.settled();
  const folder = projects.current()?.folder;
  if (!folder) throw noFolder();
  const source = await chooseSource(folder);
  if (!source) return;
  const sites = await chooseSites(source);
  if (sites.length === 0) return;
  await writeTargets(vscode.Uri.joinPath(folder.uri, PROJECT_FILE), sites);
  const secrets = sites.flatMap((site) => site.secrets);
  for (const secret of secrets) await keep(passwords, secret);
  await summarise(source, sites, secrets);
}

async function chooseSource(folder: vscode.WorkspaceFolder): Promise<Source | undefined> {
  const own = vscode.Uri.joinPath(folder.uri, '.vscode/sftp.json');
  const there = await vscode.workspace.fs.stat(own).then(
    () => true,
    () => false,
  );
  const file = there ? await chooseFile(own) : await openFile();
  if (!file) return undefined;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  return { file, text, found: read(file, text) };
}

async function chooseFile(own: vscode.Uri): Promise<vscode.Uri | undefined> {
  const items = [
    { label: '.vscode/sftp.json', description: vscode.l10n.t('SFTP extension'), own: true },
    { label: vscode.l10n.t('Another file...'), description: 'FileZilla, WinSCP, sftp.json', own: false },
  ];
  const title = vscode.l10n.t('Import servers from');
  const item = await vscode.window.showQuickPick(items, { title });
  return item && (item.own ? own : await openFile());
}

async function openFile(): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('sftp.json, sitemanager.xml of FileZilla, or WinSCP.ini'),
      openLabel: vscode.l10n.t('Import'),
      filters: { [vscode.l10n.t('Servers')]: ['json', 'xml', 'ini'] },
      defaultUri: vscode.Uri.file(homedir()),
    })) ?? [];
  return file;
}

function read(file: vscode.Uri, text: string): Import {
  if (file.path.endsWith('.xml')) return importFileZilla(text);
  return file.path.endsWith('.ini') ? importWinScp(text) : importSftpJson(text);
}

async function chooseSites({ file, found }: Source): Promise<readonly ImportedSite[]> {
  if (found.sites.length === 0) {
    const name = file.path.split('/').at(-1) ?? file.path;
    throw new Failure(vscode.l10n.t('There is no server to import in {0}. {1}', name, found.notes.join(' ')));
  }
  const items = found.sites.map((site) => ({
    label: site.name,
    description: describe(site),
    picked: true,
    site,
  }));
  const title = vscode.l10n.t('Servers to add to the project file');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return (chosen ?? []).map((item) => item.site);
}

function describe({ target: { ssh, path } }: ImportedSite): string {
  if (typeof ssh === 'string') return `${ssh}:${path}`;
  return `${ssh.user === undefined ? '' : `${ssh.user}@`}${ssh.host}:${path}`;
}

async function writeTargets(file: vscode.Uri, sites: readonly ImportedSite[]): Promise<void> {
  const exists = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!exists) await vscode.workspace.fs.writeFile(file, new Uint8Array());
  const document = await vscode.workspace.openTextDocument(file);
  const text = document.getText();
  const names = uniqueNames(
    sites.map((site) => site.name),
    targetNames(text),
  );
  const insertion = addTargets(
    text,
    sites.map((site, index) => [names[index] ?? site.name, site.target] as const),
  );
  if (!insertion) {
    const open = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
    throw new Failure(vscode.l10n.t('The project file has an error: nothing was added.'), [open]);
  }
  const edit = new vscode.WorkspaceEdit();
  edit.insert(file, document.positionAt(insertion.offset), insertion.text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  await vscode.window.showTextDocument(document);
}

async function keep(passwords: Passwords, secret: ImportedSecret): Promise<void> {
  const { user, host, port, keyFile, text } = secret;
  await passwords.keep(secret.kind === 'passphrase' ? { keyFile } : { user, host, port }, text);
}

async function summarise(
  source: Source,
  sites: readonly ImportedSite[],
  secrets: readonly ImportedSecret[],
): Promise<void> {
  const spans = source.file.path.endsWith('.json') ? secretSpans(source.text) : [];
  const notes = [...sites.flatMap((site) => site.notes), ...source.found.notes];
  const kept = secrets.length > 0 ? vscode.l10n.t("Passwords are in your system's secret store now.") : '';
  const added = vscode.l10n.t('Added to the project file: {0}.', sites.map((site) => site.name).join(', '));
  const remove = vscode.l10n.t('Remove Passwords from {0}', source.file.path.split('/').at(-1) ?? '');
  const message = [added, kept, ...new Set(notes)].filter((part) => part !== '').join(' ');
  const buttons = spans.length > 0 ? [remove] : [];
  const answer = await showInformationMessage(message, ...buttons);
  if (answer === remove) await removeSecrets(source.file);
}

/** By edits of an open document, so that they can be undone; the spans are looked for anew, in the text of this moment. */
async function removeSecrets(file: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end } of secretSpans(document.getText())) {
    edit.delete(file, new vscode.Range(document.positionAt(start), document.positionAt(end)));
  }
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
