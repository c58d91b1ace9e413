import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { followFile, type FollowOptions, type Following } from '../../src/remote/follow';
import { findLogs } from '../../src/remote/logPlaces';
import { readLogTail } from '../../src/remote/logTail';
import type { LogPlace } from '../../src/remote/place';
import { prompts } from '../remote/prompts';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

/** A log that is read on after an interruption, whatever happened to it meanwhile, with a shell and without one. */
describe.skipIf(sshdMissing !== undefined || !isRoot)('a log that was interrupted', () => {
  let user: TestUser;
  let sshd: Sshd;
  let log: string;
  let seen: string[];

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
  });
  beforeEach(() => {
    const folder = join(user.home, 'logs');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    chownSync(folder, user.uid, user.uid);
    log = join(folder, 'error.log');
    writeFileSync(log, lines(0, 5));
    seen = [];
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });

  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `line number ${from + at} of this log\n`).join('');
  const numbers = () => seen.map((line) => Number(/^line number (\d+) of this log$/.exec(line)?.[1] ?? -1));
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

  async function session<Result>(work: (connection: RemoteConnection) => Promise<Result>): Promise<Result> {
    const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name, identityFile: sshd.clientKey };
    const own = { knownHostsFiles: [sshd.knownHosts], agent: 'none' as const, configFile: 'none' as const };
    const connection = await connect({ ...ssh, ...own }, { prompts: prompts({}) });
    try {
      return await work(connection);
    } finally {
      connection.dispose();
    }
  }

  /** Follows until so many lines are there; gives how far it came. */
  function until(count: number, options: Partial<FollowOptions>): Promise<LogPlace> {
    return session(async (connection) => {
      const following: Following = followFile(connection, log, {
        interval: 100,
        onNote: () => undefined,
        onLines: (fresh) => void seen.push(...fresh),
        ...options,
      });
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
      const { place } = following;
      following.dispose();
      await following.done;
      return place;
    });
  }

  const MODES = ['auto', 'poll'] as const;

  test.each(MODES)('is read on where it stopped (%s)', async (mode) => {
    const place = await until(5, { mode });
    appendFileSync(log, lines(5, 3000));
    await until(3005, { mode, place });
    expect(numbers()).toEqual(upTo(3005));
  });

  test('without a shell, tells when the file was written whose end was reached', () =>
    session(async (connection) => {
      const written: number[] = [];
      const stamp = () => Math.floor(statSync(log).mtimeMs / 1000);
      utimesSync(log, 1_000_000_000, 1_000_000_000);
      const following = followFile(connection, log, {
        mode: 'poll',
        interval: 50,
        onNote: () => undefined,
        onLines: (fresh) => void seen.push(...fresh),
        onCaughtUp: (seconds) => void written.push(seconds),
      });
      await expect.poll(() => written).toEqual([1_000_000_000]);
      expect(numbers()).toEqual(upTo(5));
      appendFileSync(log, lines(5, 1));
      await expect.poll(() => written).toEqual([1_000_000_000, stamp()]);
      // Not again where nothing is read.
      await sleep(300);
      expect(written).toHaveLength(2);
      following.dispose();
      await following.done;
    }));

  test.each(MODES)('loses nothing over a rotation by renaming (%s)', async (mode) => {
    const place = await until(5, { mode });
    appendFileSync(log, lines(5, 5));
    renameSync(log, `${log}.1`);
    writeFileSync(log, lines(10, 5));
    await until(15, { mode, place });
    expect(numbers()).toEqual(upTo(15));
  });

  test.each(MODES)('loses nothing where the old file was packed meanwhile (%s)', async (mode) => {
    const place = await until(5, { mode });
    appendFileSync(log, lines(5, 5));
    writeFileSync(`${log}-20261122.gz`, gzipSync(readFileSync(log)));
    truncateSync(log);
    appendFileSync(log, lines(10, 5));
    await until(15, { mode, place });
    expect(numbers()).toEqual(upTo(15));
  });

  test.each(MODES)('begins anew after it was emptied, and says so (%s)', async (mode) => {
    const place = await until(5, { mode });
    writeFileSync(log, lines(20, 2));
    const notes: string[] = [];
    await until(7, { mode, place, onNote: (note) => notes.push(note) });
    expect(numbers().slice(5)).toEqual([20, 21]);
    expect(notes.join('\n')).toContain('lines between may be missing');
  });

  test('keeps half a line back until it is whole', async () => {
    appendFileSync(log, 'line number 5 of');
    const place = await until(5, {});
    appendFileSync(log, ' this log\n');
    await until(6, { place });
    expect(numbers()).toEqual(upTo(6));
  });

  test.each(MODES)(
    'shows the end of what grew by 100 MB meanwhile, and says what it left out (%s)',
    async (mode) => {
      const place = await until(5, { mode });
      appendFileSync(log, Buffer.alloc(100 * 1024 * 1024, `${'x'.repeat(1023)}\n`));
      appendFileSync(log, lines(5, 3));
      seen = [];
      const notes: string[] = [];
      const started = performance.now();
      const before = process.memoryUsage().rss;
      await until(200, { mode, place, onNote: (note) => notes.push(note) });
      expect(performance.now() - started).toBeLessThan(10_000);
      expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(64);
      expect(seen).toHaveLength(200);
      expect(numbers().slice(-3)).toEqual([5, 6, 7]);
      // 102,400 long lines and three short ones, of which the last 200 are shown.
      expect(notes.join('\n')).toContain('100 MB (102,203 lines) are left out here.');
    },
  );

  /** Follows while something happens to the log. */
  function during(
    mode: (typeof MODES)[number],
    work: (notes: readonly string[]) => Promise<void>,
  ): Promise<void> {
    return session(async (connection) => {
      const notes: string[] = [];
      const following = followFile(connection, log, {
        mode,
        interval: 100,
        onNote: (note) => void notes.push(note),
        onLines: (fresh) => void seen.push(...fresh),
      });
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(5);
      await work(notes);
      following.dispose();
      await following.done;
    });
  }

  const comes = (text: string) => expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe(text);

  test.each(MODES)('goes on after the log was deleted and made again (%s)', (mode) =>
    during(mode, async (notes) => {
      rmSync(log);
      await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('is gone. Waiting for it.');
      writeFileSync(log, lines(5, 2));
      await comes('line number 6 of this log');
      expect(numbers()).toEqual(upTo(7));
    }),
  );

  test('with a shell, reads what was still written to the old file, once, and before the lines of the new one', () =>
    during('auto', async (notes) => {
      renameSync(log, `${log}.1`);
      appendFileSync(`${log}.1`, lines(5, 1));
      await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('is gone. Waiting for it.');
      appendFileSync(`${log}.1`, lines(6, 1));
      writeFileSync(log, lines(8, 2));
      appendFileSync(`${log}.1`, lines(7, 1));
      await comes('line number 9 of this log');
      appendFileSync(log, lines(10, 1));
      await comes('line number 10 of this log');
      renameSync(log, `${log}.2`);
      writeFileSync(log, lines(12, 3000));
      appendFileSync(`${log}.2`, lines(11, 1));
      await comes('line number 3011 of this log');
      expect(numbers()).toEqual(upTo(3012));
    }));

  test('gives out what is held back after a rotation when it is stopped, and reads on behind it', async () => {
    const place = await session(async (connection) => {
      const notes: string[] = [];
      const following = followFile(connection, log, {
        onNote: (note) => void notes.push(note),
        onLines: (fresh) => void seen.push(...fresh),
      });
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(5);
      renameSync(log, `${log}.1`);
      await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('is gone. Waiting for it.');
      writeFileSync(log, lines(5, 2));
      await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('is there now.');
      await expect.poll(() => following.place.anchor.toString()).toContain('number 6');
      expect(seen).toHaveLength(5);
      following.dispose();
      expect(numbers()).toEqual(upTo(7));
      await following.done;
      return following.place;
    });
    appendFileSync(log, lines(7, 1));
    await until(8, { place });
    expect(numbers()).toEqual(upTo(8));
  });

  test('without a shell, reads what is still written to the old file, and sees that the log was emptied and grew again', () =>
    during('poll', async (notes) => {
      renameSync(log, `${log}.1`);
      await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('is gone. Waiting for it.');
      appendFileSync(`${log}.1`, lines(5, 1));
      await comes('line number 5 of this log');
      writeFileSync(log, lines(8, 1));
      appendFileSync(`${log}.1`, lines(6, 2));
      await comes('line number 8 of this log');
      renameSync(log, `${log}.2`);
      writeFileSync(log, lines(10, 1));
      appendFileSync(`${log}.2`, lines(9, 1));
      await comes('line number 10 of this log');
      writeFileSync(log, lines(11, 9));
      await comes('line number 19 of this log');
      expect(numbers()).toEqual(upTo(20));
      expect(notes.map((note) => note.slice(log.length + 1))).toEqual([
        'is gone. Waiting for it.',
        'is there now.',
        'was rotated; showing the new file.',
        'was emptied; showing what comes now.',
      ]);
    }));

  test.each(MODES)('goes on after it might not be read for a while (%s)', (mode) =>
    during(mode, async () => {
      chownSync(log, 0, 0);
      chmodSync(log, 0o600);
      appendFileSync(log, lines(5, 2));
      await sleep(700);
      chmodSync(log, 0o644);
      appendFileSync(log, lines(7, 2));
      await comes('line number 8 of this log');
      expect(numbers()).toEqual(upTo(9));
    }),
  );

  test('takes a line of 10 MB, binary and broken UTF-8 without losing what follows', () =>
    during('auto', async () => {
      appendFileSync(log, `${'long '.repeat(2 * 1024 * 1024)}\n`);
      appendFileSync(log, Buffer.from([0, 1, 2, 0xff, 0xfe, 0xc3, 10, 0xc3, 0x28, 27, 91, 51, 49, 109, 10]));
      appendFileSync(log, 'the end\n');
      await comes('the end');
      const pieces = seen.filter((line) => line.includes('long long'));
      expect(pieces.join('')).toHaveLength(10 * 1024 * 1024);
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 * 1024 * 1024);
      expect(seen.slice(-3, -1)).toEqual(['\u0000\u0001\u0002\uFFFD\uFFFD\uFFFD', '\uFFFD(\u001b[31m']);
    }));

  test('shows the end of yesterday where today has few lines', async () => {
    writeFileSync(`${log}.1.gz`, gzipSync(lines(0, 50)));
    writeFileSync(log, lines(50, 3));
    await until(20, { archives: true, lines: 20 });
    expect(numbers().slice(0, 20)).toEqual(upTo(53).slice(-20));
  });

  test.each(MODES)('that is a folder is named as one (%s)', async (mode) => {
    const follows = session(
      (connection) =>
        followFile(connection, 'logs', { mode, onLines: () => undefined, onNote: () => undefined }).done,
    );
    await expect(follows).rejects.toMatchObject({
      reason: 'configuration',
      message: 'logs is a folder on the server. "log" names a file, as "logs/error.log".',
    });
    const end = session(async (connection) => readLogTail(await connection.sftp(), 'logs'));
    await expect(end).rejects.toMatchObject({ reason: 'configuration' });
  });

  test('is found where hosts keep it', async () => {
    writeFileSync(join(user.home, 'logs/access.log'), 'x\n');
    writeFileSync(join(user.home, 'logs/error.log-20261122.gz'), 'x');
    mkdirSync(join(user.home, 'logs/site.test/https'), { recursive: true });
    writeFileSync(join(user.home, 'logs/site.test/https/error.log'), 'x\n');
    const found = await session(async (connection) => findLogs(await connection.sftp()));
    expect(found.map(({ kind, path }) => `${kind} ${path}`).sort()).toEqual([
      'access logs/access.log',
      'error logs/error.log',
      'error logs/site.test/https/error.log',
    ]);
  });
});
