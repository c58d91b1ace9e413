import type { Random } from './random';
import { rewriteBlock } from './rewrite';

/** Writes some lines of one module's directives. */
export interface BlockGenerator {
  /** Apache's module; a caller may leave modules out. */
  readonly module: string;
  readonly weight: number;
  readonly lines: (random: Random) => string[];
}

/** A generator that picks from whole lines, `«a|b»` standing for one of the alternatives. */
function oneOf(module: string, weight: number, lines: readonly string[]): BlockGenerator {
  return { module, weight, lines: (random) => [alternatives(random, random.pick(lines))] };
}

function alternatives(random: Random, line: string): string {
  return line.replace(/«([^«»]*)»/g, (_all, list: string) => random.pick(list.split('|')));
}

/** One entry for each module. To cover another module, add an entry; nothing else needs to change. */
export const BLOCKS: readonly BlockGenerator[] = [
  { module: 'mod_rewrite', weight: 12, lines: rewriteBlock },
  oneOf('mod_alias', 2, [
    'Redirect «301|302|permanent|temp|307|seeother» /project/«a|sub|old» «/new|http://www.example.test/new|https://other.example.test/x?y»',
    'Redirect «410|gone|404|403» /project/«a|b»',
    'Redirect /project/«a|sub/» /elsewhere«|/»',
    'RedirectMatch «301|302|303» ^/project/(.*)\\.html$ /«$1|x/$1.htm|\\$1|&»',
    'RedirectMatch «404|410» /b',
    'Redirect 302 "«/to%{REQUEST_URI}|https://x.example.test%{REQUEST_URI}»"',
    'RedirectPermanent /project/a /p',
    'RedirectTemp /project/sub http://other.example.test/',
  ]),
  oneOf('mod_dir', 2, [
    'DirectoryIndex «index.html|none.html index.html|page.html|/index.html|run.fcgi|disabled»',
    'DirectorySlash «On|Off»',
    'FallbackResource «/index.html|/project/run.fcgi|/none|disabled»',
    'DirectoryIndexRedirect «on|off|permanent|303»',
    'DirectoryCheckHandler «On|Off»',
  ]),
  oneOf('mod_env', 2, [
    'SetEnv NAME «value|"a value"|""»',
    'SetEnv OTHER x',
    'UnsetEnv NAME',
    'PassEnv PATH',
  ]),
  oneOf('mod_setenvif', 2, [
    'SetEnvIf «Request_URI|Host|User-Agent|Remote_Addr|Request_Method|X-Test» «^/project|.|(.)(.*)|^$|GET» «NAME|NAME=$1|!NAME|A=1 B=$2»',
    'SetEnvIfNoCase Host "«EXAMPLE|^www»" HOSTED=«yes|$0»',
    'BrowserMatch ^Test «tester|!NAME»',
    'SetEnvIfExpr "%{REQUEST_URI} =~ /(su.)/" EXPRESSED=$1',
  ]),
  oneOf('mod_headers', 2, [
    'Header «|always |onsuccess »«set|append|merge|add» X-One «1|"a b"|"%{NAME}e"|"expr=%{REQUEST_URI}"»«| env=NAME| env=!NAME»',
    'Header «|always »unset «X-One|Content-Type|ETag»',
    'Header «|always »edit X-One «1|a|^» z',
    'Header set Cache-Control "«no-store|max-age=60»"',
    'Header always set X-Two 2 "expr=%{REQUEST_STATUS} «==|>=» «404|200»"',
    'RequestHeader «set X-Test changed|unset User-Agent»',
  ]),
  oneOf('mod_expires', 1, [
    'ExpiresActive «On|Off»',
    'ExpiresDefault "access plus 1 day"',
    'ExpiresByType text/html A600',
  ]),
  oneOf('mod_mime', 2, [
    'AddType «text/plain|application/x-test|text/x» .«html|css|txt|none»',
    'AddHandler «fcgid-script|cgi-script|default-handler» .«fcgi|html|none»',
    'RemoveHandler .fcgi',
    'RemoveType .html',
    'AddEncoding gzip .txt',
    'AddCharset utf-8 .html',
    'AddLanguage de .html',
    'DefaultLanguage en',
  ]),
  oneOf('core', 3, [
    'Options «+Indexes|-Indexes|-ExecCGI|+ExecCGI|-FollowSymLinks|None|All|Indexes FollowSymLinks»',
    'AcceptPathInfo «On|Off|Default»',
    'AddDefaultCharset «On|Off|utf-8»',
    'ErrorDocument «404|403|500|410» «/index.html|/project/run.fcgi|/none|"a text"|default|http://other.example.test/e»',
    'SetHandler «fcgid-script|none|cgi-script|default-handler»',
    'ForceType «text/x-forced|none»',
    'FileETag «None|MTIME Size»',
    'ServerSignature On',
  ]),
  oneOf('mod_authz_core', 1, [
    'Require «all granted|all denied|ip 127.0.0.1|ip 10.0.0.0/8|method GET|env NAME|expr "true"»',
  ]),
  oneOf('mod_access_compat', 1, [
    'Order «allow,deny|deny,allow»',
    'Deny from «all|10.|env=NAME»',
    'Allow from «all|127.0.0.1|env=NAME»',
  ]),
];

// prettier-ignore
const SECTIONS: readonly string[] = [
  '<Files "*.html">', '<Files run.fcgi>', '<FilesMatch "^(a|b|page)">', '<Files ~ "\\.css$">', '<If "%{REQUEST_URI} =~ /sub/">', '<If "true">', '<If "-n %{QUERY_STRING}">',
  '<IfModule mod_rewrite.c>', '<IfModule !mod_rewrite.c>', '<IfModule mod_none.c>', '<Limit POST>', '<LimitExcept GET HEAD>', '<IfVersion >= 2.4>',
];

/** Lines of a .htaccess that is meant to be accepted; `modules` limits what is used. */
export function blockLines(random: Random, modules?: ReadonlySet<string>): string[] {
  const usable = modules ? BLOCKS.filter(({ module }) => modules.has(module)) : BLOCKS;
  const count = modules?.size === 1 ? 1 : 1 + random.below(4);
  return random.times(count, () => placed(random, random.weighted(usable).lines(random))).flat();
}

function placed(random: Random, lines: readonly string[]): string[] {
  if (random.chance(0.85)) return [...lines];
  const open = random.pick(SECTIONS);
  return [open, ...lines, `</${/^<(\w+)/.exec(open)?.[1]}>`];
}
