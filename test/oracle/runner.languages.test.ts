import { chmodSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { ask, testSite, type TestSite } from '../runner/testSite';

// Programs in several languages, in one site, without any Apache.
const sites: TestSite[] = [];

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.dispose()));
});

async function serve(...[files, options]: Parameters<typeof testSite>): Promise<TestSite> {
  const site = await testSite(files, { evaluate, ...options });
  sites.push(site);
  return site;
}

const WORDPRESS = `# BEGIN WordPress
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /
RewriteRule ^index\\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
</IfModule>
# END WordPress
`;

const LARAVEL = `<IfModule mod_rewrite.c>
    <IfModule mod_negotiation.c>
        Options -MultiViews -Indexes
    </IfModule>
    RewriteEngine On
    RewriteCond %{HTTP:Authorization} .
    RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteCond %{REQUEST_URI} (.+)/$
    RewriteRule ^ %1 [L,R=301]
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule ^ index.php [L]
</IfModule>
`;

const PAGE = `<?php echo json_encode([$_SERVER['REQUEST_URI'], $_SERVER['SCRIPT_NAME'], $_SERVER['REQUEST_METHOD'], $_POST, getcwd(), $_SERVER['HTTP_AUTHORIZATION'] ?? null]);`;

describe.skipIf(!existsSync('/usr/bin/php-cgi'))('a PHP site without configuration', () => {
  it('with the rules of WordPress shows pages, files and forms', async () => {
    const site = await serve({
      '.htaccess': WORDPRESS,
      'index.php': PAGE,
      'wp-content/style.css': 'a{}',
      'wp-login.php': '<?php echo "login";',
    });
    const page = await ask(site.runner, '/2026/hello/?p=1', { headers: { authorization: 'Bearer t' } });
    expect(JSON.parse(page.body)).toEqual([
      '/2026/hello/?p=1',
      '/index.php',
      'GET',
      [],
      site.folder,
      'Bearer t',
    ]);
    expect(page.headers['content-type']).toContain('text/html');
    expect((await ask(site.runner, '/')).body).toContain('"\\/index.php"');
    expect((await ask(site.runner, '/wp-login.php')).body).toBe('login');
    expect((await ask(site.runner, '/wp-content/style.css')).body).toBe('a{}');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await ask(site.runner, '/form', { method: 'POST', headers, body: 'a=b&c=%C3%A4' });
    expect(JSON.parse(posted.body)[3]).toEqual({ a: 'b', c: 'ä' });
    expect(site.runner.processes()).toHaveLength(1);
  });

  it('with the rules of Laravel redirects slashes and leads the rest to index.php', async () => {
    const site = await serve(
      { 'public/.htaccess': LARAVEL, 'public/index.php': PAGE },
      { documentRoot: 'public' },
    );
    expect(await ask(site.runner, '/users/')).toMatchObject({ status: 301 });
    const page = await ask(site.runner, '/users/7?x=y');
    expect(JSON.parse(page.body)[0]).toBe('/users/7?x=y');
  });

  it('shows each change at once, and goes on where the site itself writes files', async () => {
    const count = '<?php file_put_contents("state", rand()); echo "one ", getmypid();';
    const site = await serve({ 'index.php': count }, { watch: true });
    const file = path.join(site.folder, 'index.php');
    // OPcache keeps what has not changed for two seconds.
    const write = (text: string, ago: number) => {
      writeFileSync(file, text);
      utimesSync(file, Date.now() / 1000 - ago, Date.now() / 1000 - ago);
    };
    write(count, 20);
    const first = (await ask(site.runner, '/index.php')).body;
    for (let n = 0; n < 4; n++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await ask(site.runner, '/index.php')).body).toBe(first);
    }
    write(count.replace('one', 'two'), 10);
    expect((await ask(site.runner, '/index.php')).body).toMatch(/^two /);
  });

  it('takes more requests than php-cgi takes by itself, and a body of megabytes', async () => {
    const site = await serve(
      { 'index.php': '<?php echo getmypid(), " ", strlen(file_get_contents("php://input"));' },
      { maxProcesses: 1 },
    );
    const pids = new Set<string>();
    for (let n = 0; n < 520; n++) pids.add((await ask(site.runner, '/index.php')).body);
    expect(pids.size).toBe(1);
    const long = await ask(site.runner, '/index.php', { method: 'POST', body: Buffer.alloc(3_000_000, 'x') });
    expect(long.body).toMatch(/ 3000000$/);
  });

  it('answers with a handler of its own name, and says what is missing for others', async () => {
    const site = await serve(
      {
        '.htaccess':
          'AddHandler application/x-httpd-php82 .phtml\nAddHandler server-status .odd\nAddHandler odd-script .php2\n',
        'a.phtml': '<?php echo 6*7;',
        'b.odd': 'x',
        'c.php2': '<?php echo 6*8;',
      },
      { handlers: { 'odd-script': ['php-cgi', '-d', 'display_errors=1'] } },
    );
    expect((await ask(site.runner, '/a.phtml')).body).toBe('42');
    expect((await ask(site.runner, '/c.php2')).body).toBe('48');
    expect(await ask(site.runner, '/b.odd')).toMatchObject({
      status: 500,
      body: expect.stringContaining('runner.handlers'),
    });
  });
});

describe.skipIf(!existsSync('/usr/bin/perl'))('several programs in one site', () => {
  it('run side by side: FastCGI in Python, CGI in Perl and in a shell, each by its own rule', async () => {
    const site = await serve(
      {
        '.htaccess': 'AddHandler cgi-script .cgi\n',
        'one/x.cgi':
          '#!/usr/bin/perl\nprint "Content-Type: text/plain\\n\\nperl $ENV{QUERY_STRING} ", join(",", @ARGV), "\\n"; print while <STDIN>;\n',
        'two/run.pl': '#!/bin/sh\nprintf "Status: 201 Made\\n\\nshell $PATH_INFO"\n',
        'bad/x.cgi': '#!/usr/bin/perl\nprint STDERR "a reason\\n"; exit 3;\n',
      },
      { handlers: { '.pl': 'cgi' } },
    );
    const { mode } = site.runner;
    expect(mode).toBe('kind');
    for (const name of ['one/x.cgi', 'two/run.pl', 'bad/x.cgi']) chmodSync(`${site.folder}/${name}`, 0o755);
    expect((await ask(site.runner, '/one/x.cgi?a+b%20c')).body).toBe('perl a+b%20c a,b c\n');
    expect((await ask(site.runner, '/one/x.cgi?a=b', { method: 'POST', body: 'sent' })).body).toBe(
      'perl a=b \nsent',
    );
    expect(await ask(site.runner, '/two/run.pl/info')).toMatchObject({
      status: 201,
      reason: 'Made',
      body: 'shell /info',
    });
    const bad = await ask(site.runner, '/bad/x.cgi');
    expect(bad).toMatchObject({
      status: 500,
      body: expect.stringContaining('End of script output before headers: x.cgi'),
    });
    expect(bad.body).toContain('a reason');
    expect(site.runner.processes()).toEqual([]);
  });
});
