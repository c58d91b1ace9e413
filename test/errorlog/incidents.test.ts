import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentsIn, IncidentStream, parseLogLine } from '../../src/errorlog';

const at = (second: number): string => `[Mon Nov 23 01:24:${String(second).padStart(2, '0')}.159958 2026]`;
const reset = (second: number, client = '192.0.2.1:50122') =>
  `${at(second)} [fcgid:warn] [pid 1:tid 2] (104)Connection reset by peer: [client ${client}] mod_fcgid: error reading data from FastCGI server`;
const closed = (second: number, client = '192.0.2.1:50122') =>
  `${at(second)} [fcgid:warn] [pid 1:tid 2] [client ${client}] mod_fcgid: error reading data, FastCGI server closed connection`;
const noOutput = (second: number, client = '192.0.2.1:50122') =>
  `${at(second)} [core:error] [pid 1:tid 2] [client ${client}] End of script output before headers: dispatch.fcgi`;
const stderr = (second: number, text: string, client = '192.0.2.1:50122') =>
  `${at(second)} [fcgid:warn] [pid 1:tid 2] [client ${client}] mod_fcgid: stderr: ${text}`;
const asked = (second: number, target: string, status: number, client = '192.0.2.1') =>
  `${client} - - [23/Nov/2026:01:24:${String(second).padStart(2, '0')} +0100] "GET ${target} HTTP/1.1" ${status} 531 "-" "curl"`;

const PYTHON = [
  'Traceback (most recent call last):',
  '  File "/home/me/site/dispatch.fcgi", line 4, in <module>',
  '    from app import application',
  '  File "/home/me/site/app.py", line 12, in <module>',
  '    import flask',
  "ModuleNotFoundError: No module named 'flask'",
];

describe('an incident', () => {
  test('is a traceback without prefix, the two lines of Apache and the access line together', () => {
    const incidents = incidentsIn([...PYTHON, reset(5), noOutput(5), asked(5, '/project/x?y=1', 500)]);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      code: 'python.missing-module',
      severity: 'error',
      summary: 'Python did not find the module "flask".',
      script: 'dispatch.fcgi',
      place: { file: '/home/me/site/app.py', line: 12 },
      request: 'GET /project/x?y=1',
      status: 500,
      count: 1,
    });
    expect(incidents[0]?.lines).toHaveLength(9);
  });

  test('is counted, with the first and the last time', () => {
    const once = (second: number) => [...PYTHON, reset(second), noOutput(second)];
    const [incident, ...others] = incidentsIn([...once(5), ...once(9), ...once(31)]);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      count: 3,
      first: '2026-11-23T01:24:05.159958',
      last: '2026-11-23T01:24:31.159958',
    });
  });

  test('of an exception in a request has its stack from the lines of standard error', () => {
    const lines = [
      stderr(5, 'Traceback (most recent call last):'),
      stderr(5, '  File "/usr/lib/python3/dist-packages/flup/server.py", line 300, in run'),
      stderr(5, '  File "/home/me/site/app.py", line 7, in hello'),
      stderr(5, 'ZeroDivisionError: division by zero'),
      closed(5),
      noOutput(5),
    ];
    expect(incidentsIn(lines)).toEqual([
      expect.objectContaining({
        code: 'python.exception',
        summary: 'ZeroDivisionError: division by zero in app.py, line 7.',
        place: { file: '/home/me/site/app.py', line: 7, name: 'hello' },
      }),
    ]);
  });

  test('keeps two requests apart whose lines are mixed', () => {
    const [one, two] = ['192.0.2.1:1', '192.0.2.2:2'] as const;
    const lines = [
      stderr(5, 'Traceback (most recent call last):', one),
      stderr(5, 'Traceback (most recent call last):', two),
      stderr(5, '  File "/s/a.py", line 1, in a', one),
      stderr(5, '  File "/s/b.py", line 2, in b', two),
      stderr(5, 'KeyError: 1', one),
      stderr(5, 'IndexError: list index out of range', two),
      asked(4, '/b', 500, '192.0.2.2'),
      asked(4, '/a', 500, '192.0.2.1'),
    ];
    const incidents = incidentsIn(lines);
    expect(incidents.map(({ place, request }) => `${place?.file} ${request}`).sort()).toEqual([
      '/s/a.py GET /a',
      '/s/b.py GET /b',
    ]);
  });

  test('has its own request where the logs come in pieces', () => {
    const failure = (second: number, file: string) => [
      stderr(second, 'Traceback (most recent call last):'),
      stderr(second, `  File "${file}", line 1, in a`),
      stderr(second, 'KeyError: 1'),
    ];
    const incidents = incidentsIn([
      ...failure(5, '/s/a.py'),
      asked(5, '/a', 500),
      asked(5, '/b', 500),
      ...failure(5, '/s/b.py'),
      ...failure(6, '/s/c.py'),
      asked(6, '/c', 500),
    ]);
    expect(incidents.map(({ place, request }) => `${place?.file} ${request}`).sort()).toEqual([
      '/s/a.py GET /a',
      '/s/b.py GET /b',
      '/s/c.py GET /c',
    ]);
  });

  test('that repeats on one connection is two', () => {
    const once = [
      stderr(5, 'Traceback (most recent call last):'),
      stderr(5, '  File "/s/a.py", line 1, in a'),
      stderr(5, 'KeyError: 1'),
    ];
    expect(incidentsIn([...once, ...once])).toEqual([expect.objectContaining({ count: 2 })]);
  });

  test('takes the right one of two tracebacks without prefix', () => {
    const other = [
      'Traceback (most recent call last):',
      '  File "/s/b.py", line 2, in <module>',
      'KeyError: 2',
    ];
    const lines = [
      ...PYTHON,
      ...other,
      reset(5, '192.0.2.1:1'),
      noOutput(5, '192.0.2.1:1'),
      reset(5, '192.0.2.2:2'),
      noOutput(5, '192.0.2.2:2'),
    ];
    expect(
      incidentsIn(lines)
        .map(({ code, count }) => `${code} ${count}`)
        .sort(),
    ).toEqual(['python.exception 1', 'python.missing-module 1']);
  });

  test('of a start that fails again without a word is the same', () => {
    const lines = [...PYTHON, reset(5), noOutput(5), reset(8, '192.0.2.3:7'), noOutput(8, '192.0.2.3:7')];
    expect(incidentsIn(lines)).toEqual([
      expect.objectContaining({ code: 'python.missing-module', count: 2 }),
    ]);
  });

  test('has the exit code that Apache notes at level info', () => {
    const exit = `${at(7)} [fcgid:info] [pid 9] mod_fcgid: process /s/dispatch.fcgi(77) exit(communication error), terminated by calling exit(), return code: 255`;
    const [incident, ...others] = incidentsIn([reset(5), noOutput(5), exit]);
    expect(others).toEqual([]);
    expect(incident?.script).toBe('/s/dispatch.fcgi');
    expect([incident?.summary, ...(incident?.also ?? [])].join(' ')).toContain('exit code 255');
  });

  test('of old mod_fastcgi: four failed starts, the back-off and the requests that hang are one', () => {
    const line = (second: number, text: string, client = '') =>
      `${at(second)} [${client === '' ? '' : 'fastcgi'}:${client === '' ? 'warn' : 'error'}] [pid 1:tid 2] ${client}FastCGI: ${text}`;
    const exited = (second: number) =>
      line(
        second,
        `(dynamic) server "/s/dispatch.fcgi" (pid ${second}) terminated by calling exit with status '1'`,
      );
    const lines = [
      ...[0, 5, 10, 15].flatMap((second) => [...PYTHON, exited(second)]),
      line(
        15,
        '(dynamic) server "/s/dispatch.fcgi" has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds',
      ),
      line(
        33,
        'comm with (dynamic) server "/s/dispatch.fcgi" aborted: (first read) idle timeout (30 sec)',
        '[client 192.0.2.1:5] ',
      ),
      line(
        33,
        'incomplete headers (0 bytes) received from server "/s/dispatch.fcgi"',
        '[client 192.0.2.1:5] ',
      ),
    ];
    const [incident, ...others] = incidentsIn(lines);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ code: 'python.missing-module', script: '/s/dispatch.fcgi', count: 1 });
    expect(incident?.also.join(' ')).toContain('has given up on /s/dispatch.fcgi for 600 seconds');
    expect(incident?.fixes.map(({ kind }) => kind)).toContain('recover');
  });

  test('of an access log alone says that the error log is silent, until it is not', () => {
    const stream = new IncidentStream();
    stream.add(parseLogLine(asked(4, '/x', 500)), 1);
    expect(stream.incidents.map(({ code }) => code)).toEqual(['access.server-error']);
    stream.add(parseLogLine(closed(5)), 2);
    stream.add(parseLogLine(noOutput(5)), 3);
    expect(stream.incidents.map(({ code, request }) => [code, request])).toEqual([
      ['fcgid.died-in-request', 'GET /x'],
    ]);
  });

  test('of a plain CGI program is named', () => {
    const [incident] = incidentsIn(['Content-Type: text/html', '', '<h1>Hello</h1>', reset(5), noOutput(5)]);
    expect(incident?.code).toBe('dispatcher.plain-cgi');
  });

  test.each([
    [
      'PHP',
      'php.exception',
      '/s/index.php',
      12,
      [
        'PHP Fatal error:  Uncaught RuntimeException: no such row in /s/index.php:12',
        'Stack trace:',
        '#0 /s/main.php(3): load(7)',
        '#1 {main}',
        '  thrown in /s/index.php on line 12',
      ],
    ],
    [
      'PHP, caught and written by the program',
      'php.exception',
      '/s/my pages/site.php',
      30,
      [
        'App\\RuntimeException: no such row in table in /s/my pages/site.php:30',
        'Stack trace:',
        '#0 /s/index.php(24): page()',
        '#1 {main}',
      ],
    ],
    [
      'Perl',
      'perl.exception',
      '/s/app.pl',
      7,
      ['no such row at /s/app.pl line 7.', '\tmain::load(7) called at /s/dispatch.fcgi line 3'],
    ],
    [
      'Ruby',
      'ruby.exception',
      '/s/app.rb',
      7,
      ["/s/app.rb:7:in 'load': no such row (RuntimeError)", "\tfrom /s/dispatch.fcgi:3:in '<main>'"],
    ],
    [
      'a syntax error',
      'python.exception',
      '/s/app.py',
      2,
      ['  File "/s/app.py", line 2', '    def x(', '         ^', "SyntaxError: '(' was never closed"],
    ],
  ] as const)('of %s has its place', (_, code, file, line, output) => {
    const [incident] = incidentsIn([...output, closed(5), noOutput(5)]);
    expect(incident).toMatchObject({ code, place: { file, line } });
    expect(incident?.traceback?.frames.length).toBeGreaterThan(0);
  });

  test('is none in the ordinary life of a server', () => {
    expect(
      incidentsIn([
        `${at(1)} [mpm_prefork:notice] [pid 1] AH00163: Apache/2.4.71 (Debian) configured -- resuming normal operations`,
        `${at(2)} [fcgid:info] [pid 2] mod_fcgid: server localhost:/s/dispatch.fcgi(9) started`,
        `${at(3)} [fcgid:info] [pid 2] mod_fcgid: process /s/dispatch.fcgi(9) exit(idle timeout), get stop signal 15`,
        asked(4, '/', 200),
        'INFO:app:request served',
      ]),
    ).toEqual([]);
  });

  test('comes of no question of ours to the server', () => {
    const probe = '/home/me/site/fastcgi-probe-0123456789ab/q2/.htaccess';
    const refused = `${at(5)} [core:alert] [pid 1:tid 2] [client 192.0.2.1:50122] ${probe}: Invalid command 'X', perhaps misspelled`;
    expect(incidentsIn([refused, asked(5, '/fastcgi-probe-0123456789ab/q2/probe.txt', 500)])).toEqual([]);
    expect(incidentsIn([refused.replace('probe-', 'other-')])).toHaveLength(1);
  });

  test('is another one for the next request over the same connection', () => {
    const closed403 = `${at(5)} [core:error] [pid 1:tid 2] (13)Permission denied: [client 192.0.2.1:50122] AH00132: file permissions deny server access: /home/me/site/closed.html`;
    const failed = PYTHON.map((text) => stderr(20, text));
    const incidents = incidentsIn([
      closed403,
      asked(5, '/closed.html', 403),
      ...failed,
      asked(20, '/project/', 500),
    ]);
    expect(incidents.map(({ request, status }) => [request, status])).toEqual([
      ['GET /project/', 500],
      ['GET /closed.html', 403],
    ]);
  });

  test('has bounds', () => {
    const stream = new IncidentStream();
    for (let n = 0; n < 20_000; n++) {
      stream.add(parseLogLine(stderr(n % 60, `Traceback (most recent call last):`, `192.0.2.1:${n}`)), n * 3);
      stream.add(
        parseLogLine(stderr(n % 60, `  File "/s/f${n}.py", line 1, in a`, `192.0.2.1:${n}`)),
        n * 3 + 1,
      );
      stream.add(parseLogLine(stderr(n % 60, `KeyError: ${n}`, `192.0.2.1:${n}`)), n * 3 + 2);
    }
    expect(stream.incidents).toHaveLength(500);
  });

  test('never comes from a throw, whatever the lines are', () => {
    const piece = fc.constantFrom(
      ...PYTHON,
      reset(5),
      closed(6),
      noOutput(7),
      asked(4, '/x', 500),
      stderr(5, PYTHON[0] ?? ''),
      stderr(5, 'KeyError'),
      'x',
      '',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string(), fc.string({ unit: 'binary' }))), (lines) => {
        const incidents = incidentsIn(lines);
        expect(incidents.every(({ count, lines: own }) => count > 0 && own.length > 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
