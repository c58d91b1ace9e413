import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import {
  askedRequest,
  compareLive,
  formatCase,
  originsOf,
  parseUrls,
  recordCase,
  runCases,
  withHost,
  type Evaluate,
  type Seen,
} from '../../src/urls';

const FILES = {
  'web/.htaccess': [
    'RewriteEngine On',
    'ErrorDocument 404 /errors/404.html',
    'Header set X-Site "one, two"',
    'RewriteRule ^old$ /new [R=301,L]',
    'RewriteRule ^away$ https://other.test/x [R=302,L]',
    'RewriteRule ^secret - [F]',
    'RewriteRule ^same$ same [L]',
    'RewriteRule ^app(/.*)?$ run.fcgi$1 [L,E=WHO:me]',
    'RewriteRule ^never$ /x',
    'Redirect 410 /gone',
    'Redirect 302 /moved /new',
  ].join('\n'),
  'web/broken/.htaccess': 'DirectoryIndex x\nFoo\n',
  'web/run.fcgi': { text: '#!/bin/sh\n', mode: 0o755 },
  'web/same': 'x',
  'web/errors/404.html': 'none',
  'web/css/site.css': 'x',
  'web/empty/sub/a.txt': 'x',
  'private/tool.fcgi': 'x',
};
const PLACE = { documentRoot: '/site/web', folder: '/site/web/css' };

function evaluator(known: Partial<HostProfile> = {}): Evaluate {
  const site = memorySite(FILES, { treeRoot: '/site' });
  return (asked) => {
    const host = { ...hostProfile(known), ...asked.host };
    const request = withHost(asked.request, host);
    const outcome = evaluate({ request, site, host, documentRoot: PLACE.documentRoot });
    const pathInfo = outcome.pathInfo === null ? {} : { PATH_INFO: outcome.pathInfo };
    const program = { ...pathInfo, QUERY_STRING: outcome.query ?? '' };
    const variables = outcome.answer.kind === 'handler' ? { ...outcome.env, ...program } : outcome.env;
    return { outcome, variables, origins: originsOf(request, host) };
  };
}

function run(text: string, known?: Partial<HostProfile>) {
  const { cases, problems } = parseUrls(text);
  expect(problems).toEqual([]);
  return runCases(cases, evaluator(known), PLACE);
}

const differences = (text: string) =>
  run(text)[0]?.differences.map(({ what, expected, actual }) => [what, expected, actual]);

describe('cases that are as expected', () => {
  test.each([
    '/app/a%20b?x=1 -> /run.fcgi PATH_INFO="/a b" QUERY_STRING=x=1 REDIRECT_WHO=me !WHO',
    '/app -> ../run.fcgi PATH_INFO= QUERY_STRING=',
    '/app -> ../run.fcgi !PATH_INFO',
    '/css/site.css -> file site.css type text/css {X-Site: one, two} {!X-Other} {Content-Type: text/css}',
    '/css/site.css -> 200',
    '/old -> 301 /new',
    '/old -> 301 http://www.example.test/new',
    'https://Shop.test:8443/old -> 301 https://shop.test:8443/new',
    'https://shop.test/old -> 301 /new',
    '/away -> 302 https://other.test/x',
    '/away -> 302 HTTPS://Other.test:443/x',
    '/secret -> 403',
    '/same -> file /same',
    '/nothing -> 404 file /errors/404.html',
    '/empty -> 301 /empty/',
    '/empty/ -> listing /empty/',
    '/empty/sub/ -> listing',
    'OPTIONS / -> 200',
    '/css/site.css {Host: a.test} -> file site.css',
  ])('%s', (line) => {
    const [result] = run(line);
    expect(result?.differences).toEqual([]);
    expect(result?.ok).toBe(true);
  });

  test('on another port', () => {
    expect(
      run('/old -> 301 /new\n/old -> 301 http://www.example.test:8080/new', { port: 8080 }),
    ).toMatchObject([{ ok: true }, { ok: true }]);
  });
});

describe('differences', () => {
  test.each([
    [
      '/old -> 302 /newer',
      [
        ['status', '302', '301'],
        ['location', '/newer', '/new'],
      ],
    ],
    ['/old -> 301 https://other.test/new', [['location', 'https://other.test/new', '/new']]],
    ['/old -> /run.fcgi', [['answer', '/run.fcgi', '301 http://www.example.test/new']]],
    ['/app -> run.fcgi', [['answer', 'run.fcgi', '/run.fcgi']]],
    ['/nothing -> file /errors/404.html', [['status', '200', '404']]],
    ['/css/site.css -> /run.fcgi', [['answer', '/run.fcgi', 'file site.css']]],
    ['/css/site.css -> file site.css type text/html', [['type', 'text/html', 'text/css']]],
    [
      '/css/site.css -> file site.css 301 /x',
      [
        ['status', '301', '200'],
        ['location', '/x', '(none)'],
      ],
    ],
    ['/empty/ -> listing', []],
    ['/empty/ -> listing /css', [['answer', 'listing /css', 'listing /empty']]],
    [
      '/app/x -> /run.fcgi PATH_INFO=/y !REDIRECT_WHO',
      [
        ['variable PATH_INFO', '/y', '/x'],
        ['variable REDIRECT_WHO', '(not set)', 'me'],
      ],
    ],
    ['/app -> /run.fcgi NO=1', [['variable NO', '1', '(not set)']]],
    [
      '/css/site.css -> 200 {X-Site: two} {!X-Site} {X-No: 1}',
      [
        ['header X-Site', 'two', 'one, two'],
        ['header X-Site', '(none)', 'one, two'],
        ['header X-No', '1', '(none)'],
      ],
    ],
  ])('%s', (line, expected) => {
    expect(differences(line)).toEqual(expected);
  });

  test('name the rule that decided, not the last one that was looked at', () => {
    const lineOf = (line: string) => run(line)[0]?.decisive?.line;
    expect(lineOf('/old -> 404')).toBe(4);
    expect(lineOf('/secret -> 404')).toBe(6);
    expect(lineOf('/app/x -> 404')).toBe(8);
    expect(run('/app/x -> 404')[0]?.decisive?.file).toBe('/site/web/.htaccess');
    expect(lineOf('/gone -> 404')).toBe(10);
    expect(lineOf('/moved/x -> 404')).toBe(11);
    expect(run('/broken/ -> 404')[0]?.decisive).toEqual({ file: '/site/web/broken/.htaccess', line: 2 });
    expect(lineOf('/same -> 404')).toBeUndefined();
    expect(lineOf('/css/site.css -> 404')).toBeUndefined();
  });

  test('are shown as the line that would have been right', () => {
    const [result] = run('/app/x -> 404 PATH_INFO=/y {X-Site: z}');
    expect(result?.expected).toBe('404 PATH_INFO=/y {X-Site: z}');
    expect(result?.actual).toBe('/run.fcgi PATH_INFO=/x {X-Site: one, two}');
  });

  test('of what only the program knows are left to the real site', () => {
    const [result] = run('/app -> /run.fcgi 404 type text/html {X-Mine: 1}');
    expect([result?.ok, result?.unchecked]).toEqual([true, ['status', 'type', 'header X-Mine']]);
    expect(run('/css/site.css -> 200 {ETag: "x"}')[0]?.unchecked).toEqual(['header ETag']);
  });
});

describe('record as test', () => {
  const recorded = (line: string) => {
    const [written] = parseUrls(`${line} -> 200`).cases;
    const asked = askedRequest(written!);
    return formatCase(recordCase(written!, evaluator()(asked!), PLACE));
  };

  test.each([
    ['/old', '/old -> 301 /new'],
    ['/away', '/away -> 302 https://other.test/x'],
    ['/app/a%20b?x=1', '/app/a%20b?x=1 -> /run.fcgi PATH_INFO="/a b" QUERY_STRING=x=1'],
    ['/app', '/app -> /run.fcgi'],
    ['/css/site.css', '/css/site.css -> file site.css'],
    ['/nothing', '/nothing -> 404 file /errors/404.html'],
    ['/secret {X: y}', '/secret {X: y} -> 403'],
    ['/empty/', '/empty/ -> listing /empty'],
    ['/app/%E9', '/app/%E9 -> /run.fcgi'],
    ['/app/%C3%A9', '/app/%C3%A9 -> /run.fcgi PATH_INFO=/é'],
  ])('%s', (line, expected) => {
    expect(recorded(line)).toBe(expected);
    expect(run(recorded(line))[0]?.ok).toBe(true);
  });
});

describe('whatever is asked', () => {
  const part = fc.constantFrom(
    ...'old away secret same app css site.css errors 404.html empty sub nothing .. . %2f %c3%a9 %ff é %00 %0a % " a=b # + '.split(
      ' ',
    ),
  );
  const url = fc
    .tuple(fc.array(part, { maxLength: 4 }), fc.option(fc.string({ unit: 'grapheme', maxLength: 6 })))
    .map(([parts, query]) => `/${parts.join('/')}${query === null ? '' : `?${query}`}`)
    .map((text) => text.replaceAll(/[\u0000-\u001F\u007F]/g, '.'));
  const method = fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND');

  test('what is recorded holds, after it was written and read', () => {
    const evaluate = evaluator();
    fc.assert(
      fc.property(method, url, (method, url) => {
        const request = { method, url, headers: [] };
        const line = formatCase(recordCase(request, evaluate(askedRequest(request)!), PLACE, { type: true }));
        const [result] = run(line);
        expect([line, result?.differences]).toEqual([line, []]);
        expect(formatCase(result!.case)).toBe(line);
      }),
      { numRuns: 300 },
    );
  });
});

describe('beside a real answer', () => {
  const seen = (status: number, headers: Seen['headers'] = []): Seen => ({
    status,
    location: headers.find(([name]) => name === 'Location')?.[1] ?? null,
    headers,
  });
  const compared = (line: string, answer: Seen) => {
    const [result] = run(line);
    const { differences, notSeen } = compareLive(result!.case.expectation, result!.observation, answer);
    return { what: differences.map((one) => `${one.what}: ${one.expected} / ${one.actual}`), notSeen };
  };
  const site = ['X-Site', 'one, two'] as const;

  test('the same redirect by name or by path is no difference', () => {
    const answer = seen(301, [['Location', 'http://www.example.test/new']]);
    expect(compared('/old -> 404', answer)).toEqual({ what: [], notSeen: [] });
    expect(compared('/old -> 301', seen(302, [['Location', '/x']])).what).toEqual([
      'status: 301 / 302',
      'location: /new / /x',
    ]);
  });

  test('a program has its own status, unless it fails or the case names one', () => {
    expect(compared('/app -> /run.fcgi', seen(404, [site]))).toEqual({
      what: [],
      notSeen: ['which script ran', 'its variables'],
    });
    expect(compared('/app -> /run.fcgi', seen(500, [site])).what).toEqual([
      'status: an answer of the program / 500',
    ]);
    expect(compared('/app -> /run.fcgi 404', seen(200, [site])).what).toEqual(['status: 404 / 200']);
    expect(
      compared('/app -> /run.fcgi type text/html {X-A: b}', seen(200, [site, ['X-A', 'c']])).what,
    ).toEqual(['type: text/html / (none)', 'header X-A: b / c']);
  });

  test('a file has its type and the headers of directives', () => {
    const type = ['Content-Type', 'text/css; charset=utf-8'] as const;
    expect(
      compared('/css/site.css -> 200', seen(200, [type, ['x-site', 'one'], ['X-Site', 'two, three']])),
    ).toEqual({
      what: [],
      notSeen: ['which file was sent'],
    });
    expect(compared('/css/site.css -> 200', seen(200, [['Content-Type', 'text/plain']])).what).toEqual([
      'type: text/css / text/plain',
      'header X-Site: one, two / (none)',
    ]);
  });
});
