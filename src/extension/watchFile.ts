import * as vscode from 'vscode';

/** Calls back when a file is written or removed from now on, by whomever: the editor, git, another program. */
export function watchFile(uri: vscode.Uri, onChange: () => void): vscode.Disposable {
  const since = Date.now();
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replaceAll(/[*?{}[\]]/g, '[$&]');
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name);
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, true);
  // News of what was written before may still be on its way.
  watcher.onDidChange(async () => {
    if ((await writtenAt(uri)) > since) onChange();
  });
  watcher.onDidDelete(onChange);
  return watcher;
}

/** Milliseconds since 1970; 0 where it is gone. */
async function writtenAt(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return 0;
  }
}
