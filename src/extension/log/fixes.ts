import * as vscode from 'vscode';
import { backOffText } from '../../deploy/backOff';
import { readBackOff } from '../../deploy/readBackOff';
import { checkDispatcher, fixedText } from '../../dispatcher';
import { isServerFix, mendOnServer, type ServerFix } from '../../doctor';
import type { Fix, Incident } from '../../errorlog';
import { loginPath } from '../../remote/loginPath';
import { byteStringOf } from '../../text/bytes';
import { repair } from '../guard/repair';
import { Failure, requireTrust } from '../failures';
import type { CommandId } from '../manifest';
import type { FolderTarget } from '../targets/chosenTarget';
import type { ProgramsThere } from '../targets/programsThere';
import type { RemoteSessions } from '../targets/sessions';
import type { UrlEvaluator } from '../watch/evaluator';
import { showWarningMessage } from '../notifications';
import { decidingPlace } from './decidingRule';
import type { SiteFiles } from './siteFiles';

export interface FixesContext {
  readonly sessions: RemoteSessions;
  readonly evaluator: UrlEvaluator;
  readonly programsThere: Pick<ProgramsThere, 'forget'>;
  /** The target whose log is shown. */
  readonly current: () => FolderTarget | undefined;
}

/** What a fix is for: where the files of the server are here, and what was asked for, as `GET /x`. */
export interface FixPlace {
  readonly files: SiteFiles | undefined;
  readonly request?: string | null;
  /** The program or file that the log names. */
  readonly script?: string | null;
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
        return this.#context.current() && vscode.l10n.t('Go to Rule');
      default:
        return COMMAND_OF[fix.kind].title();
    }
  }

  async apply(fix: Fix, place: FixPlace): Promise<void> {
    if (fix.kind === 'open') return open(await local(fix.path, place.files), fix.line);
    if (fix.kind === 'rule') return this.#openRule(fix.target, place);
    if (fix.kind === 'set-mode') return this.#mendOnServer(fix);
    if (fix.kind === 'to-lf' || fix.kind === 'without-bom') return this.#mendScript(fix, place.files);
    await vscode.commands.executeCommand(COMMAND_OF[fix.kind].command);
  }

  /** What the workspace's own copy of the program shows, and how long a server that has given it up waits: guesses become findings. */
  async foundIn(incident: Incident, files: SiteFiles | undefined): Promise<readonly string[]> {
    return [...(await this.#backOff(incident)), ...(await foundInScript(incident, files))];
  }

  /** The rule that decides on what was asked for; a file that the log names stands for its address. */
  async #openRule(target: string | undefined, { files, request, script }: FixPlace): Promise<void> {
    const of = this.#context.current();
    if (!of) throw new Failure(vscode.l10n.t('No server is described yet.'));
    const named = [target, script].filter((one) => one !== undefined && one !== null);
    const address =
      request ??
      named.map((one) => (/^https?:/.test(one) ? one : files?.addressOf(one))).find(Boolean) ??
      target;
    const question = { request: address ?? '/', of };
    const { uri, range } = await decidingPlace(this.#context.evaluator, question);
    await open(uri, range.start.line + 1);
  }

  async #backOff({ code }: Incident): Promise<readonly string[]> {
    const one = this.#context.current();
    if (!BACK_OFF.has(code) || one?.target.log === undefined || !vscode.workspace.isTrusted) return [];
    const log = loginPath(one.target.log);
    const found = await this.#context.sessions
      .use(one.target, AbortSignal.timeout(10_000), (connection) => readBackOff(connection, log, ''))
      .catch(() => undefined);
    if (found === undefined) return [];
    return found.secondsLeft === 0
      ? [vscode.l10n.t('The time is over: the next request makes a new attempt.')]
      : [backOffText(found)];
  }

  /** The copy in the workspace; where that is well already or there is none, the server's own, after a question. */
  async #mendScript(
    fix: Extract<Fix, { kind: 'to-lf' | 'without-bom' }>,
    files: SiteFiles | undefined,
  ): Promise<void> {
    const uri = fix.path === undefined ? await anyScript() : await files?.find(fix.path);
    const needed = { kind: fix.kind, title: '' };
    const before = uri && byteStringOf(await vscode.workspace.fs.readFile(uri));
    if (uri && before !== undefined && fixedText(before, needed) !== before)
      return repair(await vscode.workspace.openTextDocument(uri), needed);
    if (!isServerFix(fix))
      throw new Failure(vscode.l10n.t('The program in this workspace is well; upload it, then reload.'));
    return this.#mendOnServer(fix);
  }

  /** Changes a file of the server, after a question. */
  async #mendOnServer(fix: Fix): Promise<void> {
    requireTrust();
    const one = this.#context.current();
    if (!one || !isServerFix(fix)) throw new Failure(vscode.l10n.t('No server is described yet.'));
    const { question, button, done } = wordsOf(fix, one.target.name);
    if ((await showWarningMessage(question, { modal: true }, button)) !== button) return;
    await this.#context.sessions.use(one.target, new AbortController().signal, (connection) =>
      mendOnServer(connection, fix, one.target.path),
    );
    this.#context.programsThere.forget(one);
    vscode.window.setStatusBarMessage(done, 5000);
  }
}

function wordsOf(fix: ServerFix, target: string): { question: string; button: string; done: string } {
  const { path } = fix;
  if (fix.kind !== 'set-mode')
    return {
      question:
        fix.kind === 'to-lf'
          ? vscode.l10n.t('Write {0} on {1} anew, with LF line ends?', path, target)
          : vscode.l10n.t('Write {0} on {1} anew, without the byte order mark?', path, target),
      button: vscode.l10n.t('Mend on the Server'),
      done: vscode.l10n.t('{0} was mended.', path),
    };
  const mode = fix.mode.toString(8);
  return {
    question: vscode.l10n.t('Give {0} on {1} the mode {2}?', path, target, mode),
    button: vscode.l10n.t('Set Mode'),
    done: vscode.l10n.t('{0} has the mode {1} now.', path, mode),
  };
}

/** The program of the workspace, where the log does not name it. */
async function anyScript(): Promise<vscode.Uri> {
  const [first] = await vscode.workspace.findFiles('**/*.fcgi', '**/node_modules/**', 1);
  if (first) return first;
  throw new Failure(vscode.l10n.t('The program is not in this workspace.'));
}

async function foundInScript(incident: Incident, files: SiteFiles | undefined): Promise<readonly string[]> {
  if (incident.script === null || !/died|exit|exec|env\.|suexec|plain-cgi/.test(incident.code)) return [];
  const uri = await files?.find(incident.script);
  if (!uri) return [];
  const bytes = await vscode.workspace.fs.readFile(uri);
  return checkDispatcher(bytes, { path: uri.path }).map(({ message }) => message);
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

/** Incidents that last for a while, whatever is done. */
const BACK_OFF = new Set(['fastcgi.back-off', 'fcgid.no-slot', 'fcgid.spawn-limit']);

type CommandFix = Exclude<Fix['kind'], 'open' | 'rule' | 'set-mode' | 'to-lf' | 'without-bom'>;

/** The fixes that are commands of ours. */
const COMMAND_OF: Readonly<Record<CommandFix, { command: CommandId; title: () => string }>> = {
  upload: { command: 'fastcgi.uploadProject', title: () => vscode.l10n.t('Upload') },
  reload: { command: 'fastcgi.reload', title: () => vscode.l10n.t('Reload') },
  recover: { command: 'fastcgi.recover', title: () => vscode.l10n.t('Recover') },
  preflight: { command: 'fastcgi.checkDispatcher', title: () => vscode.l10n.t('Check Dispatcher') },
  doctor: { command: 'fastcgi.doctor', title: () => vscode.l10n.t('Find the Cause') },
};
