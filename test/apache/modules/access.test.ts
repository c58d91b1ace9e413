import { describe, expect, it } from 'vitest';
import { USUAL_MODULES } from '../../../src/apache/host';
import { answerOf, headersOf } from './evaluateSite';

const basic = (user: string, password: string): Readonly<Record<string, string>> => ({
  Authorization: `Basic ${btoa(`${user}:${password}`)}`,
});

/** `alice` with the password `wonder`, `bob` with `builder`. */
const USERS =
  'alice:$apr1$z7b4RsAM$YWJ5MB4JE3tGHHxVHhNdW0\nbob:$2y$04$KskNOeqF.98w0neo1iuOI.Ll8KqIuEOcCJlsW7RgZG6RBrYdReeMu\n';

const FILES = {
  'a.html': 'a',
  'sub/a.html': 'sub',
  '.htpasswd': USERS,
  '.htgroup': 'staff: alice\n',
};

const PROTECTED = `AuthType Basic
AuthName "Members"
AuthUserFile /site/.htpasswd
AuthGroupFile /site/.htgroup
`;

function statusOf(htaccess: string, asked: Parameters<typeof answerOf>[2] = {}, target = '/a.html'): number {
  return answerOf(htaccess, target, { ...asked, files: { ...FILES, ...asked.files } }).status;
}

describe('Require', () => {
  it.each([
    ['Require all granted', 200],
    ['Require all denied', 403],
    ['Require ip 127', 200],
    ['Require ip 10.0.0.0/8', 403],
    ['Require ip 10.0.0.0/8 127.0.0.1', 200],
    ['Require local', 200],
    ['Require host localhost', 200],
    ['Require host example.test', 403],
    ['Require forward-dns 127.0.0.1', 200],
    ['Require method GET', 200],
    ['Require method POST', 403],
    ['Require ssl', 403],
    ['Require expr %{REQUEST_URI} =~ m#html$#', 200],
    ['Require expr false', 403],
    ['Require env X', 403],
    ['SetEnvIf Host . X\nRequire env X', 200],
    ['Require ip 10\nRequire local', 200],
    ['<RequireAll>\nRequire local\nRequire ip 10\n</RequireAll>', 403],
    ['<RequireAll>\nRequire local\nRequire not ip 10\n</RequireAll>', 200],
    ['<RequireAll>\nRequire local\nRequire not ip 127\n</RequireAll>', 403],
    ['<RequireAll>\nRequire not ip 10\n</RequireAll>', 403],
    ['<RequireAll>\n<RequireNone>\nRequire ip 10\n</RequireNone>\nRequire local\n</RequireAll>', 200],
    ['<Limit POST>\nRequire all denied\n</Limit>', 200],
    ['<LimitExcept POST>\nRequire all denied\n</LimitExcept>', 403],
    ['<Files a.html>\nRequire all denied\n</Files>', 403],
    ['<Files b.html>\nRequire all denied\n</Files>', 200],
    ['Require valid-user', 500],
  ])('%j answers %i', (htaccess, status) => expect(statusOf(htaccess)).toBe(status));

  it.each([
    ['', 403],
    ['Require all granted', 200],
    ['AuthMerging And\nRequire all granted', 403],
    ['AuthMerging Or\nRequire all granted', 200],
    ['AuthMerging Off\nRequire all granted', 200],
    ['AuthzSendForbiddenOnFailure On', 403],
  ])('below a closed folder %j answers %i', (inner, status) => {
    const files = { 'sub/.htaccess': inner };
    expect(statusOf('Require all denied', { files }, '/sub/a.html')).toBe(status);
  });
});

describe('Order, Allow, Deny and Satisfy', () => {
  it.each([
    ['Order deny,allow\nDeny from all', 403],
    ['Order deny,allow\nDeny from all\nAllow from 127', 200],
    ['Order allow,deny\nAllow from all\nDeny from 127', 403],
    ['Order allow,deny', 403],
    ['Order deny,allow', 200],
    ['Order mutual-failure\nAllow from all', 200],
    ['Order allow,deny\nAllow from localhost', 200],
    ['Order allow,deny\nAllow from .test', 403],
    ['SetEnvIf Host . X\nOrder deny,allow\nDeny from env=X', 403],
    ['Order deny,allow\nDeny from env=!X', 403],
    ['<Limit POST>\nDeny from all\n</Limit>', 200],
    [`${PROTECTED}Require valid-user\nDeny from all\nSatisfy Any`, 401],
    [`${PROTECTED}Require valid-user\nAllow from all\nSatisfy Any`, 200],
    [`${PROTECTED}Require valid-user\nDeny from all`, 403],
  ])('%j answers %i', (htaccess, status) => expect(statusOf(htaccess)).toBe(status));
});

describe('Basic authentication', () => {
  it('asks strangers for a password', () => {
    const outcome = answerOf(`${PROTECTED}Require valid-user`, '/a.html', { files: FILES });
    expect(outcome.status).toBe(401);
    expect(headersOf(outcome)).toEqual({ 'WWW-Authenticate': 'Basic realm="Members"' });
  });

  it.each([
    ['Require valid-user', 'alice', 'wonder', 200],
    ['Require valid-user', 'bob', 'builder', 200],
    ['Require valid-user', 'alice', 'builder', 401],
    ['Require valid-user', 'nobody', 'wonder', 401],
    ['Require user alice', 'alice', 'wonder', 200],
    ['Require user alice', 'bob', 'builder', 401],
    ['Require user alice\nAuthzSendForbiddenOnFailure On', 'bob', 'builder', 403],
    ['Require group staff', 'alice', 'wonder', 200],
    ['Require group staff', 'bob', 'builder', 401],
    ["Require expr %{REMOTE_USER} == 'alice'", 'alice', 'wonder', 200],
    ['AuthBasicProvider anon file\nAnonymous guest\nRequire valid-user', 'guest', 'me', 200],
    ['AuthUserFile /site/none\nRequire valid-user', 'alice', 'wonder', 500],
  ])('with %j answers %s:%s with %i', (rules, user, password, status) => {
    expect(statusOf(PROTECTED + rules, { headers: basic(user, password) })).toBe(status);
  });

  it('protects the page of an error only where it must be asked again', () => {
    const rules = `${PROTECTED}Require valid-user\nErrorDocument 401 /b.html\n`;
    const files = { ...FILES, 'b.html': 'b' };
    const outcome = answerOf(rules, '/a.html', { files });
    expect(outcome.status).toBe(401);
    expect(outcome.answer).toMatchObject({ kind: 'file', file: '/site/b.html' });
  });

  it('leaves requests alone on a host whose profile does not name mod_authz_core', () => {
    const modules = USUAL_MODULES.filter((name) => !name.startsWith('mod_auth'));
    expect(answerOf('', '/a.html', { files: FILES, host: { modules } }).status).toBe(200);
  });
});

describe('TLS', () => {
  it.each([
    ['SSLRequireSSL', false, 403],
    ['SSLRequireSSL', true, 200],
    ["SSLRequire %{REQUEST_METHOD} eq 'POST'", false, 200],
    ["SSLRequire %{REQUEST_METHOD} eq 'POST'", true, 403],
    ['Require ssl', true, 200],
    ['SSLRequireSSL\nOrder allow,deny\nSatisfy Any\nRequire all granted', false, 200],
    [`${PROTECTED}Require valid-user\nSSLRequireSSL\nSatisfy Any\nSSLOptions +StrictRequire`, false, 403],
  ])('%j with https %s answers %i', (htaccess, https, status) => {
    expect(statusOf(htaccess, { host: { https } })).toBe(status);
  });
});
