import { describe, expect, it } from 'vitest';
import { parseAprUri, unparseWithoutQuery } from '../../../src/apache/request/aprUri';
import { answerOf } from './evaluateSite';

function locationOf(htaccess: string, target: string): string | number {
  const { status, location } = answerOf(htaccess, target);
  return location ?? status;
}

describe('Redirect', () => {
  it.each([
    ['Redirect /old http://example.test/new', '/old', 'http://example.test/new'],
    ['Redirect /old http://example.test/new', '/old/a%20b', 'http://example.test/new/a%20b'],
    ['Redirect /old http://example.test/new', '/older', 404],
    ['Redirect /old /new', '/old?a=1', 'http://www.example.test/new?a=1'],
    ['Redirect /old /new?b=2', '/old/x?a=1', 'http://www.example.test/new?b=2/x'],
    ['Redirect /a//b /c', '/a/b', 'http://www.example.test/c'],
    ['Redirect gone /old', '/old', 410],
    ['Redirect 999 /old', '/old', 500],
    ['RedirectRelative On\nRedirect /old /new', '/old', '/new'],
    ['Redirect /old /one\nRedirect /old /two', '/old', 'http://www.example.test/one'],
    ['Redirect "https://%{HTTP_HOST}%{REQUEST_URI}"', '/a%20b', 'https://www.example.test/a%20b'],
    ['Redirect "relative"', '/x', 500],
    ['Redirect 410', '/x', 410],
  ])('%j with %s', (htaccess, target, expected) => {
    expect(locationOf(htaccess, target)).toBe(expected);
  });

  it('of a deeper folder goes before those of the folders above', () => {
    const files = { 'sub/.htaccess': 'Redirect /sub/x /deep', 'sub/x': '' };
    expect(answerOf('Redirect /sub /outer', '/sub/x', { files }).location).toBe(
      'http://www.example.test/deep',
    );
  });
});

describe('RedirectMatch', () => {
  it.each([
    ['RedirectMatch ^/a(.)c$ /x-$1&\\$2', '/abc', 'http://www.example.test/x-b&$2'],
    [
      'RedirectMatch /old(.*) http://example.test/$1?q=$1#f',
      '/my/old%20x',
      'http://example.test/%20x?q= x#f',
    ],
    ['RedirectMatch 404 "\\.bak$"', '/x.bak', 404],
    ['RedirectMatch ^/(z)?a /$1b', '/a', 'http://www.example.test/b'],
  ])('%j with %s', (htaccess, target, expected) => {
    expect(locationOf(htaccess, target)).toBe(expected);
  });
});

describe('a URL', () => {
  it.each([
    ['http://u:p@h:80/p?q#f', 'http://u:XXXXXXXX@h/p'],
    ['http://h:8080', 'http://h:8080'],
    ['https://[::1]:443/x', 'https://[::1]/x'],
    ['//h/x', '//h/x'],
    ['///x', '///x'],
    ['/a:b', '/a:b'],
    ['a:b/c', 'a:b/c'],
    ['1a:b', ''],
    ['http://h:x/y', 'http://h'],
  ])('%s is put together as %s', (text, expected) => {
    expect(unparseWithoutQuery(parseAprUri(text))).toBe(expected);
  });
});
