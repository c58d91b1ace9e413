import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USUAL_MODULES } from '../../src/apache/host';
import { expectNone, startEffects, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import { accessPairs } from './generate/access';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 3000);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

const COMMON = { environment: { PATH: '/usr/bin' }, mimeTypes: { html: 'text/html' } };

/** Modules that ask again for every request of a chain. */
const ASKING_AGAIN = new Set(['mod_allowmethods', 'mod_fcgid']);

/** Where equal configurations are trusted, and login forms are known. */
const TRUSTING = [
  ...USUAL_MODULES.filter((name) => !ASKING_AGAIN.has(name)),
  'mod_session',
  'mod_session_cookie',
  'mod_request',
  'mod_auth_form',
];

/** `alice` and the password `wonder`. */
const ALICE = 'Basic YWxpY2U6d29uZGVy';

function site(htaccess: string, more: Readonly<Record<string, string>> = {}): OraclePair['files'] {
  return {
    'index.html': 'home',
    'in/.htaccess': htaccess,
    'in/index.html': 'in',
    'in/a.html': 'a',
    'in/401.html': 'who?',
    'out.html': 'out',
    '.htpasswd': 'alice:$apr1$z7b4RsAM$YWJ5MB4JE3tGHHxVHhNdW0\n',
    ...more,
  };
}

/** Answers every request with the status of its argument; `fail` ends it instead. */
const PROGRAM = `#!/usr/bin/python3
import socket, struct, sys, os
def record(kind, content=b''):
    return struct.pack('!BBHHBx', 1, kind, 1, len(content), 0) + content
listener = socket.socket(fileno=0)
while True:
    connection, _ = listener.accept()
    stream = connection.makefile('rwb')
    kind, length = 1, 0
    while (kind, length) != (4, 0):  # the end of the variables: an authorizer gets no body
        _, kind, _, length, padding = struct.unpack('!BBHHBx', stream.read(8))
        stream.read(length + padding)
    if sys.argv[1] == 'fail':
        os._exit(1)
    stream.write(record(6, ('Status: %s\\r\\n\\r\\n' % sys.argv[1]).encode()) + record(6) + record(3, bytes(8)))
    stream.flush()
    connection.close()
`;

describe('a usual server', () => {
  let effects: Effects;
  beforeAll(async () => void (effects = await startEffects(COMMON)));
  afterAll(() => effects?.stop());

  describe('a protected folder', () => {
    const basic = (rest: string): string =>
      `AuthType Basic\nAuthName Members\nAuthUserFile ${effects.treeRoot}/.htpasswd\n${rest}\n`;

    it.each<[name: string, rest: string, target: string, inner?: string | undefined]>([
      ['asks for a password', 'Require valid-user', '/in/a.html'],
      ['answers its index', 'Require valid-user', '/in/'],
      ['leads to the slash only those who may come in', 'Require valid-user', '/in'],
      ['does not tell strangers what it lacks', 'Require valid-user', '/in/none'],
      ['gives its own page to strangers', 'Require valid-user\nErrorDocument 401 /in/401.html', '/in/a.html'],
      [
        'gives a page of another folder to strangers',
        'Require valid-user\nErrorDocument 401 /out.html',
        '/in/a.html',
      ],
      [
        'protects what a rule leads to',
        'Require valid-user\nRewriteEngine On\nRewriteRule ^old$ /in/a.html',
        '/in/old',
      ],
      [
        'leads on to a folder without rules',
        'Require valid-user\nRewriteEngine On\nRewriteRule ^old$ /out.html',
        '/in/old',
      ],
      ['hands its rules down', 'Require valid-user', '/in/deep/x.html', ''],
      ['may be opened again below', 'Require valid-user', '/in/deep/x.html', 'Require all granted'],
      [
        'may be closed further below',
        'Require valid-user',
        '/in/deep/x.html',
        'AuthMerging And\nRequire user bob',
      ],
      ['lets neighbours in without a password', 'Require valid-user\nRequire ip 127.0.0.1', '/in/a.html'],
      [
        'keeps neighbours out',
        '<RequireAll>\nRequire valid-user\nRequire not ip 127\n</RequireAll>',
        '/in/a.html',
      ],
      [
        'lets one of two doors be enough',
        'Require valid-user\nOrder deny,allow\nDeny from all\nAllow from 127\nSatisfy Any',
        '/in/a.html',
      ],
      ['wants both doors', 'Require valid-user\nOrder deny,allow\nDeny from all\nSatisfy All', '/in/a.html'],
      ['protects one method', '<Limit POST>\nRequire valid-user\n</Limit>', '/in/a.html'],
      ['protects one file', '<Files a.html>\nRequire user bob\n</Files>', '/in/a.html'],
      ['forbids instead of asking again', 'Require user bob\nAuthzSendForbiddenOnFailure On', '/in/a.html'],
    ])('%s', async (_name, rest, target, inner) => {
      const files = site(
        basic(rest),
        inner === undefined ? {} : { 'in/deep/.htaccess': inner, 'in/deep/x.html': 'x' },
      );
      const headers = [[], [['Authorization', ALICE]], [['Authorization', `${ALICE}x`]]] as const;
      const pairs = headers.flatMap((given) =>
        ['GET', 'POST'].map((method) => ({ files, request: { method, target, headers: given } })),
      );
      const found = await effects.differences(pairs);
      expectNone(found);
      expect(found).toHaveLength(0);
    });

    it(`lets in whom Apache lets in, for ${CASES} generated requests`, async () => {
      const found = await effects.differencesOf(accessPairs(SEED, effects.treeRoot), CASES);
      expectNone(found);
      expect(found).toHaveLength(0);
    });
  });

  describe('programs of mod_fcgid that are asked about a request', () => {
    /** What makes Apache ask a program of each role. */
    const ROLES = {
      AccessChecker: '',
      Authenticator: 'AuthType Basic\nAuthName M\nAuthBasicAuthoritative Off\nRequire valid-user\n',
      Authorizer: 'AuthType Basic\nAuthName M\nAuthUserFile ROOT/.htpasswd\nRequire user bob\n',
    };
    type Role = keyof typeof ROLES;
    const asks = (role: Role, answer: string): string =>
      `${ROLES[role]}Fcgid${role} "ROOT/ask.py ${answer}"\n`.replaceAll('ROOT', effects.treeRoot);

    function pairOf(rules: string, target = '/in/a.html', headers = [['Authorization', ALICE]] as const) {
      const files = { ...site(rules), 'ask.py': { text: PROGRAM, mode: '755' } };
      return { files, request: { target, headers } } as OraclePair;
    }

    it('lead on where they grant, and are not asked where Apache does not ask', async () => {
      const rules = (Object.keys(ROLES) as Role[]).flatMap((role) => [
        asks(role, '200'),
        `Fcgid${role} ${effects.treeRoot}/ask.py\nDeny from all\n`,
        `Fcgid${role} ${effects.treeRoot}/ask.py\nAuthType Form\nAuthName M\nRequire valid-user\n`,
        `Fcgid${role} ${effects.treeRoot}/ask.py\nRequire valid-user\n`,
      ]);
      const without = rules.filter((text) => !text.startsWith('FcgidAccessChecker') || text.includes('Deny'));
      const pairs = without.flatMap((text) => [
        pairOf(text, '/in/'),
        pairOf(text, '/in/none/x'),
        pairOf(text, '/in/a.html', [] as never),
      ]);
      const found = await effects.differences(pairs);
      expectNone(found);
      expect(found).toHaveLength(0);
    });

    it.each<[role: Role, isFinal: boolean, refused: number, failed: number]>([
      ['AccessChecker', true, 401, 500],
      ['Authenticator', true, 401, 500],
      ['Authorizer', true, 401, 500],
      ['AccessChecker', false, 403, 200],
      ['Authenticator', false, 500, 500],
      ['Authorizer', false, 401, 401],
    ])('decide: %s, final %s', async (role, isFinal, refused, failed) => {
      const rest = isFinal ? '' : `Fcgid${role}Authoritative Off\n`;
      const pairs = ['403', 'fail'].map((answer) => pairOf(asks(role, answer) + rest));
      const statuses = (await effects.ask(pairs)).map((outcome) => outcome?.status);
      expect(statuses).toEqual([refused, failed]);
    });
  });
});

describe('a server that trusts equal configurations, and knows login forms', () => {
  let effects: Effects;
  beforeAll(async () => void (effects = await startEffects({ ...COMMON, modules: TRUSTING })));
  afterAll(() => effects?.stop());

  it.each([
    '',
    'AuthFormLoginRequiredLocation /out.html',
    'AuthFormLoginRequiredLocation "https://login.test/?from=%{REQUEST_URI}"',
    'AuthFormDisableNoStore On',
    'ErrorDocument 401 /in/401.html',
    'ErrorDocument 401 /out.html\nSession On\nSessionCookieName session',
    'AuthFormProvider anon\nAnonymous *',
  ])('shows the way to the login form: %j', async (rest) => {
    const own = `AuthType Form\nAuthName Members\nAuthUserFile ${effects.treeRoot}/.htpasswd\nRequire valid-user\n`;
    const pairs = ['/in/a.html', '/in/', '/in/none'].map((target) => ({
      files: site(own + rest),
      request: { target },
    }));
    const found = await effects.differences(pairs);
    expectNone(found);
    expect(found).toHaveLength(0);
  });

  it(`lets in whom Apache lets in, for ${Math.ceil(CASES / 3)} generated requests`, async () => {
    const found = await effects.differencesOf(accessPairs(SEED + 1, effects.treeRoot), Math.ceil(CASES / 3));
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});
