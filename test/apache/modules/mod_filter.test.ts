import { describe, expect, it } from 'vitest';
import { answerOf, headersOf, type Asked } from './evaluateSite';

const GZIP: Asked = {
  headers: { 'Accept-Encoding': 'br;q=0, gzip' },
  files: { 'long.html': 'x'.repeat(69), 'short.html': 'x' },
};
const COMPRESSED = { Vary: 'Accept-Encoding', 'Content-Encoding': 'gzip' };

describe('compression', () => {
  it.each([
    ['AddOutputFilterByType DEFLATE text/html', '/long.html', COMPRESSED],
    ['SetOutputFilter DEFLATE', '/long.html', COMPRESSED],
    ['AddOutputFilter DEFLATE html', '/long.html', COMPRESSED],
    ['FilterProvider C DEFLATE "%{CONTENT_TYPE} =~ m#^text/#"\nFilterChain C', '/long.html', COMPRESSED],
    ['AddOutputFilterByType BROTLI_COMPRESS;DEFLATE text/html', '/long.html', COMPRESSED],
    ['AddOutputFilterByType BROTLI_COMPRESS text/html', '/long.html', { Vary: 'Accept-Encoding' }],
    ['AddOutputFilterByType DEFLATE text/css', '/long.html', {}],
    ['AddOutputFilterByType DEFLATE text/html', '/short.html', {}],
    ['AddOutputFilterByType DEFLATE text/html\nSetEnvIf Request_URI . no-gzip', '/long.html', {}],
    ['AddOutputFilterByType DEFLATE text/html\nFilterChain !', '/long.html', {}],
    ['AddOutputFilterByType DEFLATE text/html\nErrorDocument 404 /long.html', '/none', {}],
    [
      'SetOutputFilter DEFLATE\nHeader append Vary User-Agent',
      '/long.html',
      { ...COMPRESSED, Vary: 'Accept-Encoding,User-Agent' },
    ],
  ])('%j for %s', (htaccess, target, expected) => {
    expect(headersOf(answerOf(htaccess, target, GZIP))).toEqual(expected);
  });

  it('only says that it depends where the client does not take it', () => {
    const outcome = answerOf('SetOutputFilter DEFLATE', '/long.html', {
      files: { 'long.html': 'x'.repeat(69) },
    });
    expect(headersOf(outcome)).toEqual({ Vary: 'Accept-Encoding' });
  });
});
