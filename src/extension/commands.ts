import * as vscode from 'vscode';
import { Failure, type FailureReporter } from './failures';
import type { CommandId, ContextKey, SettingId, SettingValue } from './manifest';

/** Registers commands of the manifest. What a command throws is reported once and goes no further. */
export class Commands {
  readonly #failures: FailureReporter;

  constructor(failures: FailureReporter) {
    this.#failures = failures;
  }

  /** Does something outside a command, with the same care for its failures. */
  async guarded(work: () => Promise<unknown>): Promise<void> {
    // Not awaited, here and below: the work has ended; nobody waits for the message to be read.
    await work().catch((error: unknown) => void this.#failures.report(error));
  }

  /** The same with a button that does it again. */
  async repeatable(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => this.failed(error, () => this.repeatable(work)));
  }

  /** Reports a failure, with a button that does the work again. */
  failed(error: unknown, again: () => unknown): void {
    const retry = { title: vscode.l10n.t('Retry'), run: again };
    void this.#failures.report(error, [(error instanceof Failure ? error.again : undefined) ?? retry]);
  }

  /** `handler` gets what the caller passed, from menus a URI and all that are selected; it checks that itself. */
  register(id: CommandId, handler: (argument?: unknown, selected?: unknown) => unknown): vscode.Disposable {
    return vscode.commands.registerCommand(id, async (argument?: unknown, selected?: unknown) => {
      try {
        return await handler(argument, selected);
      } catch (error) {
        this.failed(error, () => vscode.commands.executeCommand(id, argument, selected));
        return undefined;
      }
    });
  }
}

/** The value of a setting, for a resource where it differs by folder. */
export function readSetting<Id extends SettingId>(id: Id, scope?: vscode.Uri): SettingValue<Id> {
  const value = vscode.workspace.getConfiguration(undefined, scope ?? null).get<SettingValue<Id>>(id);
  if (value === undefined) throw new Error(`The setting ${id} is not in the manifest`);
  return value;
}

/** Sets a key that `when` clauses read. */
export function setContextKey(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
