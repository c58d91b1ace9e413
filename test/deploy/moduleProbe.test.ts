import { expect, test } from 'vitest';
import { moduleByLog, moduleByProcesses } from '../../src/deploy/moduleProbe';
import { parseLogLine } from '../../src/errorlog';

test.each([
  [['/usr/sbin/apache2 -k start'], 'mod_fcgid'],
  [['/usr/sbin/fcgi-pm -f /etc/apache2/apache2.conf -k start'], 'mod_fastcgi'],
  [['/usr/sbin/apache2 -k start', 'fcgi-pm -k start'], 'mod_fastcgi'],
  [['/usr/local/bin/supervisor'], undefined],
  [[''], undefined],
  [[], undefined],
])('processes started by %j belong to %s', (parents, module) => {
  expect(moduleByProcesses(parents.map((parentCommand) => ({ parentCommand })))?.module).toBe(module);
});

test('the newest line of a module in the log counts, and what programs print does not', () => {
  const at = '[Mon Nov 23 12:34:56.789012 2026]';
  const fcgid = `${at} [fcgid:warn] [pid 7:tid 8] [client 192.0.2.1:5] mod_fcgid: stderr: hello`;
  const fastcgi = `${at} [:notice] [pid 7:tid 8] FastCGI: (dynamic) server "/a/dispatch.fcgi" started (pid 9)`;
  const other = `${at} [core:error] [pid 7:tid 8] see mod_fcgid: or FastCGI: in the manual`;
  const found = (lines: readonly string[]) => moduleByLog(lines.map((line) => parseLogLine(line)));
  expect(found([fastcgi, fcgid, other])).toEqual({ module: 'mod_fcgid', by: 'log' });
  expect(found([fcgid, fastcgi, other])).toEqual({ module: 'mod_fastcgi', by: 'log' });
  expect(found([other, 'FastCGI: printed by somebody'])).toBe(undefined);
  const old = `${at.replace('.789012', '')} [warn] mod_fcgid: stderr: FastCGI: from a program of Apache 2.2`;
  expect(found([fastcgi, old])).toEqual({ module: 'mod_fcgid', by: 'log' });
});
