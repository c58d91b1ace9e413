import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ignoreRules } from '../../src/deploy/ignoreRules';
import { parseManifest, printManifest } from '../../src/deploy/manifest';
import { isOwnTemporaryName, keepPath, keptSince, nameOf, stagingPath } from '../../src/deploy/names';
import {
  makePlan,
  pathsToHash,
  wantedMode,
  type LocalFile,
  type ManifestEntry,
  type PlanInput,
  type RemoteFile,
} from '../../src/deploy/plan';
import { orderOf } from '../../src/deploy/publish';
import { judge } from '../../src/deploy/reload';
import { withUnixLineEnds } from '../../src/deploy/scan';
import { endOldWorkers, parseWorker } from '../../src/deploy/workers';

const local = (sha256: string, executable = false): LocalFile => ({
  path: 'f',
  size: sha256.length,
  sha256,
  executable,
});
const entry = (sha256: string, mtime = 100): ManifestEntry => ({ sha256, size: sha256.length, mtime });
const file = (content: string, mtime = 100, hashed = false): RemoteFile => ({
  kind: 'file',
  size: content.length,
  mtime,
  mode: 0o644,
  ...(hashed ? { sha256: content } : {}),
});

function inputOf(of: {
  local?: LocalFile;
  entry?: ManifestEntry;
  remote?: RemoteFile;
  overwrite?: boolean;
}): PlanInput {
  return {
    local: new Map(of.local ? [['f', of.local]] : []),
    manifest: new Map(of.entry ? [['f', of.entry]] : []),
    remote: new Map(of.remote ? [['f', of.remote]] : []),
    folders: new Set(['']),
    overwrite: of.overwrite ?? false,
  };
}

/** What becomes of the file `f`. */
function fateOf(of: Parameters<typeof inputOf>[0]): string {
  const plan = makePlan(inputOf(of));
  if (plan.create.length > 0) return 'create';
  if (plan.change.length > 0) return plan.change[0]?.foreign ? 'overwrite' : 'change';
  if (plan.delete.length > 0) return 'delete';
  if (plan.keep.length > 0) return 'keep';
  if (plan.forget.length > 0) return 'forget';
  return plan.conflicts[0]?.reason ?? 'nothing';
}

test('new folders below a setgid folder are setgid, and a group is kept where it makes a difference', () => {
  const folder = { kind: 'directory', size: 0, mtime: 1, mode: 0o2775 } as const;
  const local = (path: string) => ({ path, size: 1, sha256: 'new', executable: false });
  const files = ['a.txt', 'b.txt', 'team/new/deep/c.txt', 'own/d.txt'];
  const there = (mode: number) =>
    ({ kind: 'file', size: 1, mtime: 1, mode, gid: 33, sha256: 'old' }) as const;
  const old = { sha256: 'old', size: 1, mtime: 1 };
  const plan = makePlan({
    local: new Map(files.map((path) => [path, local(path)])),
    manifest: new Map([
      ['a.txt', old],
      ['b.txt', old],
    ]),
    remote: new Map<string, RemoteFile>([
      ['', { ...folder, mode: 0o755 }],
      ['team', folder],
      ['a.txt', there(0o640)],
      ['b.txt', there(0o644)],
    ]),
    folders: new Set(['', 'team']),
    overwrite: false,
  });
  expect(plan.folders).toEqual(['own', 'team/new', 'team/new/deep']);
  expect([...plan.setgid]).toEqual(['team/new', 'team/new/deep']);
  expect(plan.change.map(({ group }) => group)).toEqual([33, undefined]);
});

describe('three sides decide', () => {
  test.each([
    ['new here', { local: local('a') }, 'create'],
    ['removed there by somebody', { local: local('a'), entry: entry('a') }, 'create'],
    ['equal everywhere', { local: local('a'), entry: entry('a'), remote: file('a') }, 'keep'],
    ['changed here', { local: local('b'), entry: entry('a'), remote: file('a') }, 'change'],
    ['changed there', { local: local('a'), entry: entry('a'), remote: file('bb', 200) }, 'changed-on-server'],
    [
      'changed on both sides',
      { local: local('cc'), entry: entry('a'), remote: file('bb', 200, true) },
      'changed-on-server',
    ],
    [
      'changed on both sides to the same',
      { local: local('bb'), entry: entry('a'), remote: file('bb', 200, true) },
      'keep',
    ],
    ['only touched there', { local: local('b'), entry: entry('a'), remote: file('a', 200, true) }, 'change'],
    [
      'was there before us, other content',
      { local: local('a'), remote: file('b', 1, true) },
      'not-from-here',
    ],
    ['was there before us, same content', { local: local('a'), remote: file('a', 1, true) }, 'keep'],
    ['removed here', { entry: entry('a'), remote: file('a') }, 'delete'],
    ['removed here, changed there', { entry: entry('a'), remote: file('bb', 200) }, 'changed-on-server'],
    ['removed on both sides', { entry: entry('a') }, 'forget'],
    ['never ours', { remote: file('a') }, 'nothing'],
    [
      'a folder in the way',
      { local: local('a'), remote: { ...file('a'), kind: 'directory' as const } },
      'not-a-file',
    ],
    [
      'a link in the way, overruled',
      { local: local('a'), remote: { ...file('a'), kind: 'link' as const }, overwrite: true },
      'not-a-file',
    ],
    [
      'changed there, overruled',
      { local: local('a'), entry: entry('a'), remote: file('bb', 200), overwrite: true },
      'overwrite',
    ],
    [
      'removed here, changed there, overruled',
      { entry: entry('a'), remote: file('bb', 200), overwrite: true },
      'delete',
    ],
  ])('%s', (_, sides, fate) => {
    expect(fateOf(sides)).toBe(fate);
  });

  test('nothing that we did not put there is changed or deleted, unless overruled', () => {
    const text = fc.constantFrom('a', 'b', 'cc');
    const time = fc.constantFrom(100, 200);
    fc.assert(
      fc.property(
        fc.option(text),
        fc.option(fc.tuple(text, time)),
        fc.tuple(text, time),
        (here, ours, there) => {
          const remote = file(there[0], there[1], true);
          const input = inputOf({
            ...(here === null ? {} : { local: local(here) }),
            ...(ours === null ? {} : { entry: entry(ours[0], ours[1]) }),
            remote,
          });
          const plan = makePlan(input);
          const touched = plan.change.length + plan.delete.length > 0;
          const untouched = ours !== null && ours[0].length === remote.size && ours[1] === remote.mtime;
          if (touched) expect(untouched || ours?.[0] === there[0]).toBe(true);
        },
      ),
    );
  });

  test('content is asked for only where it decides', () => {
    expect(pathsToHash(inputOf({ local: local('a'), entry: entry('a'), remote: file('a') }))).toEqual([]);
    expect(pathsToHash(inputOf({ local: local('a'), entry: entry('a'), remote: file('a', 200) }))).toEqual([
      'f',
    ]);
    expect(pathsToHash(inputOf({ local: local('a'), remote: file('bb') }))).toEqual([]);
    expect(pathsToHash(inputOf({ remote: file('bb') }))).toEqual([]);
  });
});

test('folders are created parents first, each once', () => {
  const paths = ['a/b/c/x', 'a/b/y', 'd/z', 'e/f/w'];
  const files = new Map(paths.map((path) => [path, { ...local('a'), path }]));
  const plan = makePlan({
    local: files,
    manifest: new Map(),
    remote: new Map(),
    folders: new Set(['', 'e']),
    overwrite: false,
  });
  expect(plan.folders).toEqual(['a', 'd', 'a/b', 'e/f', 'a/b/c']);
});

test('modes are never writable for others, and programs are executable', () => {
  const mode = (executable: boolean, remote?: number) =>
    wantedMode(
      local('a', executable),
      remote === undefined ? undefined : { ...file('a'), mode: remote },
    ).toString(8);
  expect([
    mode(false),
    mode(true),
    mode(false, 0o666),
    mode(true, 0o644),
    mode(true, 0o775),
    mode(true, 0o700),
    mode(false, 0o6755),
  ]).toEqual(['644', '755', '644', '755', '755', '700', '755']);
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 0, max: 0o7777 }), (executable, remote) => {
      expect(wantedMode(local('a', executable), { ...file('a'), mode: remote }) & 0o7022).toBe(0);
    }),
  );
});

test("a target's own modes hold for all that is uploaded, also where the server has others", () => {
  const modes = { files: 0o640, programs: 0o700 };
  const plan = makePlan({
    local: new Map([
      ['a', { ...local('a'), path: 'a' }],
      ['b', { ...local('b', true), path: 'b' }],
      ['c', { ...local('c'), path: 'c' }],
    ]),
    manifest: new Map([
      ['a', entry('a')],
      ['b', entry('old')],
    ]),
    remote: new Map([
      ['a', file('a')],
      ['b', { ...file('old'), mode: 0o755 }],
    ]),
    folders: new Set(['']),
    overwrite: false,
    modes,
  });
  expect(plan.modes).toEqual([{ path: 'a', mode: 0o640 }]);
  expect(plan.change).toMatchObject([{ path: 'b', mode: 0o700 }]);
  expect(plan.create).toMatchObject([{ path: 'c', mode: 0o640 }]);
  expect(wantedMode(local('a'), { ...file('a'), mode: 0o600 }, { programs: 0o700 })).toBe(0o600);
});

test('a manifest reads as it was written, and damage makes it empty', () => {
  const paths = fc.dictionary(
    fc.string(),
    fc.record({ sha256: fc.string(), size: fc.nat(), mtime: fc.nat() }),
  );
  fc.assert(
    fc.property(paths, (files) => {
      const manifest = new Map(Object.entries(files));
      expect(new Map(parseManifest(printManifest(manifest)))).toEqual(manifest);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseManifest(text)).toBe(undefined);
    }),
  );
  expect(parseManifest('{"version":2,"files":{}}')).toBe(undefined);
});

test('temporary names: hidden, recognised, short enough, and not programs to others', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 255 }).filter((name) => !/[/\0]/.test(name)),
      (name) => {
        const staged = nameOf(stagingPath(`/site/${name}`, 'deadbeefcafe'));
        expect(staged.startsWith('.') && isOwnTemporaryName(staged)).toBe(true);
        expect(Buffer.byteLength(staged)).toBeLessThanOrEqual(255);
      },
    ),
  );
  expect(keepPath('/s/dispatch.fcgi', 5)).not.toBe(keepPath('/s/dispatch.fcgi', 5));
  expect(keptSince(nameOf(keepPath('/s/dispatch.fcgi', 5)), 'dispatch.fcgi')).toBe(5);
  expect(keptSince('.other.fcgi.keep-5-ab', 'dispatch.fcgi')).toBe(undefined);
});

test('the burst: files, .htaccess, programs, dispatcher', () => {
  const paths = ['dispatch.fcgi', 'a/.htaccess', 'other.fcgi', 'lib/a.py'];
  expect(paths.sort((one, other) => orderOf(one, 'dispatch.fcgi') - orderOf(other, 'dispatch.fcgi'))).toEqual(
    ['lib/a.py', 'a/.htaccess', 'other.fcgi', 'dispatch.fcgi'],
  );
});

test('ignore rules: what tools write beside a site is not sent', () => {
  const rules = ignoreRules();
  const sent = ['.htaccess', '.well-known/x', '.editorconfig', '.gitattributes', '.gitignore', 'a/site.urls'];
  expect(sent.filter((path) => !rules.ignores(path, false))).toEqual(['.htaccess', '.well-known/x']);
});

test('ignore rules: own patterns may re-include what they excluded, not what is never sent', () => {
  const rules = ignoreRules(['*.log', '!keep.log', '/private/', '!.env']);
  expect(
    ['a.log', 'keep.log', 'x/.env', '.git', 'a/b.txt'].map((path) => rules.ignores(path, false)),
  ).toEqual([true, false, true, true, false]);
  expect([
    rules.ignores('private', true),
    rules.ignores('x/private', true),
    rules.ignores('.vscode', true),
  ]).toEqual([true, false, true]);
});

test('scripts get LF and lose a byte order mark', () => {
  expect(withUnixLineEnds(Buffer.from('\ufeff#!/bin/sh\r\na\rb\n')).toString()).toBe('#!/bin/sh\na\rb\n');
});

describe('workers', () => {
  const line = (
    args: string,
    folder = '/x',
    parent = '/usr/sbin/apache2\u001f-k\u001fstart',
    connections = '0',
  ) =>
    `42\tS 7 ${Array.from({ length: 17 }, (_, at) => at).join(' ')} 9999 0\t${folder}\t${args}\t${parent}\t${connections}`;
  const dispatcher = ['/site/dispatch.fcgi'];

  test('only exactly this dispatcher counts', () => {
    expect(parseWorker(line('/usr/bin/perl\u001f/site/dispatch.fcgi\u001f'), dispatcher)).toMatchObject({
      pid: 42,
      parent: 7,
      started: 9999,
      idle: true,
    });
    expect(parseWorker(line('dispatch.fcgi\u001f', '/site'), dispatcher)).toBeDefined();
    for (const other of [
      'vi\u001f/site/dispatch.fcgi.old',
      'perl\u001f/other/site/dispatch.fcgi',
      'dispatch.fcgi\u001f',
    ]) {
      expect(parseWorker(line(other), dispatcher)).toBe(undefined);
    }
    expect(parseWorker('', dispatcher)).toBe(undefined);
    expect(parseWorker(line('/site/dispatch.fcgi\u001f', '/x', '', '1'), dispatcher)?.idle).toBe(false);
    expect(parseWorker(line('/site/dispatch.fcgi\u001f', '/x', '', '?'), dispatcher)?.idle).toBe(false);
  });

  test('under mod_fastcgi nothing is ended', async () => {
    const list = (parent: string) => line('/site/dispatch.fcgi\u001f', '/x', parent);
    const commands: string[] = [];
    const server = (parent: string) => ({
      hasShell: async () => true,
      exec: async (command: string) => (
        commands.push(command),
        { stdout: `${list(parent)}\n`, stderr: '', code: 0 }
      ),
    });
    const run = async (parent: string) => {
      const old = parseWorker(list(parent), dispatcher);
      return endOldWorkers(
        server(parent) as unknown as Parameters<typeof endOldWorkers>[0],
        dispatcher,
        old ? [old] : [],
      );
    };
    expect(await run('/usr/sbin/fcgi-pm\u001f-f\u001f/etc/apache2')).toEqual({ ended: [], left: [42] });
    expect(await run('/sbin/init')).toEqual({ ended: [], left: [42] });
    expect(commands.some((command) => command.includes('kill'))).toBe(false);
    expect(await run('/usr/sbin/apache2\u001f-k\u001fstart')).toEqual({ ended: [42], left: [] });
    expect(commands.at(-1)).toContain('kill -s TERM');
  });
});

test('what an answer proves', () => {
  const worker = (pid: number) => ({
    pid,
    parent: 1,
    started: pid * 10,
    idle: true,
    parentCommand: 'apache2',
  });
  const answer = (status: number | undefined, identity?: string) => ({
    status,
    identity,
    failure: undefined,
    milliseconds: 1,
  });
  const evidence = (of: {
    before?: number[];
    was?: string;
    answer: ReturnType<typeof answer>;
    after?: number[];
  }) =>
    judge({
      before: { workers: (of.before ?? []).map(worker), identity: of.was },
      answer: of.answer,
      after: (of.after ?? []).map(worker),
    });
  expect(evidence({ before: [1], answer: answer(200), after: [1, 2] })).toBe('new-process');
  expect(evidence({ before: [1], answer: answer(200), after: [1] })).toBe('old-process');
  expect(evidence({ answer: answer(200) })).toBe('answered');
  expect(evidence({ before: [1], answer: answer(500), after: [2] })).toBe('failing');
  expect(evidence({ answer: answer(undefined) })).toBe('failing');
  expect(evidence({ was: 'a', answer: answer(200, 'b') })).toBe('probe-header');
  expect(evidence({ was: 'a', before: [1], answer: answer(200, 'a'), after: [1, 2] })).toBe('old-process');
});
