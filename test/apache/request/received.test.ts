import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { answerOf } from '../modules/evaluateSite';

const { modules } = hostProfile();

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
});
