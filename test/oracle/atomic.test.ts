import { build } from 'esbuild';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recover } from '../../src/deploy/recover';
import { uploadProject } from '../../src/deploy/upload';
import { connect } from '../../src/remote/connection';
import { RemoteError } from '../../src/remote/errors';
import { prompts } from '../remote/prompts';
import { countRequests } from './countedRequests';
import { FaultyLine } from './faultyLine';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

/**
 * Breaks uploads at many points in many ways. Whatever breaks, after the next connection the site is the old one or the new one, to the
 * last byte and permission, and nothing else is left. ATOMIC=all asks for all of it, with 2,000 files; CI takes a part.
 */
const all = process.env['ATOMIC'] === 'all';
const usable = sshdMissing === undefined && isRoot;

/** How an upload is broken. */
type Fault = 'session killed' | 'connection reset' | 'frozen' | 'no permission' | 'disk full';
const byRequest: readonly Fault[] = [
  'session killed',
  'connection reset',
  'frozen',
  'no permission',
  'disk full',
];

describe.skipIf(!usable)('an upload that breaks', () => {
  let user: TestUser;
  let sshd: Sshd;
  let line: FaultyLine;
  let scratch: string;
  let child: string;
  /** A server whose programs count themselves, and end their shell when they are told to. */
  let slow: Sshd;
  let tools: string;

  beforeAll(async () => {
    user = createUser();
    execFileSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=64m,uid=${user.uid},gid=${user.uid},mode=755`,
      'tmpfs',
      user.home,
    ]);
    sshd = await startSshd({ user: user.name });
    line = await FaultyLine.start(sshd.port);
    scratch = mkdtempSync(join(tmpdir(), 'fastcgi-atomic-'));
    tools = writeTools(join(scratch, 'tools'));
    chmodSync(scratch, 0o755);
    slow = await startSshd({ user: user.name, config: [`SetEnv PATH=${tools}:/usr/bin:/bin`] });
    child = join(scratch, 'killedUpload.cjs');
    await bundleChild(child);
  });
  afterAll(async () => {
    await line?.stop();
    await sshd?.stop();
    await slow?.stop();
    if (user) execFileSync('umount', ['--lazy', user.home]);
    user?.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  const target = (port: number) => ({
    host: '127.0.0.1',
    port,
    user: user.name,
    identityFile: port === slow.port ? slow.clientKey : sshd.clientKey,
    knownHostsFiles: [sshd.knownHosts],
    agent: 'none',
    configFile: 'none',
  });
  const login = (port: number, keepaliveInterval = 15_000) =>
    connect(target(port), { prompts: prompts({ hostKey: async () => 'once' }), keepaliveInterval });

  /** An account with the old site, and the new one on this machine. */
  class Scenario {
    readonly local: string;
    readonly remote: string;
    readonly kept: string;
    old: string[] = [];
    fresh: string[] = [];
    requests = 0;
    bytes = 0;

    constructor(name: string) {
      this.local = join(scratch, `${name}-local`);
      this.remote = join(user.home, 'site');
      this.kept = join(scratch, `${name}-kept`);
    }

    get options() {
      return { localRoot: this.local, remotePath: this.remote, dispatcher: 'dispatch.fcgi' };
    }

    async prepare(before: Tree, after: Tree): Promise<void> {
      this.#empty();
      writeTree(this.local, before);
      await this.#upload();
      // Somebody widened a permission: correcting it is part of the upload, too.
      const odd = join(this.remote, 'kept.html');
      if (existsSync(odd)) chmodSync(odd, 0o666);
      this.old = snapshot(this.remote);
      execFileSync('cp', ['-a', user.home, this.kept]);
      rmSync(this.local, { recursive: true });
      writeTree(this.local, after);
      const sent = line.sent;
      const stop = countRequests((number) => (this.requests = number));
      await this.#upload().finally(stop);
      this.bytes = line.sent - sent;
      this.fresh = snapshot(this.remote);
      if (equal(this.fresh, this.old)) throw new Error('the upload changed nothing');
    }

    async #upload(): Promise<void> {
      const connection = await login(line.port);
      await uploadProject(connection, this.options).finally(() => connection.dispose());
    }

    #empty(): void {
      for (const name of readdirSync(user.home)) rmSync(join(user.home, name), { recursive: true });
      mkdirSync(this.remote);
      chownSync(this.remote, user.uid, user.uid);
      chmodSync(this.remote, 0o755);
    }

    restore(): void {
      for (const name of readdirSync(user.home)) rmSync(join(user.home, name), { recursive: true });
      execFileSync('cp', ['-a', `${this.kept}/.`, user.home]);
    }

    /** Looks at what a break left, lets the next connection recover, and says what is wrong. */
    async verdict(what: string): Promise<{ problems: string[]; outcome: string }> {
      const journal = stateFiles().includes('journal.json');
      const between = snapshot(this.remote).filter((entry) => !entry.includes('.up~'));
      const problems: string[] = [];
      if (!journal && !equal(between, this.old) && !equal(between, this.fresh)) {
        problems.push(`${what}: mixed before recovery ${difference(between, this.old, this.fresh)}`);
      }
      const outcome = await this.#recovered();
      const tree = snapshot(this.remote);
      const isFresh = equal(tree, this.fresh);
      if (!isFresh && !equal(tree, this.old)) {
        problems.push(`${what}: mixed after recovery ${difference(tree, this.old, this.fresh)}`);
      }
      if (journal && !isFresh) problems.push(`${what}: past the journal, but not all new`);
      const left = stateFiles().filter((name) => !/^(manifest\.json|history|trash)$/.test(name));
      if (left.length > 0) problems.push(`${what}: left ${left.join(' ')}`);
      return { problems, outcome: isFresh ? `new, ${outcome}` : `old, ${outcome}` };
    }

    async #recovered(): Promise<string> {
      const connection = await login(sshd.port);
      try {
        return (await recover(connection, this.remote))?.outcome ?? 'nothing to do';
      } finally {
        connection.dispose();
      }
    }
  }

  const stateFiles = (): string[] => {
    const state = join(user.home, '.fastcgi-deploy');
    const [name] = existsSync(state) ? readdirSync(state).filter((one) => one.startsWith('site-')) : [];
    return name === undefined ? [] : readdirSync(join(state, name));
  };

  const lock = (path: string, mode: number) =>
    execFileSync('find', [path, '-type', 'd', '-exec', 'chmod', mode.toString(8), '{}', '+']);

  const apply = (fault: Fault, scenario: Scenario): void => {
    if (fault === 'connection reset') line.reset();
    else if (fault === 'frozen') line.freeze();
    else if (fault === 'no permission') lock(scenario.remote, 0o555);
    else if (fault === 'disk full') fillDisk(user.home);
    else for (const pid of sessionsOf(user.name)) killIfThere(pid);
  };

  const repair = (fault: Fault, scenario: Scenario): void => {
    line.clear();
    if (fault === 'no permission') lock(scenario.remote, 0o755);
    if (fault === 'disk full') rmSync(join(user.home, 'filler'), { force: true });
  };

  /** One upload, broken after a request or a byte. */
  const broken = async (scenario: Scenario, fault: Fault, at: { request?: number; byte?: number }) => {
    scenario.restore();
    const what = `${fault} after ${at.request === undefined ? `byte ${at.byte}` : `request ${at.request}`}`;
    const connection = await login(line.port, fault === 'frozen' ? 150 : undefined);
    let name = '';
    const stop = countRequests((number, request) => {
      if (number !== at.request) return;
      name = request;
      apply(fault, scenario);
    });
    if (at.byte !== undefined) line.after(at.byte, () => apply(fault, scenario));
    try {
      const result = await ends(uploadProject(connection, scenario.options), 20_000);
      const problems =
        result instanceof Error && !(result instanceof RemoteError) ? [`${what}: ${String(result)}`] : [];
      stop();
      repair(fault, scenario);
      connection.dispose();
      const verdict = await scenario.verdict(`${what} (${name})`);
      return { problems: [...problems, ...verdict.problems], outcome: verdict.outcome };
    } finally {
      stop();
      repair(fault, scenario);
      connection.dispose();
    }
  };

  const killed = async (scenario: Scenario, killAt: number) => {
    scenario.restore();
    const order = {
      target: target(sshd.port),
      localRoot: scenario.local,
      remotePath: scenario.remote,
      killAt,
    };
    const { exitCode, signal, stderr } = await runChild(child, JSON.stringify(order));
    const verdict = await scenario.verdict(`SIGKILL after request ${killAt}`);
    const ended = signal === 'SIGKILL' || exitCode === 0 ? [] : [`SIGKILL at ${killAt}: ${stderr}`];
    return { problems: [...ended, ...verdict.problems], outcome: verdict.outcome };
  };

  /** Breaks at evenly spread points; gives all problems and how it ended how often. */
  const breakAll = async (scenario: Scenario, points: { requests: number; bytes: number; kills: number }) => {
    const problems: string[] = [];
    const outcomes = new Map<string, number>();
    let count = 0;
    const take = (one: { problems: string[]; outcome: string }) => {
      count++;
      problems.push(...one.problems);
      outcomes.set(one.outcome, (outcomes.get(one.outcome) ?? 0) + 1);
    };
    for (const fault of byRequest) {
      for (const request of spread(scenario.requests, points.requests)) {
        take(await broken(scenario, fault, { request }));
      }
    }
    for (const fault of byRequest.slice(0, 3)) {
      for (const byte of spread(scenario.bytes, points.bytes)) take(await broken(scenario, fault, { byte }));
    }
    for (const killAt of spread(scenario.requests, points.kills)) take(await killed(scenario, killAt));
    process.stdout.write(
      `${count} breaks over ${scenario.requests} requests: ${JSON.stringify(Object.fromEntries(outcomes))}\n`,
    );
    return problems;
  };

  /** The one command that carries a small upload, ended or failing before each program that it starts. */
  const inCommand = async (scenario: Scenario, how: 'kill' | 'fail' | 'kill after', at: number) => {
    scenario.restore();
    writeFileSync(join(tools, 'order'), `${how}\n${at}\n`, { mode: 0o644 });
    writeFileSync(join(tools, 'count'), '');
    chmodSync(join(tools, 'count'), 0o666);
    const connection = await login(slow.port);
    const result = await ends(uploadProject(connection, scenario.options), 20_000);
    connection.dispose();
    rmSync(join(tools, 'order'));
    const what = `${how} at program ${at}`;
    const verdict = await scenario.verdict(what);
    const strange = result instanceof Error && !(result instanceof RemoteError) ? [`${what}: ${result}`] : [];
    const lied =
      !(result instanceof Error) && verdict.outcome.startsWith('old') ? [`${what}: said to be done`] : [];
    return { problems: [...strange, ...lied, ...verdict.problems], outcome: verdict.outcome };
  };

  test('in the one command that carries a few files, at each of its programs', async () => {
    const scenario = new Scenario('command');
    const files = (text: string) => ({
      'dispatch.fcgi': `#!/bin/sh\n${text}\n`,
      '.htaccess': `# ${text}\n`,
      'lib/code.py': `${text}\n`,
    });
    await scenario.prepare(files('old'), { ...files('new'), 'lib/added.py': 'added\n' });
    const problems: string[] = [];
    const outcomes = new Map<string, number>();
    const modes = all ? (['kill', 'kill after', 'fail'] as const) : (['kill', 'fail'] as const);
    for (const how of modes) {
      for (let at = 1; at <= 20; at += all ? 1 : 4) {
        const { problems: found, outcome } = await inCommand(scenario, how, at);
        problems.push(...found);
        outcomes.set(`${how}: ${outcome}`, (outcomes.get(`${how}: ${outcome}`) ?? 0) + 1);
      }
    }
    process.stdout.write(`in the command: ${JSON.stringify(Object.fromEntries(outcomes))}\n`);
    expect(problems).toEqual([]);
  }, 600_000);

  const one = { 'dispatch.fcgi': '#!/bin/sh\nold\n' };
  const other = { 'dispatch.fcgi': '#!/bin/sh\nnew\n' };
  const few = { requests: 3, bytes: 1, kills: 2 };
  const sizes = all
    ? [
        { count: 1, before: one, after: other, points: { requests: 24, bytes: 8, kills: 12 } },
        {
          count: 50,
          before: oldTree(50),
          after: newTree(50),
          points: { requests: 20, bytes: 10, kills: 15 },
        },
        {
          count: 2000,
          before: oldTree(2000),
          after: newTree(2000),
          points: { requests: 6, bytes: 6, kills: 6 },
        },
      ]
    : [
        { count: 1, before: one, after: other, points: few },
        { count: 50, before: oldTree(50), after: newTree(50), points: few },
      ];

  test.each(sizes)(
    'with $count files',
    async ({ count, before, after, points }) => {
      const scenario = new Scenario(String(count));
      await scenario.prepare(before, after);
      expect(await breakAll(scenario, points)).toEqual([]);
    },
    1_200_000,
  );
});

/** Stand-ins for what the command starts: the one whose turn it is kills the shell before or after its work, or fails. */
function writeTools(folder: string): string {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  const script = `#!/bin/sh
name=\${0##*/}
order=${folder}/order
[ -e $order ] || exec /usr/bin/$name "$@"
echo $name >>${folder}/count
{ read -r how; read -r at; } <$order
[ "$(/usr/bin/wc -l <${folder}/count)" -eq "$at" ] || exec /usr/bin/$name "$@"
case $how in
  kill) kill -9 $PPID ;;
  fail) exit 1 ;;
  *) /usr/bin/$name "$@"; kill -9 $PPID ;;
esac
`;
  for (const name of ['mv', 'ln', 'rm', 'tar', 'gzip', 'sync', 'chmod', 'mkdir']) {
    writeFileSync(join(folder, name), script, { mode: 0o755 });
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

type Tree = Readonly<Record<string, string>>;

function oldTree(count: number): Tree {
  const entries = Array.from({ length: count }, (_, at) => [
    `lib/part${at % 7}/module${at}.py`,
    `old ${at}\n`,
  ]);
  return {
    ...Object.fromEntries(entries),
    'kept.html': 'kept\n',
    'gone/only.txt': 'goes away\n',
    '.htaccess': 'Options -Indexes\n',
    'dispatch.fcgi': '#!/bin/sh\nold\n',
  };
}

/** Half of it changed, a tenth new, in a new folder too, one folder gone. */
function newTree(count: number): Tree {
  const entries = Array.from({ length: count }, (_, at) => [
    `lib/part${at % 7}/module${at}.py`,
    at % 2 === 0 ? `new ${at}, longer\n` : `old ${at}\n`,
  ]);
  const added = Array.from({ length: Math.ceil(count / 10) }, (_, at) => [
    `fresh/deep/er/page${at}.html`,
    `page ${at}\n`,
  ]);
  return {
    ...Object.fromEntries([...entries, ...added]),
    'kept.html': 'kept\n',
    'added.cgi': '#!/bin/sh\nadded\n',
    '.htaccess': 'Options -Indexes\nDirectoryIndex kept.html\n',
    'dispatch.fcgi': '#!/bin/sh\nnew\n',
  };
}

function writeTree(root: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Every entry of a folder with its kind, permissions and content. */
function snapshot(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => {
      const stat = lstatSync(join(root, path));
      const mode = (stat.mode & 0o7777).toString(8);
      const content = stat.isFile()
        ? createHash('sha256')
            .update(readFileSync(join(root, path)))
            .digest('hex')
        : 'folder';
      return `${path} ${mode} ${content.slice(0, 12)}`;
    })
    .sort();
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, at) => entry === other[at]);
}

function difference(tree: readonly string[], old: readonly string[], fresh: readonly string[]): string {
  const known = new Set([...old, ...fresh]);
  const strange = tree.filter((entry) => !known.has(entry));
  const missing = old.filter((entry) => fresh.includes(entry) && !tree.includes(entry));
  const fromOld = tree.filter((entry) => old.includes(entry) && !fresh.includes(entry)).length;
  const fromNew = tree.filter((entry) => fresh.includes(entry) && !old.includes(entry)).length;
  return JSON.stringify({ fromOld, fromNew, strange: strange.slice(0, 5), missing: missing.slice(0, 5) });
}

function spread(total: number, points: number): number[] {
  const wanted = Math.min(points, total);
  return [
    ...new Set(
      Array.from({ length: wanted }, (_, at) => 1 + Math.floor((at * (total - 1)) / Math.max(1, wanted - 1))),
    ),
  ];
}

/** The processes of an account: its SSH sessions and what they started. */
function sessionsOf(name: string): number[] {
  try {
    const text = execFileSync('ps', ['-o', 'pid=', '-u', name], { encoding: 'utf8' });
    return text
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return [];
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Writes until nothing fits any more: what seems free may be taken meanwhile. */
function fillDisk(mount: string): void {
  const file = openSync(join(mount, 'filler'), 'w');
  try {
    for (let size = 1 << 22; size >= 4096;) {
      try {
        if (writeSync(file, Buffer.alloc(size)) < size) size /= 2;
      } catch {
        size /= 2;
      }
    }
  } finally {
    closeSync(file);
  }
}

/** The outcome of a promise, which must come in time. */
async function ends(promise: Promise<unknown>, limit: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise(
    (resolve) => (timer = setTimeout(() => resolve(new Error('it never ended')), limit)),
  );
  return Promise.race([promise.catch((error: unknown) => error), late]).finally(() => clearTimeout(timer));
}

async function bundleChild(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'killedUpload.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['cpu-features', '*.node'],
    logLevel: 'error',
  });
}

function runChild(script: string, argument: string) {
  return new Promise<{ exitCode: number | null; signal: string | null; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stderr }));
  });
}
