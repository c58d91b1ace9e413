import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { clearToasts } from './describe';

/** Command lines of this machine that name the folder: what was started for it. */
function startedFor(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return []; // It has ended meanwhile.
      }
    })
    .filter((line) => line.includes(folder) && /dispatch\.fcgi|\b(python|perl|ruby|php|ssh)/.test(line));
}

/** A folder that the user has not said to trust: it is checked and explained, and nothing of it is run. */
describe.skipIf(whyNoUi !== undefined)('a workspace that is not trusted', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
        'files.autoSave': 'off',
      },
    });
  });

  afterAll(() => workbench?.close());

  it('is checked', async () => {
    writeFileSync(path.join(workbench.folder, 'project/.htaccess'), 'RewriteEngine On\nRewritBase /\n');
    await workbench.openFile('project/.htaccess');
    await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    expect(await workbench.squiggles()).toBe(1);
    expect(await workbench.hover('RewriteEngine')).toContain('Switches rewriting on or off');
    await workbench.screenshot('trust-1-checked');
  });

  it('has nothing run, and says why', async () => {
    for (const command of [
      'FastCGI: Run Dispatcher Locally',
      'FastCGI: Upload Project',
      'FastCGI: Check Dispatcher',
    ]) {
      await workbench.runCommand(command);
      await workbench.toast(/Nothing is run or sent from a workspace that you do not trust/);
      await workbench.screenshot('trust-2-refused');
      await clearToasts(workbench);
    }
    expect(startedFor(path.join(workbench.folder, 'project'))).toEqual([]);
  });
});
