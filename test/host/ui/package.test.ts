import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extensionsFolder, openWorkbench, whyNoUi, type Workbench } from '../ui';
import { htaccessDebug } from './htaccessDebug';

/** One window for what changes nothing in it. */
describe.skipIf(whyNoUi)('a window as it is opened', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterAll(async () => {
    await workbench?.close();
  });

  describe('the packaged extension', () => {
    it('shows the .htaccess of the sample site as a language of its own', async () => {
      await workbench.openFile('project/.htaccess');
      const language = await workbench.statusBarItem('status.editor.mode');
      await expect.poll(() => language.innerText()).toMatch(/htaccess/i);
      await workbench.screenshot('sample-site');
    });

    it('has a README whose links lead somewhere, without its folder of documentation', () => {
      const name = readdirSync(extensionsFolder).find((one) => one.startsWith('vscode-fastcgi.')) ?? '';
      const readme = readFileSync(path.join(extensionsFolder, name, 'readme.md'), 'utf8');
      const links = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target);
      expect(links).toContain('#for-contributors');
      expect(links.filter((target) => !/^(?:https?:|#)/.test(target ?? ''))).toEqual([]);
    });

    it('activates', async () => {
      const row = await workbench.runningExtension('FastCGI and .htaccess');
      expect(row).toMatch(/Activation: \d+ms/);
    });

    it('keeps the code of the extension and of its language server for the next window', async () => {
      const kept = (): string[] =>
        readdirSync(extensionsFolder, { recursive: true, encoding: 'utf8' })
          .map((file) => path.basename(file))
          .filter((name) => name.endsWith('.cache'));
      await expect
        .poll(kept, { timeout: 20_000 })
        .toEqual(expect.arrayContaining(['extension.program.cache', 'server.program.cache']));
    });
  });

  describe('debugging a .htaccess', () => {
    htaccessDebug(() => workbench);
  });
});
