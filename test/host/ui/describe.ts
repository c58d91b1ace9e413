import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../ui';

/** Writes a project file with this one target and waits until the workbench works with it. */
export async function describeTarget(
  workbench: Workbench,
  name: string,
  target: Readonly<Record<string, unknown>>,
): Promise<void> {
  const project = { documentRoot: '.', runner: { port: 0 }, targets: { [name]: target } };
  writeFileSync(path.join(workbench.folder, '.vscode/fastcgi.json'), JSON.stringify(project, null, 2));
  await (await workbench.statusBarItem('target')).getByText(name).waitFor();
}

/** Removes all notifications, so that the next one is the only one. */
export async function clearToasts(workbench: Workbench): Promise<void> {
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.page.locator('.notification-list-item').first().waitFor({ state: 'detached' });
}

/** The texts of all notifications that are on the screen, each with the names of its buttons; a progress counts as one. */
export async function toasts(workbench: Workbench): Promise<{ text: string; buttons: string[] }[]> {
  const found = await workbench.page.locator('.notification-list-item').all();
  return Promise.all(
    found.map(async (one) => ({
      text: await one.locator('.notification-list-item-message').innerText(),
      buttons: await one.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts(),
    })),
  );
}
