import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interpreterOn, remotePreflight } from '../../src/deploy/preflight';
import { DispatcherFault } from '../../src/deploy/stagedTrial';
import { uploadProject, type UploadOptions, type UploadReport } from '../../src/deploy/upload';
import { trialMarkdown, type TrialReport } from '../../src/dispatcher/trial';
import { PROJECT_TEMPLATES } from '../../src/project/templates';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { createProject } from '../../src/runner/newProject';
import { prompts } from '../remote/prompts';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

const TEMPLATES = new URL('../../media/templates', import.meta.url).pathname;
const PYTHON = '#!/usr/bin/env python3\n';

describe.skipIf(sshdMissing !== undefined || !isRoot)('the preflight on a real sshd', () => {
  let user: TestUser;
  let sshd: Sshd;
  let connection: RemoteConnection;
  let site = '';

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });
  beforeEach(async () => {
    connection = await login(sshd);
    site = join(user.home, "my site's");
    mkdirSync(site);
  });
  afterEach(() => {
    connection.dispose();
    rmSync(site, { recursive: true, force: true });
  });

  function put(name: string, text: string, mode = 0o755): void {
    const file = join(site, name);
    writeFileSync(file, text);
    chmodSync(file, mode);
    chownSync(file, user.uid, user.uid);
  }

  const place = { remotePath: "my site's", dispatcher: 'dispatch.fcgi' };

  function check(options: { target?: string; timeLimit?: number } = {}): Promise<TrialReport> {
    return remotePreflight(connection, { ...place, ...options });
  }

  test.each(['wsgi', 'perl', 'ruby'])('gets the page of the template %s both ways', async (id) => {
    const template = PROJECT_TEMPLATES.find((one) => one.id === id);
    if (!template) throw new Error(id);
    await createProject({ template, templates: TEMPLATES, folder: site });
    execFileSync('chown', ['-R', user.name, site]);
    const report = await check({ target: '/hello/J%C3%BCrgen?x=1' });
    expect(report).toMatchObject({ ok: true, fault: null, problems: [] });
    expect(report.facts).toEqual([expect.stringMatching(/^\/usr\/\S+(?:, version \d+\.\d+)?/)]);
    expect(report.shell).toMatchObject({ ok: true, status: 200 });
    expect(report.server).toMatchObject({ ok: true, status: 200 });
    expect(report.server?.body).toContain('<!DOCTYPE html>');
    expect(readFileSync(sshd.knownHosts)).toBeDefined();
  });

  test.each([
    [
      'a missing module',
      `${PYTHON}import not_there_module\n`,
      /exit code 1 .*No module named 'not_there_module': install it/,
    ],
    ['a syntax error', `${PYTHON}def (:\n`, /exit code 1 .*Python cannot read line 2 of dispatch\.fcgi/],
    ['a module of Perl', '#!/usr/bin/perl\nuse Not::There;\n', /Perl does not find Not::There/],
    ['a plain CGI program', '#!/bin/sh\nexec 1>&2\n', /exit code 0 .*plain CGI program/],
    ['an end without a word', '#!/bin/sh\nexit 3\n', /exit code 3 .*It wrote no error/],
    ['a crash', '#!/bin/sh\nkill -SEGV $$\n', /killed by signal 11/],
    ['no answer', '#!/bin/sh\nsleep 60\n', /did not answer for 1 s/],
    ['words that are no FastCGI', '#!/bin/sh\necho hello >&2; exec sleep 60\n', /did not answer/],
  ])('tells of %s', async (_, text, words) => {
    put('dispatch.fcgi', text);
    const report = await check({ timeLimit: words.source.includes('did not answer') ? 1000 : 8000 });
    expect(report).toMatchObject({ ok: false, fault: null });
    expect(report.server?.message).toMatch(words);
  });

  test('reads no file that the account cannot', async () => {
    put('dispatch.fcgi', `${PYTHON}open('secret.txt')\n`);
    put('secret.txt', 'x', 0o600);
    chownSync(join(site, 'secret.txt'), 0, 0);
    expect((await check()).server?.message).toMatch(/may not read one of its files/);
  });

  test.each([
    ['not executable', PYTHON, 0o644, /not executable/],
    ['with Windows line ends', '#!/usr/bin/env python3\r\n', 0o755, /CR LF/],
    ['with a byte order mark', `\uFEFF${PYTHON}`, 0o755, /byte order mark/],
    ['without a first line', 'import os\n', 0o755, /does not name the interpreter/],
    [
      'for an interpreter that is missing',
      '#!/opt/none/python3\n',
      0o755,
      /The server has no \/opt\/none\/python3/,
    ],
    ['for a name that is missing', '#!/usr/bin/env python9\n', 0o755, /The server has no python9/],
  ])('starts nothing that is %s', async (_, text, mode, words) => {
    put('dispatch.fcgi', text, mode);
    const report = await check();
    expect(report).toMatchObject({ ok: false, shell: null, server: null });
    expect(report.fault).toMatch(words);
    expect(trialMarkdown(report, 'on production')).toContain('✗ **It does not work** on production');
  });

  test('remembers what it saw of the file, its owner and its interpreter', async () => {
    chownSync(site, user.uid, user.uid);
    put('dispatch.fcgi', '#!/opt/none/python3.9\n');
    expect((await remotePreflight(connection, place)).seen).toEqual({
      mode: 0o755,
      owner: { file: user.uid, folder: user.uid },
      interpreter: { program: '/opt/none/python3.9', found: false, others: ['/usr/bin/python3'] },
    });
    put('dispatch.fcgi', '#!/bin/sh\nexit 3\n', 0o775);
    chownSync(join(site, 'dispatch.fcgi'), 0, 0);
    const report = await remotePreflight(connection, place);
    expect(report.facts.join()).toMatch(/suEXEC, Apache answers 500: it belongs to root/);
    expect(report.seen).toMatchObject({
      mode: 0o775,
      owner: { file: 0, folder: user.uid },
      interpreter: { program: '/bin/sh', found: true },
    });
    put('other.fcgi', PYTHON, 0o644);
    rmSync(join(site, 'dispatch.fcgi'));
    symlinkSync('other.fcgi', join(site, 'dispatch.fcgi'));
    expect((await remotePreflight(connection, place)).seen).toEqual({ mode: 0o644 });
  });

  test('says which name the server has', async () => {
    const { fault } = await interpreterOn(connection, '#!/usr/bin/env perl\n');
    expect(fault).toBeNull();
    put('../tool3', '#!/bin/sh\n');
    const other = await interpreterOn(connection, `#!${user.home}/tool\n`);
    expect(other.fault).toMatch(/The server has no .*tool, .* There is .*tool3: name that\.$/);
  });

  test('says that there is no such file', async () => {
    expect((await check()).fault).toMatch(/There is no .*dispatch.fcgi on the server/);
  });

  describe('before an upload is live', () => {
    let local = '';
    beforeEach(() => {
      local = mkdtempSync(join(tmpdir(), 'staged-trial-'));
      chownSync(site, user.uid, user.uid);
    });
    afterEach(() => rmSync(local, { recursive: true, force: true }));

    const write = (files: Record<string, string>): void => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(local, name)), { recursive: true });
        writeFileSync(join(local, name), text);
      }
    };
    const upload = (more: Partial<UploadOptions> = {}): Promise<UploadReport> =>
      uploadProject(connection, {
        localRoot: local,
        remotePath: "my site's",
        dispatcher: 'dispatch.fcgi',
        tryPrograms: true,
        ...more,
      }).finally(nothingIsLeft);
    function nothingIsLeft(): void {
      expect(everything(user.home).filter((name) => /\.up~$|\.try-/.test(name))).toEqual([]);
      expect(execFileSync('ps', ['-u', user.name, '-o', 'args']).toString()).not.toMatch(/\.try-|perl -/);
    }
    const everything = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const onServer = (name: string): string => readFileSync(join(site, name), 'utf8');
    const app = (page: string): string =>
      `def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'${page}']\n`;
    const library = readFileSync(join(TEMPLATES, 'shared/fcgi.py'), 'utf8');
    const dispatcher = `${PYTHON}from lib.app import application\nimport fcgi\nfcgi.WSGIServer(application).run()\n`;

    async function works(): Promise<void> {
      write({ 'dispatch.fcgi': dispatcher, 'fcgi.py': library, 'lib/app.py': app('one'), 'a.css': 'a' });
      expect(await upload()).toMatchObject({ notes: [], created: expect.arrayContaining(['lib/app.py']) });
    }
    test('a first upload with new folders is tried as a whole', works);

    test('a trial leaves the modes of all files as they are, whatever comes of it', async () => {
      const live = ['dispatch.fcgi', 'sub/dispatch.fcgi', 'fcgi.py', 'lib/app.py'];
      const modes = () => live.map((name) => (statSync(join(site, name)).mode & 0o777).toString(8));
      const usual = ['755', '755', '644', '644'];
      const below = dispatcher.replace('from lib', "import sys\nsys.path.insert(0, '..')\nfrom lib");
      write({ 'sub/dispatch.fcgi': below });
      await works();
      expect(modes()).toEqual(usual);
      write({ 'lib/app.py': app('two') });
      await upload();
      expect(modes()).toEqual(usual);
      write({ 'lib/app.py': 'import not_there_module\n' });
      await expect(upload()).rejects.toThrow(DispatcherFault);
      expect(modes()).toEqual(usual);
    });

    test('what a trial writes through a link is as readable as ever, and no compiled file is left', async () => {
      await works();
      mkdirSync(join(site, 'data'));
      chownSync(join(site, 'data'), user.uid, user.uid);
      write({ 'dispatch.fcgi': dispatcher.replace('fcgi.W', "open('data/log.txt', 'w')\nfcgi.W") });
      await upload();
      expect(statSync(join(site, 'data/log.txt')).mode & 0o777).toBe(0o644);
      expect(everything(site).filter((name) => name.includes('__pycache__'))).toEqual([]);
    });

    test('a module that breaks the dispatcher is not put live, and its words are told', async () => {
      await works();
      write({ 'lib/app.py': 'import not_there_module\n' });
      const error = await upload().then(String, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(DispatcherFault);
      expect(error).toMatchObject({
        dispatcher: 'dispatch.fcgi',
        errorOutput: expect.stringMatching(/not_there_module'$/),
      });
      expect(String(error)).toContain(`File "${site}/lib/app.py", line 1`);
      expect(onServer('lib/app.py')).toBe(app('one'));
      write({ 'lib/app.py': app('two') });
      await upload();
      expect(onServer('lib/app.py')).toBe(app('two'));
    });

    test('a module that is deleted although it is needed is kept', async () => {
      await works();
      rmSync(join(local, 'fcgi.py'));
      await expect(upload()).rejects.toThrow(
        /dispatch\.fcgi does not work on the server.*No module named 'fcgi'/s,
      );
      expect(onServer('fcgi.py')).toBe(library);
    });

    test.each([
      ['#!/usr/bin/env python9\n', 'There is no python9: name another'],
      ['#!/usr/bin/python9.9\n', 'There is no /usr/bin/python9.9: name another'],
      ['#!HOME/tool\n', '/tool3: name that in its first line'],
      ['#!/bin/sh\nkill -SEGV $$\n', 'killed by signal 11'],
      ['#!/bin/sh\necho Content-Type: text/plain\necho\n', 'exit code 0'],
    ])('a dispatcher that begins %j is not put live', async (text, words) => {
      put('../tool3', '#!/bin/sh\n');
      write({ 'dispatch.fcgi': text.replace('HOME', user.home), 'page.html': 'x' });
      await expect(upload()).rejects.toThrow(words);
      expect(everything(site)).toEqual([]);
    });

    test('neither what only fails with a page, nor what it cannot know, keeps an upload back', async () => {
      const failing = `${PYTHON}import fcgi\ndef application(environ, start_response):\n    raise RuntimeError\nfcgi.WSGIServer(application).run()\n`;
      write({ 'dispatch.fcgi': failing, 'fcgi.py': library });
      expect((await upload()).notes).toEqual([
        expect.stringMatching(/^dispatch\.fcgi answers with status 500 on the server\. .*RuntimeError/),
      ]);
      write({ 'dispatch.fcgi': `${PYTHON}import sys\nsys.path.insert(0, '${site}')\nimport not_there\n` });
      expect((await upload()).notes).toEqual([expect.stringMatching(/names its own folder .* full path/)]);
    });

    test('what lies beside the site is found, and nothing is tried without code', async () => {
      put('../outside.py', 'page = b"out"\n', 0o644);
      const above = `import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))\nimport outside\n`;
      write({
        'dispatch.fcgi': dispatcher.replace('from lib', `${above}from lib`),
        'fcgi.py': library,
        'lib/app.py': app('one'),
      });
      expect((await upload()).notes).toEqual([]);
      rmSync(join(user.home, 'outside.py'));
      write({ 'a.css': 'changed' });
      expect(await upload()).toMatchObject({ created: ['a.css'], notes: [] });
    });
  });

  test('leaves no process and no socket behind', async () => {
    put('dispatch.fcgi', '#!/bin/sh\ntrap "" TERM\nsleep 61 &\nsleep 61\n');
    await check({ timeLimit: 1000 });
    const processes = execFileSync('ps', ['-u', user.name, '-o', 'args']).toString();
    expect(processes).not.toMatch(/dispatch\.fcgi|sleep 61/);
    expect(execFileSync('ls', ['/tmp']).toString()).not.toMatch(new RegExp(`fcgi-\\d+-\\d{4,}`));
  });
});

function login(sshd: Sshd): Promise<RemoteConnection> {
  return connect(
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
}
