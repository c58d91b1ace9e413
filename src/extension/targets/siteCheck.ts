import { join } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import { siteErrors, type SiteError } from '../../deploy/siteErrors';
import { preflight } from '../../runner';
import { readSetting } from '../commands';
import type { Order } from './sending';

/** What would answer 500 is uploaded only when it is wanted. Gives whether to go on. */
export async function confirmedSite(order: Order): Promise<boolean> {
  const { localRoot, target } = order;
  const errors = [...(await errorsOf(order)), ...(await preflightErrors(order))];
  const [first] = errors;
  if (!first) return true;
  const show = vscode.l10n.t('Show Error');
  const anyway = vscode.l10n.t('Upload Anyway');
  const message =
    errors.length === 1
      ? vscode.l10n.t('The site would answer 500 on {0}.', target.name)
      : vscode.l10n.t('The site would answer 500 on {0}: {1} errors.', target.name, errors.length);
  const detail = errors.slice(0, 5).map(errorLine).join('\n');
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, show, anyway);
  if (answer === show) await showError(localRoot, first);
  return answer === anyway;
}

/** The errors of what is about to be sent, by the target's own host profile. */
export async function errorsOf({ localRoot, target, project, paths }: Order): Promise<readonly SiteError[]> {
  const { documentRoot } = project;
  const found = await siteErrors(localRoot, { ignore: target.ignore, host: target.host, documentRoot });
  return found.filter(
    ({ file }) =>
      paths === undefined ||
      paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`)),
  );
}

/** Starts the dispatcher once on this machine, where the setting asks for it. */
async function preflightErrors({ localRoot, project, folder, paths }: Order): Promise<SiteError[]> {
  if (!readSetting('fastcgi.upload.preflight', folder.uri)) return [];
  const dispatcher = await findDispatcher(localRoot, project);
  if (dispatcher === undefined || (paths !== undefined && !paths.includes(dispatcher))) return [];
  const { environment } = project.runner;
  const report = await preflight(join(localRoot, dispatcher), {
    target: '/',
    environment,
    timeLimit: 10_000,
  });
  if (report.ok) return [];
  const message =
    report.startFault?.message ?? report.server?.message ?? vscode.l10n.t('The dispatcher does not start.');
  return [{ file: dispatcher, line: null, code: 'preflight', message }];
}

function errorLine({ file, line, message }: SiteError): string {
  return line === null ? `${file}: ${message}` : `${file}:${line}: ${message}`;
}

async function showError(localRoot: string, { file, line }: SiteError): Promise<void> {
  const at = new vscode.Position((line ?? 1) - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(join(localRoot, file)), {
    selection: new vscode.Range(at, at),
  });
}
