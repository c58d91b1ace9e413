import { describe, expect, it } from 'vitest';
import { detailOf, rowOf, ruleOf, type DescribeContext } from '../../../src/extension/requests/describe';
import { body, record, siteOf } from './records';

const words = {
  matched: 'matches',
  missed: 'no match',
  unknown: 'looked at',
  met: 'met',
  notMet: 'not met',
  redirectedTo: 'to {0}',
  initial: 'first',
  subrequest: 'sub',
  pending: 'pending',
  cut: 'cut',
  server: 'server',
  file: 'file',
  redirect: 'redirect',
  listing: 'listing',
  status: 'Status',
  answeredBy: 'By',
  process: 'Process',
  rule: 'Rule',
  time: 'Time',
  duration: 'Duration',
  size: 'Size',
  log: 'Log',
  binary: '{0} bytes',
  partOf: '{0} of {1}',
};
const HTACCESS =
  'RewriteEngine On\nRewriteCond %{REQUEST_URI} !^/static\nRewriteRule ^(.*)$ run.fcgi/$1 [L]\n';
const site = siteOf({
  '.htaccess': HTACCESS.replace('!^/static', '!^/(static|run)'),
  'run.fcgi': '#!/bin/sh\n',
  static: '',
});
const context: DescribeContext = {
  folder: '/home/me',
  exists: (file) => file.startsWith('/home/me/'),
  words,
};

function routed(some = {}) {
  const outcome = site.evaluate({ method: 'GET', target: '/page', headers: [['Host', 'localhost']] });
  return record({ outcome, trace: outcome.trace, dispatcher: '/home/me/run.fcgi', pid: 42, ...some });
}

describe('a row of the requests panel', () => {
  it('tells method, URL, status, rule, program, process and time, and says it in words', () => {
    const one = { id: 7, time: 0, method: 'GET', target: '/page?q=J%C3%BC', record: routed() };
    expect(rowOf(one, context)).toMatchObject({
      id: 7,
      tone: 'ok',
      url: '/page?q=J%C3%BC',
      status: '200',
      duration: '12 ms',
      rule: '.htaccess:3',
      by: 'run.fcgi · 42',
      program: true,
      label: 'GET, /page?q=J%C3%BC, 200, run.fcgi · 42, 12 ms, .htaccess:3',
    });
  });

  it('of a request that waits has no status', () => {
    const row = rowOf({ id: 1, time: 0, method: 'GET', target: '/', record: null }, context);
    expect(row).toMatchObject({ tone: 'pending', status: '', label: 'GET, /, pending' });
  });

  it.each([
    [200, 'ok'],
    [304, 'ok'],
    [301, 'moved'],
    [404, 'client-error'],
    [500, 'server-error'],
  ])('with status %d is %s', (status, tone) => {
    const one = { id: 1, time: 0, method: 'GET', target: '/', record: record({ status }) };
    expect(rowOf(one, context).tone).toBe(tone);
  });

  it('that was broken off says so', () => {
    const one = { id: 1, time: 0, method: 'GET', target: '/', record: record({ cut: true }) };
    expect(rowOf(one, context)).toMatchObject({ tone: 'cut', status: 'cut', by: 'server' });
  });
});

describe('the details of a request', () => {
  it('name the rule that decided, and show the trace with links', () => {
    const detail = detailOf(1, routed(), context);
    expect(detail.rule).toEqual({ label: '.htaccess:3', file: '/home/me/.htaccess', line: 3 });
    const [first] = detail.trace;
    expect(first?.heading).toBe('first');
    expect(first?.files).toEqual([{ label: '.htaccess:1', file: '/home/me/.htaccess', line: 1 }]);
    expect(first?.rows.find(({ tone }) => tone === 'acted')).toMatchObject({
      tag: 'matches',
      title: 'RewriteRule ^(.*)$',
      subject: 'page',
      place: { file: '/home/me/.htaccess', line: 3 },
      details: [
        { tone: 'met', name: 'met', subject: '/page', place: { file: '/home/me/.htaccess', line: 2 } },
        { tone: 'effect', name: 'rewritten to', text: 'run.fcgi/page' },
        { tone: 'effect', name: '', text: expect.stringContaining('[L]') },
      ],
    });
    expect(ruleOf(record(), context)).toBeUndefined();
  });

  it('link the places of a traceback whose files are there', () => {
    const errorOutput =
      'Traceback:\n  File "/home/me/app.py", line 31, in f\n  File "/gone.py", line 2\nError at lib.pl line 4.\n';
    const { errors } = detailOf(1, routed({ errorOutput }), context);
    expect(errors).toEqual([
      'Traceback:\n  ',
      {
        text: 'File "/home/me/app.py", line 31',
        place: expect.objectContaining({ file: '/home/me/app.py', line: 31 }),
      },
      ', in f\n  File "/gone.py", line 2\nError ',
      { text: 'at lib.pl line 4', place: expect.objectContaining({ file: '/home/me/lib.pl', line: 4 }) },
      '.',
    ]);
  });

  it('show text as text, and say of other bodies what they are', () => {
    const detail = (bytes: Uint8Array, length = bytes.length, headers: [string, string][] = []) =>
      detailOf(1, record({ responseBody: { bytes, length }, responseHeaders: headers }), context)
        .responseBody;
    const utf8 = new TextEncoder().encode('Grüße');
    expect(detail(utf8)).toEqual({ text: 'Grüße', note: '' });
    expect(detail(utf8.slice(0, 3), 100)).toEqual({ text: 'Gr', note: '3 of 100' });
    expect(detail(body('Gr\xfc\xdfe').bytes)).toEqual({ text: 'Gr\xfc\xdfe', note: '' });
    expect(detail(new Uint8Array([0, 1, 2]))).toEqual({ text: '', note: '3 bytes' });
    expect(detail(utf8, 7, [['Content-Encoding', 'gzip']])).toEqual({ text: '', note: '7 bytes' });
    expect(detail(new Uint8Array())).toEqual({ text: '', note: '' });
  });

  it('decode header bytes as UTF-8 and sort the environment', () => {
    const some = {
      requestHeaders: [['X-Name', 'J\xc3\xbc']] as const,
      environment: [
        ['B', '2'],
        ['A', '1'],
      ] as const,
    };
    const detail = detailOf(1, record(some), context);
    expect(detail.requestHeaders).toEqual([['X-Name', 'Jü']]);
    expect(detail.environment).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });
});
