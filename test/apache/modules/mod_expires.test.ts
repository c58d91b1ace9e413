import { describe, expect, it } from 'vitest';
import { answerOf, headersOf } from './evaluateSite';

const HOUR = { 'Cache-Control': 'max-age=3600', Expires: 'Mon, 01 Jan 2024 01:00:00 GMT' };

function expiry(htaccess: string, target = '/index.html'): Readonly<Record<string, string>> {
  return headersOf(answerOf(`ExpiresActive On\n${htaccess}`, target, { files: { 'a.css': '' } }));
}

describe('mod_expires', () => {
  it.each([
    ['ExpiresDefault A3600', HOUR],
    ['ExpiresDefault "access plus 60 minutes"', HOUR],
    ['ExpiresByType text/html "now plus 1 hour"\nExpiresDefault A1', HOUR],
    ['ExpiresByType text/* A3600\nExpiresDefault A1', HOUR],
    ['ExpiresByType text/css A3600', {}],
    ['ExpiresDefault A3600\nExpiresActive Off', {}],
    ['ExpiresDefault A-5', { 'Cache-Control': 'max-age=0', Expires: 'Mon, 01 Jan 2024 00:00:00 GMT' }],
    [
      'ExpiresDefault "Access plus 1 day"',
      { 'Cache-Control': 'max-age=0', Expires: 'Mon, 01 Jan 2024 00:00:00 GMT' },
    ],
    [
      'ExpiresDefault A3600\nHeader append Cache-Control public',
      { ...HOUR, 'Cache-Control': 'max-age=3600, public' },
    ],
  ])('%j', (htaccess, expected) => {
    expect(expiry(htaccess)).toEqual(expected);
  });

  it('leaves errors alone, but not redirects', () => {
    expect(expiry('ExpiresDefault A3600', '/none')).toEqual({});
    expect(expiry('ExpiresDefault A3600\nRedirect /old /new', '/old')).toEqual(HOUR);
  });

  it('forgets wildcards of outer folders where a deeper one names no wildcard', () => {
    const files = { 'sub/.htaccess': 'ExpiresByType text/css A1', 'sub/a.html': '' };
    const outcome = answerOf('ExpiresActive On\nExpiresByType text/* A3600', '/sub/a.html', { files });
    expect(headersOf(outcome)).toEqual({});
  });

  it('goes by the type of a page that the client has already', () => {
    const headers = { 'If-None-Match': '*' };
    const rules = 'ExpiresActive On\nExpiresByType text/html A3600\nExpiresDefault A1';
    const outcome = answerOf(rules, '/', { headers });
    expect([outcome.status, headersOf(outcome)]).toEqual([304, HOUR]);
  });
});
