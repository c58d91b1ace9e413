import * as http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import type { RunnerOptions } from '../../src/runner';
import { textOfByteString } from '../../src/text/bytes';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const sites: TestSite[] = [];
const PAGE = { 'Sec-Fetch-Dest': 'document' };
const TAIL = '<script src="/.vscode-fastcgi/live.js" async></script>';
const HTML = '<!DOCTYPE html><html><body>Hello</body></html>';

async function serve(files: Record<string, string>, options: Partial<RunnerOptions> = {}): Promise<TestSite> {
  const site = await testSite(files, { evaluate, liveReload: true, ...options });
  sites.push(site);
  return site;
}

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.dispose()));
});

/** A program that sends this output to every request. */
function printing(output: string): string {
  return rawProgram(`connection = accept()
while True:
    connection.sendall(record(OUT, ${JSON.stringify(output)}.encode('latin-1')) + end())
    request(connection)`);
}

/** The events of an open stream, as they come. */
async function listen(port: number) {
  const events: string[] = [];
  const request = http.get({
    host: '127.0.0.1',
    port,
    path: '/.vscode-fastcgi/live',
    headers: { Host: 'localhost' },
  });
  await new Promise<void>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        events.push(
          ...[...text.matchAll(/event: (\w+)\ndata: (\S+)/g)].map(([, event, data]) => `${event} ${data}`),
        );
        resolve();
      });
      response.on('error', () => undefined);
    });
  });
  return { events, close: () => request.destroy() };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 300) throw new Error('it never held');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a page that reloads itself', () => {
  it('carries a script behind its end, with the right length', async () => {
    const { runner } = await serve({ 'index.html': HTML });
    const answer = await ask(runner, '/', { headers: PAGE });
    expect(answer.body).toBe(HTML + TAIL);
    expect(answer.headers['content-length']).toBe(String((HTML + TAIL).length));
    expect((await ask(runner, '/.vscode-fastcgi/live.js')).headers['content-type']).toBe('text/javascript');
  });

  it('carries it behind what a program sends, with and without a length', async () => {
    const head = 'Content-Type: text/html\r\n';
    const files = {
      'a.fcgi': printing(`${head}\r\n${HTML}`),
      'b.fcgi': printing(`${head}Content-Length: ${HTML.length}\r\n\r\n${HTML}`),
      'c.fcgi': printing(`Status: 404 Not Found\r\n${head}\r\n${HTML}`),
    };
    const { runner } = await serve(files);
    for (const name of Object.keys(files)) {
      expect((await ask(runner, `/${name}`, { headers: PAGE })).body).toBe(HTML + TAIL);
    }
  });

  it.each([
    ['a request of a script or a tool', {}, ''],
    ['a style sheet', PAGE, 'Content-Type: text/css\r\n'],
    ['compressed content', PAGE, 'Content-Type: text/html\r\nContent-Encoding: gzip\r\n'],
    ['content with a digest', PAGE, 'Content-Type: text/html\r\nDigest: sha-256=abc\r\n'],
    ['a redirect', PAGE, 'Status: 302 Found\r\nLocation: http://a.test/\r\nContent-Type: text/html\r\n'],
    ['a part', PAGE, 'Status: 206 Partial\r\nContent-Type: text/html\r\nContent-Range: bytes 0-9/10\r\n'],
    [
      'a policy without scripts',
      PAGE,
      "Content-Type: text/html\r\nContent-Security-Policy: script-src 'none'\r\n",
    ],
    [
      'a policy with nonces only',
      PAGE,
      "Content-Type: text/html\r\nContent-Security-Policy: script-src 'nonce-a'\r\n",
    ],
    [
      'a policy without connections',
      PAGE,
      "Content-Type: text/html\r\nContent-Security-Policy: connect-src 'none'\r\n",
    ],
    ['a sandbox', PAGE, 'Content-Type: text/html\r\nContent-Security-Policy: sandbox\r\n'],
  ])('leaves %s as it is', async (_, headers, fields) => {
    const own = fields === '' ? 'Content-Type: text/html\r\n' : fields;
    const { runner } = await serve({ 'a.fcgi': printing(`${own}\r\n${HTML}`) });
    const answer = await ask(runner, '/a.fcgi', { headers });
    expect(answer.body).not.toContain('vscode-fastcgi');
    expect(answer.headers['content-security-policy']).toBe(
      /Content-Security-Policy: ([^\r]*)/.exec(fields)?.[1],
    );
  });

  it.each(["default-src 'self'", "script-src 'self' 'unsafe-inline'; img-src *"])(
    'runs under the policy %s',
    async (policy) => {
      const { runner } = await serve({
        'a.fcgi': printing(`Content-Type: text/html\r\nContent-Security-Policy: ${policy}\r\n\r\n${HTML}`),
      });
      expect((await ask(runner, '/a.fcgi', { headers: PAGE })).body).toBe(HTML + TAIL);
    },
  );

  it('leaves HEAD, ranges and POST as they are', async () => {
    const { runner } = await serve({ 'index.html': HTML });
    const head = await ask(runner, '/index.html', { method: 'HEAD', headers: PAGE });
    expect(head.headers['content-length']).toBe(String(HTML.length));
    const part = await ask(runner, '/index.html', { headers: { ...PAGE, Range: 'bytes=0-8' } });
    expect(part).toMatchObject({ status: 206, body: HTML.slice(0, 9) });
    expect((await ask(runner, '/index.html', { method: 'POST', headers: PAGE })).body).toBe(HTML);
  });

  it('is told when a file that it may show has changed, and of no data', async () => {
    const site = await serve({ 'index.html': HTML, 'site.css': '', 'data.db': '' });
    const { events, close } = await listen(site.runner.port);
    expect(events[0]).toMatch(/^hello \w+\.0$/);
    site.write('data.db', 'written by a program');
    site.write('site.css', 'b {}');
    await until(() => events.length > 1);
    expect(events[1]).toMatch(/^css \w+\.1$/);
    site.write('index.html', 'changed');
    await until(() => events.length > 2);
    expect(events[2]).toMatch(/^page \w+\.2$/);
    site.write('.htaccess', 'Options -Indexes\n');
    await until(() => events.length > 3);
    expect(events).toHaveLength(4);
    close();
  });

  it('is a setting: without it there is neither script nor stream', async () => {
    const { runner } = await serve({ 'index.html': HTML }, { liveReload: false });
    expect((await ask(runner, '/', { headers: PAGE })).body).toBe(HTML);
    for (const name of ['live', 'live.js']) {
      expect((await ask(runner, `/.vscode-fastcgi/${name}`)).status).toBe(404);
    }
  });

  it('ends with the server', async () => {
    const { runner } = await serve({ 'index.html': HTML });
    await listen(runner.port);
    const began = performance.now();
    await runner.dispose();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('the page about a failure', () => {
  const files = {
    '.htaccess': 'RewriteEngine On\nRewriteRule ^app run.fcgi\n',
    'run.fcgi': `#!/bin/sh
echo '  File "'$(pwd)'/run.fcgi", line 2, in <module>' >&2
echo '  File "/gone/x.py", line 3' >&2
echo '<script>alert(1)</script> "&' >&2
exit 3
`,
  };

  it('links the lines of files that are there, and only those links open them', async () => {
    const opened: string[] = [];
    const site = await serve(files, { onOpen: (file, line) => void opened.push(`${file}:${line}`) });
    const { body } = await ask(site.runner, '/app');
    const links = [...body.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
    expect(links.map(([, , text]) => text)).toEqual([`File &quot;${site.folder}/run.fcgi&quot;, line 2`]);
    const address = (links[0]?.[1] ?? '').replaceAll('&amp;', '&');
    expect((await ask(site.runner, address)).status).toBe(204);
    expect(opened).toEqual([`${site.folder}/run.fcgi:2`]);
    const forged = [
      address.replace('line=2', 'line=3'),
      address.replace(/key=\w/, 'key=x'),
      '/.vscode-fastcgi/open',
    ];
    for (const one of forged) expect((await ask(site.runner, one)).status).toBe(403);
    const rebound = await ask(site.runner, address, { headers: { Host: 'evil.test' } });
    expect(rebound.status).toBe(403);
    expect(opened).toHaveLength(1);
  });

  it('links the line for which Apache refuses a .htaccess, and tells it with the problem', async () => {
    const opened: string[] = [];
    const onOpen = (file: string, line: number) => void opened.push(`${file}:${line}`);
    const refused = { 'ä/.htaccess': 'RewriteEngine On\nRewritRule ^ -\n', 'ä/b.txt': '' };
    const site = await serve(refused, { onOpen, recordRequests: true });
    const body = textOfByteString((await ask(site.runner, '/%C3%A4/b.txt')).body);
    expect(body).toContain('ä/.htaccess: Invalid command');
    const [, href = '', text] = /<a href="([^"]*)">([^<]*)<\/a>/.exec(body) ?? [];
    expect(text).toBe(`${site.folder}/ä/.htaccess:2`);
    await ask(site.runner, href.replaceAll('&amp;', '&'));
    expect(opened).toEqual([text]);
    const { place } = await site.waitFor('problem');
    expect(place).toEqual({ file: `${site.folder}/ä/.htaccess`, line: 2 });
  });

  it('shows what a visitor would see, and lets nothing out of its place', async () => {
    const { body } = await ask((await serve(files)).runner, '/app');
    expect(body).not.toContain('<a href=');
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;');
    const shown = /<iframe sandbox [^>]*srcdoc="([^"]*)"/.exec(body)?.[1] ?? '';
    expect(shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>')).toContain('<h1>Internal Server Error</h1>');
  });
});

describe('what a visitor would see of a failure', () => {
  it.each([
    ['ErrorDocument 500 /sorry.html', '<h1>Sorry &</h1>'],
    ['ErrorDocument 500 "We are <em>sorry</em>"', 'We are <em>sorry</em>'],
    ['ErrorDocument 500 /none.html', '<h1>Internal Server Error</h1>'],
    ['ErrorDocument 500 http://other.test/', 'Redirect to http://other.test/'],
    ['ErrorDocument 500 /run.fcgi', '<h1>Internal Server Error</h1>'],
    ['ErrorDocument 500 /say.cgi', 'say.cgi prints'],
  ])('is what the site says: %s', async (directive, words) => {
    const { runner } = await serve({
      '.htaccess': `AddHandler cgi-script .cgi\n${directive}\n`,
      'run.fcgi': '#!/bin/sh\nexit 3\n',
      'say.cgi': '#!/bin/sh\necho\n',
      'sorry.html': '<h1>Sorry &</h1>\n',
    });
    const { status, body } = await ask(runner, '/run.fcgi');
    const shown = /<iframe sandbox [^>]*srcdoc="([^"]*)"/.exec(body)?.[1] ?? '';
    const page = shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    expect([status, page]).toEqual([500, expect.stringContaining(words)]);
  });
});

describe('a forwarded site', () => {
  it('answers to the name that was allowed, and to no other', async () => {
    const { runner } = await serve({ 'index.html': HTML });
    const status = async (Host: string) => (await ask(runner, '/', { headers: { Host } })).status;
    expect(await status('name-8400.app.test')).toBe(403);
    runner.allowName('Name-8400.app.test');
    expect(await status('name-8400.app.test')).toBe(200);
    expect(await status('name-8400.app.test:443')).toBe(200);
    expect(await status('other-8400.app.test')).toBe(403);
  });
});
