import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

const HTACCESS = `# The site of a club
<IfModule mod_rewrite.c>
RewriteEngine On
   RewriteCond %{HTTP_USER_AGENT} (bot|crawler) [NC]
RewriteRule ^(.*)$ - [E=ROBOT:%1]
RewriteRule ^members/([a-z]+)/?$ project/dispatch.fcgi/$1 [QSA,L]
</IfModule>
ErrorDocument 404 /errors/404.html
Header set X-Robot yes env=ROBOT
`;

/** Takes the rules of the folder above out of force, and guards itself in the way of Apache 2.2. */
const BELOW = `RewriteEngine On
RewriteRule ^cart$ /basket [L]
Order deny,allow
Deny from all
`;

/** What a person sees of writing, reading, moving and changing in a .htaccess. */
describe.skipIf(whyNoUi !== undefined)('the .htaccess editor', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({
      settings: {
        'files.autoSave': 'off',
        'editor.minimap.enabled': false,
        'editor.detectIndentation': false,
      },
    });
    mkdirSync(path.join(workbench.folder, 'errors'), { recursive: true });
    writeFileSync(path.join(workbench.folder, 'errors/404.html'), '<p>Not here</p>\n');
    writeFileSync(path.join(workbench.folder, '.htaccess'), HTACCESS);
    mkdirSync(path.join(workbench.folder, 'members'), { recursive: true });
    writeFileSync(
      path.join(workbench.folder, 'members/.htaccess'),
      'Require not env ROBOT\nRequire all granted\n',
    );
    mkdirSync(path.join(workbench.folder, 'shop'), { recursive: true });
    writeFileSync(path.join(workbench.folder, 'shop/.htaccess'), BELOW);
    await openRoot();
    // The link to the error page: the server runs, and knows the files.
    await workbench.page.locator('.detected-link').first().waitFor({ state: 'attached', timeout: 60_000 });
  });

  afterAll(() => workbench?.close());

  const openRoot = async () => {
    await workbench.openTopFile('.htaccess');
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'The site of a club' }).waitFor();
  };
  const keys = async (...names: string[]) => {
    for (const name of names) await workbench.page.keyboard.press(name);
  };
  const goTo = (line: number, column?: number) => workbench.goTo(line, column);
  const type = (text: string) => workbench.page.keyboard.type(text, { delay: 25 });
  const text = async () =>
    (await workbench.page.locator('.editor-instance .view-line').allInnerTexts())
      .join('\n')
      .replaceAll('\u00a0', ' ');
  const suggestion = (label: string) =>
    workbench.page.locator('.suggest-widget .monaco-list-row', { hasText: label }).first();
  /** Suggestions come while one types; on a busy machine a key may overtake them, and a person asks for them then. */
  const suggested = (name: string) =>
    expect
      .poll(
        async () => {
          if (await suggestion(name).isVisible()) return true;
          await keys('Escape', 'Control+Space');
          return await suggestion(name)
            .waitFor({ timeout: 2000 })
            .then(
              () => true,
              () => false,
            );
        },
        { timeout: 20_000 },
      )
      .toBe(true);

  it('explains a regular expression, a directive and a variable', async () => {
    await expect.poll(() => workbench.hover('members')).toContain('group 1, used as $1');
    await workbench.screenshot('editor-1-regex');
    await expect.poll(() => workbench.hover('ErrorDocument')).toContain('ErrorDocument status text|path|url');
    await workbench.screenshot('editor-2-directive');
    await keys('Escape');
  });

  it('formats a selection alone', async () => {
    await goTo(4, 1);
    await keys('Shift+End');
    await workbench.runCommand('Format Selection');
    await expect.poll(text).toContain('\n    RewriteCond %{HTTP_USER_AGENT}');
    expect(await text()).toContain('\nRewriteEngine On');
  });

  it('formats the document', async () => {
    await workbench.runCommand('Format Document');
    await expect.poll(text).toContain('    RewriteCond %{HTTP_USER_AGENT}');
    await expect.poll(text).toContain('    RewriteEngine On');
    await workbench.screenshot('editor-3-formatted');
  });

  it('shows where one is, and what there is', async () => {
    await goTo(6, 14);
    const { page } = workbench;
    await page.locator('.breadcrumbs-control', { hasText: 'IfModule mod_rewrite.c' }).waitFor();
    await page.locator('.breadcrumbs-control', { hasText: '^members' }).waitFor();
    const symbol = page.locator('.quick-input-list .monaco-list-row', { hasText: '^members' }).first();
    await workbench.open('Control+Shift+O', symbol);
    await workbench.screenshot('editor-12-symbols');
    await keys('Escape');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  });

  it('grows a selection, and folds a section', async () => {
    await goTo(6, 30);
    const position = await workbench.statusBarItem('status.editor.selection');
    const selected = async () => Number(/\((\d+) selected\)/.exec(await position.innerText())?.[1] ?? 0);
    await workbench.runCommand('Expand Selection');
    await expect.poll(selected).toBeGreaterThan(0);
    const first = await selected();
    await workbench.runCommand('Expand Selection');
    await expect.poll(selected).toBeGreaterThan(first);
    await workbench.screenshot('editor-13-selection');
    await goTo(3, 1);
    const after = (key: string) => async () => {
      await keys(key);
      return text();
    };
    const often = { interval: 1000, timeout: 20_000 };
    await expect.poll(after('Control+Shift+BracketLeft'), often).not.toContain('RewriteEngine');
    await workbench.screenshot('editor-14-folded');
    await expect.poll(after('Control+Shift+BracketRight'), often).toContain('RewriteEngine');
  });

  it('colours variables of the environment by their meaning', async () => {
    await goTo(5, 32);
    await workbench.runCommand('Developer: Inspect Editor Tokens and Scopes');
    const widget = workbench.page.locator('.token-inspect-widget', { hasText: 'semantic token type' });
    await widget.waitFor();
    expect(await widget.innerText()).toContain('variable');
    await workbench.screenshot('editor-15-semantic');
    await keys('Escape');
    await widget.waitFor({ state: 'hidden' });
  });

  /** Lines on which something is marked because it belongs to the place of the cursor. */
  const markedLines = async () => {
    const marks = workbench.page.locator('.wordHighlightStrong, .wordHighlight, .wordHighlightText');
    return new Set(await marks.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top))).size;
  };

  it('marks %1 with its condition, and a tag with its other one', async () => {
    await goTo(5, 36);
    await expect.poll(markedLines).toBe(2);
    await workbench.screenshot('editor-18-condition-of-group');
    await goTo(2, 6);
    await workbench.page.locator('.wordHighlightText').first().waitFor({ state: 'attached' });
    await expect.poll(markedLines).toBe(2);
    await workbench.screenshot('editor-19-tags');
  });

  it('marks $1 with its group, and shows what a rule takes', async () => {
    await goTo(6, 61);
    await expect.poll(markedLines).toBe(1);
    await workbench.open('Control+Shift+Space', workbench.page.locator('.parameter-hints-widget'));
    await workbench.screenshot('editor-4-group-and-signature');
    await keys('Escape', 'Escape');
  });

  it('leads from a rule to those of the folder above that it puts out of force', async () => {
    await workbench.openFile('shop/.htaccess');
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'Deny from' }).waitFor();
    await goTo(2, 4);
    const above = workbench.page.locator('.reference-zone-widget', { hasText: '.htaccess' });
    await workbench.open('F12', above);
    await above.locator('.monaco-list-row', { hasText: '^members' }).waitFor();
    await workbench.screenshot('editor-20-overridden');
    await keys('Escape');
    await above.waitFor({ state: 'hidden' });
  });

  it('shows advice as loudly as it is set, and writes 2.2 access rules as those of 2.4', async () => {
    const settings = { 'htaccess.advice.severity': { 'access.old-directives': 'error' } };
    writeFileSync(path.join(workbench.folder, '.vscode/settings.json'), JSON.stringify(settings));
    await workbench.squiggles();
    await goTo(3, 2);
    const row = workbench.page.locator('.action-widget .monaco-list-row', { hasText: 'Require' });
    await workbench.open('Control+.', row.first());
    await workbench.screenshot('editor-21-access');
    await row.first().click();
    await expect.poll(text).toContain('Require all denied');
    expect(await text()).not.toContain('Order');
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'The site of a club' }).waitFor();
  });

  it('completes an argument, and puts the closing tag below', async () => {
    await goTo(9, 1);
    await keys('End', 'Enter');
    await type('<FilesMatch "x">');
    await keys('Escape', 'Enter');
    await expect.poll(text).toContain('</FilesMatch>');
    await type('Require env ');
    await suggested('ROBOT');
    await workbench.screenshot('editor-5-completion');
    await keys('Enter', 'Escape');
    await expect.poll(text).toContain('    Require env ROBOT');
  });

  it('inserts a snippet', async () => {
    await keys('ArrowDown', 'End', 'Enter');
    await type('security-h');
    await suggested('security-headers');
    await workbench.screenshot('editor-6-snippet');
    await keys('Enter', 'Escape', 'Escape', 'Escape');
    await expect.poll(text).toContain('X-Content-Type-Options');
  });

  it('offers what can be made of a rule', async () => {
    await goTo(6, 8);
    const row = workbench.page.locator('.action-widget .monaco-list-row', {
      hasText: 'Serve files that exist without dispatch.fcgi',
    });
    await workbench.open('Control+.', row);
    await workbench.screenshot('editor-7-refactorings');
    await row.click();
    await expect.poll(text).toContain('RewriteCond %{REQUEST_FILENAME} !-f');
  });

  it('changes what Apache refuses by a quick fix', async () => {
    await goTo(9, 1);
    await keys('Home', 'Enter', 'ArrowUp');
    await type('DirectoryIndx index.html');
    await keys('Escape');
    await workbench.squiggles();
    const row = workbench.page.locator('.action-widget .monaco-list-row', {
      hasText: 'Change to DirectoryIndex',
    });
    await workbench.open('Control+.', row);
    await workbench.screenshot('editor-16-quick-fix');
    await row.click();
    await expect.poll(text).toContain('DirectoryIndex index.html');
  });

  it('renames a variable in every file that sees it', async () => {
    await goTo(5, 33);
    const box = workbench.page.locator('.rename-box input');
    await workbench.open('F2', box);
    await box.fill('CRAWLER');
    await workbench.screenshot('editor-8-rename');
    await keys('Enter');
    await expect.poll(text).toContain('E=CRAWLER:');
    await workbench.runCommand('File: Save All Files');
    const below = path.join(workbench.folder, 'members/.htaccess');
    await expect.poll(() => readFileSync(below, 'utf8')).toContain('Require not env CRAWLER');
  });

  it('finds references in all files, and follows a link', async () => {
    await goTo(5, 33);
    const found = workbench.page.locator('.reference-zone-widget .monaco-list-row').nth(1);
    await workbench.open('Shift+F12', found);
    await workbench.screenshot('editor-9-references');
    await keys('Escape');
    await workbench.page.locator('.reference-zone-widget').waitFor({ state: 'hidden' });
    await workbench.page.locator('.view-line').getByText('/errors/404.html').first().click();
    await keys('F12');
    await workbench.page.locator('.tabs-container .tab.active', { hasText: '404.html' }).waitFor();
  });

  it('follows a file that gets another name in the explorer', async () => {
    const explorer = workbench.page.locator('.explorer-folders-view');
    await explorer.locator('.monaco-list-row', { hasText: '404.html' }).click();
    const box = explorer.locator('.monaco-inputbox input');
    await workbench.open('F2', box);
    await box.fill('missing.html');
    await box.press('Enter');
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'refactoring changes' });
    await dialog.waitFor();
    await workbench.screenshot('editor-17-file-rename');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await explorer.locator('.monaco-list-row', { hasText: 'missing.html' }).waitFor();
    await openRoot();
    await expect.poll(text).toContain('ErrorDocument 404 /errors/missing.html');
  });

  it('is to be read in dark colours and in a narrow window, too', async () => {
    await openRoot();
    await workbench.theme('Dark Modern');
    await workbench.hover('members');
    await workbench.screenshot('editor-10-dark');
    await workbench.page.setViewportSize({ width: 640, height: 600 });
    await keys('Escape');
    await workbench.hover('RewriteEngine');
    await workbench.screenshot('editor-11-narrow');
  });
});
