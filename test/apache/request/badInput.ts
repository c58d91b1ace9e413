import type { MemoryEntry } from '../../../src/apache/memorySite';

/** A site and a target that somebody might send to break it, with the status that Apache answers. */
export interface BadInput {
  readonly name: string;
  readonly files: Readonly<Record<string, MemoryEntry>>;
  readonly target: string;
  readonly status: number;
}

const engine = (...rules: readonly string[]): string => ['RewriteEngine On', ...rules].join('\n');

const SITE = {
  'index.html': 'home',
  'a b.html': 'blank',
  '.htaccess': engine('RewriteRule ^(.*)x$ /$1 [E=SEEN:$1]'),
};

/** Broken, overlong and hostile encodings; high bytes are latin1 characters of a byte string. */
const ENCODINGS: readonly (readonly [target: string, status: number])[] = [
  ['/%', 400],
  ['/%4', 400],
  ['/%zz', 400],
  ['/%u0041', 400],
  ['/%25zz', 404],
  ['/%25zzx', 400],
  ['/%00', 404],
  ['/a%00.html', 404],
  ['/%2f', 404],
  ['/%2Findex.html', 404],
  ['/%5c..%5cindex.html', 404],
  ['/..%2findex.html', 404],
  ['/%2e%2e/index.html', 400],
  ['/%2e%2e%2findex.html', 404],
  ['/%252e%252e/index.html', 404],
  ['/./././index.html', 200],
  ['/a/../../index.html', 400],
  ['/%c0%af', 404],
  ['/%c0%ae%c0%ae/', 404],
  ['/%ff%fe', 404],
  ['/caf\u00e9', 404],
  ['/\u0080\u00ff', 404],
  ['/a%20b.html', 200],
  ['/a+b.html', 404],
  ['/%0d%0aSet-Cookie:%20a=b', 404],
  ['/%0ax', 404],
  ['/%7f', 404],
  ['/a%3Fb', 404],
  ['/a%23b', 404],
  ['/?%', 200],
  ['/?%00%zz', 200],
  ['/index.html%20', 404],
  ['/index.html%2e', 404],
  ['/index.html/', 404],
  [`/${'a/'.repeat(2000)}`, 404],
  [`/${'../'.repeat(2000)}`, 400],
  [`/${'%41'.repeat(80)}`, 404],
];

/** The request line may have 8,191 bytes (LimitRequestLine and one more); a path 4,096; a name 255. */
const LINE = 8191 - 'GET  HTTP/1.1'.length;
const LONG: readonly (readonly [target: string, status: number])[] = [
  [`/?${'q'.repeat(LINE - 2)}`, 200],
  [`/?${'q'.repeat(LINE - 1)}`, 414],
  [`/${'x'.repeat(LINE - 1)}`, 403],
  [`/${'x'.repeat(LINE)}`, 414],
  [`/${'x'.repeat(100_000)}`, 414],
  [`/?${'q'.repeat(100_000)}`, 414],
  [`/${'%'.repeat(100_000)}`, 414],
  [`/${'/'.repeat(8000)}index.html`, 200],
  [`/${'ab/'.repeat(1400)}`, 403],
];

const loop = (name: string, rules: string, target: string, status: number): BadInput => ({
  name,
  files: { 'index.html': 'home', 'e1.html': '1', 'e2.html': '2', '.htaccess': rules },
  target,
  status,
});

const LOOPS: readonly BadInput[] = [
  loop('a rule that leads to itself', engine('RewriteRule ^a(.*)$ /a1$1'), '/a', 500),
  loop('two rules that lead to each other', engine('RewriteRule ^a$ /b', 'RewriteRule ^b$ /a'), '/a', 500),
  loop('a rule that is run without end', engine('RewriteRule ^(.*)$ $1 [N]'), '/a', 500),
  loop('a rule that grows without end', engine('RewriteRule ^(.*)$ $1$1 [N]'), '/ab', 500),
  loop(
    'a pattern that never comes to an end',
    engine('RewriteRule ^(a+)+$ /index.html'),
    `/${'a'.repeat(200)}b`,
    404,
  ),
  loop('a Redirect to the index', 'DirectoryIndex index.html\nRedirect 301 /index.html /', '/', 301),
  loop('error documents that are refused', 'Require all denied\nErrorDocument 403 /e1.html', '/a', 403),
  loop(
    'error documents that lead to each other',
    engine(
      'RewriteRule ^e1 - [R=404]',
      'RewriteRule ^e2 - [F]',
      'ErrorDocument 403 /e1.html',
      'ErrorDocument 404 /e2.html',
    ),
    '/none',
    404,
  ),
  loop(
    'an error document that is forbidden for all',
    engine('RewriteRule ^ - [F]', 'ErrorDocument 403 /e1.html'),
    '/a',
    403,
  ),
  loop('an index that is a folder with the same index', 'DirectoryIndex /', '/', 500),
  loop(
    'a look-ahead that looks ahead',
    engine('RewriteCond %{LA-U:REQUEST_URI} ^never$', 'RewriteRule ^ - [F]'),
    '/a',
    404,
  ),
  loop('a subrequest for itself', engine('RewriteCond %{REQUEST_URI} -U', 'RewriteRule ^ - [F]'), '/a', 403),
];

const LINKS: readonly BadInput[] = [
  { name: 'a link to itself', files: { a: { link: 'a' } }, target: '/a', status: 403 },
  {
    name: 'links that lead to each other',
    files: { a: { link: 'b' }, b: { link: 'a' } },
    target: '/a/x',
    status: 403,
  },
  {
    name: 'a link to the folder around it',
    files: { 'in/up': { link: '..' }, 'in/a': 'a' },
    target: `/in${'/up/in'.repeat(60)}/a`,
    status: 403,
  },
  {
    name: 'a short way through such a link',
    files: { 'in/up': { link: '..' }, 'in/a': 'a' },
    target: `/in${'/up/in'.repeat(10)}/a`,
    status: 200,
  },
  {
    name: 'a .htaccess that is a link to itself',
    files: { 'in/.htaccess': { link: '.htaccess' }, 'in/a': 'a' },
    target: '/in/a',
    status: 403,
  },
  {
    name: 'a .htaccess that is a folder',
    files: { 'in/.htaccess/x': 'x', 'in/a': 'a' },
    target: '/in/a',
    status: 403,
  },
  {
    name: 'a .htaccess that nobody may read',
    files: { 'in/.htaccess': { text: 'Foo', mode: '000' }, 'in/a': 'a' },
    target: '/in/a',
    status: 403,
  },
  {
    name: 'a .htaccess that leads nowhere',
    files: { 'in/.htaccess': { link: 'none' }, 'in/a': 'a' },
    target: '/in/a',
    status: 200,
  },
];

/** All of it. */
export const BAD_INPUT: readonly BadInput[] = [
  ...[...ENCODINGS, ...LONG].map(([target, status]) => ({
    name: target.length > 60 ? `${target.slice(0, 30)}… (${target.length} bytes)` : target,
    files: SITE,
    target,
    status,
  })),
  ...LOOPS,
  ...LINKS,
];
