import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';

/** Each kind of hash once, made by htpasswd of apache2-utils; the password is in PASSWORDS. */
const USERS = `# users

alice:$apr1$z7b4RsAM$YWJ5MB4JE3tGHHxVHhNdW0
  bob:$2y$04$KskNOeqF.98w0neo1iuOI.Ll8KqIuEOcCJlsW7RgZG6RBrYdReeMu:field
carol::{SHA}2PRZAyDhNDqRW2OUFwZQqPNdaSY=
dave:ve939NHuOfC/6
erin:$6$rounds=1000$GhiQFPyTRBIeN.hX$ub.Seq3cvqOLnUacHGnlgQxSP/UivzlyuA6PZLUJVEHayGM2huQXo/adCsijoDaXXZtXtWTDalzA0VH4Rkr8E1
frank:$5$rounds=1000$YAW9NLfFGLquA04H$3Xz/zlxdT8JIhotaFMaR8IPmC3ruD2bGHwAgFbGXBA6
plain:plain
alice:{SHA}2PRZAyDhNDqRW2OUFwZQqPNdaSY=
con\\
tinued:{SHA}2PRZAyDhNDqRW2OUFwZQqPNdaSY=
nopassword
`;

const DIGESTS = `alice:Members:4b68a4b664752c5f6f48d4599b0eb2e8
bob:Members:f2274c7151f3c8ff3b0233440c4064f6
alice:Other:8779c87f6397a55b9dc384b9f17895c5
`;

const GROUPS = `# groups
staff: alice "bob" carol
Admins : bob
empty:
two:: dave erin
no colon alice
`;

// prettier-ignore
const PASSWORDS = [
  'alice:wonder', 'alice:wonder', 'alice:wonder', 'bob:builder', 'bob:builder', 'carol:sha', 'dave:deskcrypt', 'dave:deskcryptlonger', 'erin:sixty', 'frank:fifty', 'plain:plain', 'alice:wrong', 'nobody:x', 'alice', ':', '', 'alice:', ':wonder',
  'continued:sha', 'nopassword:', 'anonymous:a@b.c', 'Anonymous:x', 'anonymous:', 'guest:me@home', '/alice:password', '/alice:wonder', 'alice:wonder:more', 'ALICE:wonder',
];

const PEOPLE = [
  'alice',
  'alice bob',
  'bob',
  'carol',
  '"alice"',
  '%{env:WHO}',
  '%{req:X-User}',
  'nobody',
  'Alice',
  'erin frank dave',
  '%{REMOTE_USER}',
];
const GROUP_NAMES = ['staff', 'admins', 'Admins staff', 'empty', 'two', 'none', '%{req:X-Group}', 'no'];
const NETWORKS = [
  '127.0.0.1',
  '127',
  '127.0.0.0/8',
  '10.0.0.0/8',
  '::1',
  '127.0.0.1/32',
  '10.1',
  '127.0.0.2',
  '127.0.0.0/255.0.0.0',
];
const HOSTS = [
  'localhost',
  'example.test',
  '.test',
  'host',
  'LOCALHOST',
  '"#" localhost',
  'example.test localhost',
];
const CONDITIONS = [
  "%{REQUEST_METHOD} == 'GET'",
  "%{REMOTE_USER} == 'alice'",
  '%{REQUEST_URI} =~ m#/sub/#',
  "req('X-Group') == 'staff'",
  '-n %{REMOTE_USER}',
  "%{QUERY_STRING} == 'ok'",
  'true',
  'false',
  "-R '127.0.0.0/8'",
  '%{HTTP_USER_AGENT} =~ /Test/',
  "reqenv('GOOD') == '1'",
  "%{REMOTE_ADDR} -ipmatch '10.0.0.0/8'",
];

function requirement(random: Random): string {
  return random
    .weighted([
      { weight: 4, make: () => 'valid-user' },
      { weight: 4, make: () => `user ${random.pick(PEOPLE)}` },
      { weight: 3, make: () => `group ${random.pick(GROUP_NAMES)}` },
      { weight: 2, make: () => 'all granted' },
      { weight: 2, make: () => 'all denied' },
      { weight: 3, make: () => `ip ${random.pick(NETWORKS)}` },
      { weight: 1, make: () => `host ${random.pick(HOSTS)}` },
      {
        weight: 1,
        make: () => `forward-dns ${random.pick(['localhost', '127.0.0.1', '10.0.0.1', '127.0.0.1#x'])}`,
      },
      {
        weight: 1,
        make: () => random.pick(['local', 'ssl', 'ssl-verify-client', 'file-owner', 'file-group']),
      },
      { weight: 2, make: () => `env ${random.pick(['GOOD', 'BAD', 'BAD GOOD', 'REDIRECT_STATUS'])}` },
      { weight: 2, make: () => `method ${random.pick(['GET', 'POST', 'GET POST', 'OPTIONS', 'PUT'])}` },
      { weight: 4, make: () => `expr ${random.pick(CONDITIONS)}` },
    ])
    .make();
}

/** Rules as they may stand in a container; in <RequireAll> some are negative. */
function rules(random: Random, depth: number, isAll: boolean): string[] {
  return random
    .times(1 + random.below(3), () => {
      if (depth < 3 && random.chance(0.3)) {
        const name = random.pick(
          isAll
            ? ['RequireAll', 'RequireAny', 'RequireAny', 'RequireNone']
            : ['RequireAll', 'RequireAll', 'RequireAny'],
        );
        return [`<${name}>`, ...rules(random, depth + 1, name === 'RequireAll'), `</${name}>`];
      }
      return [`Require ${isAll ? random.maybe(0.3, 'not ') : ''}${requirement(random)}`];
    })
    .flat();
}

function limited(random: Random, lines: readonly string[]): readonly string[] {
  const kind = random.below(8);
  if (kind === 0)
    return [`<Limit ${random.pick(['GET', 'POST', 'GET POST', 'PUT DELETE'])}>`, ...lines, '</Limit>'];
  if (kind === 1)
    return [`<LimitExcept ${random.pick(['GET', 'POST', 'GET OPTIONS'])}>`, ...lines, '</LimitExcept>'];
  if (kind === 2)
    return [
      `<Files ${random.pick(['a.html', '*.html', 'index.html', '"run.fcgi"', '?.html'])}>`,
      ...lines,
      '</Files>',
    ];
  if (kind === 3) return [`<If "${random.pick(CONDITIONS).replaceAll('"', '\\"')}">`, ...lines, '</If>'];
  return lines;
}

function oldRules(random: Random): string[] {
  const visitors = (): string =>
    random.pick([
      ...NETWORKS,
      'all',
      'env=GOOD',
      'env=!GOOD',
      'env=BAD',
      'localhost',
      'example.test',
      '.test',
      'env=REDIRECT_STATUS',
    ]);
  return [
    ...(random.chance(0.8) ? [`Order ${random.pick(['allow,deny', 'deny,allow', 'mutual-failure'])}`] : []),
    ...random.times(random.below(3), () => `${random.pick(['Allow', 'Deny'])} from ${visitors()}`),
    ...(random.chance(0.4) ? [`Satisfy ${random.pick(['any', 'all'])}`] : []),
  ];
}

function authentication(random: Random, root: string): string[] {
  const file = random.pick([
    `${root}/.htpasswd`,
    `${root}/.htpasswd`,
    `${root}/.htpasswd`,
    `${root}/sub/none`,
    `${root}/.htdigest`,
  ]);
  return [
    ...(random.chance(0.95)
      ? [
          `AuthType ${random.pick(['Basic', 'Basic', 'Basic', 'Basic', 'basic', 'Digest', 'None', 'Form', '%{req:X-Type}'])}`,
        ]
      : []),
    ...(random.chance(0.92)
      ? [`AuthName ${random.pick(['Members', '"The \\"best\\" members"', '"At %{HTTP_HOST}"', 'Other'])}`]
      : []),
    ...(random.chance(0.9) ? [`AuthUserFile ${file}`] : []),
    ...(random.chance(0.5)
      ? [`AuthGroupFile ${random.pick([`${root}/.htgroup`, `${root}/.htgroup`, `${root}/none`])}`]
      : []),
    ...(random.chance(0.15)
      ? [`AuthBasicProvider ${random.pick(['file', 'anon', 'anon file', 'file anon'])}`]
      : []),
    ...(random.chance(0.15)
      ? [
          `Anonymous ${random.pick(['*', 'anonymous guest', 'alice'])}`,
          ...(random.chance(0.5)
            ? [
                `Anonymous_${random.pick(['MustGiveEmail off', 'VerifyEmail on', 'NoUserId on', 'LogEmail off'])}`,
              ]
            : []),
        ]
      : []),
    ...(random.chance(0.1) ? ['AuthBasicAuthoritative Off'] : []),
    ...(random.chance(0.08) ? ['AuthBasicUseDigestAlgorithm MD5', `AuthUserFile ${root}/.htdigest`] : []),
    ...(random.chance(0.08)
      ? [
          `AuthBasicFake ${random.pick(['off', 'demo', 'demo secret', '%{REMOTE_USER} x', '"" x', '%{req:X-User} "%{req:X-Group}"'])}`,
        ]
      : []),
    ...(random.chance(0.15) ? ['AuthzSendForbiddenOnFailure On'] : []),
    ...(random.chance(0.05) ? ['AuthDigestDomain /sub/ /'] : []),
  ];
}

const EXTRAS = [
  'SetEnvIf X-Good . GOOD=1',
  'SetEnvIf Request_URI sub BAD=1',
  'SetEnvIfExpr "%{REMOTE_USER} != \'\'" GOOD',
  'SetEnv GOOD 1',
  'ErrorDocument 401 /err/401.html',
  'ErrorDocument 401 "who?"',
  'ErrorDocument 403 /err/403.html',
  'ErrorDocument 401 /sub/a.html',
  'ErrorDocument 403 /a.html',
  'ErrorDocument 401 /sub/deep/none.html',
  'DirectoryIndex a.html index.html',
  'DirectoryIndex none.html /sub/a.html',
  'FallbackResource /a.html',
  'FallbackResource /sub/a.html',
  'Header always set X-User "expr=%{REMOTE_USER}"',
  'Header set X-Authorization "expr=%{req:Authorization}"',
  'Header always set X-Type "expr=%{AUTH_TYPE}"',
  'SSLRequireSSL',
  'SSLOptions +StrictRequire',
  'SSLOptions StrictRequire',
  "SSLRequire %{REQUEST_URI} == '/a.html'",
  'RewriteEngine On\nRewriteRule ^old$ a.html',
  'RewriteEngine On\nRewriteRule ^old$ /sub/a.html',
  'RewriteEngine On\nRewriteRule !\\.html$ a.html [E=GOOD:1]',
  'RewriteEngine On\nRewriteCond %{REMOTE_USER} alice\nRewriteRule . - [E=WHO:%{REMOTE_USER}]',
  'RewriteEngine On\nRewriteCond %{LA-U:REMOTE_USER} ^(.+)\nRewriteRule ^old$ a.html?%1',
  'AcceptPathInfo On',
  'Redirect 403 /sub/b',
  'AuthDigestQop auth',
  'AuthDigestAlgorithm MD5',
];

/** A folder as its owner means it: one list of users, one or two rules for them. */
function plainFolder(random: Random, root: string): string[] {
  return [
    'AuthType Basic',
    'AuthName Members',
    `AuthUserFile ${root}/.htpasswd`,
    `AuthGroupFile ${root}/.htgroup`,
    ...random.times(1 + random.below(2), () =>
      random.pick([
        'Require valid-user',
        `Require user ${random.pick(PEOPLE)}`,
        `Require group ${random.pick(GROUP_NAMES)}`,
      ]),
    ),
  ];
}

function htaccess(random: Random, root: string): string {
  const lines: string[] = random.chance(0.35) ? plainFolder(random, root) : [];
  if (lines.length > 0 && random.chance(0.5)) return `${[...lines, random.pick(EXTRAS)].join('\n')}\n`;
  if (random.chance(0.65)) lines.push(...limited(random, authentication(random, root)));
  for (let left = random.pick([0, 1, 1, 1, 2]); left > 0; left--)
    lines.push(...limited(random, rules(random, 1, false)));
  if (random.chance(0.2)) {
    const name = random.pick(['RequireAll', 'RequireAny']);
    lines.push(`<${name}>`, ...rules(random, 2, name === 'RequireAll'), `</${name}>`);
  }
  if (random.chance(0.25)) lines.push(...limited(random, oldRules(random)));
  if (random.chance(0.2)) lines.push(`AuthMerging ${random.pick(['And', 'Or', 'Off'])}`);
  for (let left = random.below(4); left > 0; left--) lines.push(random.pick(EXTRAS));
  return `${lines.join('\n')}\n`;
}

function site(random: Random, root: string): SiteFiles {
  const folders = [
    ...(random.chance(0.6) ? [''] : []),
    ...(random.chance(0.8) ? ['sub/'] : []),
    ...(random.chance(0.3) ? ['sub/deep/'] : []),
    ...(random.chance(0.1) ? ['err/'] : []),
  ];
  return {
    'index.html': 'home',
    'a.html': 'a',
    'run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
    'sub/index.html': 'sub',
    'sub/a.html': 'sub a',
    'sub/run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
    'sub/deep/b.html': 'b',
    'sub/hollow': null,
    'err/401.html': 'who are you?',
    'err/403.html': 'go away',
    '.htpasswd': USERS,
    '.htdigest': DIGESTS,
    '.htgroup': GROUPS,
    ...Object.fromEntries(folders.map((folder) => [`${folder}.htaccess`, htaccess(random, root)])),
  };
}

// prettier-ignore
const PATHS = ['/', '/a.html', '/index.html', '/sub', '/sub/', '/sub/a.html', '/sub/a.html', '/sub/index.html', '/sub/run.fcgi', '/sub/run.fcgi/info', '/sub/none', '/sub/none/deeper', '/sub/deep/', '/sub/deep/b.html', '/sub/hollow/', '/old', '/sub/old', '/none',
  '/run.fcgi', '/a.html/info', '/err/401.html', '/sub/b', '/.htpasswd', '/sub/deep/old'];

function authorization(random: Random): string {
  // Apache cuts blanks at the end of a header, which is no matter of passwords.
  const encoded = Buffer.from(random.pick(PASSWORDS)).toString('base64') || '=';
  return random
    .weighted([
      { weight: 20, make: () => `Basic ${encoded}` },
      { weight: 1, make: () => `basic  ${encoded}` },
      { weight: 1, make: () => `Basic\t${encoded}` },
      { weight: 1, make: () => `Basic ${encoded.replaceAll(/(?<=.)=/g, '')}` },
      { weight: 1, make: () => `Basic ${encoded}!rest` },
      {
        weight: 1,
        make: () =>
          random.pick([
            'Basic',
            'Bearer x',
            'Basic !',
            'Digest username="alice", realm="Members", nonce="x", uri="/", response="x"',
            encoded,
          ]),
      },
    ])
    .make();
}

function request(random: Random): OracleRequest {
  const headers: (readonly [string, string])[] = [];
  if (random.chance(0.65)) headers.push(['Authorization', authorization(random)]);
  if (random.chance(0.2)) headers.push(['X-Good', 'yes']);
  if (random.chance(0.2)) headers.push(['X-User', random.pick(['alice', 'bob carol', ''])]);
  if (random.chance(0.2)) headers.push(['X-Group', random.pick(['staff', 'admins'])]);
  if (random.chance(0.1)) headers.push(['X-Type', random.pick(['Basic', 'None', 'Digest'])]);
  if (random.chance(0.2)) headers.push(['User-Agent', 'Test/1.0']);
  return {
    method: random.chance(0.8) ? 'GET' : random.pick(['HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'FOO']),
    target: `${random.pick(PATHS)}${random.maybe(0.15, '?ok')}`,
    headers,
  };
}

/**
 * An endless sequence of protected sites and requests with and without passwords. The same seed gives the same pairs.
 * @param treeRoot where the sites lie on the server, for AuthUserFile
 */
export function* accessPairs(seed: number, treeRoot: string): Generator<OraclePair> {
  const random = new Random(seed * 104_729 + 5);
  for (;;) {
    const files = site(random, treeRoot);
    for (let left = 6; left > 0; left--) yield { files, request: request(random) };
  }
}
