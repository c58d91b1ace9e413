import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { LogStore } from '../../src/extension/log/logStore';
import { RowSender } from '../../src/extension/log/rowSender';
import type { RowBatch, ToPanel } from '../../src/panels/log/messages';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { followFile } from '../../src/remote/follow';
import { launchBrowser } from '../host/server.mjs';
import { startSshd, sshdMissing, type Sshd } from '../oracle/sshd';
import { runBench, type Report, type Row } from './measure';

const MEGABYTE = 1_048_576;
const LINES = 600_000;
const MAXIMUM = 20_000;

const PROJECT = join(import.meta.dirname, '../..');

function lineOf(n: number): string {
  return `[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 192.0.2.1:${n % 60_000}] mod_fcgid: stderr: request ${n} was served in 12 ms\n`;
}

function lines(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => lineOf(from + at)).join('');
}

async function open(sshd: Sshd): Promise<RemoteConnection> {
  const ssh = { host: '127.0.0.1', port: sshd.port, user: sshd.user, identityFile: sshd.clientKey };
  const own = { knownHostsFiles: [sshd.knownHosts], agent: 'none' as const, configFile: 'none' as const };
  const refuse = async () => 'refuse' as const;
  const nothing = async () => undefined;
  return connect(
    { ...ssh, ...own },
    { prompts: { hostKey: refuse, password: nothing, passphrase: nothing, keyboardInteractive: nothing } },
  );
}

/** The extension's side: from the server to messages for the panel, which takes each a moment later. */
async function flood(sshd: Sshd, folder: string): Promise<Row[]> {
  const log = join(folder, 'flood.log');
  writeFileSync(log, lines(0, 1));
  const store = new LogStore(MAXIMUM);
  let bytes = 0;
  const sender: RowSender = new RowSender(store, (message: ToPanel) => {
    // What VS Code does with a message on its way.
    bytes += JSON.stringify(message).length;
    if (message.type === 'rows')
      setImmediate(() => sender.taken(message.batch.first + message.batch.texts.length - 1));
  });
  sender.restart();
  const connection = await open(sshd);
  let seen = 0;
  const following = followFile(connection, log, {
    onNote: () => undefined,
    onLines(fresh) {
      store.add('error', fresh);
      seen += fresh.length;
      sender.push();
    },
  });
  await until(() => seen > 0);
  // The first rounds compile and fill what stays: growth counts from there.
  await feed(log, 0, LINES / 6, () => seen);
  const base = settledMemory();
  let most = base;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const started = performance.now();
  const used = process.cpuUsage();
  await feed(log, LINES / 6, LINES, () => seen);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  clearInterval(watch);
  following.dispose();
  connection.dispose();
  return [
    row('lines per second, sshd to messages for the panel', 'lines/s', LINES / seconds, { least: 100_000 }),
    // What the machine does besides counts for nothing here: 10 µs a line are 100,000 lines a second of one processor.
    row('processor time of the extension host per line, decryption too', 'µs', (user + system) / LINES, {
      most: 10,
    }),
    row('growth of the extension host', 'MB', (most - base) / MEGABYTE, { most: 64 }),
    row('of that, kept afterwards', 'MB', (settledMemory() - base) / MEGABYTE),
    row('messages to the panel', 'MB', bytes / MEGABYTE),
  ];
}

async function feed(log: string, from: number, count: number, seen: () => number): Promise<void> {
  const before = seen();
  const writer = write(log, from, count);
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  await until(() => seen() - before >= count);
  await ended;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

/** Another process writes, so that it takes none of our time. */
function write(log: string, from: number, count: number): ChildProcess {
  const script = `const fs = require('fs'); const fd = fs.openSync(process.argv[1], 'a');
for (let n = ${from}; n < ${from + count}; n += 5000) { let text = ''; for (let m = n; m < n + 5000; m++) text += '[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 192.0.2.1:' + (m % 60000) + '] mod_fcgid: stderr: request ' + m + ' was served in 12 ms\\n'; fs.writeSync(fd, text); }`;
  return spawn(process.execPath, ['-e', script, log], { stdio: 'inherit' });
}

function settledMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

/** Rotation by renaming, five times while it is written to. */
async function rotation(sshd: Sshd, folder: string): Promise<Row[]> {
  const log = join(folder, 'rotated.log');
  writeFileSync(log, '');
  const seen: string[] = [];
  const connection = await open(sshd);
  const following = followFile(connection, log, {
    onNote: () => undefined,
    onLines: (fresh) => void seen.push(...fresh),
  });
  appendFileSync(log, 'the first line\n');
  await until(() => seen.length > 0);
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 20; n++) {
      appendFileSync(log, lines(round * 4000 + n * 200, 200));
      await sleep(5);
    }
    if (round < 4) {
      renameSync(log, `${log}.${round}`);
      writeFileSync(log, '');
      await sleep(1500);
    }
  }
  await sleep(2500);
  following.dispose();
  connection.dispose();
  const unique = new Set(seen.slice(1));
  return [
    row('lines lost over 4 rotations by renaming, of 20,000', 'lines', 20_000 - unique.size, { most: 0 }),
    row('lines that came twice', 'lines', seen.length - 1 - unique.size, { most: 0 }),
  ];
}

/** A connection that is warm: how long until the last lines of a large log are there. */
async function firstLines(sshd: Sshd, folder: string): Promise<Row> {
  const log = join(folder, 'large.log');
  writeFileSync(log, lines(0, 400_000));
  const connection = await open(sshd);
  await (await connection.sftp()).stat(log);
  await connection.hasShell();
  const started = performance.now();
  const took = await new Promise<number>((resolve) => {
    const following = followFile(connection, log, {
      lines: 1000,
      onNote: () => undefined,
      onLines() {
        following.dispose();
        resolve(performance.now() - started);
      },
    });
  });
  connection.dispose();
  return row('first lines of a log of 45 MB, warm connection', 'ms', took, { most: 1000 });
}

/** The panel's own code in Chromium: a million lines, scrolled; and its memory in a flood. */
async function panel(): Promise<Row[]> {
  const bundled = await build({
    stdin: {
      contents: `import { Lines } from './src/panels/log/lines'; import { Clock } from './src/panels/log/clock';
window.makeLines = () => new Lines({ texts: { newLines: '{0}', newest: 'x', copy: 'x', close: 'x' }, clock: new Clock(), events: { onFollow() {}, onSelect() {}, onOnly() {}, onScroll() {} } });`,
      resolveDir: PROJECT,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    loader: { '.css': 'empty' },
  });
  const css = await build({
    entryPoints: ['rows', 'incidents'].map((name) => join(PROJECT, `src/panels/log/${name}.css`)),
    bundle: true,
    write: false,
    outdir: '/out',
  });
  const style = css.outputFiles.map(({ text }) => text).join('\n');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 600 } });
    await page.setContent(
      `<style>${style} body { height: 600px; display: flex; flex-direction: column; margin: 0 }</style><div id="log" class="log" style="height: 600px; overflow: auto"></div><button id="newer"></button><div id="detail"></div>`,
    );
    await page.addScriptTag({ content: bundled.outputFiles[0]?.text ?? '' });
    const fps = await page.evaluate(scrollMillion);
    const cdp = await page.context().newCDPSession(page);
    const memory = async (): Promise<number> => {
      await cdp.send('HeapProfiler.collectGarbage');
      return ((await cdp.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
    };
    await page.evaluate(() => (window as unknown as Bench).lines.reset(20_000, -2));
    const base = await memory();
    const rate = await page.evaluate(floodPanel);
    const most = await page.evaluate(
      () => (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
    );
    return [
      row('frames per second while 1,000,000 lines are scrolled', 'fps', fps.median, { least: 55 }),
      row('longest frame of that scroll', 'ms', fps.longest),
      row('lines per second into the panel’s model, drawn', 'lines/s', rate, { least: 100_000 }),
      row(
        'growth of the panel’s heap in the flood',
        'MB',
        (Math.max(most, await memory()) - base) / MEGABYTE,
        { most: 100 },
      ),
    ];
  } finally {
    await browser.close();
  }
}

interface Bench {
  readonly lines: {
    reset(maximum: number, seen: number): void;
    append(batch: RowBatch): void;
    follow(on: boolean): void;
  };
  readonly makeLines: () => Bench['lines'];
}

/** Runs in the page: fills the list, scrolls through all of it in four seconds, and measures the frames. */
async function scrollMillion(): Promise<{ median: number; longest: number }> {
  const host = window as unknown as { lines: Bench['lines'] } & Bench;
  host.lines = host.makeLines();
  host.lines.reset(1_000_000, -2);
  for (let first = 1; first <= 1_000_000; first += 2000) {
    const texts = Array.from(
      { length: 2000 },
      (_, at) =>
        `[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] request ${first + at} was served in 12 ms`,
    );
    const fill = (value: number): number[] => texts.map(() => value);
    host.lines.append({
      first,
      texts,
      starts: fill(60),
      times: fill(1_800_000_000),
      looks: fill(1),
      sources: fill(0),
      origins: fill(0),
      names: first === 1 ? ['warn fcgid'] : [],
    });
  }
  host.lines.follow(false);
  const list = document.getElementById('log');
  if (!list) throw new Error('the page has a list');
  const frames: number[] = [];
  const total = 240;
  await new Promise<void>((resolve) => {
    let at = 0;
    let last = performance.now();
    const step = (): void => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      list.scrollTop = (list.scrollHeight * at) / total;
      at += 1;
      if (at > total) resolve();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  const sorted = frames.slice(5).sort((a, b) => a - b);
  return { median: 1000 / (sorted[sorted.length >> 1] ?? 1), longest: sorted.at(-1) ?? 0 };
}

/** Runs in the page: as many lines as come in five seconds of a flood, drawn as they come. */
async function floodPanel(): Promise<number> {
  const { lines } = window as unknown as Bench;
  lines.follow(true);
  let first = 1;
  const started = performance.now();
  while (performance.now() - started < 5000) {
    const texts = Array.from(
      { length: 2000 },
      (_, at) =>
        `[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] request ${first + at} was served in 12 ms`,
    );
    const fill = (value: number): number[] => texts.map(() => value);
    lines.append({
      first,
      texts,
      starts: fill(60),
      times: fill(1_800_000_000),
      looks: fill(1),
      sources: fill(0),
      origins: fill(0),
      names: first === 1 ? ['warn fcgid'] : [],
    });
    first += 2000;
    if (first % 20_000 === 1) await new Promise(requestAnimationFrame);
  }
  return (first - 1) / ((performance.now() - started) / 1000);
}

function row(
  what: string,
  unit: Row['unit'],
  ours: number,
  aim: { most?: number; least?: number } = {},
): Row {
  const { most, least } = aim;
  if (most !== undefined) return { what, unit, ours, aim: `at most ${most} ${unit}`, isMet: ours <= most };
  if (least !== undefined)
    return { what, unit, ours, aim: `at least ${least} ${unit}`, isMet: ours >= least };
  return { what, unit, ours };
}

async function measure(): Promise<Report> {
  if (sshdMissing !== undefined) return { rows: [], remarks: [sshdMissing] };
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-bench-log-'));
  const sshd = await startSshd();
  try {
    const rows = [
      await firstLines(sshd, folder),
      ...(await flood(sshd, folder)),
      ...(await rotation(sshd, folder)),
      ...(await panel()),
    ];
    return {
      rows,
      remarks: [
        `${MAXIMUM.toLocaleString('en')} lines are kept, the default; one client process, sshd and the writer share the processors`,
      ],
    };
  } finally {
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await runBench(measure);
