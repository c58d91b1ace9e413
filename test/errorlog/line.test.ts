import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainLine, parseLogLine, splitGlued, type LogLine } from '../../src/errorlog';

const STAMP = '[Mon Nov 23 01:24:55.159958 2026]';

describe('a line of the log', () => {
  test('of Apache 2.4 gives all its parts', () => {
    const text = `${STAMP} [fcgid:warn] [pid 5080:tid 140234] (104)Connection reset by peer: [client 203.0.113.7:50122] mod_fcgid: error reading data from FastCGI server, referer: https://www.example.org/a`;
    expect(parseLogLine(`${text}\r\n`)).toEqual({
      kind: 'apache',
      time: '2026-11-23T01:24:55.159958',
      module: 'fcgid',
      level: 'warn',
      pid: 5080,
      tid: '140234',
      client: '203.0.113.7:50122',
      code: null,
      systemError: { number: 104, text: 'Connection reset by peer' },
      source: null,
      referer: 'https://www.example.org/a',
      message: 'mod_fcgid: error reading data from FastCGI server',
      text,
    });
  });

  test.each<[string, string, Partial<LogLine>]>([
    [
      'of a client in brackets',
      `${STAMP} [core:error] [pid 1:tid 2] [client [2001:db8::1]:443] AH00124: Request exceeded`,
      { kind: 'apache', client: '[2001:db8::1]:443', code: 'AH00124', message: 'Request exceeded' },
    ],
    [
      'of a client with IPv6',
      `${STAMP} [core:error] [pid 1] [client 2001:db8::1:443] AH00124: Request exceeded`,
      { client: '2001:db8::1:443', code: 'AH00124', message: 'Request exceeded', pid: 1, tid: null },
    ],
    [
      'of Apache 2.2',
      '[Mon Nov  2 02:26:51 2026] [warn] [client 203.0.113.7] FastCGI: something',
      {
        time: '2026-11-02T02:26:51',
        module: null,
        level: 'warn',
        client: '203.0.113.7',
        message: 'FastCGI: something',
      },
    ],
    [
      'of old mod_fastcgi, with an empty module',
      '[Mon Nov 23 02:26:51.932115 2026] [:notice] [pid 7:tid 8] FastCGI: process manager initialized',
      { module: null, level: 'notice', pid: 7, message: 'FastCGI: process manager initialized' },
    ],
    [
      'with a place in the source',
      `${STAMP} [fcgid:debug] [pid 1:tid 2] fcgid_spawn_ctl.c(208): mod_fcgid: /a spawn score 19 >= 10, skip the spawn request`,
      {
        source: 'fcgid_spawn_ctl.c(208)',
        message: 'mod_fcgid: /a spawn score 19 >= 10, skip the spawn request',
      },
    ],
    [
      'with a negative system error',
      `${STAMP} [fcgid:warn] [pid 1:tid 2] (-102)Unknown error -102: [client 127.0.0.1:1] mod_fcgid: x`,
      {
        systemError: { number: -102, text: 'Unknown error -102' },
        client: '127.0.0.1:1',
        message: 'mod_fcgid: x',
      },
    ],
    [
      'from standard error through mod_fcgid',
      `${STAMP} [fcgid:warn] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: stderr: Traceback (most recent call last):`,
      { kind: 'stderr', message: 'Traceback (most recent call last):' },
    ],
    [
      'from standard error through mod_cgi',
      `${STAMP} [cgi:error] [pid 1:tid 2] [client 127.0.0.1:1] AH01215: hello: /var/www/a.cgi`,
      { kind: 'stderr', code: 'AH01215', message: 'hello: /var/www/a.cgi' },
    ],
    [
      'with a trace level',
      `${STAMP} [rewrite:trace3] [pid 1:tid 2] mod_rewrite.c(1): x`,
      { level: 'trace3' },
    ],
    [
      'without prefix',
      'ImportError: no',
      { kind: 'raw', time: null, level: 'error', message: 'ImportError: no' },
    ],
    [
      'with half a prefix',
      '[Mon Nov 23] hello',
      { kind: 'raw', level: 'notice', message: '[Mon Nov 23] hello' },
    ],
    ['that is empty', '', { kind: 'raw', message: '', text: '' }],
  ])('%s', (_, line, parts) => {
    expect(parseLogLine(line)).toMatchObject(parts);
  });

  test('without prefix inherits time and level', () => {
    const lines = [
      'Traceback (most recent call last):',
      '  File "/a", line 1, in <module>',
      "NameError: name 'x'",
    ];
    let before = parseLogLine(`${STAMP} [fcgid:info] [pid 1:tid 2] mod_fcgid: server a(1) started`);
    for (const line of lines) {
      before = parseLogLine(line, before);
      expect(before).toMatchObject({ kind: 'raw', level: 'error', time: '2026-11-23T01:24:55.159958' });
    }
    const calm = parseLogLine('ready', parseLogLine(`${STAMP} [fcgid:info] [pid 1] x`));
    expect(calm.level).toBe('info');
  });
});

describe('a glued line', () => {
  const entry = `${STAMP} [core:error] [pid 1:tid 2] [client 127.0.0.1:1] End of script output before headers: a.fcgi`;

  test('is parted before the entry', () => {
    expect(splitGlued(`Hello World${entry}`)).toEqual(['Hello World', entry]);
    expect(splitGlued(`no newline [Mon${entry}`)).toEqual(['no newline [Mon', entry]);
  });

  test('is left alone where nothing is glued', () => {
    expect(splitGlued(entry)).toEqual([entry]);
    expect(splitGlued(`${entry} quoting ${entry}`)).toEqual([`${entry} quoting ${entry}`]);
    expect(splitGlued('[Mon Nov 23 01:24:55 2026] my own log')).toEqual([
      '[Mon Nov 23 01:24:55 2026] my own log',
    ]);
    expect(splitGlued('')).toEqual(['']);
  });

  test('of 10 MB costs no time', () => {
    const huge = '[Mon Nov 23 '.repeat(870_000);
    const started = performance.now();
    expect(splitGlued(huge + entry)).toEqual([huge, entry]);
    const line = parseLogLine(`${entry} ${': '.repeat(5_000_000)}`, parseLogLine(huge));
    explainLine(line);
    explainLine(parseLogLine('x: '.repeat(3_000_000)));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

test('no text makes the reader throw, and no character is lost', () => {
  const pieces = fc.constantFrom(
    STAMP,
    ' ',
    '[core:error]',
    '[pid 1:tid 2]',
    '[client a:1]',
    'AH00124: ',
    '(13)x: ',
    'mod_fcgid: ',
    'stderr: ',
    ', referer: ',
    '\r',
    '\n',
    'x',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, (first, second) => {
      expect(splitGlued(first).join('')).toBe(first);
      const line = parseLogLine(second, parseLogLine(first));
      expect(second.startsWith(line.text)).toBe(true);
      explainLine(line);
    }),
    { numRuns: 2000 },
  );
});
