import type { Random } from './random';

/** Writes lines of mod_rewrite: every flag, kind of condition, variable and escape that a .htaccess may use. */

// prettier-ignore
const PATTERNS: readonly string[] = [
  '^', '^(.*)$', '.', '(.+)', '^$', '^a$', '^a/?$', '^([^/]+)/?$', '^([^/]+)/([^/]+)$', '^sub/(.*)$', '!^a', '!\\.css$', '^(a|b|sub)', '\\.html$',
  '^(.+)\\.html$', '^(\\w+)-(\\d+)', '^/a', '^.*/([^/]*)$', '^x\\ y$', '"^x y$"', '^([a-z]+)(?:/([a-z]+))?$', '(?i)^A', '^(?!index)(.*)$', '[^a-z]',
  '^(.)(.)?(.)?', '^%', '\\?', '^\u00c3\u00a9', '^(?<name>a.*)$', '(^|/)b',
];

// prettier-ignore
const SUBSTITUTIONS: readonly string[] = [
  '-', 'index.html', 'run.fcgi', 'run.fcgi/$1', '/run.fcgi/$1', '/project/run.fcgi/$1', 'sub/$1', '$1', '$1.html', '/$1', '/sub/page.html', 'none', '/none/$1',
  'run.fcgi?u=$1', '?q=$1', '$1?', '$1?a=b', 'index.html?a=b&c=%20', '/project/$1?x=%{QUERY_STRING}', 'http://www.example.test/to/$1', 'http://other.example.test/$1',
  'https://www.example.test%{REQUEST_URI}', 'http://%{HTTP_HOST}/$1', '%{REQUEST_URI}x', '%{DOCUMENT_ROOT}/index.html', '%1', '/%1/%2', '$2/$1', 'a\\$1', '$0', '$9',
  '//www.example.test/a', '/a//b', '"a b"', '%{REQUEST_FILENAME}', '/x%{ENV:NAME}y', '%{HTTP:X-Test}', 'ftp://example.test/', 'mailto:a@example.test',
  'foo://x', '/caf\u00c3\u00a9', '/a%20b', '/a%2525', '/index.html#part', '../index.html', './sub/page.html', '%{REQUEST_SCHEME}://%{SERVER_NAME}:%{SERVER_PORT}/', '/%x$x',
];

// prettier-ignore
const FLAGS: readonly string[] = [
  'L', 'L', 'L', 'L', 'QSA', 'QSA', 'R', 'R=301', 'R=302', 'R=307', 'R=303', 'R=404', 'R=410', 'R=204', 'R=permanent', 'R=temp', 'R=seeother', 'F', 'G', 'NC', 'NE', 'QSD',
  'QSL', 'END', 'PT', 'DPI', 'NS', 'C', 'S=1', 'S=2', 'B', 'B= ?', 'BNP', 'BCTLS', 'BNE=/', 'E=NAME:value', 'E=NAME:$1', 'E=!NAME', 'E=OTHER', 'E=CAP:%1', 'T=text/plain',
  'H=fcgid-script', 'H=default-handler', 'CO=lang:$1:.example.test', 'CO=a:b:example.test:10:/:secure:httponly', 'P', 'N=3', 'UnsafeAllow3F', 'UnsafePrefixStat', 'last',
  'nocase', 'redirect=301', 'qsappend', 'env=A:b', 'chain', 'skip=1', 'noescape',
];

// prettier-ignore
const VARIABLES: readonly string[] = [
  'REQUEST_URI', 'REQUEST_FILENAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING', 'THE_REQUEST', 'REQUEST_METHOD', 'REQUEST_SCHEME', 'HTTP_HOST', 'HTTP_USER_AGENT',
  'HTTP_REFERER', 'HTTP_COOKIE', 'HTTP_ACCEPT', 'HTTP_ACCEPT_LANGUAGE', 'HTTPS', 'IPV6', 'SERVER_NAME', 'SERVER_PORT', 'SERVER_ADDR', 'SERVER_ADMIN', 'SERVER_PROTOCOL',
  'DOCUMENT_ROOT', 'CONTEXT_PREFIX', 'CONTEXT_DOCUMENT_ROOT', 'REMOTE_ADDR', 'CONN_REMOTE_ADDR', 'REMOTE_USER', 'AUTH_TYPE', 'IS_SUBREQ', 'ENV:NAME', 'ENV:PATH',
  'ENV:REDIRECT_STATUS', 'ENV:NOTHING', 'HTTP:X-Test', 'HTTP:Host', 'HTTP:Accept-Encoding', 'SSL:HTTPS', 'LA-U:REQUEST_FILENAME', 'LA-F:REQUEST_URI', 'NOTHING', 'request_uri',
  'HTTP_FORWARDED', 'REMOTE_IDENT', 'X',
];

// prettier-ignore
const CONDITION_REGEXES: readonly string[] = [
  '^$', '.', '!^$', '^/project/', '!^/project/', '^(.*)$', '^/([^/]+)/(.+)$', '(\\d+)', '^www\\.', '^a=([^&]*)', '(?:^|&)b=(.*)', '\\.html$', '!\\.(css|js)$', '^on$', '!=on',
  '=on', '=""', '!=""', '="a"', '<m', '>m', '<=/sub', '>=10', '-lt10', '-ge5', '-eq80', '!-gt5', '-ne0', '^GET$', '^(GET|HEAD)', '"x y"', '^[A-Z]+\\ /', '^127\\.', '(?i)EXAMPLE',
];

const FILE_TESTS: readonly string[] = [
  '-f',
  '-d',
  '-s',
  '-l',
  '-x',
  '!-f',
  '!-d',
  '!-f',
  '-F',
  '!-F',
  '-U',
  '-L',
  '-h',
  '!-s',
  '!-l',
];

// prettier-ignore
const FILE_SUBJECTS: readonly string[] = [
  '%{REQUEST_FILENAME}', '%{REQUEST_FILENAME}', '%{REQUEST_FILENAME}.html', '%{DOCUMENT_ROOT}/sub/$1', '%{DOCUMENT_ROOT}%{REQUEST_URI}', '%{REQUEST_URI}',
  '/index.html', '$1', '%{DOCUMENT_ROOT}/project/$1.html',
];

// prettier-ignore
const EXPRESSIONS: readonly string[] = [
  '"%{REQUEST_URI} =~ m#^/project/(.*)#"', '"%{QUERY_STRING} == \'a=1\'"', '"-n %{QUERY_STRING}"', '"-z %{HTTP:X-Test}"', '"%{REQUEST_METHOD} in { \'GET\', \'HEAD\' }"',
  '"%{HTTP_HOST} -strmatch \'www.*\'"', '"! %{HTTPS} == \'on\'"', '"tolower(%{HTTP_HOST}) == \'www.example.test\' && true"', '"%{SERVER_PORT} -eq 80"',
  '"-R \'127.0.0.0/8\'"', '"%{REQUEST_URI} =~ /sub/ || false"',
];

/** One RewriteCond, with its flags. */
export function conditionLine(random: Random): string {
  const kind = random.below(10);
  const flags = random.chance(0.2)
    ? ` [${random.pick(['OR', 'NC', 'NV', 'OR,NC', 'ornext', 'nocase'])}]`
    : '';
  if (kind < 3) return `RewriteCond ${random.pick(FILE_SUBJECTS)} ${random.pick(FILE_TESTS)}${flags}`;
  if (kind === 3) return `RewriteCond expr ${random.pick(EXPRESSIONS)}${flags}`;
  return `RewriteCond ${subject(random)} ${random.pick(CONDITION_REGEXES)}${flags}`;
}

function subject(random: Random): string {
  const variable = `%{${random.pick(VARIABLES)}}`;
  if (random.chance(0.8)) return variable;
  return random.pick(['$1', '$0', '%1', `${variable}:$1`, `x${variable}`, '"a b"', '\\%1', '-', 'text']);
}

/** One RewriteRule, with up to three flags. */
export function ruleLine(random: Random): string {
  const flags = random.times(random.pick([0, 1, 1, 2, 2, 3]), () => random.pick(FLAGS));
  const text = flags.length === 0 ? '' : ` ${quotedFlags(`[${flags.join(',')}]`)}`;
  return `RewriteRule ${random.pick(PATTERNS)} ${random.pick(SUBSTITUTIONS)}${text}`;
}

/** Flags that hold a blank must be quoted. */
function quotedFlags(flags: string): string {
  return flags.includes(' ') ? `"${flags}"` : flags;
}

// prettier-ignore
const OPTIONS: readonly string[] = [
  'Inherit', 'InheritBefore', 'InheritDown', 'InheritDownBefore', 'IgnoreInherit', 'AllowNoSlash', 'MergeBase', 'IgnoreContextInfo',
];

/** A whole block: engine, perhaps base and options, and up to four rules with their conditions. */
export function rewriteBlock(random: Random): string[] {
  const lines = ['RewriteEngine ' + (random.chance(0.96) ? 'On' : 'Off')];
  if (random.chance(0.2))
    lines.push(`RewriteBase ${random.pick(['/', '/project', '/project/', '/other/', '/project/sub/'])}`);
  if (random.chance(0.12)) lines.push(`RewriteOptions ${random.pick(OPTIONS)}`);
  const rules = random.below(4) + (random.chance(0.9) ? 1 : 0);
  for (let rule = 0; rule < rules; rule++) {
    lines.push(
      ...random.times(random.pick([0, 0, 1, 1, 2, 3]), () => conditionLine(random)),
      ruleLine(random),
    );
  }
  return lines;
}
