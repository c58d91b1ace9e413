import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainLine, parseLogLine } from '../../src/errorlog';

/** Formats as the modules hold them: each must be recognised whatever stands in it. */
function formats(name: string): string[] {
  return readFileSync(new URL(`messages/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
}

/** A printf format with something in every place. */
function filled(format: string): string {
  return format
    .replaceAll('%%', '%')
    .replaceAll(/%l?[du]/g, '7')
    .replaceAll('%x', 'ff')
    .replaceAll('%s', '/site/dispatch.fcgi');
}

/** Words that the module writes between other words, depending on the kind of server. */
function variants(format: string): string[] {
  const text = format.replace(/( ?\(dynamic\))?(re)?(, a core file may have been generated)?\s*$/, '');
  const dynamic = text
    .replaceAll(/%sserver/g, '(dynamic) server')
    .replaceAll(/%s server/g, ' (dynamic) server');
  const fixed = text.replaceAll(/%sserver/g, 'server').replaceAll(/%s server/g, ' server');
  return [dynamic, fixed].map((one) =>
    filled(
      one
        .replaceAll(' %sstarted', ' restarted')
        .replaceAll('%sstart of', 'restart of')
        .replace(/'(%d)' \(%s\)%s/, "'11' (Segmentation fault)")
        .replace(/for%s/, 'for (dynamic)'),
    ),
  );
}

/** What a program wrote itself is no message of a module. */
const isNoStderr = (line: string): boolean => !line.includes('stderr: ');

const PREFIX = '[Mon Nov 23 01:24:55.159958 2026]';

function codeOf(line: string): string | undefined {
  return explainLine(parseLogLine(line))?.code;
}

describe('every message', () => {
  test.each(formats('measured.txt').filter(isNoStderr))('that was provoked is known: %s', (line) => {
    const text = line
      .replace(/^(\[\S+?\]) /, '$1 [pid 1:tid 2] ')
      .replaceAll('IP:PORT', '192.0.2.1:5')
      .replaceAll(/\bPID\b/g, '4711')
      .replaceAll(/\bN\b/g, '12')
      .replace(' started / stopped', ' stopped');
    expect(codeOf(`${PREFIX} ${text}`)).toBeDefined();
  });

  test.each(formats('mod_fcgid.txt').filter(isNoStderr))('of mod_fcgid is known: %s', (format) => {
    expect(codeOf(`${PREFIX} [fcgid:warn] [pid 1:tid 2] ${filled(format)}`)).toBeDefined();
  });

  test.each(formats('mod_fastcgi.txt').filter(isNoStderr))('of mod_fastcgi is known: %s', (line) => {
    const format = line.slice(line.indexOf(' ') + 1);
    for (const text of variants(format)) {
      for (const prefix of ['[:warn] [pid 1:tid 2]', '[fastcgi:error] [client 192.0.2.1:5]', '[warn]'])
        expect({ text, code: codeOf(`${PREFIX} ${prefix} ${text}`) }).toEqual({
          text,
          code: expect.not.stringMatching(format === 'FastCGI: %s' ? /^$/ : /^fastcgi\.other$/) as string,
        });
    }
  });

  test.each([
    ['file is writable by others: (/site/dispatch.fcgi)', 'suexec.writable-file'],
    ['directory is writable by others: (/site)', 'suexec.writable-folder'],
    ['target uid/gid (1001/1001) mismatch with directory (1001/1001) or program (0/0)', 'suexec.owner'],
    ['command not in docroot (/site/dispatch.fcgi)', 'suexec.outside'],
    ['file has no execute permission: (/site/dispatch.fcgi)', 'suexec.not-executable'],
    ['file is either setuid or setgid: (/site/dispatch.fcgi)', 'suexec.setuid'],
    ['cannot stat program: (dispatch.fcgi)', 'suexec.no-file'],
    ['(2)No such file or directory: exec failed (dispatch.fcgi)', 'suexec.exec-failed'],
    ['uid: (1001/me) gid: (1001/me) cmd: dispatch.fcgi', 'suexec.started'],
  ])("of suEXEC's log is known: %s", (text, code) => {
    expect(codeOf(`[2026-11-23 02:34:58]: ${text}`)).toBe(code);
  });

  test.each([
    [118, 'others may write to the file'],
    [116, 'folder'],
    [120, 'belong'],
    [114, 'outside'],
    [121, 'not executable'],
    [119, 'setuid'],
    [117, 'symbolic link'],
  ])('of an exit status of suEXEC is explained: %i', (status, word) => {
    const line = `${PREFIX} [:warn] [pid 1:tid 2] FastCGI: (dynamic) server "/site/dispatch.fcgi" (pid 9) terminated by calling exit with status '${status}'`;
    const explanation = explainLine(parseLogLine(line));
    expect(explanation?.summary).toContain(word);
    expect(explanation?.rank).toBe('cause');
  });

  test('says what happened, why and what to do, in sentences', () => {
    const lines = [
      ...formats('mod_fcgid.txt').map(filled),
      ...formats('mod_fastcgi.txt').flatMap((one) => variants(one.replace(/^\w+ /, ''))),
    ].filter(isNoStderr);
    const unclear = lines.filter((line) => {
      const told = explainLine(parseLogLine(`${PREFIX} [warn] ${line}`));
      return (
        !told || told.summary.length < 6 || ![told.cause, told.remedy].every((text) => text.endsWith('.'))
      );
    });
    expect(unclear).toEqual([]);
  });
});
