import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';
import { realisticFiles } from './realistic';

/** Whole sites as people have them: their .htaccess files over the files of the usual systems, and visitors of all kinds. */

const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };

const FILES: SiteFiles = {
  'index.php': SCRIPT,
  'index.html': 'home '.repeat(40),
  'dispatch.fcgi': SCRIPT,
  'app.fcgi': SCRIPT,
  'cgi-bin/form.cgi': SCRIPT,
  'wp-login.php': SCRIPT,
  'wp-config.php': 'secret',
  'xmlrpc.php': SCRIPT,
  'wp-admin/index.php': SCRIPT,
  'wp-admin/css/login.css': 'a {}',
  'wp-includes/version.php': SCRIPT,
  'wp-content/uploads/2024/05/photo.jpg': 'jpg',
  'wp-content/uploads/evil.php': SCRIPT,
  'wp-content/cache/page/index.html': 'cached',
  'public/index.php': SCRIPT,
  'public/index.html': 'public',
  'public/css/app.css': 'a {}',
  'public/build/app.js': 'x',
  'web/app.php': SCRIPT,
  'web/bundles/site.css': 'a {}',
  'sites/default/settings.php': 'secret',
  'sites/default/files/doc.pdf': 'pdf',
  'core/misc/drupal.js': 'x',
  'modules/node/node.module': 'x',
  'administrator/index.php': SCRIPT,
  'typo3/index.php': SCRIPT,
  'fileadmin/logo.png': 'png',
  'remote.php': SCRIPT,
  'ocs/v1.php': SCRIPT,
  'pub/static/version1/frontend/a.css': 'a {}',
  'pub/media/catalog/a.jpg': 'jpg',
  'static/site.css': 'a {}',
  'static/app.js': 'x',
  'static/app.js.gz': 'zipped',
  'assets/app.1a2b3c.js': 'x',
  'images/a b.png': 'png',
  'images/photo.webp': 'webp',
  'images/photo.jpg': 'jpg',
  'fonts/text.woff2': 'font',
  'de/index.html': 'deutsch',
  'en/index.html': 'english',
  'about.html': 'about',
  'about.html.de': 'ueber',
  'about.html.en': 'about',
  'contact.php': SCRIPT,
  'blog/index.php': SCRIPT,
  'blog/post.html': 'post',
  'maintenance.html': 'soon',
  'error/404.html': 'not found',
  '404.html': 'not found',
  'robots.txt': 'User-agent: *',
  'sitemap.xml': '<a/>',
  'favicon.ico': 'icon',
  '.env': 'SECRET=1',
  '.git/config': '[core]',
  '.well-known/acme-challenge/token': 'token',
  'storage/logs': null,
  'composer.json': '{}',
  'backup.sql': 'sql',
  'private/report.txt': 'private',
};

// prettier-ignore
const PATHS = [
  '/', '/index.php', '/index.html', '/index.php/', '/index.php/a/b', '/about', '/about/', '/about.html', '/About.html', '/contact', '/contact.php', '/blog', '/blog/', '/blog/post', '/blog/2024/05/hello-world/', '/blog/post.html', '/de', '/de/', '/de/ueber-uns', '/en/about', '/fr/', '/feed/', '/feed', '/category/news/page/2/', '/tag/a%26b/', '/author/me', '/?p=1', '/search/a+b',
  '/wp-admin', '/wp-admin/', '/wp-login.php', '/wp-config.php', '/wp-includes/version.php', '/wp-content/uploads/2024/05/photo.jpg', '/wp-content/uploads/2024/05/none.jpg', '/wp-content/uploads/evil.php', '/wp-content/uploads/', '/xmlrpc.php', '/wp-json/wp/v2/posts', '/api/users/1', '/api/', '/public/', '/public/css/app.css', '/css/app.css', '/build/app.js', '/storage/', '/login', '/user/login', '/node/1', '/node/1/edit', '/sites/default/settings.php', '/sites/default/files/doc.pdf',
  '/core/misc/drupal.js', '/modules/node/node.module', '/administrator/', '/administrator', '/component/content/', '/typo3/', '/typo3', '/fileadmin/logo.png', '/remote.php/dav/files/me/a%20b', '/remote.php/caldav', '/.well-known/carddav', '/.well-known/caldav', '/.well-known/acme-challenge/token', '/.well-known/none', '/ocs/v1.php/x', '/status.php', '/pub/static/version1/frontend/a.css', '/pub/static/version99/frontend/a.css', '/static/version5/a.css', '/pub/media/catalog/a.jpg', '/static/site.css', '/static/app.js', '/static/none.js', '/assets/app.1a2b3c.js', '/assets/app.js', '/static/site.123.css',
  '/images/a%20b.png', '/images/photo.jpg', '/images/photo.png', '/fonts/text.woff2', '/maintenance.html', '/robots.txt', '/sitemap.xml', '/favicon.ico', '/.env', '/.git/config', '/.git/', '/.htaccess', '/.htpasswd', '/composer.json', '/backup.sql', '/private/', '/private/report.txt', '/cgi-bin/form.cgi', '/cgi-bin/form.cgi/x?y=1', '/dispatch.fcgi', '/dispatch.fcgi/x', '/app.fcgi', '/old-page', '/old/page.html', '/products.php?id=5', '/product/5/blue-shoe', '/shop/item-12.html', '/Main_Page', '/wiki/Main_Page', '/wiki/A%2FB', '/wiki/Caf%C3%A9', '/w/index.php?title=X', '/index.php?option=com_content&view=article&id=1', '/a//b', '/./about.html', '/x/../about.html', '/%61bout.html', '/about.html%20', '/about%2ehtml', '/about.html/x', '/caf%C3%A9', '/%E9', '/a%25b', '/a%3Fb', '/a%23b', '/~me/', '/admin', '/phpmyadmin/', '/server-status', '/page.asp', '/page.aspx?x', '/test.php~', '/backup.tar.gz', '/index.php.bak', '/sub/deep/none.png', '/none.css', '/none.php', '/none.php/x', '/none/',
];
// prettier-ignore
const QUERIES = ['', '', '', '', '?', '?a=1', '?utm_source=x&id=2', '?lang=de', '?q=a%20b', '?q=<script>', '?id=1%27--', '?author=1', '?preview=true', '?s=x', '?fbclid=1', '?p=12', '?_escaped_fragment_=', '?x=../../etc/passwd', '?url=http://evil.test/', '?GLOBALS=1', '?mosConfig=1'];
// prettier-ignore
const HEADERS: readonly (readonly [string, string])[] = [
  ['Host', 'example.test'], ['Host', 'www.example.test'], ['Host', 'www.example.test:8080'], ['Host', 'EXAMPLE.TEST'], ['Host', 'blog.example.test'], ['Host', 'evil.test'], ['User-Agent', 'Mozilla/5.0 (X11; Linux)'], ['User-Agent', 'Googlebot/2.1'], ['User-Agent', 'curl/8.0'], ['User-Agent', 'BadBot'], ['User-Agent', 'libwww-perl'], ['User-Agent', ''], ['User-Agent', 'Mozilla/4.0 (compatible; MSIE 6.0)'],
  ['Referer', 'http://www.example.test/'], ['Referer', 'https://evil.test/page'], ['Referer', 'https://www.google.com/search'], ['Cookie', 'wordpress_logged_in_x=1'], ['Cookie', 'lang=de; PHPSESSID=1'], ['Accept', 'text/html,image/webp,*/*'], ['Accept', 'application/json'], ['Accept-Language', 'de-DE,de;q=0.9,en;q=0.5'], ['Accept-Language', 'fr'], ['Accept-Encoding', 'gzip, deflate, br'], ['Accept-Encoding', 'gzip'], ['X-Forwarded-Proto', 'https'], ['X-Forwarded-For', '10.0.0.1'], ['Origin', 'https://app.example.test'], ['Authorization', 'Basic YTpi'], ['Authorization', 'Bearer x.y.z'], ['X-Requested-With', 'XMLHttpRequest'], ['DNT', '1'],
];

/** The texts that stand on their own: no passwords on the disk, no server behind. */
const TEXTS = realisticFiles()
  .filter(({ name }) => !/basic-auth|auth-any|auth-satisfy|proxy-backend|wrapper/.test(name))
  .map(({ text }) => text);

const PREAMBLES = [
  '',
  '',
  'AddHandler fcgid-script .php\n',
  'AddHandler application/x-httpd-php .php\n',
  'DirectoryIndex index.php index.html\nAddHandler fcgid-script .php\n',
  'Options +MultiViews\n',
  'ErrorDocument 404 /404.html\n',
  'ErrorDocument 404 /index.php\nAddHandler fcgid-script .php\n',
  'RewriteEngine On\nRewriteOptions InheritDown\n',
];

function site(random: Random): SiteFiles {
  const files: Record<string, SiteFiles[string]> = { ...FILES };
  files['.htaccess'] = random.pick(PREAMBLES) + random.pick(TEXTS);
  if (random.chance(0.15)) files['.htaccess'] += `\n${random.pick(TEXTS)}`;
  for (const folder of ['public', 'blog', 'wp-content/uploads', 'de', 'images'])
    if (random.chance(0.12)) files[`${folder}/.htaccess`] = random.pick(PREAMBLES) + random.pick(TEXTS);
  if (random.chance(0.2))
    files['wp-content/uploads/.htaccess'] = '<FilesMatch "\\.php$">\nRequire all denied\n</FilesMatch>\n';
  if (random.chance(0.1)) delete files['index.html'];
  return files;
}

/** A path of the pool, or one that the site's own rules speak of. */
function target(random: Random, files: SiteFiles): string {
  const own = files['.htaccess'];
  const text = typeof own === 'string' ? own : '';
  if (random.chance(0.2)) {
    const words = text.match(/[a-z][\w-]{2,}(?:\/[\w.-]+)*/gi) ?? [];
    if (words.length > 0) return `/${random.pick(words)}${random.pick(['', '/', '.html', '/x', '?a=1'])}`;
  }
  if (random.chance(0.1)) {
    const path = random.pick(Object.keys(files));
    return `/${encodeURI(path)}${random.pick(['', '/', 'x', '?a'])}`;
  }
  const path = random.pick(PATHS);
  return path.includes('?') ? path : path + random.pick(QUERIES);
}

function request(random: Random, files: SiteFiles): OracleRequest {
  const headers = new Map(random.times(random.pick([0, 1, 1, 2, 3]), () => random.pick(HEADERS)));
  return {
    method: random.chance(0.9)
      ? 'GET'
      : random.pick(['HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PROPFIND', 'TRACE']),
    target: target(random, files),
    headers: [...headers],
  };
}

/** An endless sequence of such sites, and requests to them. The same seed gives the same pairs. */
export function* sitePairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 3_497_861 + 17);
  for (;;) {
    const files = site(random);
    const documentRoot = random.chance(0.1) ? 'public' : '';
    for (let left = 12; left > 0; left--) yield { files, documentRoot, request: request(random, files) };
  }
}
