import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { answerOf } from '../modules/evaluateSite';

// prettier-ignore
const host = { modules: [...hostProfile().modules, 'mod_lua', 'mod_authnz_ldap', 'mod_ssl', 'mod_usertrack', 'mod_cern_meta', 'mod_session', 'mod_md'] };

const unknownIn = (rules: string, target = '/a'): readonly (readonly [string, number | undefined])[] =>
  (answerOf(rules, target, { host }).unknown ?? []).map(({ directive, origin }) => [directive, origin.line]);

/** `alice` and a password. */
const ALICE = { Authorization: 'Basic YWxpY2U6d29uZGVy' };
const BASIC = 'AuthType Basic\nAuthName M\nAuthBasicAuthoritative Off\nRequire valid-user';

describe('a directive whose effect only the server knows', () => {
  it.each<[rules: string, expected: readonly (readonly [string, number])[]]>([
    ['LuaHookFixups x.lua f', [['LuaHookFixups', 1]]],
    ['LuaHookLog x.lua f', []],
    ['<LuaHookAccessChecker early>\nfunction f(r)\nend\n</LuaHookAccessChecker>\n', [['<LuaHook', 4]]],
    ['AuthBasicProvider file ldap', [['AuthBasicProvider', 1]]],
    ['AuthBasicProvider file', []],
    ['CookieTracking On\nCookieTracking off', [['CookieTracking', 1]]],
    ['MetaFiles on', [['MetaFiles', 1]]],
    ['SetHandler type-map', [['SetHandler', 1]]],
    ['AddHandler type-map .var', []],
    ['Session On', [['Session', 1]]],
    ['MDRequireHttps temporary', [['MDRequireHttps', 1]]],
    ['SSLVerifyClient require', [['SSLVerifyClient', 1]]],
    ['SSLVerifyClient none', []],
    ['<Files b>\nLuaHookFixups x.lua f\n</Files>', []],
    ['<Files a>\nLuaHookFixups x.lua f\n</Files>', [['LuaHookFixups', 2]]],
  ])('is named with its line: %j', (rules, expected) => {
    expect(unknownIn(rules)).toEqual(expected);
  });

  it('may be the number of lookups: then the answer comes in time, and is not certain', () => {
    const lookups = ['x', 'y', 'z'].map((name) => `RewriteCond /${name}%{REQUEST_URI} -U`).join('\n');
    const rules = `RewriteEngine On\n${lookups}\nRewriteRule ^ - [E=A:1]`;
    const { unknown = [] } = answerOf(rules, '/a', { host });
    expect(unknown.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('more than 10000 lookups') as string,
    ]);
  });

  it('is named once for a whole chain of requests, and in the trace of each', () => {
    const rules = 'LuaHookFixups x.lua f\nRewriteEngine On\nRewriteRule ^a$ /index.html';
    expect(unknownIn(rules)).toHaveLength(1);
    const { trace, status } = answerOf(rules, '/a', { host });
    expect(trace.filter(({ event }) => event?.directive === 'LuaHookFixups')).toHaveLength(2);
    expect(status).toBe(200);
  });

  it.each<[rules: string, headers: Readonly<Record<string, string>>, status: number, line?: number]>([
    ['FcgidAccessChecker /bin/sh', {}, 200, 1],
    ['FastCgiAccessChecker /bin/sh', {}, 200, 1],
    ['Deny from all\nFcgidAccessChecker /bin/sh', {}, 403],
    ['FcgidAuthenticator /bin/sh\nFcgidAuthorizer /bin/sh', {}, 200],
    ['FcgidAuthorizer /bin/sh\nAuthType Basic\nAuthName M\nRequire valid-user', ALICE, 500],
    ['FcgidAuthenticator /bin/sh\nAuthType Basic\nAuthName M\nRequire valid-user', ALICE, 500],
    [`FcgidAuthenticator /bin/sh\n${BASIC}`, {}, 401],
    [`FcgidAuthenticator /bin/sh\n${BASIC}`, ALICE, 200, 1],
  ])('is a program only where it is asked: %j %j', (rules, headers, status, line) => {
    const outcome = answerOf(rules, '/index.html', { host, headers });
    expect(outcome.status).toBe(status);
    expect(outcome.unknown?.map(({ origin }) => origin.line)).toEqual(
      line === undefined ? undefined : [line],
    );
  });

  it('says what else comes of a program', () => {
    const reason = (rules: string): string | undefined =>
      answerOf(rules, '/a', { host }).unknown?.[0]?.reason.replace(/^.*otherwise /, '');
    const asked = 'FcgidAccessChecker /bin/sh\n';
    expect(reason(asked)).toBe('Apache answers 401, or 500 where it fails');
    expect(reason(`${asked}FcgidAccessCheckerAuthoritative Off`)).toMatch(/^the request goes on/);
  });

  it.each<[link: string, isOut: boolean]>([
    ['/etc/hostname', true],
    ['../../shared/x', true],
    ['/sitemap', true],
    ['', true],
    ['none', false],
    ['../site/none', false],
    ['/site/none', false],
  ])('may be a link that leads out of the tree: %j %j', (link, isOut) => {
    const { status, unknown } = answerOf('Options FollowSymLinks', '/l', { files: { l: { link } } });
    expect(status).toBe(403);
    expect(unknown?.map(({ reason }) => reason.slice(0, 38))).toEqual(
      isOut ? ['the link /site/l leads out of the tree'] : undefined,
    );
    const closed = answerOf('Options None', '/l', { files: { l: { link } } });
    expect(closed).not.toHaveProperty('unknown');
  });

  it.each<[rules: string, expected: readonly (readonly [string, number | undefined])[]]>([
    ['RewriteCond /home/me/maintenance.on -f\nRewriteRule ^ - [F]', [['RewriteCond', 2]]],
    ['RewriteCond /var/cache%{REQUEST_URI}.html !-s\nRewriteRule ^ - [F]', [['RewriteCond', 2]]],
    ['RewriteCond %{DOCUMENT_ROOT}/../shared -d\nRewriteRule ^ - [F]', [['RewriteCond', 2]]],
    ['RewriteCond /site/none -f\nRewriteRule ^ - [F]', []],
    ['RewriteCond /site -d\nRewriteRule ^ - [E=A:1]', []],
    ['RewriteCond %{REQUEST_URI} !-f\nRewriteRule ^ - [E=A:1]', []],
    ['RewriteRule ^ /b\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^b - [E=A:1]', []],
    ['<If "-f \'/etc/maintenance\'">\nRequire all denied\n</If>', [['expression', undefined]]],
    ['<IfFile /etc/maintenance>\nRequire all denied\n</IfFile>', [['<IfFile', 2]]],
    ['<IfFile "!conf/none">\nOptions All\n</IfFile>', [['<IfFile', 2]]],
    ['<IfFile /site/none>\nRequire all denied\n</IfFile>', []],
    ['<IfFile /site>\nOptions All\n</IfFile>', []],
    ['<If "-d \'%{DOCUMENT_ROOT}/none\'">\nRequire all denied\n</If>', []],
  ])('may be a file outside the tree: %j', (rules, expected) => {
    expect(unknownIn(`RewriteEngine On\n${rules}`)).toEqual(expected);
  });

  it('is not looked for in an ordinary site', () => {
    expect(answerOf('Require all granted\nOptions -Indexes', '/a')).not.toHaveProperty('unknown');
  });
});
