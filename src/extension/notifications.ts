import * as vscode from 'vscode';

/**
 * VS Code shows three notifications in 0.8 s, progress and those of other extensions among them; what comes after them until that time
 * is over lies unseen behind the bell (SPAM_PROTECTION in its notificationsToasts.ts).
 */
const AT_ONCE = 3;
/** Milliseconds: its 0.8 s, and some for the way to the window, which is not always as long. */
const INTERVAL = 1000;

/** When the last notifications came or are to come, in milliseconds of `performance.now()`, earliest first. */
const turns: number[] = [];

/** Takes the next turn to be seen. Gives the milliseconds until it comes. */
function takeTurn(): number {
  const now = performance.now();
  const turn = Math.max(now, (turns.at(-AT_ONCE) ?? -INTERVAL) + INTERVAL);
  turns.push(turn);
  turns.splice(0, turns.length - AT_ONCE);
  return turn - now;
}

type Kind = 'showErrorMessage' | 'showWarningMessage' | 'showInformationMessage';

function inTurn(kind: Kind) {
  return async (
    message: string,
    ...rest: [vscode.MessageOptions, ...string[]] | string[]
  ): Promise<string | undefined> => {
    const isModal = rest.some((one) => typeof one === 'object' && one.modal === true);
    const wait = isModal ? 0 : takeTurn();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    return vscode.window[kind](message, ...(rest as string[]));
  };
}

/** As VS Code's own, but shown when it will be seen: at once, or up to a second after the notifications just before it. */
export const showErrorMessage = inTurn('showErrorMessage');
/** The same for a warning. */
export const showWarningMessage = inTurn('showWarningMessage');
/** The same for what has been done. */
export const showInformationMessage = inTurn('showInformationMessage');

/** As VS Code's own. No work waits for its progress to be seen, but what is told after it reckons with it. */
export const withProgress: typeof vscode.window.withProgress = (options, task) => {
  if (options.location === vscode.ProgressLocation.Notification) takeTurn();
  return vscode.window.withProgress(options, task);
};
