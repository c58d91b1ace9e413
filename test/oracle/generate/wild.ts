import { textOfByteString } from '../../../src/text/bytes';
import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { FileEntry, SiteFiles } from '../apache/site_folders';
import { Random } from './random';
import { conditionLine as plainCondition, ruleLine as plainRule } from './rewrite';

/**
 * Sites that nobody would write and Apache must answer all the same: up to four .htaccess on one way, sections in sections,
 * every flag with every kind of condition, bytes that need escaping everywhere, links and modes, odd requests.
 */

type Line = (random: Random) => string;

const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };

const FILES: SiteFiles = {
  'index.html': 'home',
  'run.fcgi': SCRIPT,
  'page.html': 'page',
  'error.html': 'error',
  'plain.txt': 'plain',
  'one/index.html': 'one',
  'one/run.fcgi': SCRIPT,
  'one/page.html': 'page',
  'one/a&b.html': 'and',
  'one/50%.html': 'percent',
  'one/q?x.html': 'question',
  'one/sp ace.html': 'space',
  'one/plus+.html': 'plus',
  'one/hash#.html': 'hash',
  'one/\u00e9.html': 'accent',
  'one/semi;colon': 'semi',
  'one/page.html.en': 'english',
  'one/page.html.de': 'deutsch',
  'one/two/index.html': 'two',
  'one/two/page.html': 'page',
  'one/two/run.fcgi': SCRIPT,
  'one/two/three/index.html': 'three',
  'one/two/three/page.css': 'a {}',
  'one/empty': null,
};

/** What may lie beside: links of all kinds, files and folders that cannot be read. */
const ODDITIES: readonly (readonly [string, FileEntry])[] = [
  ['one/link.html', { link: 'page.html' }],
  ['one/away', { link: '/site/one/two' }],
  ['one/loop', { link: 'loop' }],
  ['one/ring', { link: 'two/ring' }],
  ['one/two/ring', { link: '../ring' }],
  ['one/nowhere', { link: '/nowhere/at/all' }],
  ['one/up', { link: '..' }],
  ['one/secret.html', { text: 'secret', mode: '000' }],
  ['one/script.cgi', { text: '#!/bin/sh\n', mode: '644' }],
  ['one/two/index.html', { text: 'two', mode: '000' }],
];

// prettier-ignore
const PATTERNS = [
  '^', '^(.*)$', '^(.+)$', '^([^/]*)(.*)$', '(.)', '^one/(.*)$', '^two/(.*)$', '^page(.*)$', '\\.html$', '^(.*)\\.(html|css)$', '!^page', '!\\.fcgi', '^$', '^(?:one/)?(two)?/?(.*)$', '^(\\S+)\\s(.*)$',
  '[^a-z/.]', '([^\\w])', '^(.*?)([?&%#+;])(.*)$', '^run\\.fcgi(/.*)?$', '^(index)?', '^old-(.*)$', '^\\d+$', '^(?!run)(.+)$', '(?i)PAGE', '^/', '^.{1,6}$', '^(a)?(b)?(c)?', '^(((((((((((x?)))))))))))', '\\x25', '%', '[\\x80-\\xff]+', '^(?P<name>p).*',
];

// prettier-ignore
const SUBSTITUTIONS = [
  '-', '-', '$1', '$1$2', '$2?$1', '/$1', '/one/$1', 'page.html', '/page.html', 'run.fcgi', 'run.fcgi/$1', '/run.fcgi/$1?q=$2', '/one/run.fcgi/$0', 'two/$1', '$1.html', '?$1', '?a=$1&b=%1', '$1?', '/$1?x=%{QUERY_STRING}', 'run.fcgi?$1=$2', 'http://www.example.test/$1',
  'http://%{HTTP_HOST}/$1', 'https://%{SERVER_NAME}%{REQUEST_URI}', 'http://other.test/$1?q=$2', '%{REQUEST_URI}', '%{REQUEST_URI}?%{QUERY_STRING}', '/%{ENV:V}/$1', '%{HTTP:X-Path}', '%{LA-U:REQUEST_FILENAME}', '%{LA-F:REQUEST_URI}', '%{DOCUMENT_ROOT}/one/page.html', '%{REQUEST_FILENAME}.html',
  '%1$1', '$1%1', '\\$1', '\\%1', '%%1', '$$1', '%{', '${x:$1|page.html}', '${y}', '%{NOPE}', '$', '%', '/a%20b', '/a%2520b', '/one/50%25.html', '/one/sp%20ace.html', '"/one/sp ace.html"', '/one/q%3Fx.html', '/one/q\\?x.html', '/x#frag', '/x?a#b', '//$1', '///one//page.html', './$1', '../$1',
  '/one/../page.html', 'mailto:$1@x.test', 'ftp://h/$1', 'ws://h/$1', 'unix:/x|http://h/', 'foo:bar', 'h2://h/$1', 'HTTP://WWW.example.test/$1', 'http://www.example.test:80/$1', 'http://www.example.test:81/$1', 'http://www.example.test', '/\u00c3\u00a9', '/%c3%a9', '/one/a&b.html', '/one/plus+.html', '$9$8$7', '/$1/$1/$1', '/page.html?&', '/page.html?a=1&', '/page.html?%1&', '/index.html/$1', '/one/two/three/page.css?v=$1', '%{TIME_YEAR}', '/%{SERVER_PORT}%{HTTPS}%{REQUEST_SCHEME}', '%{IS_SUBREQ}', '%{THE_REQUEST}', '%{REMOTE_ADDR}/%{REMOTE_HOST}',
];

// prettier-ignore
const FLAGS = [
  'L', 'L', 'L', 'L', 'END', 'END', 'R', 'R=301', 'R=303', 'R=307', 'R=308', 'R=300', 'R=304', 'R=305', 'R=400', 'R=403', 'R=404', 'R=500', 'R=503', 'R=200', 'R=206', 'R=418', 'F', 'G', 'NC', 'NE', 'NE', 'B', 'B', 'BNP', 'BCTLS', 'BNE=/', 'BNE=?&=', 'B=?&#', 'B=%+', 'BNP,B=&',
  'QSA', 'QSA', 'QSD', 'QSL', 'PT', 'DPI', 'NS', 'C', 'S=1', 'S=2', 'S=9', 'N=2', 'N=4', 'P', 'UnsafeAllow3F', 'UnsafeAllow3F', 'UNC', 'T=text/x-own', 'T=$1/x', 'H=own', 'H=fcgid-script', 'H=cgi-script', 'E=V:$1', 'E=V:%1', 'E=V', 'E=!V', 'E=W:%{REQUEST_URI}', 'E=V:a:b', 'E=HTTP_X:y', 'E=no-gzip:1',
  'CO=c:$1:.example.test', 'CO=c:v:x.test:5', 'CO=c:v:x.test:0:/p', 'CO=;c;v:w;x.test;5;/;1;httponly', 'CO=d:v:x.test:1:/:true:true:Strict', 'CO=e:v:x.test:1:/:false:0:false', 'CO=f:v', 'CO=c:%1:%{HTTP_HOST}:-5', 'CO=g:v:x.test::/q::1:lax', 'E=A:1,E=B:%{ENV:A},E=!A',
];

// prettier-ignore
const VARIABLES = [
  'REQUEST_URI', 'REQUEST_FILENAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING', 'THE_REQUEST', 'REQUEST_METHOD', 'REQUEST_SCHEME', 'HTTP_HOST', 'HTTP_USER_AGENT', 'HTTP_REFERER', 'HTTP_COOKIE', 'HTTP_ACCEPT', 'HTTP_FORWARDED', 'HTTP_PROXY_CONNECTION', 'HTTP_ACCEPT_ENCODING', 'HTTPS', 'IPV6',
  'SERVER_NAME', 'SERVER_PORT', 'SERVER_ADDR', 'SERVER_ADMIN', 'SERVER_PROTOCOL', 'SERVER_SOFTWARE', 'API_VERSION', 'DOCUMENT_ROOT', 'CONTEXT_PREFIX', 'CONTEXT_DOCUMENT_ROOT', 'REMOTE_ADDR', 'CONN_REMOTE_ADDR', 'REMOTE_HOST', 'REMOTE_USER', 'REMOTE_IDENT', 'AUTH_TYPE', 'IS_SUBREQ', 'TIME_YEAR', 'ENV:V', 'ENV:W', 'ENV:PATH',
  'ENV:REDIRECT_STATUS', 'ENV:REDIRECT_V', 'SSL:HTTPS', 'SSL:SSL_PROTOCOL', 'HTTP:X-Test', 'HTTP:x-test', 'HTTP:Accept-Language', 'HTTP:Nope', 'LA-U:REQUEST_FILENAME', 'LA-U:ENV:V', 'LA-U:REMOTE_USER', 'LA-U:PATH_INFO', 'LA-F:REQUEST_FILENAME', 'LA-F:ENV:W', 'LA-U:HTTP:X-Test', 'LA-U:SCRIPT_FILENAME', 'la-u:request_uri', 'env:V', 'http:x-test', 'SCRIPT_USER', 'SCRIPT_GROUP', 'X', 'XY', 'HTTP:', 'ENV:', 'SSL:', 'document_root',
];

// prettier-ignore
const TESTS = [
  '-f', '-d', '-s', '-l', '-L', '-h', '-x', '-F', '-U', '!-f', '!-d', '!-s', '!-l', '!-x', '!-F', '!-U', '-e', '-', '=', '<', '>', '!', '=on', '!=on', '=""', '!=""', '<one', '>one', '<=/one', '>=/one', '!<z', '=www.example.test', '=WWW.EXAMPLE.TEST', '-lt3', '-le80', '-eq80', '-ne80', '-gt-1', '-ge10', '!-eq0', '-lt', '-eqx', '-gt 5', '-eq"80"',
  '^$', '!^$', '.', '(.*)', '^(.)(.*)$', '^/one/(.*)', '([^=]+)=([^&]*)', '^(GET|POST)$', '^GET\\s', '(?i)WWW', '\\.html$', '!\\.html$', '^off$', '(x)?(.*)', '(\\d+)$', '%20', '\\?', '[&?]', '^\\w+$', '(a)|(b)|(c)', '.*\\s.*', '"a b"', '\\ ', '^-f$', '""',
];

// prettier-ignore
const EXPRESSIONS = [
  '%{REQUEST_URI} =~ m#^/one/(.*)#', '%{REQUEST_URI} !~ /two/', '%{QUERY_STRING} =~ /(\\w)=(\\w)?/', '-n req(\'X-Test\')', '-z %{QUERY_STRING}', '%{REQUEST_METHOD} in {\'GET\',\'POST\'}', '%{REQUEST_FILENAME} -strmatch \'*.html\'', '%{REQUEST_URI} -strcmatch \'*PAGE*\'', '%{REQUEST_URI} -fnmatch \'/one/*\'', 'reqenv(\'V\') == \'a\'',
  '%{ENV:V} != \'\'', 'true', 'false', '!(%{HTTPS} == \'on\') && %{SERVER_PORT} -eq 80', '%{REMOTE_ADDR} -ipmatch \'127.0.0.0/8\'', 'toupper(%{REQUEST_METHOD}) == \'get\'', '%{HTTP:X-Test} =~ /(.)(.)?/', '%{IS_SUBREQ} == \'true\'', 'unescape(%{REQUEST_URI}) == %{REQUEST_URI}', '%{CONTENT_TYPE} == \'text/html\'', '%{HANDLER} == \'fcgid-script\'', '%{REQUEST_STATUS} -ge 400', '-T reqenv(\'V\')', '%{LAST_MODIFIED} -gt 2000', '%{LAST_MODIFIED} == \'19700101000000\'','%{HTTP_HOST} == \'www.example.test\' || %{PATH_INFO} == \'\'', 'escape(%{QUERY_STRING}) =~ /%/', 'md5(\'a\') =~ /^0c/', '%{DOCUMENT_ROOT} . \'/x\' =~ m#site/x#', '%{THE_REQUEST} =~ /\\?/', '%{CONTEXT_PREFIX} == \'\'', '%{REQUEST_URI} =~ /\\.(html|css)$/ && \'$1\' == \'css\'',
];

const quoted = (text: string): string => `"${text.replaceAll(/\\(?=")|"/g, (all) => `\\${all}`)}"`;
const bare = (text: string): string => (text.includes(' ') && !text.startsWith('"') ? `"${text}"` : text);

function condition(random: Random): string {
  if (random.chance(0.15)) return plainCondition(random);
  const flags = random.maybe(
    0.3,
    ` [${random.pick(['OR', 'OR', 'NC', 'NV', 'OR,NC', 'NV,OR', 'ornext', 'novary'])}]`,
  );
  if (random.chance(0.15)) return `RewriteCond expr ${quoted(random.pick(EXPRESSIONS))}${flags}`;
  return `RewriteCond ${bare(testString(random))} ${bare(random.pick(TESTS))}${flags}`;
}

function testString(random: Random): string {
  const variable = `%{${random.pick(VARIABLES)}}`;
  return random.pick([
    variable, variable, variable, variable, variable, `%{DOCUMENT_ROOT}/$1`, `%{DOCUMENT_ROOT}/one/$1.html`, `%{REQUEST_FILENAME}.html`, `%{DOCUMENT_ROOT}${variable}`, '$1', '$2%1', `${variable}|$1`, '%1', '/one/page.html', '/one/', '/site/one/page.html',
    '%{DOCUMENT_ROOT}/one/link.html', '%{DOCUMENT_ROOT}/one/away', '%{DOCUMENT_ROOT}/one/loop', '%{DOCUMENT_ROOT}/one/secret.html', '/one/two', '5', '-5', '12abc', 'a b', '\\%1', '${m:$1|d}',
  ]); // prettier-ignore
}

function rule(random: Random): string {
  if (random.chance(0.15)) return plainRule(random);
  const flags = random.times(random.pick([0, 1, 1, 2, 2, 3, 4]), () => random.pick(FLAGS)).join(',');
  return `RewriteRule ${random.pick(PATTERNS)} ${random.pick(SUBSTITUTIONS)}${flags === '' ? '' : ` ${bare(`[${flags}]`)}`}`;
}

// prettier-ignore
const OPTIONS = ['Inherit', 'InheritBefore', 'InheritDown', 'InheritDownBefore', 'IgnoreInherit', 'AllowNoSlash', 'MergeBase', 'IgnoreContextInfo', '"Inherit MergeBase"', '"InheritDownBefore MergeBase"', 'MaxRedirects=3'];

function rewriting(random: Random): string[] {
  const lines = random.chance(0.85) ? [`RewriteEngine ${random.chance(0.95) ? 'On' : 'Off'}`] : [];
  if (random.chance(0.25))
    lines.push(`RewriteBase ${random.pick(['/', '/one', '/one/', '/one/two/', '/x/', '/one/two/three'])}`);
  if (random.chance(0.3)) lines.push(`RewriteOptions ${random.pick(OPTIONS)}`);
  for (let left = random.below(4); left > 0; left--)
    lines.push(...random.times(random.pick([0, 0, 1, 1, 2, 3]), () => condition(random)), rule(random));
  return lines;
}

// prettier-ignore
const OTHERS: readonly Line[] = [
  (random) => `Redirect${random.maybe(0.5, random.pick([' 301', ' 302', ' 303', ' 307', ' 308', ' permanent', ' temp', ' seeother']))} ${random.pick(['/one/page.html', '/one/two', '/one/', '/page.html', '/one/old', '/index.html'])} ${random.pick(['/new', '/new?x', 'http://other.test/a', '/one/page.html', 'https://www.example.test/'])}`,
  (random) => `Redirect ${random.pick(['gone', '410', '404', '403', '500', '200'])} ${random.pick(['/one/page.html', '/one/two', '/page.html', '/none'])}`,
  (random) => `RedirectMatch ${random.pick(['301 ', '302 ', '', '303 '])}${random.pick(['^/one/(.*)\\.html$', '(.*)/page(.*)', '^/(one|two)/?$', '\\.css$', '[&?%]'])} ${random.pick(['/$1', '/x/$1?$2', 'http://o.test/$1#$2', '/$0', '/a\\$1', '/one/page.html'])}`,
  (random) => `Redirect ${random.pick(['302 ', '301 ', ''])}${quoted(random.pick(['/x%{REQUEST_URI}', 'https://%{HTTP_HOST}%{REQUEST_URI}', '/%{QUERY_STRING}', '%{HTTP:X-Test}']))}`,
  (random) => `RedirectRelative ${random.pick(['On', 'Off'])}`,
  (random) => `DirectoryIndex ${random.pick(['index.html', 'none.html page.html', 'run.fcgi', '/page.html', 'disabled', 'page.html run.fcgi index.html', 'two', 'two/page.html', '/one/run.fcgi?x', 'secret.html index.html'])}`,
  (random) => `DirectorySlash ${random.pick(['On', 'Off'])}`,
  (random) => `DirectoryCheckHandler ${random.pick(['On', 'Off'])}`,
  (random) => `DirectoryIndexRedirect ${random.pick(['on', '301', 'off', 'temp'])}`,
  (random) => `FallbackResource ${random.pick(['/page.html', '/run.fcgi', 'run.fcgi', 'disabled', '/none', '/one/run.fcgi'])}`,
  (random) => `SetEnv ${random.pick(['V', 'W'])} ${random.pick(['a', '"b c"', ''])}`.trimEnd(),
  () => 'UnsetEnv V',
  (random) => `SetEnvIf ${random.pick(['Request_URI', 'Host', 'X-Test', 'Request_Method', 'Remote_Addr', 'V', '^X-.*', 'Request_Protocol'])} ${quoted(random.pick(['one', '^(.)(.*)$', 'page', '^$', '.', 'GET', '(a)(b)?', '^/one/([^/]*)']))} ${random.pick(['V', 'V=$1', 'W=$1$2', '!V', 'V=a W=b', 'no-gzip', 'V=%1', 'W="$1 x"'])}`,
  (random) => `SetEnvIfNoCase ${random.pick(['User-Agent', 'X-Test', 'Request_URI'])} ${random.pick(['TEST', 'PAGE', '^a'])} V=nc`,
  (random) => `BrowserMatch ${random.pick(['Test', '^Mozilla', '.'])} ${random.pick(['V=browser', '!W'])}`,
  (random) => `Header ${random.pick(['', 'always ', 'onsuccess '])}${random.pick(['set X-A a', 'append X-A b', 'merge X-A a', 'add X-A c', 'unset X-A', 'edit X-A a z', 'edit* X-A . x', 'setifempty X-A d', 'echo ^X-T', 'set X-B "%{V}e"', 'set X-C "expr=%{REQUEST_URI}"', 'unset Location', 'set Location /x', 'edit Location ^http: https:', 'set Content-Type text/x', 'unset Vary', 'append Vary Cookie', 'unset Content-Type', 'set Set-Cookie a=b', 'add Set-Cookie c=d', 'edit Set-Cookie ^(.*)$ $1;Secure', 'note X-A n', 'unset Set-Cookie'])}${random.maybe(0.25, random.pick([' env=V', ' env=!V', ` "expr=${random.pick(['true', '%{REQUEST_STATUS} == 404', '%{REQUEST_STATUS} == 200', 'reqenv(\'V\') == \'a\'', '-n resp(\'X-A\')'])}"`]))}`,
  (random) => `RequestHeader ${random.pick(['set X-Test changed', 'unset X-Test', 'append X-Test more', 'edit X-Test a b', 'setifempty X-Test new', 'set X-Uri "expr=%{REQUEST_URI}"', 'merge Accept text/x'])}`,
  (random) => `ErrorDocument ${random.pick(['404', '403', '500', '410', '401', '400', '418', '503'])} ${random.pick(['/error.html', '/one/run.fcgi', '/none', '"gone"', 'default', 'http://other.test/e', '/one/page.html?e=1', '%{REQUEST_URI}x', '/run.fcgi/%{REQUEST_STATUS}', '/one/secret.html', '/one/two'])}`,
  (random) => `Options ${random.pick(['+Indexes', '-Indexes', '-ExecCGI', '+ExecCGI', '-FollowSymLinks', '+SymLinksIfOwnerMatch -FollowSymLinks', 'None', 'All', '+MultiViews', '-MultiViews', 'FollowSymLinks', 'Indexes ExecCGI', '+Includes'])}`,
  (random) => `AcceptPathInfo ${random.pick(['On', 'Off', 'Default'])}`,
  (random) => `SetHandler ${random.pick(['fcgid-script', 'none', 'cgi-script', 'default-handler', 'own', '"%{ENV:V}"', 'server-status', 'send-as-is', 'application/x-httpd-php'])}`,
  (random) => `ForceType ${random.pick(['text/x-forced', 'none', 'TEXT/X-OTHER'])}`,
  (random) => `AddHandler ${random.pick(['fcgid-script .html', 'cgi-script .cgi', 'own .css .html', 'default-handler .fcgi', 'application/x-httpd-php .txt'])}`,
  (random) => random.pick(['RemoveHandler .fcgi', 'RemoveHandler .html .css', 'RemoveType .html', 'AddType text/x-t .html', 'AddType text/html;charset=x .css', 'AddType application/x-own .txt', 'AddCharset utf-8 .html', 'AddLanguage de .de', 'AddLanguage en .en', 'AddEncoding gzip .txt', 'DefaultLanguage fr', 'LanguagePriority de en', 'ForceLanguagePriority Prefer Fallback', 'AddDefaultCharset utf-8', 'AddDefaultCharset Off', 'RemoveEncoding .txt', 'RemoveCharset .html', 'RemoveLanguage .de']),
  (random) => `Action ${random.pick(['own /run.fcgi', 'own /one/run.fcgi virtual', 'text/html /run.fcgi', 'own /none', 'text/css /one/run.fcgi', 'own /page.html virtual'])}`,
  (random) => random.pick(['CheckSpelling On', 'CheckSpelling Off', 'CheckSpelling On\nCheckCaseOnly On', 'ExpiresActive On\nExpiresDefault A60', 'ExpiresActive On\nExpiresByType text/html "access plus 1 day"', 'FileETag None', 'FileETag MTIME Size', 'FileETag MTime', 'FileETag -MTime', 'FileETag Size', 'FileETag Digest', 'FileETag +Digest', 'FileETag None\nFileETag Size', 'AddDefaultCharset On', 'SetOutputFilter DEFLATE', 'AddOutputFilterByType DEFLATE text/html', 'AddOutputFilter DEFLATE html', 'RemoveOutputFilter html', 'EnableSendfile Off', 'ContentDigest On', 'LimitRequestBody 10']),
  (random) => `Require ${random.pick(['all granted', 'all denied', 'ip 127.0.0.1', 'ip 10', 'method GET HEAD', 'env V', `expr ${quoted(random.pick(EXPRESSIONS))}`, 'host localhost', 'local', 'valid-user'])}`,
  (random) => random.pick(['<RequireAll>\nRequire all granted\nRequire not env V\n</RequireAll>', '<RequireAny>\nRequire ip 10\nRequire method GET\n</RequireAny>', '<RequireAll>\n<RequireNone>\nRequire env W\n</RequireNone>\nRequire local\n</RequireAll>']),
  (random) => random.pick(['Order allow,deny\nAllow from all', 'Order deny,allow\nDeny from all', 'Order deny,allow\nDeny from env=V', 'Order allow,deny\nAllow from 127\nDeny from env=W', 'Satisfy Any', 'Satisfy All', 'Order mutual-failure']),
];

const SECTIONS = [
  '<Files "*.html">', '<Files run.fcgi>', '<Files "page.*">', '<FilesMatch "^(?<stem>p.*)\\.(html|css)$">', '<FilesMatch "\\.fcgi$">', '<Files ~ "^i">', '<Files "">', '<Files "*">', '<FilesMatch "^$">', '<Limit GET>', '<Limit POST PUT>', '<LimitExcept GET>', '<IfModule mod_rewrite.c>', '<IfModule !mod_none.c>', '<IfVersion >= 2.4.1>', '<IfDirective RewriteRule>', '<IfFile "/nothing/there">',
]; // prettier-ignore

/** Lines with sections around some of them. */
function block(random: Random, depth = 0): string[] {
  const lines = random.chance(0.6)
    ? rewriting(random)
    : random.times(1 + random.below(3), () => random.pick(OTHERS)(random));
  if (depth >= 3 || random.chance(depth === 0 ? 0.6 : 0.7)) return lines;
  const inner = random.times(1 + random.below(2), () => block(random, depth + 1)).flat();
  if (random.chance(0.4)) return ifBlock(random, inner, depth);
  const open = random.pick(SECTIONS);
  return [...(random.chance(0.5) ? lines : []), open, ...inner, `</${/^<(\w+)/.exec(open)?.[1]}>`];
}

function ifBlock(random: Random, inner: readonly string[], depth: number): string[] {
  const test = (): string => quoted(random.pick(EXPRESSIONS));
  const lines = [`<If ${test()}>`, ...inner, '</If>'];
  if (random.chance(0.3)) lines.push(`<ElseIf ${test()}>`, ...block(random, depth + 1), '</ElseIf>');
  if (random.chance(0.4)) lines.push('<Else>', ...block(random, depth + 1), '</Else>');
  return lines;
}

function htaccess(random: Random): string {
  return textOfByteString(
    random
      .times(1 + random.below(3), () => block(random))
      .flat()
      .join('\n') + '\n',
  );
}

function site(random: Random, documentRoot: string): SiteFiles {
  const prefix = documentRoot === '' ? '' : `${documentRoot}/`;
  const files = new Map(Object.entries(FILES));
  for (const [path, entry] of ODDITIES) if (random.chance(0.15)) files.set(path, entry);
  const chances = { '': 0.5, 'one/': 0.85, 'one/two/': 0.5, 'one/two/three/': 0.35 };
  for (const [folder, chance] of Object.entries(chances)) {
    if (!random.chance(chance)) continue;
    const text = htaccess(random);
    files.set(`${folder}.htaccess`, random.chance(0.01) ? { text, mode: '000' } : text);
  }
  return Object.fromEntries([...files].map(([path, entry]) => [prefix + path, entry]));
}

const HEX = '0123456789abcdefABCDEF'.split('');
const byte = (random: Random): string => `%${random.pick(HEX)}${random.pick(HEX)}`;

// prettier-ignore
const PATHS = [
  '/', '/page.html', '/one', '/one/', '/one/page.html', '/one/page', '/one/none', '/one/none/x/y', '/one/run.fcgi', '/one/run.fcgi/a/b', '/run.fcgi//x', '/one/two', '/one/two/', '/one/two/page.html', '/one/two/none', '/one/two/three', '/one/two/three/', '/one/two/three/page.css', '/one/two/three/none.html', '/one/empty/', '/one/empty', '/index.html', '/index.html/x', '/one/index.html',
  '/one/a&b.html', '/one/a%26b.html', '/one/50%25.html', '/one/q%3Fx.html', '/one/sp%20ace.html', '/one/plus+.html', '/one/plus%2B.html', '/one/hash%23.html', '/one/%C3%A9.html', '/one/%c3%a9.html', '/one/semi;colon', '/one/semi%3Bcolon', '/one/%E9', '/one/a%0Ab', '/one/a%09b', '/one/%7Fx', '/one/a%5Cb', '/one/a%22b', "/one/a'b", '/one/a%3Cb%3E', '/one/a%7Cb', '/one/%2541', '/one/%25', '/one/a%2520b', '/one/a%2Fb', '/one/a%00b', '/one/a%', '/one/a%g1', '/one/./page.html', '/one/../page.html', '/../x', '/one/%2e%2e/page.html', '/one/.%2e/x', '//one//page.html', '/one/two/..;/x', '/one/page.html/', '/one/page.html/info', '/one/page.html.en', '/one/pgae.html', '/ONE/page.html', '/one/PAGE.HTML', '/one/old-x', '/one/123',
  '/one/link.html', '/one/away', '/one/away/', '/one/away/page.html', '/one/loop', '/one/ring/x', '/one/nowhere', '/one/up/page.html', '/one/secret.html', '/one/script.cgi', '/.htaccess', '/one/.htaccess', '/one/two/.htpasswd', '/plain.txt', '/one/run.fcgi/../page.html', '/one/%72un.fcgi', '/one/run%2Efcgi/%41', '/~user', '/one/a:b', '/one/a@b,c=d!e$f*(g)', '/one/[x]', '/one/{x}', '/one/^x', '/one/`x', '/one/x\\y',
];
// prettier-ignore
const QUERIES = ['', '', '', '', '', '', '?', '?a=1', '?a=b&c=d', '?a=%20b', '?a+b', '?%', '?%zz', '?a?b', '?&', '?a&&b&', '?x=%3F', '?%C3%A9', '?\u00e9', '?a=\'"', '?/one/page.html', '?http://x/', '?a=%0A', '?a#b', '?=', '?%26%3D', '?a b'];
// prettier-ignore
const HEADERS: readonly (readonly [string, string])[] = [
  ['X-Test', 'ab'], ['X-Test', 'a b'], ['X-Test', '/x?y'], ['X-Path', '/one/page.html'], ['X-Path', 'page.html?x=%20'], ['X-Path', ''], ['User-Agent', 'Test/1.0'], ['Referer', 'http://www.example.test/one/'], ['Cookie', 'a=b; c=d'], ['Accept', 'text/html'], ['Accept', 'text/css;q=0.5, */*;q=0.1'], ['Accept-Language', 'de'], ['Accept-Language', 'en, de;q=0.5'], ['Accept-Encoding', 'gzip'],
  ['Host', 'WWW.EXAMPLE.TEST'], ['Host', 'www.example.test:80'], ['Host', 'www.example.test:8080'], ['Host', 'other.test'], ['Host', 'other.test.'], ['Forwarded', 'for=1.2.3.4'], ['Proxy-Connection', 'x'], ['Authorization', 'Basic YTpi'],
];

function target(random: Random): string {
  let path = random.pick(PATHS);
  if (random.chance(0.12))
    path += random.pick(['', '/']) + random.times(1 + random.below(4), () => byte(random)).join('');
  if (random.chance(0.03))
    path = `http://${random.pick(['www.example.test', 'OTHER.test:81', 'www.example.test:80'])}${path}`;
  if (random.chance(0.005))
    path = random.pick([
      '*',
      '/' + 'a/'.repeat(2000),
      '/one/' + 'x'.repeat(8000),
      '/one/' + 'x'.repeat(9000),
      '/' + '%41'.repeat(2500),
      '/one/x?' + 'q'.repeat(8000),
    ]);
  return path + random.pick(QUERIES).replace(' ', '%20');
}

function request(random: Random): OracleRequest {
  const headers = new Map(random.times(random.pick([0, 0, 0, 1, 1, 2, 3]), () => random.pick(HEADERS)));
  return {
    method: random.chance(0.88)
      ? 'GET'
      : random.pick(['HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'FOO', 'PROPFIND']),
    target: target(random),
    headers: [...headers],
  };
}

/** An endless sequence of such sites and requests. The same seed gives the same pairs. */
export function* wildPairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 7_368_787 + 11);
  for (;;) {
    const documentRoot = random.chance(0.1) ? 'public' : '';
    const files = site(random, documentRoot);
    for (let left = 5; left > 0; left--) yield { files, documentRoot, request: request(random) };
  }
}
