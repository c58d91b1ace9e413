import * as vscode from 'vscode';
import type { Commands } from './commands';
import type { ProjectProblem } from '../project';
import { noFolder } from './failures';
import { projectFileOf, type Projects } from './projects';

/** What "Open Project File" writes where there is none: the defaults, and a target to be filled in. */
const TEMPLATE = `{
  // Where the site is uploaded to. "ssh" names a Host of your ~/.ssh/config, or is { "host": "...", "user": "..." }.
  // "targets": {
  //   "production": {
  //     "ssh": "example",
  //     "path": "public_html",
  //     "url": "https://www.example.com/",
  //     "log": "logs/error_log"
  //   }
  // },

  // The folder that the web server shows as "/", relative to this workspace.
  "documentRoot": "."
}
`;

/** Opens a folder's project file; where there is none, a new one that is not written until it is saved. */
export function registerProjectFile(commands: Commands, projects: Projects): vscode.Disposable {
  return commands.register('fastcgi.openProjectFile', async () => {
    await projects.settled();
    const one = projects.current();
    if (!one) throw noFolder();
    const file = projectFileOf(one.folder);
    if (one.described) return show(file, one.error);
    const document = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
    const editor = await vscode.window.showTextDocument(document);
    if (document.getText() !== '') return;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), TEMPLATE));
    await vscode.languages.setTextDocumentLanguage(document, 'jsonc');
  });
}

/** At the first error, if there is one. */
async function show(file: vscode.Uri, error: ProjectProblem | undefined): Promise<void> {
  const editor = await vscode.window.showTextDocument(file);
  if (!error) return;
  const at = new vscode.Position(error.line, error.character);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at));
}
