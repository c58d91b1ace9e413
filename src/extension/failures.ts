import * as vscode from 'vscode';
import type { CommandId } from './manifest';
import { showErrorMessage } from './notifications';

/** A button under a failure's message. */
export interface WayOut {
  readonly title: string;
  run(): unknown;
}

/** A failure whose message is meant for people: what happened, why, what to do. The buttons do it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly waysOut: readonly WayOut[];
  /** What is offered instead of "Retry", where the same once more would not do what is wanted. */
  readonly again: WayOut | undefined;

  constructor(
    message: string,
    waysOut: readonly WayOut[] = [],
    options: ErrorOptions & { readonly again?: WayOut | undefined } = {},
  ) {
    super(message, options);
    this.waysOut = waysOut;
    this.again = options.again;
  }
}

/** A button that runs one of our commands. */
export function commandWayOut(title: string, command: CommandId): WayOut {
  return { title, run: () => vscode.commands.executeCommand(command) };
}

/** What is said where a command needs a folder and none is open. */
export function noFolder(): Failure {
  const open = {
    title: vscode.l10n.t('Open Folder'),
    run: () => vscode.commands.executeCommand('vscode.openFolder'),
  };
  return new Failure(vscode.l10n.t('Open the folder of the site first.'), [open]);
}

/**
 * Where a workspace folder lies on this disk. One of another scheme, as of a repository on the web, has a path too, but what lies
 * under it here is something else.
 * @throws Failure for a folder that is on no disk
 */
export function pathOnDisk({ uri }: vscode.WorkspaceFolder): string {
  if (uri.scheme === 'file') return uri.fsPath;
  throw new Failure(
    vscode.l10n.t(
      'This folder is on no disk: what runs programs, uploads or downloads needs one. Open a copy of it on this machine.',
    ),
  );
}

/** More buttons than these are cut in a message of VS Code, in the middle of their words. */
const MOST_BUTTONS = 3;

/** Shows every failure once, with a way out, and writes it to the log. */
export class FailureReporter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Reports what a command threw. Cancellation is no failure. Returns when the message is answered or gone. */
  async report(error: unknown, waysOut: readonly WayOut[] = []): Promise<void> {
    if (error instanceof vscode.CancellationError) return;
    this.#log.error(error instanceof Error ? error : String(error));
    const own = error instanceof Failure ? error.waysOut : [];
    const showOutput = commandWayOut(vscode.l10n.t('Show Output'), 'fastcgi.showOutput');
    const offered = [...own, ...waysOut, showOutput].slice(0, MOST_BUTTONS);
    const message = error instanceof Error ? error.message : String(error);
    const titles = offered.map((way) => way.title);
    const chosen = await showErrorMessage(message, ...titles);
    await this.#take(offered.find((way) => way.title === chosen));
  }

  /** A way out that is none is worth a line in the log; another message would be one too many. */
  async #take(way: WayOut | undefined): Promise<void> {
    try {
      await way?.run();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
    }
  }
}

/** Refuses what needs trust: a command can be called even where it is not offered. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Failure(vscode.l10n.t('Nothing is run or sent from a workspace that you do not trust.'), [
    {
      title: vscode.l10n.t('Manage Trust'),
      run: () => vscode.commands.executeCommand('workbench.trust.manage'),
    },
  ]);
}
