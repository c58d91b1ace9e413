import * as vscode from 'vscode';
import { Failure } from '../failures';
import type { FolderTarget } from '../targets/chosenTarget';
import type { UrlEvaluator } from '../watch/evaluator';
import { typedRequest } from '../watch/watchedUrl';

/** What is asked: an address (a whole one, or a path with its query), in words as `GET /x`, of a target's site. */
export interface RuleQuestion {
  readonly request: string;
  readonly of: Pick<FolderTarget, 'folder' | 'project' | 'target'>;
}

/**
 * The line of a `.htaccess` of the workspace that decides what happens to a request, and where no line does, the `.htaccess` of the
 * document root. Throws a Failure where there is none.
 */
export async function decidingPlace(
  evaluator: UrlEvaluator,
  { request, of }: RuleQuestion,
): Promise<vscode.Location> {
  const root = vscode.Uri.joinPath(of.folder.uri, of.project.documentRoot);
  const own = vscode.Uri.joinPath(root, '.htaccess');
  const written = typedRequest(wholeAddress(request, of.target.url));
  const evaluated = written && (await evaluator.evaluate({ uri: own.toString(), request: written }));
  if (evaluated?.decisive) {
    const { uri, line } = evaluated.decisive;
    return new vscode.Location(vscode.Uri.parse(uri), new vscode.Position(line - 1, 0));
  }
  if (!(await exists(own)))
    throw new Failure(vscode.l10n.t('No line of a .htaccess decides on {0}.', request));
  void vscode.window.setStatusBarMessage(
    vscode.l10n.t('No line of a .htaccess decides on {0}.', request),
    8000,
  );
  return new vscode.Location(own, new vscode.Position(0, 0));
}

/** With the host of the site: its rules may ask for it. */
function wholeAddress(request: string, url: string | undefined): string {
  const [, method = 'GET', address = '/'] = /^(?:([A-Z]+) )?(\S+)$/.exec(request) ?? [];
  const base = url === undefined ? undefined : new URL(url).origin;
  const whole = base === undefined || !address.startsWith('/') ? address : `${base}${address}`;
  return `${method} ${whole}`;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    // There is none.
    return false;
  }
}
