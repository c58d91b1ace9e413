import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import type { HttpRequest, Outcome } from '../../src/apache/request/outcome';
import { cgiEnvironment, type EnvironmentInput } from '../../src/fastcgi';

const ROOT = '/srv/www';

function outcome(fields: Partial<Outcome> = {}): Outcome {
  const file = `${ROOT}/project/dispatch.fcgi`;
  return {
    status: 200,
    location: null,
    answer: { kind: 'handler', file, handler: 'fcgid-script' },
    uri: '/project/dispatch.fcgi/foo/bar',
    filename: file,
    pathInfo: '/foo/bar',
    query: 'env&x=1',
    env: { REDIRECT_STATUS: '200' },
    headers: [],
    redirects: 1,
    redirectedFrom: { uri: '/project/foo/bar', query: 'env&x=1' },
    trace: [],
    logMessage: null,
    ...fields,
  };
}

function environment(
  request: Partial<HttpRequest> = {},
  fields: Partial<EnvironmentInput> = {},
): Record<string, string> {
  const input: EnvironmentInput = {
    request: {
      method: 'GET',
      target: '/project/foo/bar?env&x=1',
      headers: [
        ['Host', '127.0.0.1:18081'],
        ['User-Agent', 'curl/7.88.1'],
        ['Accept', '*/*'],
      ],
      ...request,
    },
    outcome: outcome(),
    host: hostProfile({ treeRoot: ROOT }),
    documentRoot: ROOT,
    connection: { remoteAddr: '127.0.0.1', remotePort: 34_114, serverAddr: '127.0.0.1' },
    bodyLength: 0,
    ...fields,
  };
  return Object.fromEntries(cgiEnvironment(input));
}

/** The variables that a real Apache gave for this request (recorded; the server's version aside). */
const RECORDED = {
  CONTENT_LENGTH: '0',
  CONTEXT_DOCUMENT_ROOT: ROOT,
  CONTEXT_PREFIX: '',
  DOCUMENT_ROOT: ROOT,
  GATEWAY_INTERFACE: 'CGI/1.1',
  HTTP_ACCEPT: '*/*',
  HTTP_CONNECTION: 'close',
  HTTP_HOST: '127.0.0.1:18081',
  HTTP_USER_AGENT: 'curl/7.88.1',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  PATH_INFO: '/foo/bar',
  PATH_TRANSLATED: `${ROOT}/foo/bar`,
  QUERY_STRING: 'env&x=1',
  REDIRECT_QUERY_STRING: 'env&x=1',
  REDIRECT_STATUS: '200',
  REDIRECT_URL: '/project/foo/bar',
  REMOTE_ADDR: '127.0.0.1',
  REMOTE_PORT: '34114',
  REQUEST_METHOD: 'GET',
  REQUEST_SCHEME: 'http',
  REQUEST_URI: '/project/foo/bar?env&x=1',
  SCRIPT_FILENAME: `${ROOT}/project/dispatch.fcgi`,
  SCRIPT_NAME: '/project/dispatch.fcgi',
  SERVER_ADDR: '127.0.0.1',
  SERVER_ADMIN: '[no address given]',
  SERVER_NAME: '127.0.0.1',
  SERVER_PORT: '18081',
  SERVER_PROTOCOL: 'HTTP/1.1',
  SERVER_SIGNATURE: '',
  SERVER_SOFTWARE: 'Apache/2.4.71 (Unix) mod_fcgid/2.3.9',
};

describe('the variables of a request', () => {
  it('are those that Apache gave for the recorded one, and no others', () => {
    expect(environment()).toEqual(RECORDED);
  });

  it('have no path info and no redirect for the script itself', () => {
    const uri = '/project/dispatch.fcgi';
    const direct = outcome({ uri, pathInfo: null, query: null, redirects: 0, redirectedFrom: null, env: {} });
    const variables = environment({ target: uri }, { outcome: direct });
    expect(variables).toMatchObject({ SCRIPT_NAME: uri, QUERY_STRING: '', REQUEST_URI: uri });
    const absent = [
      'PATH_INFO',
      'PATH_TRANSLATED',
      'REDIRECT_URL',
      'REDIRECT_STATUS',
      'REDIRECT_QUERY_STRING',
    ];
    for (const name of absent) expect(variables).not.toHaveProperty(name);
  });

  it('hold the decoded path, and the raw one in REQUEST_URI', () => {
    const target = '/project/a%20b/c%C3%A9//d/./e';
    const info = '/a b/c\u00c3\u00a9/d/e';
    const decoded = outcome({
      uri: `/project/dispatch.fcgi${info}`,
      pathInfo: info,
      redirectedFrom: { uri: `/project${info}`, query: null },
    });
    expect(environment({ target }, { outcome: decoded })).toMatchObject({
      PATH_INFO: info,
      PATH_TRANSLATED: ROOT + info,
      REDIRECT_URL: `/project${info}`,
      REQUEST_URI: target,
      SCRIPT_NAME: '/project/dispatch.fcgi',
    });
  });
});

describe('headers', () => {
  const headers = (...list: (readonly [string, string])[]): Record<string, string> =>
    environment({ headers: [['Host', 'h'], ...list] });

  it('become HTTP_ variables; repeats are joined', () => {
    expect(headers(['X-A', '1'], ['x-a', '2'], ['Cookie', 'a=1'], ['Cookie', 'b=2'])).toMatchObject({
      HTTP_X_A: '1, 2',
      HTTP_COOKIE: 'a=1, b=2',
    });
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'Proxy',
    'X_Y',
    'X.Y',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Upgrade',
    'Transfer-Encoding',
  ])('%s is withheld', (name) => {
    expect(Object.values(headers([name, 'secret']))).not.toContain('secret');
  });

  it('of a password become REMOTE_USER and AUTH_TYPE, or the name that an earlier request had', () => {
    const known = environment({}, { outcome: outcome({ user: 'alice', authType: 'Basic' }) });
    expect(known).toMatchObject({ REMOTE_USER: 'alice', AUTH_TYPE: 'Basic' });
    const later = environment({}, { outcome: outcome({ user: null, earlierUser: 'alice', authType: null }) });
    expect(later['REDIRECT_REMOTE_USER']).toBe('alice');
    expect(later).not.toHaveProperty('REMOTE_USER');
    expect(later).not.toHaveProperty('AUTH_TYPE');
  });

  it('give the password away with CGIPassAuth', () => {
    const request = { headers: [['Authorization', 'Basic x'] as const] };
    expect(environment(request, { outcome: outcome({ passesAuthorization: true }) })).toMatchObject({
      HTTP_AUTHORIZATION: 'Basic x',
    });
  });

  it('are those that RequestHeader has made of them, and REQUEST_URI as CGIVar says', () => {
    const headers = [['X-Added', 'one'] as const];
    const changed = outcome({ requestHeaders: headers, hasCurrentUri: true, uri: '/now' });
    const variables = environment({ headers: [['X-Gone', '1']] }, { outcome: changed });
    expect(variables).toMatchObject({ HTTP_X_ADDED: 'one', REQUEST_URI: '/now' });
    expect(variables).not.toHaveProperty('HTTP_X_GONE');
  });

  it('of the body are CONTENT_TYPE and what was really read', () => {
    const variables = environment(
      {
        method: 'POST',
        headers: [
          ['Content-Type', 'a/b'],
          ['Content-Length', '7'],
        ],
      },
      { bodyLength: 5 },
    );
    expect(variables).toMatchObject({ CONTENT_TYPE: 'a/b', CONTENT_LENGTH: '5', REQUEST_METHOD: 'POST' });
    expect(variables).not.toHaveProperty('HTTP_CONTENT_LENGTH');
  });

  it('never decide over variables of the server', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => {
        const variables = headers([name, value]);
        expect(variables).toMatchObject({
          DOCUMENT_ROOT: ROOT,
          HTTP_CONNECTION: 'close',
          REQUEST_METHOD: 'GET',
        });
      }),
    );
  });
});

describe('the server', () => {
  it.each([
    ['localhost:8080', 'localhost', '8080'],
    ['LocalHost', 'localhost', '80'],
    ['[::1]:99', '[::1]', '99'],
  ])('asked for as %s is %s port %s', (sent, name, port) => {
    expect(environment({ headers: [['Host', sent]] })).toMatchObject({
      SERVER_NAME: name,
      SERVER_PORT: port,
    });
  });

  it('goes by its own name without a Host header, and with UseCanonicalName', () => {
    const own = { SERVER_NAME: 'www.example.test', SERVER_PORT: '80' };
    expect(environment({ headers: [] })).toMatchObject(own);
    const host = hostProfile({ useCanonicalName: 'On', https: true });
    expect(environment({}, { host })).toMatchObject({ ...own, HTTPS: 'on', REQUEST_SCHEME: 'https' });
  });
});

describe('variables that directives set', () => {
  it('reach the program, under names that a shell could hold, and lose against CGI variables', () => {
    const env = { FROM_SETENV: 'one', 'odd-name.1': 'x', '9lives': 'y', request_method: 'z', PATH: '/own' };
    expect(environment({}, { outcome: outcome({ env }) })).toMatchObject({
      FROM_SETENV: 'one',
      odd_name_1: 'x',
      _lives: 'y',
      request_method: 'GET',
      PATH: '/own',
    });
  });

  it('of the first request get REDIRECT_ names after a Location of the program', () => {
    const redirectedFrom = {
      environment: [
        ['HTTP_HOST', 'h'],
        ['FOO', '1'],
      ] as const,
      uri: '/first',
      query: 'q',
    };
    const second = outcome({ redirects: 0, redirectedFrom: null, env: {}, query: null });
    const variables = environment({}, { outcome: second, redirectedFrom });
    expect(variables).toMatchObject({
      REDIRECT_HTTP_HOST: 'h',
      REDIRECT_FOO: '1',
      REDIRECT_STATUS: '200',
      REDIRECT_URL: '/first',
      REDIRECT_QUERY_STRING: 'q',
    });
  });
});
