import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const program = '/usr/sbin/sshd';

/** Why a private sshd cannot be started here; undefined when it can. */
export const sshdMissing: string | undefined = existsSync(program) ? undefined : 'sshd is not installed';

export const isRoot = process.getuid?.() === 0;

export interface SshdOptions {
  /** The account that will log in; the owner of the process by default. */
  readonly user?: string;
  /** Run the server itself as this user: key login only, and only as that user. */
  readonly runAs?: string;
  /** Further lines for sshd_config. */
  readonly config?: readonly string[];
  readonly hostKeyTypes?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
  /** Another path of the program, whose name is the one of its PAM service. */
  readonly program?: string;
}

/** A private sshd on a free loopback port with its own host keys and one accepted client key. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** Private files of this server: host keys, `client_key`, `log`. */
  readonly folder: string;
  /** Private key file that may log in. */
  readonly clientKey: string;
  /** A known_hosts file that lists this server. */
  readonly knownHosts: string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts one; `stop` ends it and its sessions and removes its files. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-sshd-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const types = options.hostKeyTypes ?? ['ed25519', 'rsa', 'ecdsa'];
  for (const type of types) generateKey(join(folder, `host_${type}`), type);
  const clientKey = join(folder, 'client_key');
  generateKey(clientKey, 'ed25519');
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${clientKey}.pub`), { mode: 0o644 });
  writeFileSync(join(folder, 'sshd_config'), configText(folder, port, types, options));
  writeFileSync(join(folder, 'known_hosts'), knownHostsText(folder, port, types));
  if (options.runAs !== undefined) execFileSync('chown', ['-R', options.runAs, folder]);
  const server = launch(folder, options);
  await listening(port, server, folder);
  return {
    port,
    user: options.user ?? options.runAs ?? userInfo().username,
    folder,
    clientKey,
    knownHosts: join(folder, 'known_hosts'),
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    stop: () => stop(server, folder),
  };
}

function configText(folder: string, port: number, types: readonly string[], options: SshdOptions): string {
  return [
    `ListenAddress 127.0.0.1`,
    `Port ${port}`,
    ...types.map((type) => `HostKey ${folder}/host_${type}`),
    `PidFile none`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `StrictModes no`,
    // Unlike other settings it must not stand twice.
    ...(options.config?.some((line) => line.startsWith('Subsystem '))
      ? []
      : [`Subsystem sftp internal-sftp`]),
    `LogLevel VERBOSE`,
    `MaxStartups 50:30:100`,
    ...(options.config ?? []),
    // Of a setting that stands twice sshd takes the first.
    `UsePAM no`,
    `PubkeyAuthentication yes`,
    `PasswordAuthentication ${options.runAs === undefined ? 'yes' : 'no'}`,
    `KbdInteractiveAuthentication no`,
    '',
  ].join('\n');
}

/** sshd executes itself again, so it needs its absolute path; as root it wants its privilege separation folder. */
function launch(folder: string, options: SshdOptions): ChildProcess {
  if (isRoot && options.runAs === undefined) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const command = [
    options.program ?? program,
    '-D',
    '-f',
    join(folder, 'sshd_config'),
    '-E',
    join(folder, 'log'),
  ];
  const asUser =
    options.runAs === undefined || !isRoot
      ? []
      : ['setpriv', `--reuid=${options.runAs}`, `--regid=${options.runAs}`, '--init-groups', '--'];
  const [first = program, ...rest] = [...asUser, ...command];
  return spawn(first, rest, { stdio: 'ignore', detached: true });
}

function stop(server: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    if (server.exitCode !== null || server.pid === undefined) return finish();
    server.once('exit', finish);
    server.kill('SIGTERM');
  });
}

/** Makes a key pair, `file` and `file.pub`, with OpenSSH's own tool. */
export function generateKey(file: string, type: 'ed25519' | 'rsa' | 'ecdsa', passphrase = ''): void {
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-C', 'test', '-f', file]);
}

function knownHostsText(folder: string, port: number, types: readonly string[]): string {
  return types
    .map(
      (type) =>
        `[127.0.0.1]:${port} ${readFileSync(`${folder}/host_${type}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')}\n`,
    )
    .join('');
}

/** A loopback port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function listening(port: number, server: ChildProcess, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) break;
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
  throw new Error(`sshd did not start: ${log}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Why a login with a second factor cannot be tried here. */
export const twoFactorMissing: string | undefined =
  sshdMissing ??
  (isRoot ? undefined : 'only root can set up PAM') ??
  (['/usr/bin/google-authenticator', '/usr/bin/oathtool'].every((file) => existsSync(file))
    ? undefined
    : 'libpam-google-authenticator or oathtool is not installed');

/** A server that asks for the account's password and then for a one-time code, both through PAM. */
export interface TwoFactorSshd extends Sshd {
  /** The code of this moment. */
  code(): string;
}

/** Starts one; its PAM service has a name of its own and is removed by `stop`. `first`: lines of its configuration that come first, and so hold. */
export async function startTwoFactorSshd(
  user: TestUser,
  first: readonly string[] = [],
): Promise<TwoFactorSshd> {
  const service = `sshd-${user.name}`;
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-2fa-'));
  const link = join(folder, service);
  symlinkSync(program, link);
  const secret = join(user.home, '.google_authenticator');
  const key = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  writeFileSync(secret, `${key}\n" RATE_LIMIT 30 30\n" WINDOW_SIZE 17\n" TOTP_AUTH\n`, { mode: 0o400 });
  execFileSync('chown', [user.name, secret]);
  const pam = `/etc/pam.d/${service}`;
  const lines = [
    'auth required pam_unix.so',
    'auth required pam_google_authenticator.so',
    'account required pam_unix.so',
  ];
  writeFileSync(pam, [...lines, 'session required pam_permit.so', ''].join('\n'));
  const config = [
    ...first,
    'KbdInteractiveAuthentication yes',
    'PasswordAuthentication no',
    'PubkeyAuthentication no',
    'UsePAM yes',
  ];
  const sshd = await startSshd({ user: user.name, program: link, config });
  const stop = async () => {
    await sshd.stop();
    rmSync(pam, { force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  const code = () => execFileSync('oathtool', ['--totp', '-b', key], { encoding: 'utf8' }).trim();
  return { ...sshd, stop, code };
}

/** A local account for one test run, with a password; only as root. */
export interface TestUser {
  readonly name: string;
  readonly password: string;
  readonly home: string;
  readonly uid: number;
  remove(): void;
}

/** Creates it with useradd; `remove` ends with userdel and the home folder gone. `homes`: where that lies. */
export function createUser(homes = '/home'): TestUser {
  const name = `fcgi${process.pid.toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
  const password = `Pw-${Math.random().toString(36).slice(2)}-x`;
  const home = `${homes}/${name}`;
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/bash', name]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  chmodSync(home, 0o755);
  const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
  return { name, password, home, uid, remove: () => removeUser(name) };
}

/** A folder that is the whole world to an account: as on hosts that give SFTP in a chroot and nothing else. */
export interface Jail {
  /** Absolute on this machine; `/` for the account. Its own folder in it is `/public_html`. */
  readonly folder: string;
  /** Lines for sshd_config. */
  readonly config: readonly string[];
  remove(): void;
}

/** Makes one; sshd wants every folder above it to be root's alone, so it lies beside the homes. Only as root. */
export function createJail(user: TestUser): Jail {
  const folder = `/home/jail-${user.name}`;
  mkdirSync(join(folder, 'public_html'), { recursive: true, mode: 0o755 });
  chmodSync(folder, 0o755);
  execFileSync('chown', [user.name, join(folder, 'public_html')]);
  const config = [
    `ChrootDirectory ${folder}`,
    'ForceCommand internal-sftp -u 0022',
    'AllowTcpForwarding no',
    'PermitTTY no',
  ];
  return { folder, config, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function removeUser(name: string): void {
  endProcessesOf(name);
  execFileSync('userdel', ['--force', '--remove', name], { stdio: 'ignore' });
}

/** The account exists for this test alone, so everything that runs as it was started by the test. */
function endProcessesOf(name: string): void {
  const pids = spawnOutput('ps', ['-o', 'pid=', '-u', name])
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 1);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function spawnOutput(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8' });
  } catch {
    return '';
  }
}
