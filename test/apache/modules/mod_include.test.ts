import { describe, expect, it } from 'vitest';
import { answerOf, headersOf } from './evaluateSite';

const files = {
  'page.html': { text: 'page', mode: '755' },
  'owner.html': { text: 'page', mode: '744' },
  'plain.html': 'page',
  'a.txt': 'text',
  'app.fcgi': { text: '#!/bin/sh\n', mode: '755' },
};
const EDITS = 'Header edit ETag ^ tag\nHeader edit Last-Modified ^ date';
const NEITHER = {};
const DATE = { 'Last-Modified': 'dateThu, 01 Jan 1970 00:00:00 GMT' };
const BOTH = { ETag: 'tag"4-0"', ...DATE };

/** Measured, 2.4.71. */
describe('a page with server-side includes', () => {
  it.each([
    ['SetOutputFilter INCLUDES', '/a.txt', NEITHER, 200],
    ['AddOutputFilter INCLUDES .html', '/page.html', NEITHER, 200],
    ['AddOutputFilterByType INCLUDES text/html', '/page.html', NEITHER, 200],
    ['AddOutputFilterByType INCLUDES text/plain', '/page.html', DATE, 200],
    ['AddHandler server-parsed .html', '/page.html', NEITHER, 200],
    ['AddHandler server-parsed .html\nOptions -Includes', '/page.html', DATE, 200],
    ['XBitHack on', '/page.html', NEITHER, 200],
    ['XBitHack on', '/plain.html', BOTH, 304],
    ['XBitHack on\nXBitHack off', '/page.html', BOTH, 304],
    ['XBitHack full', '/page.html', DATE, 304],
    ['XBitHack full', '/owner.html', NEITHER, 200],
    ['XBitHack on\nSSIETag on', '/page.html', { ETag: 'tag"4-0"' }, 200],
    ['XBitHack on\nSSILastModified on', '/page.html', DATE, 200],
  ])('is made anew each time: %j for %s', (htaccess, target, headers, status) => {
    expect(headersOf(answerOf(`${htaccess}\n${EDITS}`, target, { files }))).toEqual(headers);
    const again = answerOf(htaccess, target, { files, headers: { 'If-None-Match': '*' } });
    expect(again.status).toBe(status);
  });

  it('has no ETag that a directive sets, nor has the page of its error', () => {
    const htaccess = 'SetOutputFilter INCLUDES\nHeader always set ETag x';
    for (const target of ['/a.txt', '/app.fcgi', '/none'])
      expect(headersOf(answerOf(htaccess, target, { files }))).toEqual({});
  });

  it('is a file of the default handler', () => {
    const { answer } = answerOf('AddHandler server-parsed .txt', '/a.txt', { files });
    expect(answer).toMatchObject({ kind: 'file', handler: 'default-handler' });
  });
});
