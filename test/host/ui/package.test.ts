import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

describe.skipIf(whyNoUi)('the packaged extension', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterAll(async () => {
    await workbench?.close();
  });

  it('shows the .htaccess of the sample site as a language of its own', async () => {
    await workbench.openFile('project/.htaccess');
    const language = await workbench.statusBarItem('status.editor.mode');
    await expect.poll(() => language.innerText()).toMatch(/htaccess/i);
    await workbench.screenshot('sample-site');
  });

  it('activates', async () => {
    const row = await workbench.runningExtension('FastCGI and .htaccess');
    expect(row).toMatch(/Activation: \d+ms/);
  });
});
