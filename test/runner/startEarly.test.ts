import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { startRunner, type RunnerOptions } from '../../src/runner';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const FRONT = 'RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ dispatch.fcgi [L]\n';
const saying = (text: string): string =>
  rawProgram(
    `while True:\n    c = accept()\n    c.sendall(record(OUT, b"A: b\\n\\n${text}") + end())\n    c.close()`,
  );
const CRASHING = '#!/bin/sh\necho no such module >&2\nexit 3\n';

let site: TestSite;
afterEach(() => site.dispose());

async function serve(
  files: Readonly<Record<string, string>>,
  options: Partial<RunnerOptions> = {},
): Promise<string[]> {
  site = await testSite(files, { evaluate, ...options });
  return started();
}

const started = (): string[] =>
  site.events.flatMap((event) => (event.kind === 'started' ? [path.basename(event.dispatcher)] : []));
const countOf = (kind: string): number => site.events.filter((event) => event.kind === kind).length;

describe('a site that begins to be served', () => {
  it('has one process of the program that answers its front page, and nobody has asked', async () => {
    const files = { '.htaccess': FRONT, 'dispatch.fcgi': saying('early'), 'other.fcgi': saying('other') };
    expect(await serve(files)).toEqual(['dispatch.fcgi']);
    expect([countOf('arrived'), countOf('request'), site.problems()]).toEqual([0, 0, []]);
    expect(site.runner.processes()).toMatchObject([{ busy: false, answered: 0 }]);
    expect((await ask(site.runner, '/any/page')).body).toBe('early');
    expect(site.runner.processes()).toMatchObject([{ busy: false, answered: 1 }]);
    expect(started()).toEqual(['dispatch.fcgi']);
  });

  it('has one of the dispatcher that the project names, before that of the front page', async () => {
    const files = { '.htaccess': FRONT, 'dispatch.fcgi': saying('front'), 'a b/ü%.fcgi': saying('named') };
    expect(await serve(files, { dispatcher: 'a b/ü%.fcgi' })).toEqual(['ü%.fcgi']);
  });

  it('has that of the front page where the named one is outside, missing or no FastCGI program', async () => {
    for (const dispatcher of ['../x.fcgi', 'none.fcgi', 'page.txt']) {
      const files = { 'w/.htaccess': FRONT, 'w/dispatch.fcgi': saying('front'), 'w/page.txt': '' };
      expect(await serve(files, { documentRoot: 'w', dispatcher: `w/${dispatcher}` })).toEqual([
        'dispatch.fcgi',
      ]);
      await site.dispose();
    }
    await serve({});
  });

  it('has none for files, CGI programs, in other modes, and under a debugger', async () => {
    const front = { '.htaccess': FRONT, 'dispatch.fcgi': saying('x') };
    const cgi = { ...front, '.htaccess': `${FRONT}<Files *.fcgi>\nSetHandler cgi-script\n</Files>\n` };
    const debugged = { prepare: () => Promise.resolve({}) };
    expect(await serve({ 'index.html': '', 'dispatch.fcgi': saying('x') })).toEqual([]);
    await site.dispose();
    for (const [files, options] of [
      [cgi, {}],
      [front, { mode: 'faithful' }],
      [front, { mode: 'mod_fastcgi' }],
      [front, debugged],
    ] as const) {
      expect(await serve(files, options)).toEqual([]);
      await site.dispose();
    }
    await serve({});
  });

  it('ends the dispatcher that the project names where nothing runs it as a FastCGI program', async () => {
    const isNone = '<Files dispatch.*>\nSetHandler cgi-script\n</Files>\n';
    for (const { rules, others } of [
      { rules: `${FRONT}${isNone}`, others: [] },
      { rules: 'Nothing at all\n', others: [] },
      { rules: `${FRONT.replace('dispatch', 'front')}${isNone}`, others: ['front.fcgi'] },
    ]) {
      const files = { '.htaccess': rules, 'dispatch.fcgi': saying('x'), 'front.fcgi': saying('y') };
      await serve(files, { dispatcher: 'dispatch.fcgi' });
      await site.waitFor('exited');
      const left = site.runner.dispatchers().map(({ dispatcher }) => path.basename(dispatcher));
      expect(left).toEqual(others);
      expect([started(), site.problems()]).toEqual([['dispatch.fcgi', ...others], []]);
      await site.dispose();
    }
    await serve({});
  });

  it('on a taken port starts nothing', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': saying('x') });
    const kinds: string[] = [];
    const second = startRunner({
      root: site.folder,
      dispatcher: 'dispatch.fcgi',
      port: site.runner.port,
      onEvent: ({ kind }) => kinds.push(kind),
    });
    await expect(second).rejects.toMatchObject({ reason: 'port-in-use' });
    expect(kinds).toEqual([]);
  });

  it('ends what has only just been started', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': '#!/bin/sh\nsleep 60\n' });
    const [process] = site.runner.processes();
    const asking = ask(site.runner, '/').catch(() => null);
    await site.waitFor('arrived');
    await site.runner.dispose();
    await asking;
    expect(site.runner.processes()).toEqual([]);
    expect(() => globalThis.process.kill(process?.pid ?? 0, 0)).toThrow('ESRCH');
    expect(site.problems()).toEqual(['The local server is being stopped.']);
  });
});

describe('an early start that fails', () => {
  it('is told at once and counts; the first request tries again', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': CRASHING });
    const told = await site.waitFor('problem');
    expect(told).toMatchObject({ request: null, message: expect.stringContaining('exit code 3') });
    expect((await ask(site.runner, '/')).body).toContain('no such module');
    expect([started().length, site.problems().length]).toEqual([2, 2]);
    await ask(site.runner, '/');
    expect(await site.waitFor('paused')).toMatchObject({ failures: 3 });
  });

  it('is told once where the project names the dispatcher, whenever it fails', async () => {
    for (const pause of ['', 'sleep 0.3\n']) {
      const files = { '.htaccess': FRONT, 'dispatch.fcgi': CRASHING.replace('echo', `${pause}echo`) };
      await serve(files, { dispatcher: 'dispatch.fcgi' });
      expect(await site.waitFor('problem')).toMatchObject({
        message: expect.stringContaining('exit code 3'),
      });
      expect(site.problems().length).toBe(1);
      await site.dispose();
    }
    await serve({});
  });

  it('is one failure for the request that comes meanwhile, too', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': CRASHING.replace('echo', 'sleep 0.5\necho') });
    expect((await ask(site.runner, '/')).status).toBe(500);
    expect([started().length, site.problems().length]).toEqual([1, 1]);
    expect(site.runner.dispatchers()).toMatchObject([{ pause: null, processes: [] }]);
  });

  it('is told where the file cannot be started at all', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': '#!/no/such/interpreter\n' });
    expect(site.problems()).toMatchObject([expect.stringContaining('/no/such/interpreter')]);
    expect(started()).toEqual([]);
  });
});

describe('the program of the front page', () => {
  it('starts anew at once when it is changed or restarted', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': saying('old') });
    await ask(site.runner, '/');
    const [first] = site.runner.processes();
    site.write('dispatch.fcgi', saying('new'));
    await site.waitFor('started', ({ pid }) => pid !== first?.pid);
    const [second] = site.runner.processes();
    expect((await ask(site.runner, '/')).body).toBe('new');
    await site.runner.restart();
    expect(site.runner.processes()).toMatchObject([{ answered: 0 }]);
    expect(site.runner.processes()[0]?.pid).not.toBe(second?.pid);
    expect(started().length).toBe(3);
  });

  it('saved half written says nothing until somebody asks', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': saying('old') });
    await ask(site.runner, '/');
    site.write('dispatch.fcgi', CRASHING);
    await site.waitFor('exited', ({ code }) => code === 3);
    expect([site.problems(), started().length]).toEqual([[], 2]);
    expect((await ask(site.runner, '/')).body).toContain('exit code 3');
    site.write('dispatch.fcgi', saying('mended'));
    await site.waitFor('started', ({ pid }) => pid === site.runner.processes()[0]?.pid);
    expect((await ask(site.runner, '/')).body).toBe('mended');
  });

  it('that is gone is not started', async () => {
    await serve({ '.htaccess': FRONT, 'dispatch.fcgi': saying('old') });
    await ask(site.runner, '/');
    site.write('dispatch.fcgi', 'no #! line');
    await site.waitFor('exited');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([site.problems(), started().length, site.runner.processes()]).toEqual([[], 1, []]);
  });
});
