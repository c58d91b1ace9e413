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

  /** Measured, 2.4.71: mod_deflate looks at the length, mod_brotli does not. */
  it.each([
    ['DEFLATE', 304, {}],
    ['BROTLI_COMPRESS', 304, { Vary: 'Accept-Encoding' }],
    ['DEFLATE', 412, {}],
    ['BROTLI_COMPRESS', 412, { Vary: 'Accept-Encoding' }],
  ])('by %s of an answer without content: %i', (filter, status, expected) => {
    const condition = status === 304 ? { 'If-None-Match': '*' } : { 'If-Match': '"other"' };
    const headers = { ...GZIP.headers, ...condition };
    const outcome = answerOf(`SetOutputFilter ${filter}`, '/long.html', { ...GZIP, headers });
    expect([outcome.status, headersOf(outcome)]).toEqual([status, expected]);
  });

  it('of what a program sends is not certain', () => {
    const files = { 'app.fcgi': { text: '#!/bin/sh\n', mode: '755' } };
    const headers = { 'Accept-Encoding': 'br' };
    const ask = (htaccess: string): ReturnType<typeof answerOf> =>
      answerOf(htaccess, '/app.fcgi', { files, headers });
    const brotli = ask('SetOutputFilter BROTLI_COMPRESS');
    expect(headersOf(brotli)).toEqual({ 'Content-Encoding': 'br', Vary: 'Accept-Encoding' });
    expect(brotli.unknown).toMatchObject([{ directive: 'SetOutputFilter', origin: { line: 1 } }]);
    const byType = ask('Header set X-A a\nAddOutputFilterByType DEFLATE text/html');
    expect(byType.unknown).toMatchObject([{ directive: 'AddOutputFilterByType', origin: { line: 2 } }]);
    expect(ask('SetEnv no-gzip 1\nSetOutputFilter DEFLATE').unknown).toBeUndefined();
    expect(ask('SetOutputFilter SUBSTITUTE').unknown).toBeUndefined();
  });
});
