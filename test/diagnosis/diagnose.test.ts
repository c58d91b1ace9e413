import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose, reportText, type Observations } from '../../src/diagnosis';
import { incidentsIn } from '../../src/errorlog';

const FINE: Observations = {
  target: { name: 'live', url: 'https://www.example.test/', path: 'public_html' },
  sshFailure: null,
  answers: [answer({})],
  certificate: {
    names: ['www.example.test'],
    issuer: 'A Test Authority',
    validFrom: 1_700_000_000,
    validTo: 1_900_000_000,
  },
  uid: 1001,
  now: 1_800_000_000,
  folder: { path: '/home/me/public_html', kind: 'directory', mode: 0o755, uid: 1001, mtime: 1 },
  folders: [],
  dispatcher: null,
  htaccess: [
    {
      path: '/home/me/public_html/.htaccess',
      mode: 0o644,
      refusal: null,
      isSame: true,
      missingPasswords: null,
    },
  ],
  notUploaded: [],
  different: [],
  freeBytes: 1e9,
  quota: null,
  processes: [],
  newestCode: null,
  incidents: [],
  log: { path: 'logs/error.log', problem: null },
  backOff: null,
  since: null,
};

function answer(some: Partial<Observations['answers'][number]>): Observations['answers'][number] {
  return {
    url: 'https://www.example.test/',
    status: 200,
    location: null,
    server: 'Apache',
    failure: null,
    milliseconds: 20,
    again: null,
    contentType: 'text/html; charset=utf-8',
    predicted: { status: 200, location: null, byProgram: false },
    origin: null,
    ...some,
  };
}

const first = (seen: Partial<Observations>) => diagnose({ ...FINE, ...seen }).findings[0];
const failed = (code: string) => [answer({ status: null, failure: { code, message: code } })];

describe('a diagnosis', () => {
  test('finds nothing where all is well, and says what was looked at', () => {
    const { verdict, findings } = diagnose(FINE);
    expect(verdict).toBe('Nothing was found that keeps "live" from working.');
    expect(findings.map(({ severity }) => severity)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test.each<[string, Partial<Observations>]>([
    ['web.unreachable', { answers: failed('ECONNREFUSED') }],
    ['web.certificate-expired', { answers: failed('CERT_HAS_EXPIRED'), now: 1_950_000_000 }],
    ['web.certificate-name', { answers: failed('ERR_TLS_CERT_ALTNAME_INVALID') }],
    ['web.certificate-untrusted', { answers: failed('DEPTH_ZERO_SELF_SIGNED_CERT') }],
    ['web.other-answer', { answers: [answer({ status: 404 })] }],
    ['web.slow', { answers: [answer({ milliseconds: 9000, again: 8000 })] }],
    ['web.silent', { answers: failed('silent') }],
    ['host.disk-full', { freeBytes: 5000 }],
    ['host.quota', { quota: '/dev/sda1 1000* 1000' }],
    ['ssh.authentication-failed', { sshFailure: { reason: 'authentication-failed', message: 'refused' } }],
    ['files.not-uploaded', { notUploaded: ['app.py'] }],
    [
      'web.no-url',
      {
        target: { name: 'live', url: null, path: 'x' },
        answers: [],
        certificate: null,
        log: null,
        incidents: [],
      },
    ],
    [
      'processes.backed-off',
      {
        answers: [answer({ status: 500 })],
        backOff: { kind: 'backed-off', text: 'Given up.', secondsLeft: 431 },
      },
    ],
    ['log.none', { incidents: null, log: null }],
  ])('has %s as its first finding', (code, seen) => {
    const found = first(seen);
    expect(found?.code).toBe(code);
    expect(found?.why).not.toBe('');
    expect(found?.remedies.length).toBeGreaterThan(0);
  });

  describe('of a 404 where a program should answer', () => {
    const predicted = { status: 200, location: null, byProgram: true };
    const reached = answer({ predicted });
    const ofApache = 'text/html; charset=iso-8859-1';

    test.each<[string, boolean, Observations['answers']]>([
      ["is the program's where others reach it", true, [reached, answer({ predicted, status: 404 })]],
      ['is no answer of it where nothing does', false, [answer({ predicted, status: 404 })]],
      [
        "is none where it is a page of Apache's",
        false,
        [reached, answer({ predicted, status: 404, contentType: ofApache })],
      ],
      ['is none where a file should answer', false, [reached, answer({ status: 404 })]],
    ])('%s', (_, isFine, answers) => {
      const { findings } = diagnose({ ...FINE, answers });
      expect(findings.some(({ code }) => code === 'web.other-answer')).toBe(!isFine);
      const title = `${isFine ? 2 : 1} of ${answers.length} addresses answer as they should.`;
      expect(findings.some((one) => one.title === title)).toBe(isFine || answers.length > 1);
    });
  });

  test('says how long a back-off lasts, once, after its cause', () => {
    const line =
      '[Mon Nov 23 02:25:33 2026] [warn] FastCGI: (dynamic) server "/home/me/public_html/a.fcgi" has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds';
    const { findings } = diagnose({
      ...FINE,
      answers: [answer({ status: 500 })],
      incidents: incidentsIn([line, "ModuleNotFoundError: No module named 'flask'"]),
      backOff: { kind: 'backed-off', text: 'mod_fastcgi has given it up.', secondsLeft: 431 },
    });
    const codes = findings.map(({ code }) => code);
    expect(codes.slice(0, 2)).toEqual(['log.python.missing-module', 'processes.backed-off']);
    expect(findings[1]?.title).toContain('8 minutes are left');
    expect(codes).not.toContain('log.fastcgi.back-off');
  });

  test('takes a wait before the start of a program for no fault of a site that answers at once afterwards', () => {
    const { verdict, findings } = diagnose({
      ...FINE,
      answers: [answer({ milliseconds: 13_000, again: 3 })],
    });
    expect(verdict).toMatch(/^Nothing was found/);
    expect(findings[0]).toMatchObject({
      code: 'web.waited',
      severity: 'info',
      title: 'The first request waited 13 seconds, the next one 3 ms.',
    });
  });

  test('takes the cause in the log for more than a server that does not answer', () => {
    const incidents = incidentsIn(["ModuleNotFoundError: No module named 'flask'"]);
    const codes = diagnose({ ...FINE, answers: failed('silent'), incidents }).findings.map(
      ({ code }) => code,
    );
    expect(codes.slice(0, 2)).toEqual(['log.python.missing-module', 'web.silent']);
  });

  test('does not deny the failures of a log that it shows as earlier ones', () => {
    const line =
      '[Mon Nov 23 02:25:33 2026] [error] [client 192.0.2.1] File does not exist: /home/me/public_html/a';
    const quiet = (incidents: Observations['incidents']) =>
      diagnose({ ...FINE, incidents }).findings.find(({ code }) => code === 'log.quiet')?.title;
    expect(quiet(incidentsIn([line]))).toBe('The log tells of earlier failures only.');
    expect(quiet([])).toBe('The log tells of no failure.');
  });

  test('says nothing of a log for which nobody could look', () => {
    const sshFailure = { reason: 'unreachable', message: 'nothing answers on this port' };
    const { findings } = diagnose({ ...FINE, sshFailure, incidents: null, log: null });
    expect(findings.map(({ code }) => code).filter((code) => code.startsWith('log.'))).toEqual([]);
  });

  test('takes the cause in the log for more than the status that it explains', () => {
    const incidents = incidentsIn(["ModuleNotFoundError: No module named 'flask'"]);
    const { findings } = diagnose({ ...FINE, answers: [answer({ status: 500 })], incidents });
    expect(findings.map(({ code }) => code).slice(0, 2)).toEqual([
      'log.python.missing-module',
      'web.status-500',
    ]);
  });

  test('is a text that can be read, worst first, with what is well at the end', () => {
    const text = reportText(diagnose({ ...FINE, freeBytes: 5000 }));
    expect(text).toMatch(
      /^Why is "live" failing\?\n\nThe disk of the site is full: 4 KB are free\.\n\n1\. x The disk/,
    );
    expect(text).toMatch(/In order:\n {2}\+ /);
  });

  test('never throws, and goes from the heaviest to the lightest', () => {
    const some = fc.record({
      status: fc.option(fc.integer({ min: 0, max: 999 })),
      milliseconds: fc.nat(60_000),
      again: fc.option(fc.nat(60_000)),
      url: fc.constantFrom('http://a/', 'https://a/'),
      failure: fc.option(
        fc.record({ code: fc.oneof(fc.string(), fc.constant('constructor')), message: fc.string() }),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(some),
        fc.option(fc.integer()),
        fc.array(fc.string()),
        (answers, freeBytes, lines) => {
          const seen = {
            ...FINE,
            answers: answers.map((one) => answer(one)),
            freeBytes,
            incidents: incidentsIn(lines),
          };
          const weights = diagnose(seen).findings.map(({ weight }) => weight);
          expect(weights).toEqual([...weights].sort((a, b) => b - a));
        },
      ),
    );
  });
});
