import { describe, expect, test } from 'vitest';
import { backOffOf } from '../../src/deploy/backOff';
import { logClock } from '../../src/deploy/readBackOff';
import { parseLogLine, type LogLine } from '../../src/errorlog';

const program = '/home/me/public_html/dispatch.fcgi';
const at = (clock: string, text: string) =>
  `[Mon Nov 23 ${clock}.123456 2026] [:warn] [pid 7:tid 7] FastCGI: (dynamic) server "${program}" ${text}`;
const start = (clock: string) => at(clock, 'started (pid 12)');
const restart = (clock: string) => at(clock, 'restarted (pid 13)');
const ended = (clock: string, status: number) =>
  at(clock, `(pid 12) terminated by calling exit with status '${status}'`);
const backedOff = (clock: string) =>
  at(
    clock,
    'has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds',
  );
const restored = (clock: string) =>
  at(
    clock,
    'has remained running for more than 30 seconds, its restart interval has been restored to 5 seconds',
  );

const parsed = (lines: readonly string[]): LogLine[] => {
  const all: LogLine[] = [];
  for (const line of lines) all.push(parseLogLine(line, all.at(-1)));
  return all;
};
const found = (lines: readonly string[], clock: string) =>
  backOffOf(parsed(lines), `2026-11-23T${clock}`, program);

/** As measured: starts at 0, 5, 10 and 15 s, then nothing for 600 s from the last start. */
const failing = [
  start('02:25:18'), ended('02:25:18', 1), restart('02:25:23'), ended('02:25:23', 1),
  restart('02:25:28'), ended('02:25:28', 1), restart('02:25:33'), ended('02:25:33', 1),
]; // prettier-ignore

describe('back-off of mod_fastcgi', () => {
  test('is not there while attempts go on', () => {
    expect(found(failing, '02:25:34')).toBe(undefined);
  });

  test('ends 600 s after the last start, however often the line is repeated', () => {
    const lines = [...failing, backedOff('02:25:33'), backedOff('02:25:40'), backedOff('02:29:00')];
    expect(found(lines, '02:26:33')).toEqual({
      module: 'mod_fastcgi',
      kind: 'backed-off',
      path: program,
      until: '2026-11-23T02:35:33',
      secondsLeft: 541,
      cause: 'it ended with status 1',
    });
    expect(found(lines, '02:40:00')?.secondsLeft).toBe(0);
  });

  test('is over with a start that lasts, and begins anew with one that does not', () => {
    const lines = [...failing, backedOff('02:25:33'), restart('02:35:34')];
    expect(found(lines, '02:35:40')).toBe(undefined);
    expect(found([...lines, restored('02:36:10')], '02:37:00')).toBe(undefined);
    const again = [...lines, ended('02:35:34', 1), backedOff('02:35:35')];
    expect(found(again, '02:36:34')).toMatchObject({ until: '2026-11-23T02:45:34', secondsLeft: 541 });
  });

  test.each([
    [118, 'writable by the group'],
    [121, 'not executable'],
    [255, '"#!" line'],
  ])('names the refusal of suEXEC with status %i', (status, text) => {
    const lines = [...failing, ended('02:25:33', status), backedOff('02:25:34')];
    expect(found(lines, '02:26:00')?.cause).toContain(text);
  });

  test('of another program is not ours', () => {
    expect(backOffOf(parsed([...failing, backedOff('02:25:33')]), '2026-11-23T02:26:00', '/other.fcgi')).toBe(
      undefined,
    );
  });

  test('any text gives an answer', () => {
    expect(
      backOffOf(parsed(['', '[', 'FastCGI: (dynamic) server "', backedOff('99:99:99')]), 'no clock', ''),
    ).toBe(undefined);
  });
});

test('mod_fcgid at its process limit', () => {
  const line = `[Mon Nov 23 02:25:18.123456 2026] [fcgid:warn] [pid 7:tid 7] mod_fcgid: can't apply process slot for ${program}`;
  expect(found([line], '02:25:20')).toMatchObject({
    module: 'mod_fcgid',
    kind: 'process-limit',
    secondsLeft: undefined,
  });
  expect(found([line], '02:30:20')).toBe(undefined);
});

test('mod_fcgid that starts a failing program no more says the same at its usual level', () => {
  const lines = [
    '[Mon Nov 23 02:25:01.818201 2026] [fcgid:warn] [pid 8:tid 8] (104)Connection reset by peer: [client 127.0.0.1:33444] mod_fcgid: error reading data from FastCGI server',
    `[Mon Nov 23 02:25:18.123456 2026] [fcgid:warn] [pid 7:tid 7] [client 127.0.0.1:33440] mod_fcgid: can't apply process slot for ${program}`,
  ];
  expect(found(lines, '02:25:20')).toMatchObject({
    kind: 'spawn-score',
    secondsLeft: undefined,
    cause: 'it ended too often within seconds',
  });
});

test("the log's zone comes from its last line and the moment it was written", () => {
  const lines = parsed([start('02:25:18')]);
  const utc = Date.UTC(2026, 10, 23, 7, 25, 18) / 1000;
  expect(logClock(lines, utc + 1, utc + 61)).toBe('2026-11-23T02:26:19');
});
