import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseProject } from '../../src/project';
import { PROJECT_TEMPLATES } from '../../src/project/templates';
import { preflight, startRunner, type Runner } from '../../src/runner';
import { createProject } from '../../src/runner/newProject';
import { ask, type ClientAnswer } from '../runner/testSite';
import { hasApache, startApache, type ApacheServer } from './apache';
import { isTemplateUsable, SEARCH_PATH } from './templateNeeds';

const TEMPLATES = new URL('../../media/templates', import.meta.url).pathname;

interface Asked {
  readonly target: string;
  readonly status: number;
  readonly body?: RegExp;
  readonly location?: RegExp;
  readonly method?: string;
  readonly form?: string;
}

const REQUESTS: readonly Asked[] = [
  { target: '/', status: 200, body: /href="\/static\/site\.css".*<h1>It works<\/h1>/s },
  { target: '/', status: 200, method: 'HEAD' },
  { target: '/hello/J%C3%BCrgen%20K', status: 200, body: /<h1>Hello, Jürgen K!<\/h1>/ },
  { target: '/hello/%3Cb%3E', status: 200, body: /<h1>Hello, &lt;b&gt;!<\/h1>/ },
  { target: '/form?text=a%26b', status: 200, body: /You sent: <q>a&amp;b<\/q> \(3 characters\)/ },
  { target: '/form?text=', status: 200, body: /\(0 characters\)/ },
  { target: '/form', status: 200, body: /<form method="post"/ },
  {
    target: '/form',
    status: 200,
    method: 'POST',
    form: 'text=%C3%BC+%3C&x',
    body: /You sent: <q>ü &lt;<\/q> \(3 characters\)/,
  },
  { target: '/old', status: 302, location: /^(?:http:\/\/site\.test:8080)?\/form$/ },
  { target: '/nothing', status: 404, body: /<h1>Not found<\/h1>/ },
  { target: '/error', status: 500, body: /^(?!.*RuntimeError|.*Traceback).*<h1>This page has failed<\/h1>/s },
  { target: '/static/site.css', status: 200, body: /color-scheme/ },
  { target: '/static/no.css', status: 404 },
  { target: '/.vscode/fastcgi.json', status: 404, body: /^(?!.*documentRoot)/s },
  { target: '/error.html', status: 404 },
];

/** Django refuses a form without its own token, which is as it should be. */
const isForged = (id: string, { method }: Asked): boolean => id === 'django' && method === 'POST';

const peer = hasApache();

afterEach(() => vi.unstubAllEnvs());

describe.each(PROJECT_TEMPLATES)('the template $id', ({ id, ...template }) => {
  const usable = peer.available && isTemplateUsable(id);
  /** What the server starts itself; PHP is started by the host. */
  const dispatchers = id === 'php' ? [] : ['dispatch.fcgi'];
  let folder: string;

  beforeAll(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `template-${id}-`)));
    fs.chmodSync(folder, 0o755);
    await createProject({ template: { id, ...template }, templates: TEMPLATES, folder });
  });

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function expectAnswer(server: { readonly port: number }, asked: Asked): Promise<ClientAnswer> {
    const { target, method, form, status, body, location } = asked;
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = { host: 'site.test:8080', ...type };
    const answer = await ask(server, target, {
      ...(method && { method }),
      headers: sent,
      ...(form && { body: form }),
    });
    expect([answer.status, Buffer.from(answer.body, 'latin1').toString()]).toEqual([
      isForged(id, asked) ? 403 : status,
      isForged(id, asked) ? expect.stringMatching(/CSRF/) : expect.stringMatching(body ?? /^/),
    ]);
    if (location) expect(answer.headers['location']).toMatch(location);
    return answer;
  }

  describe.skipIf(!usable)('under Apache with mod_fcgid', () => {
    let apache: ApacheServer;

    beforeAll(async () => {
      const config =
        'AddHandler fcgid-script .php\nFcgidWrapper /usr/bin/php-cgi .php\nFcgidMinProcessesPerClass 0';
      apache = await startApache({ documentRoot: folder, config });
    });
    afterAll(() => apache.stop());

    it.each(REQUESTS)('answers $method $target', async (asked) => {
      await expectAnswer(apache, asked);
    });

    it('tells the error log why a page failed', async () => {
      await expectAnswer(apache, { target: '/error', status: 500 });
      expect(apache.readErrorLog()).toMatch(/\[client [^\]]*\].*stderr:.*This page always fails/);
    });

    it.each(dispatchers)('serves new code after a touch of %s and one more request', async (dispatcher) => {
      await expectAnswer(apache, { target: '/', status: 200 });
      const page = path.join(folder, template.opens);
      const before = fs.readFileSync(page, 'utf8');
      fs.writeFileSync(page, before.replaceAll('It works', 'It works anew'));
      const now = new Date();
      fs.utimesSync(path.join(folder, dispatcher), now, now);
      await expectAnswer(apache, { target: '/', status: 200 });
      await expectAnswer(apache, { target: '/', status: 200, body: /It works anew/ }).finally(() =>
        fs.writeFileSync(page, before),
      );
    });
  });

  describe.skipIf(!usable)('in the local runner', () => {
    let runner: Runner;

    beforeAll(async () => {
      const { project } = parseProject(fs.readFileSync(path.join(folder, '.vscode/fastcgi.json'), 'utf8'));
      const { addHandler } = project.host;
      runner = await startRunner({
        root: folder,
        host: { addHandler },
        name: 'site.test',
        environment: { PATH: SEARCH_PATH },
        developerPages: false,
      });
    });
    afterAll(() => runner.dispose());

    it.each(REQUESTS)('answers $method $target', async (asked) => {
      await expectAnswer(runner, asked);
    });
  });

  it.skipIf(!usable).each(dispatchers)('%s passes the preflight, from the shell too', async (dispatcher) => {
    // The shell's trial has the environment of whoever asks; another Python in it may lack the packages.
    vi.stubEnv('PATH', SEARCH_PATH);
    const report = await preflight(path.join(folder, dispatcher), {
      environment: { PATH: SEARCH_PATH },
    });
    expect(report).toMatchObject({ ok: true, shell: { ok: true, status: 200 }, server: { status: 200 } });
    for (const trial of [report.shell, report.server]) expect(trial?.body).toContain('<h1>It works</h1>');
  });

  it.skipIf(!usable).each(id === 'wsgi' ? ['/', '/hello/you', '/form?text=a', '/old', '/nothing'] : [])(
    'passes the validator of WSGI for %s',
    (target) => {
      const script =
        'from wsgiref.validate import validator\nimport app, fcgi\nfcgi.WSGIServer(validator(app.application)).run()\n';
      const { stdout, stderr } = spawnSync('python3', ['-c', script, target], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect([stdout.toString(), stderr.toString()]).toEqual([
        expect.stringMatching(/^Status: (?:200|302|404) /),
        expect.not.stringContaining('Traceback'),
      ]);
    },
  );

  it.skipIf(!usable)('prints the page that the shell asks for', () => {
    const page = '/hello/you?x=1';
    const { stdout } =
      id === 'php'
        ? spawnSync('php-cgi', ['-q', 'index.php'], {
            cwd: folder,
            env: { PATH: SEARCH_PATH, REQUEST_URI: page },
          })
        : spawnSync(path.join(folder, 'dispatch.fcgi'), [page], {
            env: { PATH: SEARCH_PATH },
            stdio: ['ignore', 'pipe', 'ignore'],
          });
    expect(stdout.toString()).toContain('<h1>Hello, you!</h1>');
  });
});
