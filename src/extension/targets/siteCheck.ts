import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import { siteErrors, type SiteError } from '../../deploy/siteErrors';
import { preflight } from '../../runner';
import { failingUrlTests } from '../../runner/failingUrlTests';
import { readSetting } from '../commands';
import { showWarningMessage } from '../notifications';
import { isOrdered, type Order } from './sending';

/**
 * What would answer 500, or fails its URL tests, is uploaded only when it is wanted. Gives whether to go on. One question is
 * enough: the tests of a site that answers 500 fail by themselves.
 */
export async function confirmedSite(order: Order): Promise<boolean> {
  const errors = [...(await errorsOf(order)), ...(await preflightErrors(order))];
  if (errors.length > 0) return confirmed(order, errors, brokenMessage(order, errors.length));
  const failing = await failingTests(order);
  return confirmed(order, failing, failingMessage(order, failing.length));
}

function brokenMessage({ target }: Order, count: number): string {
  return count === 1
    ? vscode.l10n.t('The site would answer 500 on {0}.', target.name)
    : vscode.l10n.t('The site would answer 500 on {0}: {1} errors.', target.name, count);
}

function failingMessage({ target }: Order, count: number): string {
  return count === 1
    ? vscode.l10n.t('A URL test fails for {0}.', target.name)
    : vscode.l10n.t('{0} URL tests fail for {1}.', count, target.name);
}

/** Longest list of errors in a question. */
const MOST_LINES = 5;

async function confirmed(order: Order, errors: readonly SiteError[], message: string): Promise<boolean> {
  const [first] = errors;
  if (!first) return true;
  const show = vscode.l10n.t('Show Error');
  const anyway = vscode.l10n.t('Upload Anyway');
  const lines = errors.slice(0, MOST_LINES).map(errorLine);
  const left = errors.length - lines.length;
  if (left > 0) lines.push(vscode.l10n.t('and {0} more', left));
  const options = { modal: true, detail: lines.join('\n') };
  const answer = await showWarningMessage(message, options, show, anyway);
  if (answer === show) await showError(order.localRoot, first);
  return answer === anyway;
}

/**
 * The URL tests that fail by the target's host profile, unless the setting leaves them out. Only a `.htaccess` or a folder changes where
 * requests go: single other files are sent without them.
 */
export async function failingTests(order: Order): Promise<readonly SiteError[]> {
  const { folder, localRoot, target, paths } = order;
  if (!readSetting('fastcgi.upload.urlTests', folder.uri)) return [];
  if (paths !== undefined && !(await routesChange(localRoot, paths))) return [];
  const site = { folder: folder.uri.fsPath, documentRoot: localRoot, project: { host: target.host } };
  return (await failingUrlTests(site)).map((one) => ({ ...one, code: 'urls.failing' }));
}

async function routesChange(localRoot: string, paths: readonly string[]): Promise<boolean> {
  const kinds = await Promise.all(
    paths.map(async (path) => basename(path) === '.htaccess' || (await isFolder(join(localRoot, path)))),
  );
  return kinds.includes(true);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** The errors of what is about to be sent, by the target's own host profile. */
export async function errorsOf(order: Order): Promise<readonly SiteError[]> {
  const { localRoot, target, project } = order;
  const { documentRoot } = project;
  const found = await siteErrors(localRoot, { ignore: target.ignore, host: target.host, documentRoot });
  return found.filter(({ file }) => isOrdered(order, file));
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
