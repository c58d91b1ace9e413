import { describe, expect, it } from 'vitest';
import { answerOf, headersOf } from './evaluateSite';

/** Measured, 2.4.71: a file of four bytes, its time 0 where the site does not know it. */
describe('FileETag', () => {
  it.each<[htaccess: string, etag: string | undefined]>([
    ['FileETag Size', '"4"'],
    ['FileETag MTime Size', undefined],
    ['FileETag None Size', '"4"'],
    ['FileETag MTime None Size', '"4"'],
    ['FileETag Size MTime\nFileETag -MTime', '"4"'],
    ['FileETag Size\nFileETag +Digest', '"gf6L/odXbD7LIkJvjleEc4KRes8="'],
    ['FileETag Digest\nFileETag -Digest', undefined],
    ['FileETag None', undefined],
    ['FileETag None\nHeader set ETag x', undefined],
    ['FileETag None\nHeader always set ETag x', undefined],
    ['FileETag MTime Size\nFileETag Size', '"4"'],
  ])('%j makes it %s', (htaccess, etag) => {
    expect(headersOf(answerOf(htaccess, '/a', { files: { a: 'abcd' } }))['ETag']).toBe(etag);
  });

  it('of a deeper folder adds to none', () => {
    const files = { 'd/a': 'abcd', 'd/.htaccess': 'FileETag +Size' };
    expect(headersOf(answerOf('FileETag None', '/d/a', { files }))['ETag']).toBe('"4"');
  });
});

describe('ContentDigest', () => {
  it('sends the MD5 of a file', () => {
    const outcome = answerOf('ContentDigest On', '/a', { files: { a: 'abcd' } });
    expect(headersOf(outcome)['Content-MD5']).toBe('4vxxTEcn7pOV8yTNLn8zHw==');
  });
});
