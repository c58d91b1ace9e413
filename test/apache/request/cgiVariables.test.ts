import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/apache/request/outcome';
import { answerOf, headersOf } from '../modules/evaluateSite';

const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };
const files = { 'app.fcgi': SCRIPT, 'form.cgi': SCRIPT, 'page.shtml': 'page' };
const headers = {
  Origin: 'http://o.test',
  Authorization: 'Basic x',
  Connection: 'keep-alive',
  TE: 'trailers',
  'X.Dot': 'dot',
};

const ask = (htaccess: string, target: string): Outcome =>
  answerOf(`AddHandler cgi-script .cgi\n${htaccess}`, target, { files, headers });

/** Measured, 2.4.71. */
describe('a variable in Header', () => {
  it.each([
    ['HTTP_ORIGIN', '/app.fcgi', 'http://o.test'],
    ['http_origin', '/form.cgi', 'http://o.test'],
    ['HTTP_ORIGIN', '/index.html', '(null)'],
    ['HTTP_AUTHORIZATION', '/app.fcgi', '(null)'],
    ['HTTP_X_DOT', '/app.fcgi', '(null)'],
    ['HTTP_CONNECTION', '/app.fcgi', 'close'],
    ['HTTP_CONNECTION', '/form.cgi', 'keep-alive'],
    ['HTTP_TE', '/app.fcgi', '(null)'],
    ['REMOTE_ADDR', '/app.fcgi', '127.0.0.1'],
    ['SCRIPT_NAME', '/app.fcgi/more', '/app.fcgi'],
    ['PATH_TRANSLATED', '/app.fcgi/more', '/site/more'],
    ['REQUEST_URI', '/app.fcgi/more?q', '/app.fcgi/more?q'],
    ['QUERY_STRING', '/app.fcgi', ''],
  ])('%s is that of CGI where a program answers: %s', (name, target, value) => {
    expect(headersOf(ask(`Header set X "%{${name}}e"`, target))['X']).toBe(value);
  });

  it.each([
    ['/app.fcgi', 'SetEnv'],
    ['/index.html', 'SetEnvIf'],
  ])('is for %s that of %s, where two set it', (target, value) => {
    const rules = 'SetEnv P SetEnv\nSetEnvIf Request_URI . P=SetEnvIf\nHeader set X "%{P}e"';
    expect(headersOf(ask(rules, target))['X']).toBe(value);
  });

  it('is that of CGI also in conditions, above what directives have set, and for server-side includes', () => {
    const rules = 'Header set A a env=REMOTE_ADDR\nHeader set B "expr=%{reqenv:SERVER_PORT}"';
    expect(headersOf(ask(rules, '/app.fcgi'))).toEqual({ A: 'a', B: '80' });
    expect(headersOf(ask(rules, '/index.html'))).toEqual({ B: '' });
    const set = 'SetEnv REMOTE_ADDR own\nHeader set X "%{REMOTE_ADDR}e"';
    expect(headersOf(ask(set, '/app.fcgi'))['X']).toBe('127.0.0.1');
    expect(headersOf(ask(set, '/index.html'))['X']).toBe('own');
    const parsed = 'AddOutputFilter INCLUDES .shtml\nHeader set X "%{REMOTE_ADDR}e"';
    expect(headersOf(ask(parsed, '/page.shtml'))['X']).toBe('127.0.0.1');
  });
});

describe('what a program is told', () => {
  it('are the headers as RequestHeader has changed them', () => {
    const rules = 'RequestHeader set X-Added one\nRequestHeader unset Origin';
    const { requestHeaders = [] } = ask(rules, '/app.fcgi');
    expect(requestHeaders).toContainEqual(['X-Added', 'one']);
    expect(requestHeaders.map(([name]) => name)).not.toContain('Origin');
    expect(ask('', '/app.fcgi').requestHeaders).toBeUndefined();
  });

  it('is decided by CGIPassAuth and CGIVar', () => {
    const rules = 'CGIPassAuth On\nCGIVar REQUEST_URI current-uri\nHeader set X "%{HTTP_AUTHORIZATION}e"';
    const outcome = ask(rules, '/app.fcgi?q');
    expect(outcome).toMatchObject({ passesAuthorization: true, hasCurrentUri: true });
    expect(headersOf(outcome)['X']).toBe('Basic x');
    expect(ask('CGIVar REQUEST_URI original-uri', '/app.fcgi').hasCurrentUri).toBeUndefined();
  });
});
