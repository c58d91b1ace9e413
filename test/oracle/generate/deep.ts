import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';

/**
 * Sites of six folders, one in the other, each with a word to say: access that is merged all the way down, actions beside
 * directives for headers, rare options of mod_rewrite, and tests of files by paths with dots, links and too many slashes.
 */

type Maker = (random: Random) => string;

const FOLDERS = ['', 'a/', 'a/b/', 'a/b/c/', 'a/b/c/d/', 'a/b/c/d/e/'];
const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };

const FILES: SiteFiles = {
  'run.fcgi': SCRIPT,
  'error.html': 'error',
  ...Object.fromEntries(
    FOLDERS.flatMap((folder) => [
      [`${folder}page.html`, `page of ${folder}`],
      [`${folder}note.txt`, 'note'],
    ]),
  ),
  'a/run.fcgi': SCRIPT,
  'a/empty.txt': '',
  'a/hollow': null,
  'a/up': { link: '..' },
  'a/down': { link: 'b/c' },
  'a/page.link': { link: 'b/page.html' },
  'a/lost': { link: 'nowhere/page.html' },
};

const pickOf =
  (list: readonly string[]): Maker =>
  (random) =>
    random.pick(list);

// ---- access ----

// prettier-ignore
const requirement = pickOf([
  'all granted', 'all granted', 'all denied', 'not all denied', 'ip 127.0.0.1', 'ip 10', 'not ip 10', 'local', 'env OPEN', 'not env OPEN', 'method GET HEAD', 'not method POST', 'expr "%{QUERY_STRING} == \'ok\'"', 'host localhost', 'forward-dns localhost', 'valid-user', 'user alice',
]);

function requirements(random: Random, depth: number): string[] {
  return random
    .times(1 + random.below(2), () => {
      if (depth === 2 || random.chance(0.6)) return [`Require ${requirement(random)}`];
      const name = random.pick(['RequireAll', 'RequireAny', 'RequireNone']);
      const positive = name === 'RequireNone' ? 'Require all denied' : 'Require all granted';
      return [
        `<${name}>`,
        ...random.times(random.below(2), () => positive),
        ...requirements(random, depth + 1),
        `</${name}>`,
      ];
    })
    .flat();
}

function access(random: Random): string[] {
  const lines = [
    ...(random.chance(0.75) ? [`AuthMerging ${random.pick(['And', 'Or', 'Off'])}`] : []),
    ...(random.chance(0.85) ? requirements(random, 0) : []),
    ...(random.chance(0.15) ? ['SetEnvIf Request_URI "c/" OPEN'] : []),
    ...(random.chance(0.1) ? [`AuthzSendForbiddenOnFailure ${random.pick(['On', 'Off'])}`] : []),
    ...(random.chance(0.1) ? ['ErrorDocument 403 /error.html'] : []),
    ...(random.chance(0.15)
      ? [`AuthType ${random.pick(['Basic', 'None'])}`, 'AuthName Members', 'AuthUserFile /nowhere']
      : []),
  ];
  if (random.chance(0.8)) return lines;
  const [name, argument] = random.pick([
    ['Files', '"page.html"'],
    ['FilesMatch', '"^(page|note)"'],
    ['If', '"%{REQUEST_METHOD} == \'GET\'"'],
    ['Limit', 'GET'],
  ] as const);
  const inside = lines.filter((line) => name !== 'Limit' || !line.startsWith('ErrorDocument'));
  return [`<${name} ${argument}>`, ...inside, `</${name}>`];
}

// ---- actions and headers ----

// prettier-ignore
const action = pickOf([
  'Action own /run.fcgi', 'Action own /a/run.fcgi virtual', 'Action own /none virtual', 'Action text/html /run.fcgi', 'Action text/html /none.fcgi', 'Action TEXT/plain /run.fcgi?a=b', 'Action fcgid-script /page.html', 'Action own /page.html', 'Action text/html /page.html',
  'AddHandler own .html', 'AddHandler own .txt .html', 'SetHandler own', 'SetHandler none', 'SetHandler "expr=%{HTTP:X-Handler}"', 'ForceType text/html', 'ForceType text/x-own\nAction text/x-own /run.fcgi', 'AddType text/html .txt', 'Script POST /run.fcgi', 'ErrorDocument 404 /error.html', 'ErrorDocument 500 /run.fcgi', 'Options -ExecCGI', 'AcceptPathInfo Off', 'AcceptPathInfo On',
]);
const place = pickOf(['', '', 'always ', 'onsuccess ']);
// prettier-ignore
const header: Maker = (random) => `Header ${place(random)}${random.pick([
  'set X-A a', 'set X-U "expr=%{REQUEST_URI}"', 'set X-H "expr=%{HANDLER}"', 'set X-S "expr=%{REQUEST_STATUS}"', 'set X-T "expr=%{CONTENT_TYPE}"', 'set X-F "expr=%{REQUEST_FILENAME}"', 'add X-A b', 'append X-A c', 'merge X-A a', 'setifempty X-A d', 'unset X-A', 'edit X-A ^(.) <$1>', 'edit* X-A a bb', 'echo ^X-In', 'set X-E "%{REDIRECT_STATUS}e %{REDIRECT_HANDLER}e %{P}e"', 'set Set-Cookie a=b', 'add Set-Cookie "c=d; Path=/"', 'set Content-Type text/x-set', 'unset Content-Type', 'set Location /x', 'append Vary X-V', 'note X-A copied', 'set X-N "expr=%{note:copied}"', 'set Cache-Control no-store', 'unset ETag', 'set Content-Language de',
])}${random.pick(['', '', '', ' env=P', ' env=!P', ' env=REDIRECT_STATUS', ' "expr=%{REQUEST_STATUS} == 200"'])}`;
// prettier-ignore
const received: Maker = (random) => `RequestHeader ${random.pick(['set X-In in', 'append X-In more', 'unset X-In', 'edit X-In ^ pre', 'set X-Handler own', 'setifempty X-Handler none', 'add Accept text/plain', 'set X-In early early', 'unset Accept-Language'])}`;
const variable = pickOf([
  'SetEnv P 1',
  'SetEnvIf Request_URI run P=$0',
  'SetEnvIf X-In (.*) P=$1',
  'UnsetEnv P',
  'SetEnvIf REDIRECT_STATUS . P=status',
  'PassEnv PATH',
]);

function actions(random: Random): string[] {
  const pieces: readonly Maker[] = [action, action, action, header, header, header, received, variable];
  const lines = random.times(2 + random.below(5), () => random.pick(pieces)(random));
  if (random.chance(0.8)) return lines;
  const [name, argument] = random.pick([
    ['Files', '"*.html"'],
    ['If', '"-z %{QUERY_STRING}"'],
  ] as const);
  return [...lines, `<${name} ${argument}>`, action(random), header(random), `</${name}>`];
}

// ---- rules and paths ----

// prettier-ignore
const OPTIONS: readonly string[] = ['LegacyPrefixDocRoot', 'UnsafePrefixStat', 'UnsafeAllow3F', 'LegacyPrefixDocRoot UnsafePrefixStat', 'LongURLOptimization', 'Inherit', 'InheritBefore', 'InheritDown', 'InheritDownBefore', 'MergeBase', 'AllowNoSlash', 'IgnoreContextInfo', 'IgnoreInherit'];
// prettier-ignore
const STEPS: readonly string[] = ['/', '/.', '/..', '//', '/./', '/a', '/a', '/b', '/c', '/up', '/down', '/page.html', '/page.html', '/page.html/', '/page.html/.', '/page.html/..', '/page.link', '/page.link/..', '/lost', '/lost/..', '/hollow', '/hollow/', '/none', '/none/..', '/../site', '/empty.txt', '/run.fcgi', '/...', '/.htaccess', '/%2e', ' ', '/$1', '/site', '%{REQUEST_URI}'];

/** Mostly an absolute path; some begin nowhere, or at the root of the disk. */
const dotted: Maker = (random) =>
  `${random.pick(['%{DOCUMENT_ROOT}', '%{DOCUMENT_ROOT}', '%{DOCUMENT_ROOT}', '%{REQUEST_FILENAME}', '%{CONTEXT_DOCUMENT_ROOT}', '', '.', '/none/..'])}${random
    .times(1 + random.below(4), () => random.pick(STEPS))
    .join('')}`;

const quotedIfBlank = (text: string): string => (text.includes(' ') || text === '' ? `"${text}"` : text);

function condition(random: Random): string {
  const test = random.pick(['-f', '-d', '-s', '-l', '-x', '-F', '-U', '-L', '-h']);
  const flags = random.pick(['', '', '', ' [OR]', ' [NC]']);
  return `RewriteCond ${quotedIfBlank(dotted(random))} ${random.maybe(0.3, '!')}${test}${flags}`;
}

function rule(random: Random, at: number): string {
  const target = random
    .weighted([
      { weight: 6, make: () => '-' },
      { weight: 2, make: () => dotted(random) },
      {
        weight: 1,
        make: () =>
          random.pick([
            '/a/./page.html',
            '/a/../page.html',
            'b/../page.html',
            './page.html',
            '../page.html',
            '/..',
            '/a/up/page.html',
            '/a/page.html/.',
            '$1/../note.txt',
          ]),
      },
    ])
    .make();
  const flags =
    target === '-'
      ? `[E=F${at}:1]`
      : random.pick(['[L]', '[L]', '[END]', '[R,L]', '[R,L,NE]', '[PT]', '[UnsafePrefixStat,L]', '[L,DPI]']);
  return `RewriteRule ${random.pick(['^', '^(.*)$', '^x', '(page|note)', '^(a|b|c)/'])} ${quotedIfBlank(target)} ${flags}`;
}

function rules(random: Random): string[] {
  const lines = [
    'RewriteEngine On',
    ...(random.chance(0.6) ? [`RewriteOptions ${random.pick(OPTIONS)}`] : []),
    ...(random.chance(0.3) ? [`RewriteBase ${random.pick(['/', '/a', '/a/b/', '/site', '/a/../'])}`] : []),
    ...Array.from({ length: 1 + random.below(4) }, (_, at) => [
      ...random.times(random.pick([1, 1, 2]), () => condition(random)),
      rule(random, at),
    ]).flat(),
  ];
  if (random.chance(0.7)) return lines;
  const path = dotted(random).replaceAll("'", '');
  const test = random.pick(['-f', '-d', '-s', '-L', '-x', '-F', '-U', '-e']);
  return [...lines, `<If "${test} '${path}'">`, 'SetEnv HELD 1', '</If>'];
}

// ---- sites and requests ----

function site(random: Random): SiteFiles {
  const make = random.pick([access, access, actions, rules]);
  const other = random.pick([access, actions, rules]);
  let lookups = 0;
  // Several lookups, each of which leads to all of them, would keep Apache busy for minutes.
  const once = (line: string): string =>
    line.replaceAll(/-[FU]\b/g, (test) => (lookups++ === 0 ? test : '-f'));
  const texts = FOLDERS.filter(() => random.chance(0.65)).map((folder) => {
    const lines = [...make(random), ...(random.chance(0.1) ? other(random) : [])];
    return [`${folder}.htaccess`, lines.map(once).join('\n') + '\n'] as const;
  });
  return { ...FILES, ...Object.fromEntries(texts) };
}

// prettier-ignore
const PATHS = ['/a/b/c/d/e/page.html', '/a/b/c/d/e/page.html', '/a/b/c/d/page.html', '/a/b/c/page.html', '/a/b/page.html', '/a/page.html', '/page.html', '/a/b/c/d/e/', '/a/b/c/d/e/note.txt', '/a/b/note.txt', '/note.txt', '/a/b/c/x', '/x', '/a/b/c/d/e', '/a/run.fcgi', '/run.fcgi/info', '/a/b/page.html/info', '/a/./b/../page.html', '/a//b//c/page.html', '/a/down/page.html', '/a/up/note.txt', '/a/page.link', '/a/hollow/'];

function request(random: Random): OracleRequest {
  const headers = new Map<string, string>();
  if (random.chance(0.2)) headers.set('X-In', random.pick(['a', 'b c']));
  if (random.chance(0.1)) headers.set('X-Handler', random.pick(['own', 'none', 'x']));
  if (random.chance(0.1)) headers.set('Authorization', 'Basic YWxpY2U6YQ==');
  return {
    method: random.chance(0.85) ? 'GET' : random.pick(['HEAD', 'POST', 'OPTIONS', 'PUT']),
    target: `${random.pick(PATHS)}${random.pick(['', '', '', '?ok', '?a=b'])}`,
    headers: [...headers],
  };
}

/** An endless sequence of such sites and requests. The same seed gives the same pairs. */
export function* deepPairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 32_452_843 + 7);
  for (;;) {
    const files = site(random);
    for (let left = 6; left > 0; left--) yield { files, request: request(random) };
  }
}
