import { existsSync } from 'node:fs';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { ReportLink } from '../../dispatcher/trial';
import { namedPlaces } from '../../runner';

/** Links in one line of a report. */
const MOST = 8;

/**
 * What an error output names of the workspace, in its order; relative paths begin at `folder`. VS Code's preview of Markdown opens paths
 * with a leading slash in the first folder of the workspace: files of others have no address.
 */
export function reportLinks(errorOutput: string, folder: string): readonly ReportLink[] {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  if (first?.uri.scheme !== 'file') return [];
  const links = namedPlaces(errorOutput, folder).flatMap(({ file, line }): ReportLink[] => {
    const below = relative(first.uri.fsPath, file).split(sep).join('/');
    if (below === '' || below.startsWith('..') || /^\w:|^\//.test(below) || !existsSync(file)) return [];
    return [
      {
        label: `${below}:${line}`,
        address: `/${below.split('/').map(encodeURIComponent).join('/')}#L${line}`,
      },
    ];
  });
  const addresses = links.map(({ address }) => address);
  return links.filter(({ address }, at) => addresses.indexOf(address) === at).slice(0, MOST);
}
