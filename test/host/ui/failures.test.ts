import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  freePort,
  isRoot,
  sshdMissing,
  startSshd,
  type Sshd,
  type TestUser,
} from '../../oracle/sshd';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { clearToasts, describeTarget, onlyToast, toasts } from './describe';

const usable = whyNoUi === undefined && sshdMissing === undefined && isRoot;

const ENTRY =
  "[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 127.0.0.1:40000] mod_fcgid: stderr: ValueError: a message that is much longer than the panel is wide, because it quotes the whole of what the visitor sent: {'name': 'Wolfgang Amadeus', 'places': ['Salzburg', 'Wien', 'Praha', 'Paris', 'London', 'Mannheim'], 'works': 626}, referer: https://www.example.test/project/page?with=a&long=query\n";
const REFUSED =
  "[Mon Nov 23 12:35:01.000000 2026] [core:alert] [pid 7:tid 8] [client 127.0.0.1:40000] /home/x/public_html/.htaccess: Invalid command 'RewritEngine', perhaps misspelled or defined by a module not included in the server configuration\n";

/** Ends what sshd runs for the account: its connections break. */
function endSessionsOf({ name }: TestUser): void {
  const pids = execFileSync('ps', ['-o', 'pid=', '-u', name], { encoding: 'utf8' }).split('\n').map(Number);
  for (const pid of pids.filter((one) => one > 1)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}

/** What goes wrong with the log and with the local runner: each says so once, with a way out. */
describe.skipIf(!usable)('a log or a dispatcher that does not work', () => {
  let user: TestUser;
  let sshd: Sshd;
  let workbench: Workbench;

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
    workbench = await openWorkbench();
  });

  afterAll(async () => {
    await workbench?.close();
    await sshd?.stop();
    user?.remove();
  });

  const panel = () => workbench.webview();
  const target = (log?: string) => ({
    ssh: { host: '127.0.0.1', port: sshd.port, user: user.name },
    path: 'public_html',
    ...(log !== undefined && { log }),
  });
  /** Lines of the log, without what the panel notes itself. */
  const rows = () => panel().locator('.row:not(.note)');
  const empty = () => panel().locator('#empty');
  /** The selected line is not hidden behind the details that it opened. */
  const isWholeRowSeen = () =>
    panel()
      .locator('.row.selected')
      .evaluate((row) => {
        const list = row.closest('#log')?.getBoundingClientRect();
        const { top, bottom } = row.getBoundingClientRect();
        return list !== undefined && top >= list.top && bottom <= list.bottom;
      });
  const follow = () => workbench.runCommand('FastCGI: Follow Log');

  it('says in the panel, and only there, that no server is described', async () => {
    await follow();
    await empty().getByRole('heading', { name: 'No server is described yet' }).waitFor();
    await empty().getByRole('button', { name: 'Open Project File' }).waitFor();
    expect(await toasts(workbench)).toEqual([]);
    await workbench.screenshot('failures-1-no-server');
  });

  it('says where to write the path of the log', async () => {
    await describeTarget(workbench, 'nameless', target());
    await empty().getByRole('heading', { name: 'nameless has no log yet' }).waitFor();
    await empty().getByRole('button', { name: 'Find Log' }).waitFor();
    expect(await toasts(workbench)).toEqual([]);
    await empty().getByRole('button', { name: 'Open Project File' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'fastcgi.json' }).waitFor();
  });

  it('says at once that a server cannot be reached', async () => {
    const ssh = { host: '127.0.0.1', port: await freePort() };
    await describeTarget(workbench, 'silent', { ...target('log/error'), ssh });
    await follow();
    await empty().getByRole('heading', { name: 'The log cannot be read' }).waitFor({ timeout: 5000 });
    expect(await empty().innerText()).toMatch(/Could not connect to 127\.0\.0\.1, port \d+/);
    await empty().getByRole('button', { name: 'Try Again' }).waitFor();
    expect(await toasts(workbench)).toEqual([]);
    await workbench.screenshot('failures-2-unreachable');
  });

  it('waits for a log that is not there yet, and shows its lines', async () => {
    await describeTarget(workbench, 'late', target('~/logs/error_log'));
    await follow();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByRole('button', { name: 'Trust for This Session' }).click();
    const password = workbench.page.locator('.quick-input-widget input[type=password]');
    await password.fill(user.password);
    await workbench.page.keyboard.press('Enter');
    await panel().locator('#empty', { hasText: 'does not exist yet. Waiting for it.' }).waitFor();
    await clearToasts(workbench);
    await workbench.screenshot('failures-3-waiting');
    const folder = path.join(user.home, 'logs');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'error_log'), ENTRY.repeat(3) + REFUSED);
    chownSync(folder, user.uid, user.uid);
    await panel().locator('.incident', { hasText: 'RewritEngine' }).waitFor();
    await panel().locator('#tab-lines').click();
    await panel().locator('.row', { hasText: 'RewritEngine' }).waitFor();
    expect(await rows().count()).toBe(4);
  });

  it('shows the whole of a long line, in every theme and at every width', async () => {
    await panel().locator('.row', { hasText: 'Wolfgang' }).first().click();
    expect(await panel().locator('#detail').innerText()).toContain('with=a&long=query');
    expect(await isWholeRowSeen()).toBe(true);
    await workbench.screenshot('failures-4-long-line');
    await panel().locator('.row', { hasText: 'RewritEngine' }).click();
    await panel().locator('#detail', { hasText: 'What to do:' }).waitFor();
    await workbench.screenshot('failures-5-explained');
    for (const name of ['Dark Modern', 'Dark High Contrast']) {
      await workbench.theme(name);
      await workbench.screenshot(`failures-6-${name.replaceAll(' ', '-').toLowerCase()}`);
    }
    await workbench.page.setViewportSize({ width: 500, height: 800 });
    await workbench.screenshot('failures-7-narrow');
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('says above the lines that it is no longer connected, and connects again', async () => {
    const notice = panel().locator('#notice');
    await workbench.page.getByRole('button', { name: 'Disconnect' }).click();
    await notice.getByText(/Not connected/).waitFor();
    await workbench.screenshot('failures-8-disconnected');
    const log = path.join(user.home, 'logs/error_log');
    appendFileSync(log, 'Written in the meantime\n');
    await notice.getByRole('button', { name: 'Follow Log' }).click();
    await panel().locator('#state.live').waitFor();
    await notice.waitFor({ state: 'hidden' });
    appendFileSync(log, 'A line of its own\n');
    await panel().locator('.row', { hasText: 'A line of its own' }).waitFor();
    expect(await panel().locator('.row', { hasText: 'Written in the meantime' }).count()).toBe(1);
    expect(await rows().count()).toBe(6);
  });

  it('comes back after the connection was lost, without a question', async () => {
    endSessionsOf(user);
    await panel().locator('#state', { hasText: 'trying again' }).waitFor();
    appendFileSync(path.join(user.home, 'logs/error_log'), 'Written without us\n');
    await panel().locator('#state.live').waitFor();
    await panel().locator('.row', { hasText: 'Written without us' }).waitFor();
    expect(await rows().count()).toBe(7);
    expect(await toasts(workbench)).toEqual([]);
  });

  it('says that a dispatcher ended at once, and leaves nothing running', async () => {
    const dispatcher = path.join(workbench.folder, 'project/dispatch.fcgi');
    writeFileSync(dispatcher, "#!/usr/bin/env python3\nimport sys\nsys.exit('no database')\n");
    chmodSync(dispatcher, 0o755);
    await workbench.runCommand('FastCGI: Run Dispatcher Locally');
    const [url = ''] = /http:\/\/\S+/.exec(await (await workbench.toast(/is served on/)).innerText()) ?? [];
    await clearToasts(workbench);
    for (let request = 0; request < 3; request++) {
      expect((await fetch(`${url}project/hello`)).status).toBeGreaterThanOrEqual(500);
    }
    const buttons = await onlyToast(workbench, /dispatch\.fcgi/);
    await workbench.screenshot('failures-9-dispatcher');
    expect(buttons).toEqual(['Restart Dispatcher', 'Open dispatch.fcgi', 'Show Output']);
    await workbench.runCommand('FastCGI: Stop');
    await expect.poll(() => fetch(url).catch(() => 'refused'), { timeout: 10_000 }).toBe('refused');
  });
});
