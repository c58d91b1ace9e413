import { randomBytes } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { followFile } from '../../src/remote/follow';
import type { HostKeyQuestion, RemotePrompts } from '../../src/remote/prompts';
import type { SshTarget } from '../../src/remote/target';
import { prompts } from '../remote/prompts';
import { FaultyLine } from './faultyLine';
import { createUser, generateKey, isRoot, sshdMissing, startSshd, startTwoFactorSshd } from './sshd';
import { twoFactorMissing, type Sshd, type TestUser } from './sshd';

const usable = sshdMissing === undefined;

describe.skipIf(!usable || !isRoot)('a real sshd as root', () => {
  let user: TestUser;
  let sshd: Sshd;
  let folder: string;
  let open: RemoteConnection[] = [];

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-remote-'));
  });
  afterEach(() => {
    for (const connection of open) connection.dispose();
    open = [];
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const target = (more: Partial<SshTarget> = {}): SshTarget => ({
    host: '127.0.0.1',
    port: sshd.port,
    user: user.name,
    knownHostsFiles: [sshd.knownHosts],
    agent: 'none',
    configFile: 'none',
    identityFile: join(folder, 'nothing'),
    ...more,
  });
  const login = async (
    more: Partial<SshTarget>,
    answers: Partial<RemotePrompts> = {},
    log: string[] = [],
  ) => {
    const connection = await connect(target(more), {
      prompts: prompts(answers),
      log: (line) => log.push(line),
    });
    open.push(connection);
    return connection;
  };
  const whoami = async (connection: RemoteConnection) => (await connection.exec('id -un')).stdout.trim();

  test('key file', async () => {
    const connection = await login({ identityFile: sshd.clientKey });
    expect(await whoami(connection)).toBe(user.name);
    expect(await connection.hasShell()).toBe(true);
    const sftp = await connection.sftp();
    expect(await sftp.realpath('.')).toBe(user.home);
    connection.dispose();
    expect(await connection.closed).toBe(undefined);
    await expect(sftp.stat('.')).rejects.toMatchObject({ name: 'RemoteError' });
    await expect(connection.exec('true')).rejects.toMatchObject({ reason: 'cancelled' });
  });

  test('encrypted key file: asks for the passphrase, again after a wrong one', async () => {
    const key = join(folder, 'encrypted');
    generateKey(key, 'ed25519', 'open sesame');
    appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
    const asked: boolean[] = [];
    const log: string[] = [];
    const passphrase: RemotePrompts['passphrase'] = async ({ rejected, keyFile, host, user: name }) => {
      expect([keyFile, host, name]).toEqual([key, '127.0.0.1', user.name]);
      asked.push(rejected);
      return rejected ? 'open sesame' : 'wrong one';
    };
    expect(await whoami(await login({ identityFile: key }, { passphrase }, log))).toBe(user.name);
    expect(asked).toEqual([false, true]);
    expect(log.join('\n')).not.toMatch(/sesame|wrong one/);
  });

  test('agent', async () => {
    const output = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(output)?.[1] ?? '';
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(output)?.[1]);
    try {
      // Six keys that do not fit would end the login; the configured one comes first.
      for (let at = 0; at < 6; at++) {
        generateKey(join(folder, `noise${at}`), 'ed25519');
        execFileSync('ssh-add', ['-q', join(folder, `noise${at}`)], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
        });
      }
      execFileSync('ssh-add', ['-q', sshd.clientKey], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const publicOnly = join(folder, 'public_only');
      writeFileSync(`${publicOnly}.pub`, readFileSync(`${sshd.clientKey}.pub`));
      expect(await whoami(await login({ agent: socket, identityFile: publicOnly }))).toBe(user.name);
    } finally {
      process.kill(pid);
    }
  });

  test('an agent that is gone is one way less, not the end', async () => {
    const connection = await login({ agent: join(folder, 'no-agent'), identityFile: sshd.clientKey });
    expect(await whoami(connection)).toBe(user.name);
  });

  test('an agent with more keys than the server takes is named, with the way out', async () => {
    const strict = await startSshd({ user: user.name, config: ['MaxAuthTries 2'] });
    const output = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(output)?.[1] ?? '';
    try {
      for (let at = 0; at < 3; at++) {
        generateKey(join(folder, `other${at}`), 'ed25519');
        execFileSync('ssh-add', ['-q', join(folder, `other${at}`)], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
        });
      }
      const refused = login({ port: strict.port, knownHostsFiles: [strict.knownHosts], agent: socket });
      await expect(refused).rejects.toMatchObject({
        reason: 'authentication-failed',
        message: expect.stringMatching(/Too many authentication failures.*IdentitiesOnly yes/) as string,
      });
    } finally {
      process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(output)?.[1]));
      await strict.stop();
    }
  });

  test('password: typed, offered to be kept, recalled, and forgotten when refused', async () => {
    const remembered: string[] = [];
    const rememberPassword = async (_account: unknown, password: string) => void remembered.push(password);
    const password = async () => user.password;
    expect(await whoami(await login({}, { password, rememberPassword }))).toBe(user.name);
    expect(remembered).toEqual([user.password]);

    const recallPassword = async () => user.password;
    expect(await whoami(await login({}, { recallPassword, rememberPassword }))).toBe(user.name);
    expect(remembered).toHaveLength(1);

    let forgotten = 0;
    const questions: boolean[] = [];
    await login(
      {},
      {
        recallPassword: async () => 'an old password',
        forgetPassword: async () => void forgotten++,
        password: async ({ rejected }) => {
          questions.push(rejected);
          return user.password;
        },
      },
    );
    expect([forgotten, questions]).toEqual([1, [true]]);
  });

  test('a refused login says what was tried, and no secret appears anywhere', async () => {
    const log: string[] = [];
    const secret = 'S3cret-that-must-not-appear';
    const stranger = join(folder, 'stranger');
    generateKey(stranger, 'ed25519');
    const refused = login({ identityFile: stranger, user: 'nobody' }, { password: async () => secret }, log);
    const error: Error = await refused.then(
      () => new Error('logged in'),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ reason: 'authentication-failed' });
    expect(error.message).toMatch(
      /nobody@127\.0\.0\.1.*was refused\. Tried: .*stranger, password.* accepts: .*publickey/,
    );
    const everything = [
      ...log,
      error.message,
      JSON.stringify(error),
      error.stack,
      String(error.cause instanceof Error ? error.cause.stack : error.cause),
    ];
    expect(everything.join('\n')).not.toContain(secret);
    expect(log.length).toBeGreaterThan(2);
  });

  test('an unknown host key is asked for before anything else, and saved when wanted', async () => {
    const file = join(folder, 'new', 'known_hosts');
    const questions: HostKeyQuestion[] = [];
    const hostKey = (answer: 'save' | 'once' | 'refuse') => async (question: HostKeyQuestion) => {
      questions.push(question);
      return answer;
    };
    const unknown = { knownHostsFiles: [file], identityFile: sshd.clientKey };
    await expect(login(unknown, { hostKey: hostKey('refuse') })).rejects.toMatchObject({
      reason: 'host-key-unknown',
    });
    expect(sshd.log()).not.toMatch(/Postponed publickey.*never/);
    await login(unknown, { hostKey: hostKey('once') });
    await login(unknown, { hostKey: hostKey('save') });
    await login(unknown);
    expect(questions).toHaveLength(3);
    const listed = execFileSync('ssh-keygen', ['-lf', join(sshd.folder, 'host_ed25519.pub')], {
      encoding: 'utf8',
    });
    expect(questions[0]).toMatchObject({
      host: '127.0.0.1',
      port: sshd.port,
      keyType: 'ssh-ed25519',
      fingerprint: listed.split(' ')[1],
    });
  });

  test('a changed host key is refused with file and line, without a login', async () => {
    const other = join(folder, 'other_host');
    generateKey(other, 'ed25519');
    const file = join(folder, 'changed');
    writeFileSync(file, `# first\n[127.0.0.1]:${sshd.port} ${readFileSync(`${other}.pub`, 'utf8')}`);
    const before = sshd.log();
    const error = await login({ knownHostsFiles: [file], identityFile: sshd.clientKey }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      reason: 'host-key-changed',
      message: expect.stringContaining(`${file}, line 2`),
    });
    expect(sshd.log().slice(before.length)).not.toMatch(/Accepted|Failed|authentication attempt/);
  });

  test('a revoked host key is refused', async () => {
    const file = join(folder, 'revoked');
    writeFileSync(file, `@revoked * ${readFileSync(join(sshd.folder, 'host_ed25519.pub'), 'utf8')}`);
    await expect(login({ knownHostsFiles: [file] })).rejects.toMatchObject({ reason: 'host-key-revoked' });
  });

  test('a host known by another type of key is asked for that type', async () => {
    const file = join(folder, 'rsa_only');
    writeFileSync(
      file,
      `[127.0.0.1]:${sshd.port} ${readFileSync(join(sshd.folder, 'host_rsa.pub'), 'utf8')}`,
    );
    expect(await whoami(await login({ knownHostsFiles: [file], identityFile: sshd.clientKey }))).toBe(
      user.name,
    );
  });

  test('known_hosts that cannot be read is no permission to connect', async () => {
    const file = join(folder, 'a_folder');
    mkdirSync(file, { recursive: true });
    await expect(login({ knownHostsFiles: [file] })).rejects.toMatchObject({
      reason: 'known-hosts-unreadable',
    });
  });

  test('through a jump host, both verified', async () => {
    const connection = await login({
      identityFile: sshd.clientKey,
      proxyJump: [target({ identityFile: sshd.clientKey })],
    });
    expect(await whoami(connection)).toBe(user.name);
    const strange = join(folder, 'empty_known_hosts');
    writeFileSync(strange, '');
    const hops: number[] = [];
    const hostKey = async () => (hops.push(1), 'once' as const);
    await login(
      {
        identityFile: sshd.clientKey,
        knownHostsFiles: [strange],
        proxyJump: [target({ identityFile: sshd.clientKey, knownHostsFiles: [strange] })],
      },
      { hostKey },
    );
    expect(hops).toHaveLength(2);
  });

  test('through a ProxyCommand, which ends with the connection; one that fails is named', async () => {
    const config = join(folder, 'proxy_config');
    const relay = join(folder, 'relay.cjs');
    writeFileSync(
      relay,
      `const [,, port] = process.argv; const s = require('node:net').connect(port, '127.0.0.1');
       process.stdin.pipe(s).pipe(process.stdout); s.on('close', () => process.exit());`,
    );
    writeFileSync(
      config,
      `Host broken\n  ProxyCommand sh -c 'echo no way >&2; exit 3'\nHost *\n  ProxyCommand '${process.execPath}' ${relay} %p\n`,
    );
    const through = { configFile: config, identityFile: sshd.clientKey };
    const trusted = (more: Partial<SshTarget>) =>
      connect(target({ ...through, ...more }), { prompts: prompts(), trusted: true });
    const connection = await trusted({});
    open.push(connection);
    expect(await whoami(connection)).toBe(user.name);
    expect(processes(relay)).toBe(1);
    connection.dispose();
    await until(() => processes(relay) === 0);
    await expect(trusted({ host: 'broken' })).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('the ProxyCommand failed: no way') as string,
    });
    await expect(login(through)).rejects.toMatchObject({ reason: 'configuration' });
    expect(processes(relay)).toBe(0);
  });

  test('a server that allows only post-quantum key exchanges is explained', async () => {
    const modern = await startSshd({
      user: user.name,
      config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'],
    });
    const refused = login({ port: modern.port, knownHostsFiles: [modern.knownHosts] });
    await expect(refused).rejects.toMatchObject({
      reason: 'not-supported',
      message: expect.stringMatching(/Post-quantum.*curve25519-sha256/s) as string,
    });
    await modern.stop();
  });

  test.skipIf(twoFactorMissing !== undefined)('password and one-time code, asked by PAM', async () => {
    const guarded = await startTwoFactorSshd(user);
    const asked: string[] = [];
    const remembered: string[] = [];
    const answers: Partial<RemotePrompts> = {
      keyboardInteractive: async (question) =>
        question.prompts.map(({ prompt }) => {
          asked.push(prompt);
          return prompt.startsWith('Password') ? user.password : guarded.code();
        }),
      rememberPassword: async (_account, password) => void remembered.push(password),
    };
    const at = { port: guarded.port, knownHostsFiles: [guarded.knownHosts] };
    expect(await whoami(await login(at, answers))).toBe(user.name);
    expect(asked).toEqual(['Password: ', 'Verification code: ']);
    expect(remembered).toEqual([user.password]);
    await guarded.stop();
  });

  // A server that offers both answers the code's question with the password where it is sent as `password`: always refused.
  test
    .skipIf(twoFactorMissing !== undefined)
    .each(['PasswordAuthentication no', 'PasswordAuthentication yes'])(
    'a wrong one-time code costs no kept password, a changed password is found out (%s)',
    { timeout: 60_000 },
    async (line) => {
      const guarded = await startTwoFactorSshd(user, [line]);
      const at = { port: guarded.port, knownHostsFiles: [guarded.knownHosts] };
      const told: string[] = [];
      const codes = ['wrong'];
      const answers = (kept: string): Partial<RemotePrompts> => ({
        recallPassword: async () => kept,
        keyboardInteractive: async ({ prompts: wanted, rejected }) =>
          wanted.map(({ prompt }) => {
            told.push(`${prompt}${rejected ? 'again' : ''}`);
            return prompt.startsWith('Password') ? user.password : (codes.shift() ?? guarded.code());
          }),
        forgetPassword: async () => void told.push('forgotten'),
        rememberPassword: async (_account, password) =>
          void told.push(password === user.password ? 'remembered' : 'wrong'),
      });
      expect(await whoami(await login(at, answers(user.password)))).toBe(user.name);
      expect(told).toEqual(['Verification code: ', 'Verification code: again']);
      told.length = 0;
      expect(await whoami(await login(at, answers('an old password')))).toBe(user.name);
      expect(told).toEqual([
        'Verification code: ',
        'Verification code: again',
        'Password: again',
        'Verification code: ',
        'forgotten',
        'remembered',
      ]);
      await guarded.stop();
    },
  );

  test('exec: the status of a command that ends at once', async () => {
    const connection = await login({ identityFile: sshd.clientKey });
    const codes = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (code) => (await connection.exec(`exit ${code}`)).code),
    );
    expect(codes).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test(
    'a slow line that is busy with what is sent is not taken for a dead one',
    { timeout: 60_000 },
    async () => {
      const line = await FaultyLine.start(sshd.port);
      line.rate = 200_000;
      const known = join(folder, 'slow_known_hosts');
      writeFileSync(
        known,
        readFileSync(sshd.knownHosts, 'utf8').replaceAll(`:${sshd.port} `, `:${line.port} `),
      );
      const at = target({ port: line.port, identityFile: sshd.clientKey, knownHostsFiles: [known] });
      // Silence of four seconds would be the end; keep-alive messages wait for ten behind what is sent.
      const connection = await connect(at, { prompts: prompts(), keepaliveInterval: 1000 });
      open.push(connection);
      const input = randomBytes(2_000_000);
      expect((await connection.exec('wc -c', { input })).stdout.trim()).toBe(String(input.length));
      await line.stop();
    },
  );

  test('exec: input, output, status, limits', async () => {
    const connection = await login({ identityFile: sshd.clientKey });
    expect(await connection.exec('cat; echo oops >&2; exit 3', { input: 'häll\u00f6' })).toEqual({
      stdout: 'häll\u00f6',
      stderr: 'oops\n',
      code: 3,
    });
    await expect(connection.exec('yes', { maxBytes: 1000 })).rejects.toMatchObject({ reason: 'failure' });
    await expect(connection.exec('sleep 60', { timeout: 300 })).rejects.toMatchObject({ reason: 'timeout' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(connection.exec('sleep 60', { signal: stop.signal })).rejects.toMatchObject({
      reason: 'cancelled',
    });
  });

  describe.each(['auto', 'poll'] as const)('following a log (%s)', (mode) => {
    const follow = async (path: string, lines: number) => {
      const connection = await login({ identityFile: sshd.clientKey });
      const seen: string[] = [];
      const notes: string[] = [];
      const following = followFile(connection, path, {
        mode,
        lines,
        interval: 50,
        onLines: (got) => void seen.push(...got),
        onNote: (note) => void notes.push(note),
      });
      return { connection, following, seen, notes };
    };
    const log = (name: string, text: string) => {
      const path = join(user.home, `${mode} it's ${name}.log`);
      writeFileSync(path, text);
      chmodSync(path, 0o644);
      return path;
    };

    test('last lines, then what is added, over rotation', async () => {
      const path = log('rotated', Array.from({ length: 500 }, (_, at) => `old ${at}\n`).join(''));
      const { following, seen } = await follow(path, 3);
      await until(() => seen.length >= 3);
      expect(seen).toEqual(['old 497', 'old 498', 'old 499']);
      const written: string[] = [];
      for (let file = 0; file < 4; file++) {
        for (let at = 0; at < 50; at++) {
          const line = `file ${file} line ${at} größer`;
          const bytes = Buffer.from(`${line}\n`);
          const cut = bytes.indexOf(0xc3) + 1;
          appendFileSync(path, bytes.subarray(0, cut));
          appendFileSync(path, bytes.subarray(cut));
          written.push(line);
        }
        await until(() => seen.length >= 3 + written.length);
        renameSync(path, `${path}.${file}`);
        writeFileSync(path, '');
        chmodSync(path, 0o644);
        await new Promise((resolve) => setTimeout(resolve, 1200));
      }
      expect(seen.slice(3)).toEqual(written);
      following.dispose();
      await following.done;
    });

    test('an emptied file', async () => {
      const path = log('emptied', 'one\ntwo\n');
      const { following, seen, notes } = await follow(path, 10);
      await until(() => seen.length === 2);
      truncateSync(path);
      await until(() => notes.length > 0);
      appendFileSync(path, 'three\n');
      await until(() => seen.length === 3);
      expect(seen).toEqual(['one', 'two', 'three']);
      expect(notes).toEqual([`${path} was emptied; showing what comes now.`]);
      following.dispose();
    });

    test('a file that comes later: one note, then all of it', async () => {
      const path = join(user.home, `${mode}-later.log`);
      const { following, seen, notes } = await follow(path, 10);
      await until(() => notes.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(notes).toEqual([`${path} does not exist yet. Waiting for it.`]);
      writeFileSync(path, 'first\nsecond\n');
      await until(() => seen.length === 2);
      expect(seen).toEqual(['first', 'second']);
      following.dispose();
      await following.done;
    });

    test('slow readers hold the server back, and nothing is lost', async () => {
      const path = log('burst', '');
      const connection = await login({ identityFile: sshd.clientKey });
      let count = 0;
      let busy = 0;
      const following = followFile(connection, path, {
        mode,
        interval: 50,
        onLines: async (got) => {
          expect(++busy).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, 2));
          count += got.length;
          busy--;
        },
        onNote: () => undefined,
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      appendFileSync(path, 'a line of the burst\n'.repeat(100_000));
      await until(() => count === 100_000);
      following.dispose();
    });

    test('no process stays on the server after dispose, and a lost connection ends it with an error', async () => {
      const path = log('ended', 'one\n');
      const first = await follow(path, 1);
      await until(() => first.seen.length === 1);
      first.following.dispose();
      await first.following.done;
      await until(() => tails(path) === 0);
      const second = await follow(path, 1);
      await until(() => second.seen.length === 1);
      second.connection.dispose();
      await expect(second.following.done).rejects.toMatchObject({ name: 'RemoteError' });
      await until(() => tails(path) === 0);
    });
  });

  describe('an account for SFTP only', () => {
    let limited: Sshd;
    beforeAll(async () => {
      limited = await startSshd({
        user: user.name,
        config: ['ForceCommand internal-sftp', 'AllowTcpForwarding no'],
      });
    });
    afterAll(() => limited?.stop());

    test('has no shell, and its logs are read by SFTP', async () => {
      const connection = await connect(
        target({
          port: limited.port,
          identityFile: limited.clientKey,
          knownHostsFiles: [limited.knownHosts],
        }),
        { prompts: prompts() },
      );
      open.push(connection);
      expect(await connection.hasShell()).toBe(false);
      const path = join(user.home, 'sftp-only.log');
      writeFileSync(path, 'one\n');
      const seen: string[] = [];
      const following = followFile(connection, path, {
        interval: 50,
        onLines: (got) => void seen.push(...got),
        onNote: () => undefined,
      });
      await until(() => seen.length === 1);
      appendFileSync(path, 'two\n');
      await until(() => seen.length === 2);
      following.dispose();
    });
  });
});

describe.skipIf(!usable)('a real sshd as an ordinary user', () => {
  test('key login', async () => {
    const user = isRoot ? createUser() : undefined;
    const sshd = await startSshd(user ? { runAs: user.name } : {});
    try {
      const connection = await connect(
        {
          host: '127.0.0.1',
          port: sshd.port,
          user: sshd.user,
          identityFile: sshd.clientKey,
          knownHostsFiles: [sshd.knownHosts],
          agent: 'none',
          configFile: 'none',
        },
        { prompts: prompts() },
      );
      expect((await connection.exec('id -un')).stdout.trim()).toBe(sshd.user);
      connection.dispose();
    } finally {
      await sshd.stop();
      user?.remove();
    }
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen in 15 s');
}

/** Processes that follow a file with tail. */
function tails(path: string): number {
  return processes(path, 'tail ');
}

/** Processes whose command line begins with a word and holds a path. */
function processes(path: string, start = ''): number {
  const { stdout } = spawnSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.startsWith(start) && line.includes(path)).length;
}
