import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Workbench } from '../ui';

/** Writes a project file with this one target and waits until the workbench works with it. */
export async function describeTarget(
  workbench: Workbench,
  name: string,
  target: Readonly<Record<string, unknown>>,
): Promise<void> {
  const project = { documentRoot: '.', runner: { port: 0 }, targets: { [name]: target } };
  writeFileSync(path.join(workbench.folder, '.vscode/fastcgi.json'), JSON.stringify(project, null, 2));
  // The first target is described as soon as the window is there, and the extension may still have to start.
  await workbench.statusBarItem('target', 60_000);
  await (await workbench.statusBarItem('target')).getByText(name).waitFor();
}

/** Removes all notifications, so that the next one is the only one: again where one comes just then. */
export async function clearToasts(workbench: Workbench): Promise<void> {
  const left = async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    return (await toasts(workbench)).length;
  };
  await expect.poll(left, { interval: 300 }).toBe(0);
}

/** A notification: its text and the names of its buttons. A progress is one too. */
export interface Toast {
  readonly text: string;
  readonly buttons: readonly string[];
}

/** Waits for a notification, and until it is the only one, as a progress stays for a moment. Gives its buttons. */
export async function onlyToast(workbench: Workbench, text: RegExp): Promise<readonly string[]> {
  await workbench.toast(text);
  let seen: Toast[] = [];
  const texts = async () => (seen = await toasts(workbench)).map((one) => one.text);
  await expect.poll(texts, { timeout: 5000 }).toEqual([expect.stringMatching(text)]);
  return seen[0]?.buttons ?? [];
}

/** All notifications that are on the screen, seen at one moment: they come and go by themselves. */
export async function toasts(workbench: Workbench): Promise<Toast[]> {
  return workbench.page.locator('.notification-list-item').evaluateAll((items) =>
    items.map((item) => ({
      text: item.querySelector('.notification-list-item-message')?.textContent ?? '',
      buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
        (button) => button.textContent ?? '',
      ),
    })),
  );
}
