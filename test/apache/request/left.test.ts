import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/apache/request/outcome';
import { outcomeOf, pairHost } from './answers';

/** What the one who sends the answer is told of it; `/page.html` and `/run.fcgi` are there. */
function asked(
  htaccess: string,
  target: string,
  headers: readonly (readonly [string, string])[] = [],
): Outcome {
  const files = {
    '.htaccess': htaccess,
    'page.html': 'page',
    'run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  };
  return outcomeOf({ files, documentRoot: '', request: { target, headers } }, pairHost());
}

describe('who sends the answer is told', () => {
  it.each([
    ['', undefined, undefined],
    ['FileETag None', null, ['etag']],
    ['FileETag Size', '"4"', undefined],
    ['Header unset ETag\nHeader always unset Accept-Ranges', undefined, ['etag']],
    ['FileETag Size\nHeader set ETag x', '"4"', undefined],
  ])('with %j of the tag of a file %j, and that %j are gone', (htaccess, etag, without) => {
    const outcome = asked(htaccess, '/page.html');
    expect([outcome.etag, outcome.without]).toEqual([etag, without]);
  });

  it.each([
    ['', 1_073_741_824],
    ['LimitRequestBody 0', null],
    ['LimitRequestBody 5', 5],
  ])('with %j how much of a body a program may read: %j', (htaccess, bodyLimit) => {
    expect(asked(htaccess, '/run.fcgi', [['Content-Length', '6']])).toMatchObject({ status: 200, bodyLimit });
  });

  it('for which status an ErrorDocument was asked in vain', () => {
    const outcome = asked('ErrorDocument 404 /lost', '/none');
    expect(outcome).toMatchObject({ status: 404, answer: { kind: 'error', message: null, further: 404 } });
    expect(asked('', '/none').answer).toEqual({ kind: 'error', message: null });
  });

  it('that an error ends the connection, whoever answers', () => {
    const rules = 'Redirect 503 /busy\nErrorDocument 503 http://example.test/';
    expect(asked(rules, '/busy')).toMatchObject({ status: 302, dropsConnection: true });
    expect(asked(rules, '/none')).not.toHaveProperty('dropsConnection');
  });
});
