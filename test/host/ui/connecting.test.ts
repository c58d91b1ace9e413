import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasApache, startApache, type ApacheServer } from '../../oracle/apache';
import {
  createJail,
  createUser,
  isRoot,
  sshdMissing,
  startSshd,
  startTwoFactorSshd,
} from '../../oracle/sshd';
import { twoFactorMissing, type Jail, type Sshd, type TestUser, type TwoFactorSshd } from '../../oracle/sshd';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { clearToasts, describeTarget } from './describe';

const usable =
  [whyNoUi, sshdMissing, twoFactorMissing].every((reason) => reason === undefined) &&
  isRoot &&
  hasApache().available;

/** Every way to a server, as a person goes it: from another program's settings, with a second factor, over a jump host, without a shell. */
describe.skipIf(!usable)('connecting', () => {
  let user: TestUser;
  let sshd: Sshd;
  let sftpOnly: Sshd;
  let guarded: TwoFactorSshd;
  let jail: Jail;
  let jailed: Sshd;
  let apache: ApacheServer;
  let workbench: Workbench;
  let sshConfig: string;

  beforeAll(async () => {
    user = createUser();
    const folder = path.join(user.home, 'public_html');
    mkdirSync(folder);
    chownSync(folder, user.uid, user.uid);
    sshd = await startSshd({ user: user.name });
    sftpOnly = await startSshd({
      user: user.name,
      config: [`ForceCommand internal-sftp -d ${user.home}`, 'AllowTcpForwarding no', 'PermitTTY no'],
    });
    guarded = await startTwoFactorSshd(user);
    jail = createJail(user);
    jailed = await startSshd({ user: user.name, config: jail.config });
    apache = await startApache({ documentRoot: path.join(jail.folder, 'public_html'), user: user.name });
    // `ssh` reads the configuration of the account's home folder, whatever HOME says.
    const programs = mkdtempSync(path.join(tmpdir(), 'fastcgi-ssh-'));
    sshConfig = path.join(programs, 'config');
    writeFileSync(sshConfig, '');
    writeFileSync(path.join(programs, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${sshConfig} "$@"\n`, {
      mode: 0o755,
    });
    // With VSCODE_CLI the path is not replaced by the one of a login shell.
    const env = { PATH: `${programs}:${process.env['PATH']}`, VSCODE_CLI: '1' };
    workbench = await openWorkbench({ env });
  });

  afterEach(async () => {
    await clearToasts(workbench);
  });

  afterAll(async () => {
    await workbench?.close();
    if (sshConfig) rmSync(path.dirname(sshConfig), { recursive: true, force: true });
    await apache?.stop();
    await guarded?.stop();
    await jailed?.stop();
    jail?.remove();
    await sftpOnly?.stop();
    await sshd?.stop();
    user?.remove();
  });

  const dialog = () => workbench.page.locator('.monaco-dialog-box');
  const box = () => workbench.page.locator('.quick-input-widget input[type=password]');
  const local = (name: string) => path.join(workbench.folder, name);
  const uploaded = (name: string) => existsSync(path.join(user.home, 'public_html', name));
  const upload = () => workbench.runCommand('FastCGI: Upload Project');

  async function trust(): Promise<void> {
    await dialog().waitFor();
    await dialog().getByRole('button', { name: 'Trust for This Session' }).click();
  }

  async function answer(question: RegExp, secret: string): Promise<void> {
    await workbench.page.locator('.quick-input-widget', { hasText: question }).waitFor();
    await box().fill(secret);
    await workbench.page.keyboard.press('Enter');
  }

  it('takes a server over from sftp.json, and its password out of the file', async () => {
    const settings = {
      name: 'staging',
      host: '127.0.0.1',
      port: sshd.port,
      username: user.name,
      password: user.password,
      remotePath: path.join(user.home, 'public_html'),
    };
    writeFileSync(local('.vscode/sftp.json'), JSON.stringify(settings, undefined, 2));
    await workbench.runCommand('FastCGI: Import Servers...');
    await workbench.pick('.vscode/sftp.json');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'staging' }).waitFor();
    await workbench.screenshot('connecting-1-import');
    await workbench.page.keyboard.press('Enter');
    const toast = await workbench.toast(/Added to the project file: staging\. Passwords are in/);
    await workbench.screenshot('connecting-2-imported');
    await toast.getByRole('button', { name: 'Remove Passwords from sftp.json' }).click();
    const kept = () => readFileSync(local('.vscode/sftp.json'), 'utf8');
    await expect.poll(kept).not.toContain(user.password);
    expect(JSON.parse(kept())).toMatchObject({ host: '127.0.0.1', username: user.name });
    const project = readFileSync(local('.vscode/fastcgi.json'), 'utf8');
    expect(project).toContain('"staging"');
    expect(project).not.toContain(user.password);
  });

  it('shows the picture of an unknown key, and logs in with the imported password unasked', async () => {
    await workbench.runCommand('FastCGI: Choose Target');
    await workbench.pick('staging');
    await upload();
    await dialog().waitFor();
    await workbench.screenshot('connecting-3-key');
    await dialog().getByRole('button', { name: 'Show Picture' }).click();
    await dialog().waitFor();
    await workbench.page.locator('.editor-instance', { hasText: '[ED25519 256]' }).waitFor();
    await workbench.screenshot('connecting-4-picture');
    await trust();
    await expect.poll(() => uploaded('project/dispatch.fcgi')).toBe(true);
    expect(await box().count()).toBe(0);
  });

  it('asks for password and code where the server wants both', async () => {
    await describeTarget(workbench, 'guarded', {
      ssh: { host: '127.0.0.1', port: guarded.port, user: user.name },
      path: path.join(user.home, 'public_html'),
    });
    writeFileSync(local('two-factor.txt'), 'x');
    await upload();
    await trust();
    await answer(/Password:/, user.password);
    await workbench.page.locator('.quick-input-widget', { hasText: 'Verification code:' }).waitFor();
    await workbench.screenshot('connecting-5-code');
    await answer(/Verification code:/, guarded.code());
    await expect.poll(() => uploaded('two-factor.txt')).toBe(true);
    await workbench.toast(/Remember the password/);
    await workbench.screenshot('connecting-6-remember');
  });

  it('goes over a jump host to an account without a shell', async () => {
    const known = path.join(user.home, 'known_hosts');
    writeFileSync(known, readFileSync(sshd.knownHosts, 'utf8') + readFileSync(sftpOnly.knownHosts, 'utf8'));
    const common = `  User ${user.name}\n  HostName 127.0.0.1\n  IdentitiesOnly yes\n  UserKnownHostsFile ${known}\n`;
    writeFileSync(
      sshConfig,
      `Host hop\n  Port ${sshd.port}\n  IdentityFile ${sshd.clientKey}\n${common}Host far\n  Port ${sftpOnly.port}\n` +
        `  ProxyJump hop\n  IdentityFile ${sftpOnly.clientKey}\n${common}`,
    );
    await describeTarget(workbench, 'far', { ssh: 'far', path: 'public_html' });
    writeFileSync(local('over-the-hop.txt'), 'x');
    await upload();
    await expect.poll(() => uploaded('over-the-hop.txt')).toBe(true);
    await workbench.screenshot('connecting-7-jump');
    expect(sshd.log()).toMatch(/Accepted publickey/);
    expect(sftpOnly.log()).toMatch(/Accepted publickey/);
  });

  it('works with an account that has SFTP in a chroot and nothing else', async () => {
    const there = (name: string) => path.join(jail.folder, 'public_html', name);
    const status = workbench.page.locator('.statusbar-item[id="vscode-fastcgi.vscode-fastcgi.target"]');
    await describeTarget(workbench, 'jail', {
      ssh: { host: '127.0.0.1', port: jailed.port, user: user.name, identityFile: jailed.clientKey },
      path: '/public_html',
      url: `${apache.url}/`,
    });
    await upload();
    await trust();
    await expect.poll(() => existsSync(there('project/dispatch.fcgi'))).toBe(true);
    await workbench.toast(/Uploaded to jail/);
    expect((await fetch(`${apache.url}/project/`)).status).toBe(200);
    await clearToasts(workbench);

    await status.click();
    await workbench.toast(/jail answers after the reload; whether by a new process could not be seen/);
    const offer = await workbench.toast(/What runs the programs of jail could not be seen/);
    await workbench.screenshot('connecting-8-jail-reloaded');
    await offer.getByRole('button', { name: 'Find Out...' }).click();
    await dialog().getByRole('button', { name: 'Find Out' }).waitFor();
    await workbench.screenshot('connecting-9-module-question');
    await dialog().getByRole('button', { name: 'Find Out' }).click();
    // The message about it comes and goes; the status bar keeps it.
    const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'run by mod_fcgid' });
    const isKnown = async () => {
      await workbench.page.mouse.move(0, 0);
      await status.hover();
      return hover.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(isKnown, { timeout: 30_000 }).toBe(true);
    expect(readdirSync(there('')).filter((name) => name.includes('probe'))).toEqual([]);
    await workbench.screenshot('connecting-10-status-bar');
    await clearToasts(workbench);

    writeFileSync(local('index.html'), '<p>New</p>');
    await upload();
    await workbench.toast(/Uploaded to jail/);
    expect(readFileSync(there('index.html'), 'utf8')).toBe('<p>New</p>');
    await workbench.runCommand('FastCGI: Roll Back...');
    const release = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'index.html' });
    await release.first().click();
    await expect.poll(() => readFileSync(there('index.html'), 'utf8')).not.toBe('<p>New</p>');
  });

  it('forgets what was kept, and asks again', async () => {
    await workbench.runCommand('FastCGI: Forget Saved Passwords');
    await workbench.toast(/Forgot the passwords? of (?:one|\d+) accounts?/);
    await workbench.screenshot('connecting-11-forgotten');
    await workbench.runCommand('FastCGI: Forget Saved Passwords');
    await workbench.toast(/No password is kept/);
  });
});
