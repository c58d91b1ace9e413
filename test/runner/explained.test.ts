import * as fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import type { RunnerOptions } from '../../src/runner';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const sites: TestSite[] = [];

afterEach(() => Promise.all(sites.splice(0).map((site) => site.dispose())));

async function serve(files: Readonly<Record<string, string>>, options: Partial<RunnerOptions> = {}) {
  const site = await testSite(files, { evaluate, watch: false, ...options });
  sites.push(site);
  return site;
}

const HTACCESS = 'AddHandler fcgid-script .fcgi\n';

describe('a document root that goes away', () => {
  const move = ({ folder }: TestSite) => fs.renameSync(folder, `${folder}-moved`);
  const moveBack = ({ folder }: TestSite) => fs.renameSync(`${folder}-moved`, folder);

  it('is named, for pages and for listings, until it is back', async () => {
    const site = await serve({ 'index.html': 'here', 'a/b.txt': 'b' });
    move(site);
    for (const target of ['/', '/a/b.txt']) {
      // What was known of the disk is forgotten within a second.
      const answer = async () => ask(site.runner, target);
      await expect.poll(async () => (await answer()).body).toContain(`${site.folder} is not there any more`);
      expect((await answer()).status).toBe(404);
    }
    expect(site.problems()[0]).toContain(`${site.folder} is not there any more`);
    moveBack(site);
    await expect.poll(async () => (await ask(site.runner, '/')).body).toBe('here');
  });

  it("is Apache's 404 where failures are not explained", async () => {
    const site = await serve({ 'a.txt': 'a' }, { mode: 'faithful' });
    move(site);
    await expect.poll(async () => (await ask(site.runner, '/')).status).toBe(404);
    expect((await ask(site.runner, '/')).body).toContain(
      '<p>The requested URL was not found on this server.</p>',
    );
    moveBack(site);
  });
});

describe('a request that goes round inside the server', () => {
  const front = (base: string, name: string) =>
    `RewriteEngine On\n${base}RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ ${name}/$1 [L]\n`;

  it.each([
    [front('', 'dispatch.fcgi'), 'it is sent to dispatch.fcgi, which is not there. Mend the name'],
    [
      front('RewriteBase /shop/\n', 'index.html'),
      'it is sent to shop, which is not there. If the site lies in a folder shop',
    ],
    [
      'RewriteEngine On\nRewriteRule ^(.*)$ index.html/$1 [L]\n',
      'because a rule or directive is applied to its own result',
    ],
  ])('is told with what is missing: %j', async (htaccess, words) => {
    const site = await serve({ '.htaccess': htaccess, 'index.html': 'here' });
    const { status, body } = await ask(site.runner, '/a');
    expect(status).toBe(500);
    expect(body).toContain(words);
    expect(body).toContain('AH00124');
    expect(site.problems()[0]).toContain(words);
  });

  it('is served where the folders are as on the server', async () => {
    const site = await serve({
      'shop/.htaccess': front('RewriteBase /shop/\n', 'index.html'),
      'shop/index.html': 'here',
    });
    expect((await ask(site.runner, '/shop/a')).status).toBe(404);
    expect((await ask(site.runner, '/shop/index.html')).body).toBe('here');
  });
});

describe('a failure with an empty page', () => {
  const program = (errors: string, body = '') =>
    rawProgram(`while True:
    c = accept()
    c.sendall(${errors === '' ? '' : `record(ERR, ${errors}) + `}record(OUT, b"Status: 500 X\\nContent-Type: text/html\\n\\n${body}") + end())`);
  const files = {
    '.htaccess': `${HTACCESS}ErrorDocument 500 nothing-of-the-program\n`,
    'x.fcgi': program('b"PHP Fatal error:  Uncaught Error: no f() in /a.php:3\\n"'),
  };

  it('is explained by what the program wrote', async () => {
    const site = await serve(files);
    const { status, body } = await ask(site.runner, '/x.fcgi');
    expect(status).toBe(500);
    expect(body).toContain('x.fcgi answered 500 with an empty page. It wrote: Error: no f().');
    expect(body).toContain('PHP Fatal error:  Uncaught Error: no f()');
    expect(body).toContain('&lt;p&gt;An empty page&lt;/p&gt;');
    expect(body).not.toContain('nothing-of-the-program');
    expect(site.problems()).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['iframe', 'empty page'],
  ])('stays as it is for a script that fetches it, not for a page: %s', async (dest, text) => {
    const site = await serve(files);
    const { body } = await ask(site.runner, '/x.fcgi', { headers: { 'Sec-Fetch-Dest': dest } });
    expect(body.includes('empty page') ? 'empty page' : body).toBe(text);
  });

  it.each([
    ['with a page', { ...files, 'x.fcgi': program('b"words"', 'own page') }, {}, 'own page'],
    ['without a word', { ...files, 'x.fcgi': program('') }, {}, ''],
    ['as a server would', files, { mode: 'faithful' } as const, ''],
    ['without explanations', files, { developerPages: false }, ''],
  ])('stays as it is %s', async (_, given, options, page) => {
    const site = await serve(given, options);
    expect(await ask(site.runner, '/x.fcgi')).toMatchObject({ status: 500, body: page });
    expect(site.problems()).toEqual([]);
  });
});

describe('a request for another host name', () => {
  const headers = { Host: 'my-site.test:8400' };

  it('is told why it is refused', async () => {
    const site = await serve({ 'index.html': 'here' });
    const { status, body } = await ask(site.runner, '/', { headers });
    expect(status).toBe(403);
    expect(body).toContain('the host name &quot;my-site.test:8400&quot; was refused');
    expect(body).toContain('Open it as http://localhost:8400, or by a name such as shop.localhost:8400.');
  });

  it("gets Apache's own page where failures are not explained", async () => {
    const site = await serve({ 'index.html': 'here' }, { mode: 'faithful' });
    const { body } = await ask(site.runner, '/', { headers });
    expect(body).toContain("<p>You don't have permission to access this resource.</p>");
    expect(body).not.toContain('my-site');
  });

  it('is answered by the rules for it below localhost', async () => {
    const rules = 'RewriteEngine On\nRewriteCond %{HTTP_HOST} ^shop\\.\nRewriteRule ^$ shop.txt [L]\n';
    const site = await serve({ '.htaccess': rules, 'shop.txt': 'shop', 'index.html': 'front' });
    const body = async (name: string): Promise<string> =>
      (await ask(site.runner, '/', { headers: { host: `${name}:${site.runner.port}` } })).body;
    expect([await body('shop.localhost'), await body('localhost')]).toEqual(['shop', 'front']);
  });
});
