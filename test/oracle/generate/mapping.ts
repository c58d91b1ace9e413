import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';

const FILES: SiteFiles = {
  'index.html': 'home',
  'run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'sub/run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'sub/index.html': 'sub',
  'page.html': 'page',
  'Readme.txt': 'readme',
  'style.css': 'a {}',
  'a.b.html': 'two dots',
  'sub/x y.html': 'blank',
};

/** Files that may be variants of each other, or like each other. */
// prettier-ignore
const VARIANTS = ['doc.html', 'doc.en.html', 'doc.de.html', 'doc.html.fr', 'doc.txt', 'doc.pdf', 'doc.fcgi', 'doc.html.gz', 'doc.css', 'doc.unknown', 'doc.en.unknown', 'doc.de-CH.html', 'doc.png', 'doc.utf8.html', 'doc.latin.html', 'doc.map',
  'image.png', 'image.txt', 'Doc.html', 'dco.html', 'docs.html', 'only.unknown', 'x.html', '.hidden.html'];

// prettier-ignore
const PATHS = ['/', '/doc', '/doc', '/doc', '/doc/info', '/doc.html', '/doc.en', '/doc.en.html', '/doc.', '/DOC', '/DOC.HTML', '/dco', '/docc.html', '/do.html', '/image', '/imgae.png', '/only', '/page', '/page.htm', '/pgae.html', '/PAGE.html', '/Page.html/info',
  '/readme.txt', '/sub', '/sub/', '/sub/doc', '/sub/Index.html', '/sub/indx.html', '/sub/x%20Y.html', '/subb/index.html', '/SUB/', '/none', '/none/deep', '/run.fcgi', '/run.fcgi/x', '/run.fgci', '/style.css', '/a', '/a.b', '/index', '/x', '/y', '/hidden', '/.hidden', '/doc.unknown', '/doc.map'];
const QUERIES = ['', '', '', '?', '?a=1', '?a=b&c=%20'];
// prettier-ignore
const HEADERS: readonly (readonly [string, string])[] = [
  ['Accept', 'text/html'], ['Accept', 'text/*;q=0.5, application/pdf'], ['Accept', 'image/png,*/*;q=0.1'], ['Accept', 'text/plain, text/html;q=0.9'], ['Accept', '*/*'], ['Accept', 'text/html;level=1'], ['Accept', 'image/*'], ['Accept', 'application/x-none'],
  ['Accept-Language', 'de'], ['Accept-Language', 'en-US,en;q=0.5'], ['Accept-Language', 'fr;q=0.5, de;q=0.7, *;q=0.1'], ['Accept-Language', 'it'], ['Accept-Language', 'de-CH'], ['Accept-Language', 'en-GB'], ['Accept-Language', 'de;q=0, en'],
  ['Accept-Encoding', 'gzip'], ['Accept-Encoding', 'x-gzip, identity;q=0'], ['Accept-Encoding', 'br'], ['Accept-Encoding', '*;q=0.2'], ['Accept-Charset', 'utf-8'], ['Accept-Charset', 'iso-8859-1;q=0.5, *;q=0.2'], ['Referer', 'http://x/'],
];

type LineMaker = (random: Random) => string;

const EXTENSIONS = [
  'html',
  '.en',
  'de',
  'fr',
  'gz',
  'unknown',
  'css',
  'utf8',
  'latin',
  '.map',
  'txt',
  'de-CH',
  'fcgi',
];
const TYPES = [
  'text/html',
  'text/plain;charset=utf-8',
  'text/x-own; a=b; charset="x y"',
  'text/html;qs=0.5',
  'nonsense',
  'text/html; level=1',
  'image/png;q',
  'text/html ; charset = utf-8',
];

const LINES: readonly (readonly [weight: number, make: LineMaker])[] = [
  [4, () => 'Options +MultiViews'],
  [3, () => 'AddLanguage en .en\nAddLanguage de .de\nAddLanguage fr .fr\nAddLanguage de-CH .de-CH'],
  [1, (random) => `AddLanguage ${random.pick(['en', 'de', 'it', 'DE'])} ${random.pick(EXTENSIONS)}`],
  [1, (random) => `AddEncoding ${random.pick(['gzip', 'x-gzip', 'br'])} ${random.pick(EXTENSIONS)}`],
  [2, (random) => `AddCharset ${random.pick(['UTF-8', 'iso-8859-1'])} ${random.pick(EXTENSIONS)}`],
  [2, (random) => `AddType "${random.pick(TYPES)}" ${random.pick(EXTENSIONS)}`],
  [
    1,
    (random) =>
      `AddHandler ${random.pick(['own-handler', 'fcgid-script', 'cgi-script'])} ${random.pick(EXTENSIONS)}`,
  ],
  [
    1,
    (random) =>
      `Remove${random.pick(['Type', 'Handler', 'Language', 'Charset', 'Encoding'])} ${random.pick(EXTENSIONS)}`,
  ],
  [2, (random) => `DefaultLanguage ${random.pick(['en', 'de', 'xx'])}`],
  [
    2,
    (random) =>
      `LanguagePriority ${random.times(1 + random.below(3), () => random.pick(['en', 'de', 'fr', 'de-CH', 'it'])).join(' ')}`,
  ],
  [2, (random) => `ForceLanguagePriority ${random.pick(['None', 'Prefer', 'Fallback', 'Prefer Fallback'])}`],
  [
    1,
    (random) => `MultiviewsMatch ${random.pick(['Any', 'Handlers', 'NegotiatedOnly', 'Handlers Filters'])}`,
  ],
  [3, () => 'CheckSpelling On'],
  [1, (random) => `CheckCaseOnly ${random.pick(['On', 'Off'])}`],
  [1, (random) => `CheckBasenameMatch ${random.pick(['On', 'Off'])}`],
  [
    3,
    (random) =>
      `Action ${random.pick(['own-handler', 'text/html', 'text/plain', 'TEXT/CSS', 'image/png', 'default-handler'])} ${random.pick(['/run.fcgi', '/sub/run.fcgi', '/none.fcgi', '/page.html', '/run.fcgi?x='])}${random.maybe(0.4, ' virtual')}`,
  ],
  [2, (random) => `SetHandler ${random.pick(['own-handler', 'none', 'fcgid-script'])}`],
  [1, (random) => `ForceType ${random.pick(['text/plain', 'none', 'TEXT/HTML'])}`],
  [1, (random) => `AddDefaultCharset ${random.pick(['utf-8', 'On', 'Off'])}`],
  [
    2,
    (random) =>
      `DirectoryIndex ${random.pick(['disabled', 'doc', 'doc.html page.html', 'none.html /page.html', 'Index.html', '/run.fcgi', 'sub', 'index'])}`,
  ],
  [
    1,
    (random) => `DirectoryIndexRedirect ${random.pick(['On', 'permanent', '307', 'seeother', 'Off', '304'])}`,
  ],
  [1, (random) => `DirectorySlash ${random.pick(['On', 'Off'])}`],
  [1, (random) => `DirectoryCheckHandler ${random.pick(['On', 'Off'])}`],
  [
    2,
    (random) =>
      `FallbackResource ${random.pick(['/page.html', 'page.html', 'disabled', '/run.fcgi', '/none', '/run.fcgi?a=b', '/doc'])}`,
  ],
  [1, () => 'SetEnvIf Request_URI . no-gzip'],
  [1, () => 'SetEnvIf Accept-Language de prefer-language=en'],
  [1, () => 'ErrorDocument 404 /page.html'],
  [1, () => 'ErrorDocument 300 "choose"'],
  [1, () => 'AcceptPathInfo On'],
  [1, () => 'Options -Indexes'],
];

function line(random: Random): string {
  return random.weighted(LINES.map(([weight, make]) => ({ weight, make }))).make(random);
}

function lines(random: Random): string[] {
  const made = random.times(1 + random.below(5), () => line(random));
  if (random.chance(0.88)) return made;
  const section = random.pick([
    '<Files "*.html">',
    '<FilesMatch "^doc">',
    '<If "%{REQUEST_URI} =~ m#^/doc#">',
  ]);
  return [
    ...made,
    section,
    line(random).replace(/^Options.*/, 'DefaultLanguage en'),
    `</${/^<(\w+)/.exec(section)?.[1] ?? ''}>`,
  ];
}

function site(random: Random): SiteFiles {
  const files: Record<string, SiteFiles[string]> = { ...FILES };
  for (let left = random.below(7); left > 0; left--) {
    const name = random.pick(VARIANTS);
    const script = { text: '#!/bin/sh\n', mode: '755' };
    files[`${random.maybe(0.3, 'sub/')}${name}`] = name.endsWith('.fcgi')
      ? script
      : 'x'.repeat(1 + random.below(4));
  }
  const start = random.chance(0.5) ? ['Options +MultiViews'] : random.chance(0.4) ? ['CheckSpelling On'] : [];
  files['.htaccess'] = `${[...start, ...lines(random)].join('\n')}\n`;
  if (random.chance(0.3)) files['sub/.htaccess'] = `${lines(random).join('\n')}\n`;
  return files;
}

function request(random: Random): OracleRequest {
  const headers = new Map(random.times(random.below(4), () => random.pick(HEADERS)));
  return {
    method: random.chance(0.9) ? 'GET' : random.pick(['HEAD', 'POST', 'OPTIONS']),
    target: random.pick(PATHS) + random.pick(QUERIES),
    headers: [...headers],
  };
}

/** An endless sequence of sites whose files are negotiated, mistyped, or handed to scripts, and requests to them. The same seed gives the same pairs. */
export function* mappingPairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 15_485_863 + 3);
  for (;;) {
    const files = site(random);
    for (let left = 5; left > 0; left--) yield { files, request: request(random) };
  }
}
