import { describe, expect, it } from 'vitest';
import { stepsByRequest } from '../../../src/apache/request/steps';
import type { TraceEvent, TraceStep } from '../../../src/apache/request/trace';
import { answerOf } from '../modules/evaluateSite';

const FILES = { 'in/index.html': 'in', 'a.html': 'a', 'run.fcgi': { text: '#!/bin/sh\n', mode: 0o755 } };

/** The steps with an event of one of these directives; of all lines where none is named. */
function eventsOf(htaccess: string, target: string, ...directives: string[]): readonly TraceStep[] {
  const { trace } = answerOf(htaccess, target, { files: FILES });
  return trace.filter(({ event, line }) =>
    directives.length === 0 ? line !== undefined && event : directives.includes(event?.directive ?? ''),
  );
}

/** `line result: reason` of steps. */
const shortly = (steps: readonly TraceStep[]): readonly string[] =>
  steps.map(
    ({ line, event }) => `${line} ${event?.result}${event?.reason === undefined ? '' : `: ${event.reason}`}`,
  );

const first = (steps: readonly TraceStep[], result: TraceEvent['result']): TraceEvent | undefined =>
  steps.find(({ event }) => event?.result === result)?.event;

describe('an event of mod_rewrite', () => {
  const RULES = [
    'RewriteEngine On',
    'RewriteRule ^z - [C]',
    'RewriteRule ^a - [E=NEVER:1]',
    'RewriteCond %{QUERY_STRING} ^q=(.*)$ [OR]',
    'RewriteCond %{REQUEST_METHOD} POST',
    'RewriteRule ^(A)(x)?\\.html$ run.fcgi?%1 [NC,QSA,E=SEEN:$1,L]',
    'RewriteRule ^b - [F]',
  ].join('\n');

  it('tells for each line what was compared, and what came of it', () => {
    const steps = eventsOf(RULES, '/a.html?q=1').filter(({ request }) => request === 'initial');
    expect(shortly(steps)).toEqual([
      '2 not matched',
      '3 skipped: the rule that it is chained to by [C] of line 2 did not apply',
      '6 matched',
      '4 matched',
      '5 skipped: an alternative before it, joined by [OR], is met',
      '6 applied: [L]: no further rule of this folder in this round',
      '7 not reached: the rule of line 6 ended the list',
      '6 applied',
    ]);
  });

  it('has comparison, captures and changes', () => {
    const steps = eventsOf(RULES, '/a.html?q=1', 'RewriteRule', 'RewriteCond').slice(2);
    expect(first(steps, 'matched')).toEqual({
      directive: 'RewriteRule',
      args: '^(A)(x)?\\.html$ run.fcgi?%1 [NC,QSA,E=SEEN:$1,L]',
      result: 'matched',
      comparison: { subject: 'a.html', pattern: '^(A)(x)?\\.html$', isNegated: false, isCaseless: true },
      captures: ['a.html', 'a', null],
    });
    expect(steps[1]?.event?.captures).toEqual(['q=1', '1']);
    expect(first(steps, 'applied')?.changes).toEqual([
      { what: 'file', before: '/site/a.html', after: '/site/run.fcgi' },
      { what: 'query', before: 'q=1', after: '1&q=1' },
      { what: 'variable', name: 'SEEN', before: null, after: 'a' },
    ]);
  });

  it('names both ends of a continued line', () => {
    const [step] = eventsOf('RewriteEngine On\nRewriteRule \\\n^a \\\n- [F]', '/a.html', 'RewriteRule');
    expect([step?.firstLine, step?.line]).toEqual([2, 4]);
  });

  it('tells why rules are skipped', () => {
    const skip = 'RewriteEngine On\nRewriteRule ^ - [S=1]\nRewriteRule ^ - [F]\nRewriteRule ^ - [G]';
    expect(shortly(eventsOf(skip, '/a.html', 'RewriteRule'))).toContain('3 skipped: [S=1] of line 2');
    const sub = 'RewriteEngine On\nRewriteRule ^in/index - [NS,F]\nRewriteRule ^in/x /y [R]';
    expect(shortly(eventsOf(sub, '/in/', 'RewriteRule'))).toEqual(
      expect.arrayContaining(['2 skipped: [NS]: not in a subrequest', '3 skipped: [R]: not in a subrequest']),
    );
  });
});

describe('an event of another module', () => {
  it.each<[directive: string, line: string, target: string, event: Partial<TraceEvent>]>([
    [
      '<Files',
      '<Files "*.html">\nHeader set X-A 1\n</Files>',
      '/a.html',
      { result: 'matched', comparison: { subject: 'a.html', pattern: '*.html' } },
    ],
    [
      '<FilesMatch',
      '<FilesMatch "^(.)\\.css$">\nHeader set X-A 1\n</FilesMatch>',
      '/a.html',
      { result: 'not matched' },
    ],
    [
      '<If',
      '<If "%{REQUEST_URI} =~ m#/(a)#">\n</If>',
      '/a.html',
      { result: 'matched', captures: ['/a', 'a'] },
    ],
    [
      '<Else',
      '<If "true">\n</If>\n<Else>\n</Else>',
      '/a.html',
      { result: 'skipped', reason: 'a branch before it holds' },
    ],
    [
      'Redirect',
      'Redirect /a.html /b',
      '/a.html',
      { result: 'matched', comparison: { subject: '/a.html', pattern: '/a.html' } },
    ],
    ['RedirectMatch', 'RedirectMatch ^/x(.*) /b', '/a.html', { result: 'not matched' }],
    [
      'Header',
      'Header set X-A 1',
      '/a.html',
      { result: 'applied', changes: [{ what: 'response header', name: 'X-A', before: null, after: '1' }] },
    ],
    [
      'Header',
      'Header set X-A 1 env=NONE',
      '/a.html',
      { result: 'skipped', reason: 'the variable of env= is not as wanted' },
    ],
    ['RequestHeader', 'RequestHeader unset Host', '/a.html', { result: 'applied', args: 'unset Host' }],
    [
      'SetEnvIf',
      'SetEnvIf Request_URI "/(a)" A=$1',
      '/a.html',
      {
        result: 'matched',
        captures: ['/a', 'a'],
        changes: [{ what: 'variable', name: 'A', before: null, after: 'a' }],
      },
    ],
    ['BrowserMatch', 'BrowserMatch x B', '/a.html', { result: 'not matched' }],
    [
      'SetEnv',
      'SetEnv A 1',
      '/a.html',
      { result: 'applied', changes: [{ what: 'variable', name: 'A', after: '1' }] },
    ],
    [
      'ExpiresByType',
      'ExpiresActive On\nExpiresByType text/html A60',
      '/a.html',
      { result: 'applied', args: 'text/html A60' },
    ],
    ['Require', 'Require all denied', '/a.html', { result: 'not matched', reason: 'denied' }],
    ['<RequireAll', '<RequireAll>\nRequire all granted\n</RequireAll>', '/a.html', { result: 'matched' }],
    ['Deny', 'Order allow,deny\nDeny from all', '/a.html', { result: 'matched', args: 'from all' }],
    ['order', 'Order allow,deny\nDeny from all', '/a.html', { result: 'not matched', reason: 'kept out' }],
    [
      'SetHandler',
      'SetHandler None-Such',
      '/a.html',
      { result: 'applied', changes: [{ what: 'handler', before: null, after: 'none-such' }] },
    ],
    [
      'ForceType',
      'ForceType text/x',
      '/a.html',
      { result: 'applied', changes: [{ what: 'content type', before: 'text/html', after: 'text/x' }] },
    ],
    [
      'AddType',
      'AddType text/y .html',
      '/a.html',
      { result: 'applied', changes: [{ what: 'content type', after: 'text/y' }] },
    ],
    [
      'AddHandler',
      'AddHandler own .html',
      '/a.html',
      { result: 'applied', changes: [{ what: 'handler', after: 'own' }] },
    ],
    ['ErrorDocument', 'ErrorDocument 404 "gone fishing"', '/none', { result: 'applied' }],
    [
      'DirectoryIndex',
      'DirectoryIndex none.html index.html',
      '/in/',
      { result: 'not matched', reason: 'there is no such file' },
    ],
    [
      'FallbackResource',
      'FallbackResource /a.html',
      '/none',
      { result: 'applied', changes: [{ what: 'file', after: '/site/a.html' }] },
    ],
    ['DirectorySlash', 'DirectorySlash On', '/in', { result: 'applied' }],
    ['Action', 'Action own /run.fcgi\nSetHandler own', '/a.html', { result: 'applied' }],
    ['CheckSpelling', 'CheckSpelling On', '/b.html', { result: 'applied' }],
  ])('%s: %s', (directive, line, target, event) => {
    const [step] = eventsOf(line, target, directive);
    expect(step?.event).toMatchObject(event);
    expect(step?.file).toBe('/site/.htaccess');
    expect(step?.line).toBeGreaterThan(0);
  });

  it('says which option refuses', () => {
    const [step] = eventsOf('DirectoryIndex disabled\nOptions -Indexes', '/in/').slice(-1);
    expect([step?.line, step?.event?.result]).toEqual([2, 'refused']);
  });
});

describe('requests of a trace', () => {
  it('begin with a reason and their parent, and are counted', () => {
    const { trace } = answerOf('ErrorDocument 404 /in/', '/none', { files: FILES });
    const begun = trace.filter(({ event }) => event?.result === 'begun');
    expect(begun.map(({ requestId, event }) => [requestId, event?.parent, event?.reason])).toEqual([
      [0, undefined, 'the client asks'],
      [1, 0, 'ErrorDocument 404 answers'],
      [2, 1, 'looked up'],
    ]);
  });

  it('end with who answers', () => {
    const { trace } = answerOf('', '/a.html', { files: FILES });
    expect(trace.at(-1)?.event).toMatchObject({ result: 'answered', reason: 'a file' });
  });
});

describe('the steps by request', () => {
  it('put conditions and effects to their rule, and a subrequest beside its request', () => {
    const rules =
      'RewriteEngine On\nRewriteCond %{HTTPS} !^on$ [NC]\nRewriteRule ^a x?$0 [E=A:1,NS]\nRewriteRule ^b - [F]';
    const { trace } = answerOf(`${rules}\nErrorDocument 404 /in/\nHeader always set X-A 1`, '/a.html', {
      files: FILES,
    });
    const requests = stepsByRequest(trace);
    expect(requests.map(({ label, url }) => [label, url])).toEqual([
      ['initial', undefined],
      ['initial/redir#1', '/x?a'],
      ['initial/redir#2', '/in/'],
      ['subreq', undefined],
    ]);
    expect(requests[0]?.files).toEqual(['/site/.htaccess']);
    expect(requests[0]?.events).toEqual([
      {
        kind: 'rule',
        file: '/site/.htaccess',
        line: 3,
        pattern: '^a',
        subject: 'a.html',
        matched: true,
        conditions: [
          { file: '/site/.htaccess', line: 2, test: '%{HTTPS} !^on$ [NC]', input: 'off', met: true },
        ],
        effects: [
          { name: 'rewritten to', text: 'x?a' },
          { name: 'query', text: 'a' },
          { name: 'variable', text: 'A=1' },
        ],
      },
      expect.objectContaining({ kind: 'rule', line: 4, matched: false }),
    ]);
  });
});
