import type { OraclePair } from '../apache/oracle';
import { Random } from './random';

/** Sites that compress what they send, files and scripts alike, and visitors who take it or not. */

const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };

const FILES = {
  'index.html': 'home '.repeat(40),
  'page.html': 'page '.repeat(100),
  'short.txt': 'short',
  'notes.txt': 'notes '.repeat(30),
  'style.css': 'a {}'.repeat(50),
  'image.png': 'png'.repeat(60),
  'app.fcgi': SCRIPT,
  'form.cgi': SCRIPT,
  'packed.js.gz': 'zipped '.repeat(30),
  'folder/index.html': 'index '.repeat(30),
  'bare/file.txt': 'file',
};

// prettier-ignore
const LINES = [
  'SetOutputFilter DEFLATE', 'SetOutputFilter BROTLI_COMPRESS', 'SetOutputFilter BROTLI_COMPRESS;DEFLATE', 'SetOutputFilter DEFLATE;BROTLI_COMPRESS', 'SetOutputFilter INFLATE;DEFLATE', 'AddOutputFilter DEFLATE html fcgi cgi', 'AddOutputFilter BROTLI_COMPRESS txt fcgi css', 'AddOutputFilterByType DEFLATE text/html text/plain', 'AddOutputFilterByType BROTLI_COMPRESS;DEFLATE text/plain text/css', 'AddOutputFilterByType DEFLATE text/css image/png', 'SetOutputFilter SUBSTITUTE', 'SetOutputFilter INCLUDES',
  'RemoveOutputFilter fcgi html', 'SetEnv no-gzip 1', 'SetEnv no-brotli', 'SetEnv force-gzip 1', 'SetEnvIf User-Agent old gzip-only-text/html', 'SetEnvIf Request_URI "\\.(?:png|cgi)$" no-gzip dont-vary', 'RewriteEngine On\nRewriteRule app - [E=no-gzip:1]', 'BrowserMatch ^Mozilla/4 gzip-only-text/html',
  'FilterDeclare pack CONTENT_SET\nFilterProvider pack DEFLATE "%{CONTENT_TYPE} =~ m#^text/#"\nFilterChain pack', 'FilterDeclare pack\nFilterProvider pack BROTLI_COMPRESS "%{REQUEST_URI} =~ /app/"\nFilterChain +pack', 'FilterProvider some DEFLATE "%{REQUEST_STATUS} == 200"\nFilterChain some',
  'AddEncoding x-gzip .gz', 'AddHandler cgi-script .cgi', 'Header append Vary User-Agent', 'Header set ETag "\\"x\\""', 'Header edit ETag ^(.*)$ $1', 'Header always set Vary *', 'Header set Content-Encoding identity', 'Header set Content-Encoding "br" "expr=%{REQUEST_URI} =~ /page/"', 'ErrorDocument 404 /page.html', 'ErrorDocument 404 /app.fcgi', 'SetEnv filter-errordocs 1',
  '<Files app.fcgi>\nForceType text/html\n</Files>', 'ExpiresActive On\nExpiresDefault A60', 'ExpiresActive On\nExpiresByType text/plain A60', '<FilesMatch "\\.(?:fcgi|html)$">\nSetOutputFilter DEFLATE\n</FilesMatch>', '<If "%{REQUEST_URI} =~ /app/">\nSetOutputFilter BROTLI_COMPRESS\n</If>', 'FileETag None', 'DirectoryIndex app.fcgi', 'FallbackResource /app.fcgi', 'DeflateAlterETag Remove', 'DeflateAlterETag NoChange', 'BrotliAlterETag Remove', 'AddDefaultCharset utf-8',
];
// prettier-ignore
const TARGETS = ['/', '/index.html', '/page.html', '/short.txt', '/notes.txt', '/style.css', '/image.png', '/app.fcgi', '/app.fcgi/x', '/form.cgi', '/packed.js.gz', '/folder', '/folder/', '/bare/', '/none', '/none.html', '/app.fcgi?x'];
// prettier-ignore
const ENCODINGS = ['gzip', 'gzip, deflate, br', 'br', 'br;q=1.0, gzip;q=0.5', 'gzip;q=0', 'identity', '*', 'x-gzip', 'deflate', 'GZIP', 'zstd, br'];
const AGENTS = ['Mozilla/4.0', 'Mozilla/5.0', 'old'];

/** An endless sequence of them. The same seed gives the same pairs. */
export function* compressionPairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 1_299_709 + 5);
  for (;;) {
    const lines = random.times(1 + random.below(5), () => random.pick(LINES));
    const files = { ...FILES, '.htaccess': `${lines.join('\n')}\n` };
    for (let left = 8; left > 0; left--) {
      const method = random.weighted([
        { weight: 12, text: 'GET' },
        { weight: 2, text: 'HEAD' },
        { weight: 1, text: 'POST' },
        { weight: 1, text: 'OPTIONS' },
      ]).text;
      const headers: [string, string][] = [];
      if (random.chance(0.85)) headers.push(['Accept-Encoding', random.pick(ENCODINGS)]);
      if (random.chance(0.3)) headers.push(['User-Agent', random.pick(AGENTS)]);
      if (method !== 'OPTIONS' && random.chance(0.08)) headers.push(['Range', 'bytes=0-9']);
      if (random.chance(0.08)) headers.push(['If-None-Match', '*']);
      yield { files, request: { method, target: random.pick(TARGETS), headers } };
    }
  }
}
