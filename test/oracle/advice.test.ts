import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentation } from '../advice/documentation';
import { startOracle, type Oracle } from './apache/oracle';

/** What Apache answers: the parts that matter to a case. `crash`: the process ended without an answer. */
type Answer = Record<string, unknown> | 'crash';

/** The examples in a rule's documentation, and what a real Apache makes of both. */
interface Case {
  readonly code: string;
  readonly target: string;
  readonly bad: Answer;
  readonly good: Answer;
  readonly headers?: Readonly<Record<string, string>>;
}

const FILES = {
  'index.html': 'index',
  'index.php': 'php',
  new: 'new',
  'news.php': 'news',
  'offers.php': 'offers',
  'tags.php': 'tags',
  'wiki.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'maintenance.html': 'maintenance',
  'forbidden.html': 'forbidden',
  'there.page': 'page',
  'app.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'dispatch.fcgi': { text: '#!/bin/sh\n', mode: '755' },
};

// prettier-ignore
const CASES: readonly Case[] = [
  { code: 'syntax.comment-continuation', target: '/', bad: { file: 'index.html' }, good: { file: 'index.php' } },
  { code: 'expr.trailing-backslash', target: '/new', bad: 'crash', good: { status: 200 } },
  { code: 'rewrite.engine-missing', target: '/old', bad: { status: 404 }, good: { status: 301 } },
  { code: 'rewrite.dangling-or', target: '/new', bad: { status: 301 }, good: { status: 200 } },
  { code: 'rewrite.or-of-negations', target: '/admin', headers: {}, bad: { status: 403 }, good: { status: 403 } },
  { code: 'rewrite.condition-never-matches', target: '/admin', bad: { status: 404 }, good: { status: 403 } },
  { code: 'rewrite.leading-slash', target: '/old', bad: { status: 404 }, good: { status: 301 } },
  { code: 'regex.never-matches', target: '/old/page', bad: { status: 404 }, good: { status: 301 } },
  { code: 'rewrite.query-in-pattern', target: '/index.php?id=7', bad: { status: 200 }, good: { status: 301 } },
  { code: 'rewrite.backreference', target: '/news/2026', bad: { query: 'year=2026&month=' }, good: { status: 404 } },
  { code: 'rewrite.status-word', target: '/old', bad: { status: 302 }, good: { status: 301 } },
  { code: 'rewrite.never-reached', target: '/old', bad: { location: 'https://example.com/old' }, good: { location: 'http://www.example.test/new' } },
  { code: 'rewrite.loop', target: '/x', bad: { status: 500 }, good: { status: 200, file: 'dispatch.fcgi', pathInfo: '/x' } },
  { code: 'rewrite.space-in-query', target: '/tag/a%20b', bad: { status: 403 }, good: { status: 200, query: 'name=a+b' } },
  { code: 'rewrite.question-mark', target: '/wiki/why%3F', bad: { status: 403 }, good: { status: 200, file: 'wiki.fcgi', pathInfo: '/why?' } },
  { code: 'rewrite.redirect-leaks-path', target: '/old', bad: { location: 'http://www.example.test/site/new' }, good: { location: 'http://www.example.test/new' } },
  { code: 'rewrite.section-replaces-rules', target: '/old', bad: { location: 'https://example.com/old' }, good: { location: 'https://example.com/old' } },
  { code: 'rewrite.section-path', target: '/page?old', bad: { status: 404 }, good: { status: 301 } },
  { code: 'redirect.beats-rewrite', target: '/shop/sale', bad: { status: 301 }, good: { status: 200, file: 'offers.php' } },
  { code: 'redirect.loop', target: '/', bad: { status: 301, location: 'http://www.example.test/' }, good: { status: 200 } },
  { code: 'options.rewrite-needs-links', target: '/new', bad: { status: 403 }, good: { status: 200 } },
  { code: 'options.exec-cgi-missing', target: '/dispatch.fcgi', bad: { status: 403 }, good: { status: 200 } },
  { code: 'dir.fallback-relative', target: '/news/page', bad: { status: 500 }, good: { status: 200, file: 'index.php' } },
  { code: 'error.page-refused', target: '/new', bad: { status: 403, answered: false }, good: { status: 403, answered: true, file: 'forbidden.html' } },
  { code: 'redirect.backreference', target: '/news/12', bad: { location: 'http://www.example.test/archive/12/' }, good: { status: 404 } },
  { code: 'env.set-too-late', target: '/new', bad: { file: 'new' }, good: { file: 'maintenance.html' } },
  { code: 'rewrite.handler-lost', target: '/app', bad: { file: null }, good: { file: 'app.fcgi' } },
];

let oracle: Oracle;

beforeAll(async () => {
  oracle = await startOracle({ mimeTypes: { html: 'text/html', php: 'text/plain' } });
});

afterAll(() => oracle?.stop());

test('the hotlink protection of the realistic files goes round in circles', async () => {
  const path = new URL('fixtures/realistic/hotlinks.htaccess', import.meta.url);
  const files = { '.htaccess': readFileSync(path, 'utf8'), 'images/stolen.png': '', 'a.png': '' };
  const request = { target: '/a.png', headers: { Referer: 'https://another-site.example/page' } };
  const [answer] = await oracle.run([{ files, request }]);
  expect(answer).toMatchObject({ status: 500 });
});

describe('the examples of the advice, by Apache', () => {
  const byCode = new Map(documentation().map((one) => [one.rule.code, one]));

  test.each(CASES)('$code', async ({ code, target, bad, good, headers = {} }) => {
    const found = byCode.get(code);
    const pairs = [found?.bad, found?.good].map((text) => ({
      files: { ...FILES, '.htaccess': text ?? '' },
      request: { target, headers },
    }));
    const answers = await oracle.run(pairs);
    const wanted = [bad, good];
    for (const [at, answer] of answers.entries()) {
      const expected = wanted[at];
      if (expected === 'crash') expect(answer).toBeNull();
      else expect(answer).toMatchObject(expected ?? {});
    }
  });
});
