import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { download } from '../../src/deploy/download';
import { readBackOff } from '../../src/deploy/readBackOff';
import { uploadProject } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

const usable = sshdMissing === undefined && isRoot;

/** Logs in to a real sshd of a test. */
function login(sshd: Sshd): Promise<RemoteConnection> {
  const { port, user, clientKey: identityFile, knownHosts } = sshd;
  const place = { host: '127.0.0.1', port, user, identityFile, knownHostsFiles: [knownHosts] };
  return connect({ ...place, agent: 'none', configFile: 'none' }, { prompts: prompts() });
}

describe('a server that is none', () => {
  /** Listens, does one thing with each connection, and gives what a connection attempt came to. */
  async function attempt(act: (socket: Socket) => void): Promise<unknown> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
      socket.resume();
      act(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const place = { host: '127.0.0.1', port, user: 'me', agent: 'none', configFile: 'none' } as const;
    const failed = connect(place, { prompts: prompts(), handshakeTimeout: 500 }).catch(
      (error: unknown) => error,
    );
    const error = await failed;
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    return error;
  }
  const banner = 'SSH-2.0-OpenSSH_9.2p1\r\n';

  test.each<[string, (socket: Socket) => void]>([
    ['says nothing at all', () => undefined],
    ['says nothing after its banner', (socket) => void socket.write(banner)],
    [
      'sends a banner that never ends',
      (socket) => void setInterval(() => socket.write('x'.repeat(1000)), 20).unref(),
    ],
  ])('%s: a time limit', async (_, act) => {
    expect(await attempt(act)).toMatchObject({ name: 'RemoteError' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['is a web server', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['hangs up', (socket) => socket.end()],
    ['is a very old server', (socket) => void socket.write('SSH-1.5-OldSSH\r\n')],
    ['sends noise after its banner', (socket) => void socket.write(banner + '\u0000\u00ff'.repeat(50_000))],
    ['hangs up after its banner', (socket) => socket.end(banner)],
  ])('%s: told at once, and nobody waits', async (_, act) => {
    const started = performance.now();
    expect(await attempt(act)).toMatchObject({ name: 'RemoteError' });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe.skipIf(!usable)('a real sshd', () => {
  let user: TestUser;
  let sshd: Sshd;
  let connection: RemoteConnection;
  let remote: string;
  let local: string;

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
    connection = await login(sshd);
    remote = join(user.home, 'site');
    local = mkdtempSync(join(tmpdir(), 'fastcgi-hostile-'));
    mkdirSync(remote);
    own(remote);
  });
  afterAll(async () => {
    connection?.dispose();
    await sshd?.stop();
    user?.remove();
    rmSync(local, { recursive: true, force: true });
  });
  afterEach(() => vi.restoreAllMocks());
  const own = (path: string) => chownSync(path, user.uid, user.uid);
  const here = () => readdirSync(local, { recursive: true, encoding: 'utf8' }).sort();

  test.each([
    ['greets where SFTP should be', 'echo "Welcome to our host! Please read the rules."; sleep 30'],
    ['sends our own packets back', 'cat'],
    ['sends noise', 'head -c 300000 /dev/zero; sleep 30'],
    ['ends at once', 'true'],
  ])('whose SFTP server %s: an error, and no call waits', async (_, command) => {
    const script = join(user.home, 'subsystem.sh');
    writeFileSync(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    const odd = await startSshd({
      user: user.name,
      hostKeyTypes: ['ed25519'],
      config: [`Subsystem sftp ${script}`],
    });
    const odder = await login(odd);
    onTestFinished(async () => {
      odder.dispose();
      await odd.stop();
    });
    const work = uploadProject(odder, { localRoot: local, remotePath: remote });
    const started = performance.now();
    await expect(work).rejects.toMatchObject({ name: 'RemoteError', message: expect.stringMatching(/SFTP/) });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(readdirSync(remote)).toEqual([]);
  });

  /** Speaks SFTP until a request comes, then does what the name says; notes each request in a file. */
  const faulty = (act: string, seen: string) => `#!/usr/bin/python3
import os, struct, sys
def take(n):
    data = b''
    while len(data) < n:
        more = os.read(0, n - len(data))
        if not more: sys.exit()
        data += more
    return data
def send(data): os.write(1, data)
def packet(data): send(struct.pack('>I', len(data)) + data)
while True:
    (length,) = struct.unpack('>I', take(4))
    body = take(length)
    if body[0] == 1:
        packet(b'\\x02' + struct.pack('>I', 3))
        continue
    id = body[1:5]
    open(${JSON.stringify(seen)}, 'ab').write(body[:1])
    text = struct.pack('>I', 4) + b'text'
    ${act}
`;
  const answers: [string, string][] = [
    ['wrong lengths: huge', "send(b'\\x7f\\xff\\xff\\xff' + b'x' * 1000)"],
    ['wrong lengths: negative', "send(b'\\xff\\xff\\xff\\xff' + b'x' * 1000)"],
    ['wrong lengths: none', "send(b'\\x00' * 100)"],
    ['packets without an end', "send(struct.pack('>I', 20) + b'\\x65' + id); sys.exit()"],
    ['a status without a code', "packet(b'\\x65' + id)"],
    ['a handle that is cut off', "packet(b'\\x66' + id + struct.pack('>I', 400) + b'x')"],
    ['four billion names', "packet(b'\\x68' + id + b'\\xff' * 4)"],
    ['attributes that are cut off', "packet(b'\\x69' + id + b'\\xff' * 4)"],
    ['an unknown type', "packet(b'\\xfa' + id)"],
    ['its version, again and again', "packet(b'\\x02' + struct.pack('>I', 3))"],
    ['success, whatever it is asked', "packet(b'\\x65' + id + struct.pack('>I', 0) + text + text)"],
    ['a handle, whatever it is asked', "packet(b'\\x66' + id + text)"],
    ['data, whatever it is asked', "packet(b'\\x67' + id + text)"],
    ['no names, whatever it is asked', "packet(b'\\x68' + id + struct.pack('>I', 0))"],
    ['attributes, whatever it is asked', "packet(b'\\x69' + id + struct.pack('>I', 0))"],
    ['an extended reply, whatever it is asked', "packet(b'\\xc9' + id + text)"],
  ];

  /** A connection to a server whose SFTP speaks so. */
  async function faultyServer(act: string): Promise<{ connection: RemoteConnection; seen: string }> {
    const script = join(user.home, 'subsystem.py');
    const seen = join(user.home, 'requests');
    rmSync(seen, { force: true });
    writeFileSync(script, faulty(act, seen), { mode: 0o755 });
    const config = [`Subsystem sftp ${script}`];
    const odd = await startSshd({ user: user.name, hostKeyTypes: ['ed25519'], config });
    const odder = await login(odd);
    onTestFinished(async () => {
      odder.dispose();
      await odd.stop();
    });
    return { connection: odder, seen };
  }
  /** One call of each kind; what came of those that must give something. */
  async function callAll(odder: RemoteConnection): Promise<PromiseSettledResult<unknown>[]> {
    const session = await odder.sftp();
    const handle = Buffer.from('handle');
    return Promise.allSettled([
      session.stat('x'),
      session.lstat('x'),
      session.fstat(handle, 'x'),
      session.open('x', 'read'),
      session.read(handle, 0, 100, 'x'),
      session.readdir('x'),
      session.realpath('x'),
      session.readlink('x'),
      session.write(handle, Buffer.from('x'), 0, 'x'),
      session.rename('x', 'y'),
    ]);
  }

  test.each(answers)('that answers SFTP with %s: every call ends with an error', async (name, act) => {
    const { connection: odder } = await faultyServer(act);
    const started = performance.now();
    const ends = await callAll(odder);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ name: 'RemoteError' });
      else expect(end.value === undefined && name.startsWith('success')).toBe(false);
    }
    const wrong = ends
      .filter(({ status }) => status === 'rejected')
      .map((one) => (one as PromiseRejectedResult).reason as Error);
    expect(wrong.length).toBeGreaterThan(5);
    for (const { message } of wrong) expect(message).not.toMatch(/undefined|is not a function/);
    await expect(uploadProject(odder, { localRoot: local, remotePath: remote })).rejects.toMatchObject({
      name: 'RemoteError',
    });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(readdirSync(remote)).toEqual([]);
  });

  test.each<[string, string]>([
    ['nothing', 'pass'],
    ['to requests that nobody made', "packet(b'\\x65' + b'\\x7f' * 4 + struct.pack('>I', 0) + text + text)"],
  ])('that answers SFTP with %s: every call ends after a minute', async (_, act) => {
    const { connection: odder, seen } = await faultyServer(act);
    await odder.sftp();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const ending = callAll(odder);
    while (!existsSync(seen) || readFileSync(seen).length < 10) await new Promise(setImmediate);
    vi.advanceTimersByTime(61_000);
    for (const end of await ending) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'RemoteError', reason: 'timeout' } });
    }
  });

  test('names of all sorts come down as they are; what cannot be here, and links, are told of', async () => {
    const names = [' two  spaces ', '-rf', 'it\'s "quoted" $HOME `id`', 'new\nline', 'ünï☃', '*?[x]'];
    for (const name of names) writeFileSync(join(remote, name), name);
    writeFileSync(Buffer.concat([Buffer.from(`${remote}/latin-`), Buffer.from([0xfc, 0xff])]), 'x');
    symlinkSync('/etc/passwd', join(remote, 'link'));
    symlinkSync('/etc', join(remote, 'folder'));
    for (const name of [...names, 'link']) execFileSync('chown', ['-h', user.name, join(remote, name)]);
    const report = await download(connection, { localRoot: local, remotePath: remote, path: '' });
    expect(here()).toEqual([...names].sort());
    for (const name of names) expect(readFileSync(join(local, name), 'utf8')).toBe(name);
    expect(report.notes.filter((note) => note.includes('link or no file'))).toHaveLength(2);
    expect(report.notes.filter((note) => note.includes('cannot be a file here'))).toHaveLength(1);
  });

  test('names that differ in case alone are left out on a disk that ignores case', async () => {
    for (const name of ['Index.html', 'index.html']) writeFileSync(join(remote, name), name);
    const order = { localRoot: local, remotePath: remote, path: '' };
    const { written, notes } = await download(connection, { ...order, ignoresCase: true });
    expect(written).toEqual([]);
    expect(notes).toContain('Index.html and index.html would be one file here; they were left out.');
    expect((await download(connection, order)).written).toEqual(['Index.html', 'index.html']);
  });

  test('a link among the local folders does not lead a download out of the project', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'fastcgi-outside-'));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    mkdirSync(join(remote, 'sub'));
    writeFileSync(join(remote, 'sub/file'), 'x');
    symlinkSync(outside, join(local, 'sub'));
    const order = { localRoot: local, remotePath: remote, path: 'sub/file' };
    await expect(download(connection, order)).rejects.toMatchObject({ reason: 'failure' });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(join(local, 'sub'));
    rmSync(join(remote, 'sub'), { recursive: true });
  });

  test.each([-3, 3])('a clock that is %s days ahead of ours changes no plan and no lock', async (days) => {
    const site = join(user.home, `skewed${days}`);
    mkdirSync(site);
    own(site);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now - days * 86_400_000);
    const order = { localRoot: local, remotePath: site };
    const first = await uploadProject(connection, order);
    expect(first.created.length).toBeGreaterThan(5);
    expect(await uploadProject(connection, order)).toMatchObject({ bytes: 0, conflicts: [], changed: [] });
    writeFileSync(join(local, 'Index.html'), `changed ${days}`);
    expect((await uploadProject(connection, order)).changed).toEqual(['Index.html']);
    const [state = ''] = readdirSync(join(user.home, '.fastcgi-deploy')).filter((name) =>
      name.startsWith(`skewed${days}-`),
    );
    const lock = join(user.home, '.fastcgi-deploy', state, 'lock');
    writeFileSync(lock, JSON.stringify({ id: 'x', machine: 'elsewhere', user: 'somebody', process: 1 }));
    own(lock);
    writeFileSync(join(local, 'Index.html'), `changed again ${days}`);
    await expect(uploadProject(connection, order)).rejects.toMatchObject({ reason: 'locked' });
    expect(existsSync(lock)).toBe(true);
  });

  test.each([-20, 20])(
    'back-off is counted by the clock of the server, which is %s minutes ahead',
    async (minutes) => {
      const log = join(user.home, 'error.log');
      const [, month, day, year, clock] = new Date(Date.now() - 5000).toString().split(' ');
      const program = '/home/me/dispatch.fcgi';
      const at = `[Mon ${month} ${day} ${clock} ${year}] [:warn] [pid 7:tid 7] FastCGI: (dynamic) server "${program}"`;
      const silent =
        'has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds';
      writeFileSync(log, `${at} started (pid 12)\n${at} ${silent}\n`);
      const now = Date.now();
      vi.spyOn(Date, 'now').mockImplementation(() => now - minutes * 60_000);
      const found = await readBackOff(connection, log, program);
      expect(found?.kind).toBe('backed-off');
      expect(found?.secondsLeft).toBeGreaterThan(570);
      expect(found?.secondsLeft).toBeLessThanOrEqual(600);
    },
  );
});
