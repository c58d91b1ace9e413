import { relative } from 'node:path';
import * as vscode from 'vscode';
import { placesIn, type ErrorPlace } from './places';

/** The innermost lines of the workspace's own files in what a program wrote, the last error first. */
export function ownPlacesIn(output: string): readonly ErrorPlace[] {
  return placesIn(output, isOfWorkspace);
}

function isOfWorkspace(file: string): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => {
    const below = relative(uri.fsPath, file);
    return uri.scheme === 'file' && below !== '' && !below.startsWith('..') && below !== file;
  });
}
