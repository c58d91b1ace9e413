import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fastcgi } from '../cli/testTerminal';
import { hasApache, startApache, type ApacheServer } from './apache';

const peer = hasApache();
const CLASSIC = new URL('../sites/classic', import.meta.url).pathname;

/** A dispatcher in Perl, which Debian's libfcgi-perl runs: status and headers as the query says. */
const PERL = `#!/usr/bin/perl
use FCGI;
my $request = FCGI::Request();
while ($request->Accept() >= 0) {
  my ($status) = ($ENV{QUERY_STRING} =~ /status=(\\d+)/);
  print "Status: ", ($status || 200), "\\r\\nContent-Type: text/plain\\r\\nX-Info: $ENV{PATH_INFO}\\r\\n\\r\\nhello\\n";
}
`;

const SHOP: Readonly<Record<string, string>> = {
  '.htaccess': `DirectoryIndex start.html
ErrorDocument 404 /errors/404.html
ErrorDocument 410 "It is gone."
Header always set X-Frame-Options DENY
Header set Cache-Control "max-age=60, public"
AddType text/x-note .note
Redirect 301 /moved https://other.test/place
RedirectMatch 302 ^/cat/(\\d+)$ /category?id=$1
RewriteEngine On
RewriteCond %{HTTP_HOST} ^www\\.(.+)$ [NC]
RewriteRule ^ http://%1%{REQUEST_URI} [R=301,L,NE]
RewriteCond %{HTTP:Accept-Language} ^de
RewriteRule ^hello$ hallo.html [L]
RewriteRule ^hello$ hello.html [L]
RewriteRule ^gone/ - [G]
RewriteRule ^secret - [F]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule ^api/(.*)$ run.fcgi/$1 [QSA,L]
`,
  'start.html': 'start',
  'hello.html': 'hello',
  'hallo.html': 'hallo',
  'a.note': 'note',
  'errors/404.html': 'not here',
  'pictures/one.png': 'x',
  'closed/.htaccess': 'Options -Indexes\n',
  'closed/x.txt': 'x',
  'run.fcgi': PERL,
  'shop.urls': `/                            -> file start.html type text/html {X-Frame-Options: DENY}
/hello                       -> file hello.html
/hello {Accept-Language: de} -> file hallo.html {Vary: Accept-Language}
/moved/a?b                   -> 301 https://other.test/place/a?b
/cat/7                       -> 302 /category?id=7
http://www.shop.test/x?y=1   -> 301 http://shop.test/x?y=1
/gone/x                      -> 410
/secret/plan                 -> 403
/nothing                     -> 404 file errors/404.html
/a.note                      -> file a.note type text/x-note {Cache-Control: max-age=60, public}
/pictures                    -> 301 /pictures/
/pictures/                   -> listing pictures
/closed/                     -> 403
/api/item/1?x=2              -> run.fcgi PATH_INFO=/item/1 QUERY_STRING=x=2 {X-Info: /item/1}
/api/none?status=404         -> 404 run.fcgi PATH_INFO=/none type text/plain
/api/fails?status=503        -> 503 run.fcgi
HEAD /hello                  -> file hello.html
OPTIONS /a.note              -> 200
POST /api/item               -> run.fcgi
`,
};

const BROKEN: Readonly<Record<string, string>> = {
  '.htaccess': 'RewriteEngine On\nRewriteRule ^in$ /out\nRewriteRule ^loop /loop/x%{REQUEST_URI}\n',
  'bad/.htaccess': 'NoSuchDirective on\n',
  'bad/x.html': 'x',
  'plain.fcgi': 'no program\n',
  'site.urls': `/bad/x.html    -> 500
/loop/         -> 500
/in            -> 404
/a%2fb         -> 404
/%00           -> 404
/..%2f..%2fetc -> 404
/plain.fcgi/x  -> plain.fcgi PATH_INFO=/x 500
`,
};

describe.skipIf(!peer.available)('fastcgi test --live and a real Apache with mod_fcgid', () => {
  let folder: string;
  const servers: ApacheServer[] = [];

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'fastcgi-urls-')));
    chmodSync(folder, 0o755);
    cpSync(CLASSIC, join(folder, 'classic'), { recursive: true });
    write(join(folder, 'shop'), SHOP);
    write(join(folder, 'broken'), BROKEN);
  });

  afterAll(async () => {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const live = async (site: string) => {
    const cwd = join(folder, site);
    const apache = await startApache({ documentRoot: cwd });
    servers.push(apache);
    return fastcgi(['test', '--live', `${apache.url}/`], { cwd });
  };

  test('agree on the sample site', async () => {
    const { code, out } = await live('classic');
    expect(out).toMatch(/: 12 as expected, 0 not\.\n/);
    expect(out).toContain('not sent: POST could change something');
    expect(code).toBe(0);
  });

  test('agree on redirects, error documents, headers, types and a program with its own status', async () => {
    const { code, out } = await live('shop');
    expect(out).toMatch(/: 19 as expected, 0 not\.\n/);
    expect(code).toBe(0);
  });

  test('agree on what is refused', async () => {
    const { code, out } = await live('broken');
    expect(out).toMatch(/: 7 as expected, 0 not\.\n/);
    expect(code).toBe(0);
  });

  test("the trace of explain is that of Apache's log", async () => {
    const cwd = join(folder, 'shop');
    mkdirSync(join(cwd, '.vscode'), { recursive: true });
    writeFileSync(join(cwd, '.vscode/fastcgi.json'), JSON.stringify({ host: { treeRoot: cwd } }));
    const apache = await startApache({ documentRoot: cwd, logLevel: 'info rewrite:trace8' });
    servers.push(apache);
    for (const path of ['/hello', '/api/item/1?x=2', '/gone/x', '/nothing', '/api/%C3%A9%22%5C%09?x']) {
      const before = apache.readErrorLog().length;
      const response = await fetch(`${apache.url}${path}`, { headers: { 'Accept-Language': 'de' } });
      await response.text();
      const logged = apache
        .readErrorLog()
        .slice(before)
        .matchAll(/\] (127\.0\.0\.1 - - \[.*)$/gm);
      const lines = Array.from(logged, (line) => line[1]?.replaceAll(/(?<=\/sid#|\[rid#)[0-9a-f]+/g, '0'));
      expect(lines.length).toBeGreaterThan(3);
      const args = [
        'explain',
        `${apache.url}${path}`,
        '--header',
        'Accept-Language: de',
        '--trace',
        'apache',
      ];
      const { out } = await fastcgi(args, { cwd });
      expect(out.trimEnd().split('\n')).toEqual(lines);
    }
  });

  test('differ where the files on the server are others', async () => {
    const cwd = join(folder, 'shop');
    const apache = await startApache({ documentRoot: join(folder, 'classic') });
    servers.push(apache);
    const { code, out } = await fastcgi(['test', '--live', `${apache.url}/`], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('status: predicted 410, the site sent 404\n');
    expect(out).toContain('header X-Frame-Options: predicted DENY, the site sent (none)\n');
  });
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, name.endsWith('.fcgi') ? 0o755 : 0o644);
  }
}
