import { describe, expect, it } from 'vitest';
import { answerOf, headersOf, NOW, type Asked } from './evaluateSite';

function headers(
  htaccess: string,
  target = '/index.html',
  asked: Asked = {},
): Readonly<Record<string, string>> {
  return headersOf(answerOf(htaccess, target, asked));
}

describe('Header', () => {
  it.each([
    ['Header set X-A "a b"', { 'X-A': 'a b' }],
    ['Header add X-A a\nHeader add X-A b', { 'X-A': 'a | b' }],
    ['Header append X-A a\nHeader append x-a b', { 'X-A': 'a, b' }],
    ['Header merge X-A a\nHeader merge X-A b\nHeader merge X-A a', { 'X-A': 'a, b' }],
    ['Header set X-A a\nHeader setifempty X-A b\nHeader setifempty X-B c', { 'X-A': 'a', 'X-B': 'c' }],
    ['Header set X-A a\nHeader unset X-A', {}],
    ['Header set X-A banana\nHeader edit X-A a(.) <$1>', { 'X-A': 'b<n>ana' }],
    ['Header set X-A banana\nHeader edit* X-A a ""', { 'X-A': 'bnn' }],
    ['Header set X-A a env=NO\nHeader set X-B b env=!NO', { 'X-B': 'b' }],
    ['Header set X-A a "expr=%{REQUEST_URI} == \'/x\'"', {}],
    ['Header set X-A "expr=%{REQUEST_URI}!"', { 'X-A': '/index.html!' }],
    ['SetEnv A 1\nHeader set X-A "%{A}e %{B}e 100%% %t"', { 'X-A': `1 (null) 100% t=${NOW}000000` }],
    ['Header set X-A a early', {}],
    ['Header unset ETag\nHeader append Accept-Ranges none', { 'Accept-Ranges': 'bytes, none' }],
    ['Header set X-A a\nHeader always set X-A b', { 'X-A': 'b | a' }],
    [
      'Header set X-A a\nHeader note X-A seen\nHeader set X-B "expr=%{note:seen}"',
      { 'X-A': 'a', 'X-B': 'a' },
    ],
  ])('%j', (htaccess, expected) => {
    expect(headers(htaccess)).toEqual(expected);
  });

  it('echoes request headers, after RequestHeader changed them', () => {
    const htaccess = 'RequestHeader append X-Test b\nHeader echo ^X-';
    expect(headers(htaccess, '/index.html', { headers: { 'X-Test': 'a', Other: 'c' } })).toEqual({
      'X-Test': 'a, b',
    });
  });

  it('changes errors and redirects only with always', () => {
    const htaccess = 'Header set X-A a\nHeader always set X-B b\nRedirect /old /new';
    expect(headers(htaccess, '/none')).toEqual({ 'X-B': 'b' });
    expect(headers(htaccess, '/old')).toEqual({ 'X-B': 'b' });
  });

  it('sets and takes away the content type', () => {
    const type = (htaccess: string): unknown => {
      const { answer } = answerOf(htaccess, '/index.html');
      return answer.kind === 'file' ? answer.contentType : answer.kind;
    };
    expect(type('Header set Content-Type text/x-own')).toBe('text/x-own');
    expect(type('Header unset Content-Type')).toBeNull();
    expect(type('Header edit Content-Type html xml')).toBe('text/xml');
    expect(type('RequestHeader set Content-Type text/x-own')).toBe('text/html');
  });

  it.each([
    ['Header set X-A "a\\\\nb"', 500, {}],
    ['Header edit Content-Type t "a\\\\nb"', 500, {}],
    ['Header add Content-Type "a\\\\nb"', 200, {}],
    ['Header set Content-Length "a\\\\nb"', 200, {}],
    ['Header always set Vary "a\\\\nb, c"', 200, { Vary: 'a,b,c' }],
    ['AddEncoding gzip .html\nHeader set Content-Encoding "a\\\\nb"', 200, { 'Content-Encoding': 'gzip' }],
    ['FileETag None\nHeader set ETag "a\\\\nb"', 200, {}],
    ['SetEnv force-no-vary 1\nHeader always set Vary "a\\\\nb"', 200, {}],
  ])('looks for control characters in what is sent: %j', (htaccess, status, expected) => {
    expect(answerOf(htaccess, '/index.html').status).toBe(status);
    expect(headers(htaccess)).toEqual(expected);
  });

  it('edits every match of a long value', () => {
    const htaccess = `SetEnv P ${'b'.repeat(4000)}\nHeader set X-A %{P}e%{P}e\nHeader edit* X-A b cc`;
    expect(headers(htaccess)).toEqual({ 'X-A': 'c'.repeat(16_000) });
  });

  it('ends where a pattern matches nothing for ever', () => {
    expect(headers('Header set X-A abc\nHeader edit* X-A x* -')).toEqual({ 'X-A': '-abc' });
  });
});
