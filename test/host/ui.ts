import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { installServer, type VersionName } from './install.mjs';
import { beforeEnd, endEverythingOnSignals, isAlive } from './processes.mjs';
import {
  findBrowser,
  launchBrowser,
  quietSettings,
  type RunningServer,
  startServer,
  workbenchUrl,
  writeUserSettings,
} from './server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where test/host/ui/package.ts installs the packaged extension before the first UI test; every workbench uses it from there. */
export const extensionsFolder = path.join(root, 'test-output/extensions');

/** Every window that is open just now. */
export const openWorkbenches = new Set<Workbench>();

const temporaryFolders = path.join(tmpdir(), 'vscode-fastcgi-ui-');

/** Removes what earlier workbenches left because their process was killed. */
export function removeAbandonedFolders(): void {
  const prefix = path.basename(temporaryFolders);
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(owner)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Why UI tests cannot run here; undefined when they can. */
export const whyNoUi = findBrowser() ? undefined : 'there is no Chromium';

export interface WorkbenchOptions {
  /** A folder of test/sites; the workbench gets a copy that it may change. */
  site?: string;
  version?: VersionName;
  /** User settings besides the quiet ones. */
  settings?: Record<string, unknown>;
  /** Folders of further extensions to be there. */
  extensions?: readonly string[];
  /** What to open instead of the copy of the site, a URI: a folder that one of these extensions knows. */
  open?: string;
  /** Variables for VS Code and everything that it starts. */
  env?: Record<string, string>;
}

/**
 * Starts a VS Code with the packaged extension and opens a copy of a sample site in it, driven as a user would. Unlike the
 * launcher it runs without VS Code's test mode, so that toasts and dialogs appear. End it with `close()`.
 * @throws when the workbench does not appear
 */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const site = options.site ?? 'classic';
  const installed = await installServer(options.version ?? 'newest');
  const temporary = mkdtempSync(`${temporaryFolders}${process.pid}-`);
  const removeTemporary = beforeEnd(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));
  try {
    const folder = path.join(temporary, site);
    cpSync(path.join(root, 'test/sites', site), folder, { recursive: true, verbatimSymlinks: true });
    const dataFolder = path.join(temporary, 'data');
    writeUserSettings(dataFolder, { ...quietSettings, ...options.settings });
    const environment = options.env && { env: options.env };
    const extensions = withMore(temporary, options.extensions);
    const server = await startServer({
      installed,
      dataFolder,
      extensionsFolder: extensions,
      fewExtensions: true,
      ...environment,
    });
    return await showWorkbench({ server, folder, open: options.open ?? folder, removeTemporary });
  } catch (error) {
    await removeTemporary();
    throw error;
  }
}

/** The folder of the packaged extension; a copy with more in it where that is wanted. VS Code lists anew what is there. */
function withMore(temporary: string, more: readonly string[] = []): string {
  if (more.length === 0) return extensionsFolder;
  const folder = path.join(temporary, 'extensions');
  cpSync(extensionsFolder, folder, { recursive: true });
  rmSync(path.join(folder, 'extensions.json'), { force: true });
  for (const one of more) cpSync(one, path.join(folder, path.basename(one)), { recursive: true });
  return folder;
}

interface Parts {
  server: RunningServer;
  folder: string;
  open: string;
  removeTemporary: () => Promise<void>;
}

async function showWorkbench({ server, folder, open, removeTemporary }: Parts): Promise<Workbench> {
  const browser = await launchBrowser();
  const closeBrowser = beforeEnd(() => browser.close());
  const close = async (): Promise<void> => {
    await closeBrowser();
    await server.stop();
    await removeTemporary();
  };
  try {
    const page = await newPage(browser);
    await page.goto(workbenchUrl(server, { folder: open }), { timeout: 60_000 });
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    return new Workbench(page, folder, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function newPage(browser: Browser): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** One open VS Code window. Every method waits for what it names and fails after 20 s. */
export class Workbench {
  /** Playwright's page, for what has no method here. */
  readonly page: Page;
  /** Absolute path of the open folder, a copy. */
  readonly folder: string;
  readonly #close: () => Promise<void>;

  constructor(page: Page, folder: string, close: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.#close = close;
    openWorkbenches.add(this);
  }

  /** Opens a file of the folder by Quick Open. */
  async openFile(relativePath: string): Promise<void> {
    const name = path.posix.basename(relativePath);
    const folder = path.posix.dirname(relativePath).replace(/^\.$/, '');
    // The list shows at first what was open before, files of the same name among it.
    const named = this.page.locator('.quick-input-list .monaco-list-row', { hasText: name });
    const row = named.filter({ hasText: folder }).first();
    // By its own attribute: tabs of other things, such as the page of a check, may have the file's name in their title.
    const tab = this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`);
    const lines = this.page.locator('.editor-instance .view-lines:visible').first();
    // Soon after a change of the folder the list may lack a new file, or hold one that is gone: it is opened again.
    for (let attempt = 1; attempt <= 6; attempt++) {
      await this.#quickInput('Control+P', relativePath);
      if (!(await appears(row, 3000)) || !(await succeeds(row.click({ timeout: 3000 })))) {
        await this.page.keyboard.press('Escape');
        continue;
      }
      if (!(await appears(tab, 5000))) continue;
      if (await appears(lines, 5000)) {
        await appears(this.#focusedEditor(), 5000);
        return;
      }
      // Meanwhile another editor may have taken its place.
      await succeeds(tab.locator('.codicon-close').click({ timeout: 3000 }));
    }
    await lines.waitFor();
  }

  /**
   * Runs a command by its title in the palette, such as "FastCGI: Open Site". The palette lists what is known when it opens, so
   * soon after the start it is opened again until the extension's commands are there.
   */
  async runCommand(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await this.#quickInput('F1', `>${title}`);
      // An editor that is just opening or closing takes the focus, and the palette goes.
      if ((await appears(row, 2000)) && (await succeeds(row.click({ timeout: 3000 })))) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The palette has no command "${title}"`);
  }

  /**
   * Presses a key that opens something. A key that comes while VS Code is still handing the focus back to the editor goes
   * nowhere, so it is pressed again until the thing is there.
   */
  async open(key: string, opened: Locator): Promise<void> {
    for (let attempt = 1; attempt <= 6; attempt++) {
      await this.page.keyboard.press(key);
      if (await appears(opened, 3000)) return;
    }
    await opened.waitFor();
  }

  /**
   * Types into the editor. Where a palette or a dialog was open before, VS Code hands the keyboard back a moment after it has gone, and
   * what is typed until then goes nowhere.
   */
  async type(text: string): Promise<void> {
    await this.#focusedEditor().waitFor();
    await this.page.keyboard.type(text);
  }

  #focusedEditor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor.focused').first();
  }

  /** Puts the cursor of the active editor there; both count from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#quickInput('Control+G', `:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.#focusedEditor().waitFor();
  }

  /** The focus may be on its way to something else, a terminal that starts, say, which closes the input again. */
  async #quickInput(key: string, text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text]');
    for (let attempt = 1; attempt <= 6; attempt++) {
      await this.page.keyboard.press(key);
      if (await succeeds(input.fill(text, { timeout: 3000 }))) return;
    }
    await input.fill(text);
  }

  /** Picks the entry with this text in an open quick pick. */
  async pick(text: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  }

  /** Runs a command of the menu that opens on something. The menu takes no click that comes too early. */
  async contextMenu(on: Locator, command: string): Promise<void> {
    await on.click({ button: 'right' });
    const item = this.page.locator('.context-view .action-item', { hasText: command }).first();
    await item.waitFor();
    for (let attempt = 1; attempt <= 20; attempt++) {
      await succeeds(item.click({ timeout: 1000 }));
      if (await disappears(item, 500)) return;
    }
    throw new Error(`The menu keeps "${command}"`);
  }

  /** Changes the colours of the window: "Dark Modern", "Light High Contrast" and so on. */
  async theme(name: string): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    // Its own box: the palette's goes a moment later.
    await this.page.locator('.quick-input-widget input[placeholder*="Color Theme"]').fill(name);
    await this.pick(name);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Opens a file that lies in the open folder itself, where others of its name lie below. */
  async openTopFile(name: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row[aria-level="1"]', {
      hasText: name,
    });
    const path = this.page.locator('.editor-group-container.active .breadcrumbs-control');
    const isOpen = path.locator('.monaco-breadcrumb-item').first().filter({ hasText: name });
    // While the explorer follows the active editor, a click may meet a row that moves.
    for (let attempt = 1; attempt <= 4; attempt++) {
      await row.dblclick();
      if (await appears(isOpen, 3000)) break;
    }
    await this.page.locator('.editor-group-container.active .view-lines:visible').waitFor();
    await appears(this.#focusedEditor(), 5000);
  }

  /** Waits for the first squiggle and gives their number in the visible editor. */
  async squiggles(severity: 'error' | 'warning' | 'info' | 'hint' = 'error'): Promise<number> {
    const found = this.page.locator(`.squiggly-${severity}`);
    await found.first().waitFor({ state: 'attached' });
    return await found.count();
  }

  /** Texts of the Problems panel, one per row, files and findings alike. */
  async problems(): Promise<string[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    if (!(await this.page.locator('.markers-panel').isVisible()))
      await this.page.keyboard.press('Control+Shift+M');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /**
   * Moves the mouse over the first occurrence of a text in the editor and gives what pops up. Lines may move below the mouse when
   * something is put above them: what is expected is to be polled for.
   */
  async hover(text: string): Promise<string> {
    const popup = this.page.locator('.monaco-hover:visible');
    await this.page.mouse.move(0, 0);
    await disappears(popup.first(), 3000);
    await this.page.locator('.editor-instance .view-line').getByText(text).first().hover();
    await popup.first().waitFor();
    return oneLine((await popup.allInnerTexts()).join(' '));
  }

  /** A notification with this text; click its buttons with `.getByRole('button', …)`. */
  async toast(text: string | RegExp): Promise<Locator> {
    const found = this.page.locator('.notification-list-item', { hasText: text }).first();
    await found.waitFor();
    return found;
  }

  /** An item of the status bar: the extension's own by its short id, others by their full id. `timeout`: milliseconds, if not the usual. */
  async statusBarItem(id: string, timeout?: number): Promise<Locator> {
    const full = id.includes('.') ? id : `vscode-fastcgi.vscode-fastcgi.${id}`;
    const found = this.page.locator(`.statusbar-item[id="${full}"]`);
    await found.waitFor({ ...(timeout !== undefined && { timeout }) });
    return found;
  }

  /** The inside of the visible webview whose frame has this title, or of the only one. */
  webview(title?: string): FrameLocator {
    const outer = title ? `iframe.webview[title="${title}"]` : 'iframe.webview';
    return this.page.frameLocator(outer).frameLocator('#active-frame');
  }

  /** Shows an output channel and gives its visible text. */
  async outputChannel(name: string): Promise<string> {
    await this.runCommand('Output: Show Output Channels...');
    await this.pick(name);
    const lines = this.page.locator(
      '.part.panel .output-view .view-line, .part.panel .view-lines .view-line',
    );
    await lines.filter({ hasText: /\S/ }).first().waitFor();
    return (await lines.allInnerTexts()).join('\n');
  }

  /** The row of an extension in "Running Extensions": its name, version and activation time. Closes the list again. */
  async runningExtension(name: string): Promise<string> {
    await this.runCommand('Developer: Show Running Extensions');
    const row = this.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: name }).first();
    await row.waitFor();
    const text = oneLine(await row.innerText());
    await this.page.keyboard.press('Escape');
    return text;
  }

  /** Writes test-output/screenshots/NAME.png and gives its path. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(root, 'test-output/screenshots', `${name}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Ends browser and server and removes the copy. */
  async close(): Promise<void> {
    openWorkbenches.delete(this);
    await this.#close();
  }
}

/** Whether it can be seen within so many milliseconds. */
function appears(locator: Locator, timeout: number): Promise<boolean> {
  return succeeds(locator.waitFor({ timeout }));
}

/** The opposite. */
function disappears(locator: Locator, timeout: number): Promise<boolean> {
  return succeeds(locator.waitFor({ state: 'hidden', timeout }));
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

endEverythingOnSignals();
