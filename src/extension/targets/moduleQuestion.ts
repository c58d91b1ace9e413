import * as vscode from 'vscode';
import { findModule, type FastcgiModule } from '../../deploy/moduleProbe';
import type { Target } from '../../project';
import type { Commands } from '../commands';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { showInformationMessage, withProgress } from '../notifications';
import type { ChosenTarget } from './chosenTarget';
import { signalOf, type RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

export interface ModuleQuestionContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  /** Remembers which targets were asked about. */
  readonly memory: vscode.Memento;
}

/** "Which module runs the dispatcher?": found out by a command, offered once where a reload could not see it. */
export class ModuleQuestion {
  readonly #context: ModuleQuestionContext;
  readonly #command: vscode.Disposable;

  constructor(context: ModuleQuestionContext) {
    this.#context = context;
    this.#command = context.commands.register('fastcgi.findModule', () => this.#find());
  }

  dispose(): void {
    this.#command.dispose();
  }

  /** After a reload that could not see it: offers once to find it out. */
  async offer(target: Target): Promise<void> {
    const key = `fastcgi.askedForModule ${JSON.stringify([target.ssh, target.path])}`;
    const { memory } = this.#context;
    if (target.reload !== 'auto' || target.url === undefined || memory.get<boolean>(key)) return;
    await memory.update(key, true);
    const find = vscode.l10n.t('Find Out...');
    const message = vscode.l10n.t(
      'What runs the programs of {0} could not be seen. Reload does the right thing at once when it knows.',
      target.name,
    );
    const answer = await showInformationMessage(message, find);
    if (answer === find) await this.#context.commands.repeatable(() => this.#findOn(target));
  }

  async #find(): Promise<void> {
    requireTrust();
    await this.#findOn((await this.#context.chosen.need()).target);
  }

  async #findOn(target: Target): Promise<void> {
    const { url } = target;
    if (url === undefined) throw noAddress(target);
    await confirm(target, url);
    const title = vscode.l10n.t('Finding out what runs the programs of {0}', target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const module = await withProgress(options, (_, token) => {
      const signal = signalOf(token);
      return this.#context.sessions.use(target, signal, (connection) =>
        findModule(connection, { remotePath: target.path, url, signal }),
      );
    });
    if (module === undefined) throw notSeen(target);
    this.#context.item.runBy(target, module);
    const found = sentence(target, module);
    this.#context.log.info(found);
    void showInformationMessage(found);
  }
}

/** Something is written on the server, be it for a moment: a person says yes first, whatever the target. */
async function confirm({ name, path }: Target, url: string): Promise<void> {
  const yes = vscode.l10n.t('Find Out');
  const message = vscode.l10n.t('Ask {0} what runs its programs?', name);
  const detail = vscode.l10n.t(
    'A folder with a .htaccess is made in {0} for a moment, and {1} is asked twice. The answer is kept on the server, so that nobody has to ask again.',
    path,
    url,
  );
  const answer = await showInformationMessage(message, { modal: true, detail }, yes);
  if (answer !== yes) throw new vscode.CancellationError();
}

function sentence({ name }: Target, module: FastcgiModule): string {
  switch (module) {
    case 'mod_fcgid':
      return vscode.l10n.t(
        'The programs of {0} are run by mod_fcgid: a reload replaces the dispatcher.',
        name,
      );
    case 'mod_fastcgi':
      return vscode.l10n.t(
        'The programs of {0} are run by mod_fastcgi: a reload gives the dispatcher another name where replacing it is not enough.',
        name,
      );
    case 'none':
      return vscode.l10n.t(
        'The server of {0} has neither mod_fcgid nor mod_fastcgi: ask your host how FastCGI programs are run there.',
        name,
      );
  }
}

function noAddress({ name }: Target): Failure {
  return new Failure(
    vscode.l10n.t('{0} has no "url" in the project file, so its site cannot be asked.', name),
    [commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile')],
  );
}

function notSeen({ name }: Target): Failure {
  return new Failure(
    vscode.l10n.t(
      'The answers of {0} do not tell: mod_rewrite is missing or off there, "url" is not the address of "path", or a page stands in front of the site. The temporary folder was removed.',
      name,
    ),
    [
      commandWayOut(vscode.l10n.t('Why Is My Site Failing?'), 'fastcgi.doctor'),
      commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile'),
    ],
  );
}
