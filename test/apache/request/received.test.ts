import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import type { HttpRequest, Outcome } from '../../../src/apache/request/outcome';
import { answerOf } from '../modules/evaluateSite';

const { modules } = hostProfile();

function evaluateRequest(htaccess: string, request: HttpRequest): Outcome {
  const host = hostProfile();
  const { treeRoot } = host;
  const site = memorySite({ '.htaccess': htaccess, 'index.html': 'home' }, { treeRoot });
  return evaluate({ request, site, host, documentRoot: treeRoot });
}

describe('a request', () => {
  it.each([
    ['BIND', [], 501],
    ['SEARCH', [], 501],
    ['BIND', ['mod_dav'], 405],
    ['SEARCH', ['mod_dav'], 405],
    ['PUT', [], 405],
    ['NONSENSE', ['mod_dav'], 501],
  ])('by %s with %j gets %i', (method, more, status) => {
    const host = { modules: [...modules, ...more] };
    expect(answerOf('', '/index.html', { method, host }).status).toBe(status);
  });

  it('has a header that is sent more than once as one', () => {
    const rules = 'SetEnvIf X-Given "(.*)" GIVEN=$1';
    const { env } = evaluateRequest(rules, {
      method: 'GET',
      target: '/index.html',
      headers: [
        ['Host', 'www.example.test'],
        ['X-Given', 'a'],
        ['X-Other', '-'],
        ['x-given', ''],
        ['X-GIVEN', ' b, c'],
      ],
    });
    expect(env['GIVEN']).toBe('a, , b, c');
  });

  it.each([
    [' \t one two\t ', 'one two'],
    ['\t ', ''],
    ['\u00a0x\v', '\u00a0x\v'],
  ])('has the header value %j as %j', (sent, expected) => {
    const rules = 'SetEnvIf X-Given "(.*)" GIVEN=<$1>';
    expect(answerOf(rules, '/index.html', { headers: { 'X-Given': sent } }).env['GIVEN']).toBe(
      `<${expected}>`,
    );
  });

  it.each<[target: string, host: string, status: number, uri: string, location?: string]>([
    ['http://Foo.test:81/x?q', 'bar.test', 302, '/x', 'http://foo.test:81/y?q'],
    ['https://foo.test/x', 'bar.test', 302, '/x', 'http://bar.test/y'],
    ['ftp://foo.test/x?q', 'bar.test', 400, '/x'],
    ['http://user@foo.test/x', 'bar.test', 400, ''],
    ['http://foo.test', 'bar.test', 200, '/index.html'],
    ['x', 'bar.test', 400, ''],
    ['*', 'bar.test', 400, ''],
    ['/x#part', 'bar.test', 400, ''],
    ['/x\u007f', 'bar.test', 400, ''],
    ['/x', 'foo.test.', 302, '/x', 'http://foo.test/y'],
    ['/x', 'foo..test', 400, ''],
    ['/x', 'foo:0', 400, ''],
    ['/x', 'foo:', 400, ''],
    ['/x', 'a b', 400, ''],
    ['/x', '', 400, ''],
    ['/x', '1.2.3', 400, ''],
    ['/x', '[::1]:81', 302, '/x', 'http://[::1]:81/y'],
    ['/a%/%6C%zz', 'bar.test', 400, '/a%/l%zz'],
  ])('for %s of %j gets %i', (target, host, status, uri, location) => {
    const outcome = answerOf('Redirect /x /y', target, { headers: { Host: host } });
    expect([outcome.status, outcome.uri, outcome.location]).toEqual([status, uri, location ?? null]);
  });

  it('for what the server can do at all gets 200', () => {
    const { status, answer, uri } = answerOf('', '*', { method: 'OPTIONS' });
    expect([status, answer.kind, uri]).toEqual([200, 'file', '*']);
  });

  it.each(['*', '*?a', '?a', 'http://www.example.test', 'http://www.example.test?a'])(
    'for the server as a whole is OPTIONS without a path: %s',
    (target) => {
      const rules = 'RewriteEngine On\nRewriteRule ^ - [F]';
      const { status, uri, query } = answerOf(rules, target, { method: 'OPTIONS' });
      expect([status, uri, query]).toEqual([200, '*', target.includes('?') ? 'a' : null]);
      if (!target.startsWith('*')) expect(answerOf(rules, target).status).toBe(403);
    },
  );

  it('for a name that no file can have gets 403', () => {
    expect(answerOf('', `/${'x'.repeat(255)}`).status).toBe(404);
    expect(answerOf('', `/${'x'.repeat(256)}`).status).toBe(403);
  });

  it('that rules send to nothing but a query is for the root', () => {
    const rules = 'RewriteEngine On\nRewriteRule ^a$ %{DOCUMENT_ROOT}/?b';
    expect(answerOf(rules, '/a')).toMatchObject({ uri: '/index.html', query: 'b', redirects: 1 });
  });

  it('for a file that a look-ahead finds reads its name as a URL', () => {
    const rules = 'RewriteEngine On\nRewriteCond %{LA-F:QUERY_STRING} (.+)\nRewriteRule . - [E=FOUND:%1]';
    expect(answerOf(rules, '/q%3Fx', { files: { 'q?x': '' } }).env['FOUND']).toBe('x');
  });

  it('follows links of one owner with SymLinksIfOwnerMatch', () => {
    const files = { link: { link: 'index.html' } };
    expect(answerOf('Options SymLinksIfOwnerMatch', '/link', { files }).status).toBe(200);
    expect(answerOf('Options None', '/link', { files }).status).toBe(403);
  });

  it('for a handler of another method is answered by the default handler', () => {
    expect(answerOf('SetHandler server-status', '/x', { method: 'PUT' }).status).toBe(405);
    expect(answerOf('SetHandler send-as-is', '/x').status).toBe(404);
    const files = { a: 'Location: /index.html\n\n' };
    expect(answerOf('<Files a>\nSetHandler send-as-is\n</Files>', '/a', { files }).uri).toBe('/index.html');
  });

  it('that looks ahead into a folder with a broken .htaccess sees how far Apache came', () => {
    const rules =
      'RewriteEngine On\nRewriteBase /d/\nRewriteCond %{LA-U:REQUEST_FILENAME} (.*)\nRewriteRule ^a$ - [E=SEEN:%1]';
    expect(
      answerOf(rules, '/a', { files: { a: '', 'd/.htaccess': 'Nonsense', 'd/a': '' } }).env['SEEN'],
    ).toBe('/site/d/');
  });

  it.each<[protocol: string, method: string, host: string | undefined, status: number]>([
    ['HTTP/1.0', 'GET', undefined, 302],
    ['HTTP/1.1', 'GET', undefined, 400],
    ['HTTP/2.0', 'GET', 'x.test', 302],
    ['HTTP/9.9', 'GET', undefined, 400],
    ['HTTP/0.9', 'GET', 'x.test', 400],
    ['http/1.1', 'GET', 'x.test', 400],
    ['HTTP/1.10', 'GET', 'x.test', 400],
    ['', 'GET', undefined, 302],
    ['', 'HEAD', undefined, 400],
  ])('of protocol %j by %s to host %j gets %i', (protocol, method, host, status) => {
    const headers = host === undefined ? [] : [['Host', host] as const];
    const request = { method, target: '/x', protocol, headers };
    expect(evaluateRequest('Redirect /x /y', request).status).toBe(status);
  });

  it.each<[name: string, value: string, status: number]>([
    ['Expect', 'nonsense', 417],
    ['Expect', '100-Continue', 200],
    ['Content-Length', 'x', 400],
    ['Content-Length', '-1', 400],
    ['Content-Length', '9'.repeat(20), 400],
    ['Transfer-Encoding', 'nonsense', 400],
    ['Transfer-Encoding', 'gzip, chunked', 200],
    ['X-Long', 'x'.repeat(8190), 400],
    ['X-Long', 'x'.repeat(8180), 200],
  ])('with %s: %.20s gets %i', (name, value, status) => {
    expect(answerOf('', '/index.html', { headers: { [name]: value } }).status).toBe(status);
  });

  it('keeps the name of the server that the client gave, whatever rules do to the header', () => {
    const rules =
      'RequestHeader set Host changed.test\nRewriteEngine On\nRewriteRule ^j$ /h\nRewriteRule ^h$ /i [R]';
    expect(answerOf(rules, '/j', { headers: { Host: 'x.test' } }).location).toBe('http://x.test/i');
  });

  it.each<[headers: Record<string, string>, status: number]>([
    [{ Range: 'bytes=0-1' }, 206],
    [{ Range: 'bytes=9-' }, 416],
    [{ Range: 'bytes=0-1', 'If-Range': '"x"' }, 200],
    [{ 'If-None-Match': '*' }, 304],
    [{ 'If-Match': '"x"' }, 412],
    [{ 'If-Match': '**' }, 200],
    [{ 'If-None-Match': '*, "x"' }, 304],
    [{ 'If-None-Match': '*', 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 200],
  ])('of a file with %j gets %i', (headers, status) => {
    expect(answerOf('', '/index.html', { headers }).status).toBe(status);
  });

  it('for a part of a file that is not there gets its ErrorDocument', () => {
    const outcome = answerOf('ErrorDocument 416 "no such part', '/index.html', {
      headers: { Range: 'bytes=9-' },
    });
    expect(outcome.answer).toEqual({ kind: 'error', message: 'no such part' });
  });

  it('that AH10508 refuses gets the ErrorDocument', () => {
    const rules = 'ErrorDocument 403 /index.html\nRewriteEngine On\nRewriteRule ^(q.*)x$ /$1';
    expect(answerOf(rules, '/q%3Fx')).toMatchObject({ status: 403, uri: '/index.html', redirects: 1 });
  });

  it('for a file that a look-ahead finds has its name decoded', () => {
    const rules = 'RewriteEngine On\nRewriteRule ^a - [E=SEEN:%{LA-F:REQUEST_URI}]';
    expect(answerOf(rules, '/a%2520b').env['SEEN']).toBe('/a b');
  });

  it('of several sections loses the base of the first where MergeBase counts', () => {
    const rules =
      'RewriteOptions MergeBase\nRewriteEngine On\nRewriteBase /outer/\n<If "true">\nRewriteEngine On\n</If>\n<If "true">\nRewriteBase /inner/\nRewriteRule ^ ./x [R]\n</If>';
    expect(answerOf(rules, '/a').location).toBe('http://www.example.test/outer/./x');
  });

  it('that a status without a page refuses sends no bad header either', () => {
    const rules = 'RewriteEngine On\nRewriteRule ^(a.*)$ - [R=204,CO=c:$1:x.test]';
    expect(answerOf(rules, '/a%06').status).toBe(500);
  });

  it.each([
    ['true:httponly:Lax', 'c=v; path=/; domain=x.test; secure; HttpOnly; SameSite=Lax'],
    ['false:httponly:Lax', 'c=v; path=/; domain=x.test; SameSite=Lax'],
  ])('that sets a cookie with %s sends %s', (parts, cookie) => {
    const rules = `RewriteEngine On\nRewriteRule ^ - [CO=c:v:x.test:0:/:${parts}]`;
    expect(answerOf(rules, '/a').headers).toEqual([['Set-Cookie', cookie]]);
  });

  it('with an empty Host is one without, which HTTP/1.0 allows', () => {
    const request = { method: 'GET', target: '/x', headers: [['Host', '']] as const };
    expect(evaluateRequest('Redirect /x /y', { ...request, protocol: 'HTTP/1.0' }).status).toBe(302);
    expect(evaluateRequest('Redirect /x /y', { ...request, protocol: 'HTTP/1.1' }).status).toBe(400);
  });

  it('with an empty Host may have its name in the target, also in HTTP/1.1', () => {
    const request = { method: 'GET', protocol: 'HTTP/1.1', target: 'http://x.test/x' };
    expect(evaluateRequest('Redirect /x /y', { ...request, headers: [['Host', '']] }).status).toBe(302);
    expect(evaluateRequest('Redirect /x /y', { ...request, headers: [] }).status).toBe(400);
  });

  it('that a rule both rewrites and hands to send-as-is gets 403', () => {
    const rules = 'RewriteEngine On\nRewriteRule ^a$ - [H=send-as-is]\nRewriteRule ^a$ /none';
    expect(answerOf(rules, '/a', { files: { a: '' } }).status).toBe(403);
  });

  it('for a folder that is handed to send-as-is is answered', () => {
    expect(answerOf('SetHandler send-as-is', '/folder/', { files: { 'folder/a': '' } }).status).toBe(200);
  });
});
