import { describe, expect, it } from 'vitest';
import { answerOf, headersOf } from './evaluateSite';

const files = { 'doc.html': 'page' };

/** Measured, 2.4.71. */
describe('a client that says Negotiate', () => {
  it.each([
    ['trans', 300],
    ['guess-small, Trans', 300],
    ['vlist', 300],
    ['', 406],
    ['x', 406],
    ['*', 200],
  ])('chooses itself, but where it leaves that to the server: %j', (negotiate, status) => {
    const headers = { Negotiate: negotiate };
    expect(answerOf('Options +MultiViews', '/doc', { files, headers }).status).toBe(status);
  });

  it('gets the list of what there is', () => {
    const headers = { Negotiate: 'trans' };
    expect(headersOf(answerOf('Options +MultiViews', '/doc', { files, headers }))).toEqual({
      Alternates: '{"doc.html" 1 {type text/html} {length 4}}',
      TCN: 'list',
      Vary: 'negotiate',
    });
    const lynx = { ...headers, 'User-Agent': 'Lynx/2.8' };
    expect(answerOf('Options +MultiViews', '/doc', { files, headers: lynx }).status).toBe(200);
  });

  it('gets the list also where the server chooses', () => {
    const headers = { Negotiate: 'trans, *' };
    expect(headersOf(answerOf('Options +MultiViews', '/doc', { files, headers }))).toMatchObject({
      'Content-Location': 'doc.html',
      Alternates: '{"doc.html" 1 {type text/html} {length 4}}',
      TCN: 'choice',
      Vary: 'negotiate',
    });
  });

  it('by an algorithm of its own gets an answer that is not certain', () => {
    const unknownFor = (negotiate: string): readonly unknown[] =>
      answerOf('Options +MultiViews', '/doc', { files, headers: { Negotiate: negotiate } }).unknown ?? [];
    expect(unknownFor('1.0')).toMatchObject([{ directive: 'Options', origin: { line: 1 } }]);
    expect(unknownFor('*')).toEqual([]);
  });
});
