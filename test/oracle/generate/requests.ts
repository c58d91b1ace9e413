import { textOfByteString } from '../../../src/text/bytes';
import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { blockLines } from './blocks';
import { Random } from './random';

/** What the pairs may use. */
export interface PairOptions {
  /** Modules whose directives appear (`mod_rewrite`, `core` …); all known ones when absent. */
  readonly modules?: ReadonlySet<string>;
  /** Requests made to each generated site; 4 when absent. They share one `files` object. */
  readonly requestsPerSite?: number;
}

/** An endless sequence of sites with a chain of .htaccess files, and requests to them. The same seed gives the same pairs. */
export function* requestPairs(seed: number, options: PairOptions = {}): Generator<OraclePair> {
  const random = new Random(seed);
  for (;;) {
    const documentRoot = random.chance(0.15) ? 'public' : '';
    const files = site(random, documentRoot, options.modules);
    for (let left = options.requestsPerSite ?? 4; left > 0; left--) {
      yield { files, documentRoot, request: request(random) };
    }
  }
}

/** The first `count` pairs of a sequence. */
export function takeRequestPairs(count: number, seed: number, options: PairOptions = {}): OraclePair[] {
  const pairs = requestPairs(seed, options);
  return Array.from({ length: count }, () => pairs.next().value as OraclePair);
}

/** Below the document root. */
const SKELETON: SiteFiles = {
  'index.html': 'home',
  'run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  a: 'a',
  'sub/page.html': 'page',
  'project/index.html': 'project',
  'project/run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'project/a': 'a',
  'project/b.html': 'b',
  'project/site.css': 'a {}',
  'project/x y.txt': 'blank',
  'project/empty.txt': '',
  'project/caf\u00e9.html': 'caf\u00e9',
  'project/sub/page.html': 'page',
  'project/sub/run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'project/hollow': null,
  'project/link.html': { link: 'b.html' },
  'project/dangling': { link: 'nothing' },
};

function site(random: Random, documentRoot: string, modules: ReadonlySet<string> | undefined): SiteFiles {
  const prefix = documentRoot === '' ? '' : `${documentRoot}/`;
  const files = Object.entries(SKELETON).map(([path, entry]) => [prefix + path, entry] as const);
  const folders = [
    ...(random.chance(0.85) ? ['project/'] : []),
    ...(random.chance(0.3) ? [''] : []),
    ...(random.chance(0.3) ? ['project/sub/'] : []),
  ];
  const chain = folders.map((folder) => [`${prefix}${folder}.htaccess`, htaccess(random, modules)] as const);
  return Object.fromEntries([...files, ...chain]);
}

/** Ordinary text, as files of a pair are; the generators write UTF-8 bytes. */
function htaccess(random: Random, modules: ReadonlySet<string> | undefined): string {
  return textOfByteString(blockLines(random, modules).join('\n') + '\n');
}

// prettier-ignore
const PATHS: readonly string[] = [
  '/', '/project/', '/project', '/project/a', '/project/a/', '/project/a/b', '/project/b.html', '/project/b', '/project/site.css', '/project/none', '/project/none/deep/er',
  '/project/sub', '/project/sub/', '/project/sub/page.html', '/project/sub/page', '/project/sub/none', '/project/run.fcgi', '/project/run.fcgi/info', '/project/index.html',
  '/project/hollow/', '/project/hollow', '/project/link.html', '/project/dangling', '/project/x%20y.txt', '/project/x%20y', '/project/caf%C3%A9.html', '/project/%E9',
  '/project/a%3Fb', '/project/a%2Fb', '/project/a%25b', '/project/a%2541', '/project/a%23b', '/project//a', '/project/./a', '/project/sub/../a', '/project/a+b',
  "/project/a'b", '/project/word-12', '/project/A', '/sub/page.html', '/sub/', '/a', '/none', '/index.html', '/index.html/info', '/run.fcgi/info', '/project/%0A', '/project/a;b',
];

// prettier-ignore
const QUERIES: readonly string[] = ['', '', '', '', '?', '?a=1', '?a=1&b=2', '?b=x%20y', '?b=x+y', '?a=%3Fz', '?q=/project/', '?a=1?b=2', '?\u00e9', '?x=&', '?%41'];

// prettier-ignore
const HEADERS: readonly (readonly [string, string])[] = [
  ['X-Test', 'a1'], ['X-Test', ''], ['User-Agent', 'Test/1.0'], ['Referer', 'http://www.example.test/project/'], ['Cookie', 'lang=de; a=b'], ['Accept', 'text/html'],
  ['Accept-Encoding', 'gzip'], ['Accept-Language', 'de'], ['Host', 'EXAMPLE.test'], ['Host', 'example.test:8080'], ['Origin', 'http://a.example.test'],
];

function request(random: Random): OracleRequest {
  const count = random.chance(0.35) ? 1 + random.below(2) : 0;
  const headers = new Map(random.times(count, () => random.pick(HEADERS)));
  return {
    method: random.chance(0.92) ? 'GET' : random.pick(['HEAD', 'POST', 'OPTIONS', 'PUT']),
    target: random.pick(PATHS) + random.pick(QUERIES),
    headers: [...headers],
  };
}
