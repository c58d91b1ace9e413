import * as vscode from 'vscode';
import { PROJECT_TEMPLATES, type ProjectTemplate } from '../project/templates';
import { createProject, ProjectExistsError, ProjectUnwritableError } from '../runner/newProject';
import type { Commands } from './commands';
import { commandWayOut, Failure, type WayOut } from './failures';
import { showInformationMessage } from './notifications';

/** "New Project...": a template, then a folder; nothing that is there is overwritten. */
export function registerNewProject(commands: Commands, templates: string): vscode.Disposable {
  return commands.register('fastcgi.newProject', async () => {
    const template = await chooseTemplate();
    const folder = template && (await chooseFolder(template));
    if (!template || !folder) return;
    await write({ template, folder, templates });
    await open(template, folder);
  });
}

async function chooseTemplate(): Promise<ProjectTemplate | undefined> {
  const items = PROJECT_TEMPLATES.map((template) => ({
    label: template.title,
    detail: template.detail,
    template,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New FastCGI Project (1/2)'),
    placeHolder: vscode.l10n.t('What is the site written in?'),
    matchOnDetail: true,
  });
  return chosen?.template;
}

async function chooseFolder({ title }: ProjectTemplate): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) return askForFolder();
  const here = folders.map(({ name, uri }) => ({
    label: `$(root-folder) ${vscode.l10n.t('Into the open folder {0}', name)}`,
    detail: uri.fsPath,
    uri,
  }));
  const elsewhere = {
    label: `$(folder-opened) ${vscode.l10n.t('Into another folder...')}`,
    detail: '',
    uri: undefined,
  };
  const chosen = await vscode.window.showQuickPick([...here, elsewhere], {
    title: vscode.l10n.t('New FastCGI Project (2/2)'),
    placeHolder: vscode.l10n.t('Where shall the files of "{0}" go? Nothing is overwritten.', title),
  });
  return chosen && (chosen.uri ?? askForFolder());
}

async function askForFolder(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: vscode.l10n.t('Write the Project Here'),
    title: vscode.l10n.t('Folder of the new project'),
  });
  return chosen?.[0];
}

interface Order {
  readonly template: ProjectTemplate;
  readonly folder: vscode.Uri;
  readonly templates: string;
}

async function write({ template, folder, templates }: Order): Promise<void> {
  if (folder.scheme !== 'file')
    throw new Failure(vscode.l10n.t('A project can only be written to a folder on a disk.'));
  try {
    await createProject({ template, templates, folder: folder.fsPath });
  } catch (error) {
    const other = commandWayOut(vscode.l10n.t('Choose Another Folder'), 'fastcgi.newProject');
    if (error instanceof ProjectUnwritableError) throw new Failure(error.message, [other], { cause: error });
    if (!(error instanceof ProjectExistsError)) throw error;
    const [first = ''] = error.paths;
    const show: WayOut = {
      title: vscode.l10n.t('Show {0}', first),
      run: () => vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(folder, first)),
    };
    throw new Failure(error.message, [other, show], { cause: error });
  }
}

/** In an open folder the first file is shown, with what to do next; another folder is opened. */
async function open(template: ProjectTemplate, folder: vscode.Uri): Promise<void> {
  if (!vscode.workspace.getWorkspaceFolder(folder)) {
    const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow });
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, template.opens));
  void offerNext(template);
}

/** A site of PHP has no dispatcher to check. */
async function offerNext({ title, files }: ProjectTemplate): Promise<void> {
  const check = vscode.l10n.t('Check Dispatcher');
  const run = vscode.l10n.t('Run Locally');
  const message = vscode.l10n.t('The project "{0}" is written.', title);
  const ways = files.some(({ path }) => path.endsWith('.fcgi')) ? [check, run] : [run];
  const chosen = await showInformationMessage(message, ...ways);
  if (chosen === check) await vscode.commands.executeCommand('fastcgi.checkDispatcher');
  else if (chosen === run) await vscode.commands.executeCommand('fastcgi.run');
}
