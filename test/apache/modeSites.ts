import type { MemoryEntry } from '../../src/apache/memorySite';

/** One entry per site: each makes something hard to read for the web server's user. */
const CLOSED: readonly Readonly<Record<string, MemoryEntry>>[] = [
  { 'in/a.html': { text: 'a', mode: '600' } },
  { 'in/index.html': { text: 'i', mode: '640' } },
  { 'in/.htaccess': { text: '', mode: '600' } },
  { in: { mode: '700' } },
  { in: { mode: '711' } },
  { in: { mode: '744' } },
  { 'in/deep': { mode: '700' } },
  { 'in/deep': { mode: '711' } },
  { 'in/401.html': { text: '401', mode: '600' } },
  { 'in/link.html': { link: 'a.html' }, 'in/a.html': { text: 'a', mode: '600' } },
  { 'in/link.html': { link: 'deep/x.html' }, 'in/deep': { mode: '700' } },
  { 'in/link': { link: 'deep' }, 'in/deep': { mode: '700' } },
  { '.htpasswd': { text: '', mode: '600' } },
];

/** What stands around it. */
const OPEN: Readonly<Record<string, MemoryEntry>> = {
  '.htaccess': [
    'Options +MultiViews',
    'ErrorDocument 404 /in/401.html',
    'RewriteEngine On',
    'RewriteCond %{DOCUMENT_ROOT}/in/deep/x.html -f',
    'RewriteRule ^asked$ /in/a.html',
    'RewriteCond %{DOCUMENT_ROOT}/in/a.html -s',
    'RewriteRule ^asked$ /out.html',
    '<If "-d \'%{DOCUMENT_ROOT}/in/deep\'">',
    'SetEnv DEEP yes',
    '</If>',
  ].join('\n'),
  'out.html': 'out',
  'in/a.html': 'a',
  'in/index.html': 'index',
  'in/401.html': 'who?',
  'in/deep/x.html': 'x',
};

/** Sites whose permissions matter. */
export const MODE_SITES: readonly Readonly<Record<string, MemoryEntry>>[] = CLOSED.map((closed) => ({
  ...OPEN,
  ...closed,
}));

/** What is asked of each. */
export const MODE_TARGETS: readonly string[] = [
  '/asked',
  '/none',
  '/in',
  '/in/',
  '/in/a.html',
  '/in/a',
  '/in/a.html/info',
  '/in/link.html',
  '/in/link/',
  '/in/link/x.html',
  '/in/deep',
  '/in/deep/',
  '/in/deep/x.html',
  '/in/deep/x',
  '/in/deep/none',
];
