import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainLine, incidentsIn, parseLogLine, splitGlued, type LogLine } from '../../src/errorlog';
import { hasApache, startApache, type ApacheServer } from './apache';
import { FAULTS, GOOD } from './doctorFaults';

const peer = hasApache();

/** In CI those that do not wait long for Apache's next scan, of every kind; ERRORLOG_FAULTS=all takes all. */
const isComplete = process.env['ERRORLOG_FAULTS'] === 'all';
const BOUNDED =
  /by env|not executable|unknown directive|option that|circle|not installed|error in a request|ends in a request|before the headers|without an end|closed by|no start|ExecCGI/;

/** What a fault of the doctor's table should be as an incident: its kind, and whether a place in the code is told. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  'Windows line ends, interpreter by path': /^fcgid\.(died-at-start|exit)$/,
  'Windows line ends, interpreter by env': /^env\.no-interpreter$/,
  'a byte order mark': /^fcgid\.(died-at-start|exit)$/,
  'not executable': /^fcgid\.(died-at-start|exit)$/,
  'interpreter that is not there': /^fcgid\.(died-at-start|exit)$/,
  'env interpreter that is not there': /^env\.no-interpreter$/,
  'no first line': /^fcgid\.(died-at-start|exit)$/,
  'not readable for the web server': /^python\.cannot-open$/,
  'folder closed to the web server': /^core\.htaccess-unreadable$/,
  '.htaccess not readable': /^core\.htaccess-unreadable$/,
  'unknown directive': /^htaccess\.invalid-command$/,
  'directive that may not stand there': /^htaccess\.not-allowed$/,
  'bad pattern': /^htaccess\.refused$/,
  'section not closed': /^htaccess\.(not-closed|refused)$/,
  'option that the host forbids': /^htaccess\.option-not-allowed$/,
  'overrides that the host forbids': /^htaccess\.not-allowed$/,
  'ExecCGI taken away': /^fcgid\.no-execcgi$/,
  'rule in a circle': /^core\.redirect-loop$/,
  'wrapper that is not there': /^fcgid\.wrapper-missing$/,
  'module that is not installed': /^python\.missing-module$/,
  'syntax error': /^python\.exception$/,
  'error while loading': /^python\.exception$/,
  'error in a request': /^python\.exception$/,
  'program that ends at once': /^fcgid\.(died-at-start|exit)$/,
  'plain CGI program': /^dispatcher\.plain-cgi$/,
  'program that ends in a request': /^fcgid\.died-in-request$/,
  'program that is killed in a request': /^fcgid\.died-in-request$/,
  'program that is silent': /^fcgid\.read-timeout$/,
  'text before the headers': /^core\.malformed-header$/,
  'status that is none': /^core\.invalid-status$/,
  'header without an end': /^core\.premature-end$/,
  'closed by a rule of its own': /^core\.denied$/,
  'no start page': /^core\.no-index$/,
};

/** All lines that belong to one failure, by the way they are written: raw, of mod_fcgid, of the core, and the access line. */
interface Provoked {
  readonly name: string;
  readonly status: number;
  readonly lines: readonly string[];
}

const noise =
  /resuming normal operations|Command line: |AH00161|AH01882|AH01873|AH10034|: Init: |configured --|AH00163|AH00094|AH00558|ssl:|http2:|md:|mpm_prefork:|^$/;

/** Every fault of the table on a real Apache with mod_fcgid: its lines, in the order in which they came, from both logs together. */
describe.skipIf(!peer.available)('the lines that faults leave on a real Apache', () => {
  let folder: string;
  let apache: ApacheServer;
  const provoked: Provoked[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-errorlog-'));
    chmodSync(folder, 0o755);
    const faults = FAULTS.filter(
      ({ name }) => EXPECTED[name] !== undefined && (isComplete || BOUNDED.test(name)),
    );
    for (const [at, { breaks }] of faults.entries()) {
      const [local, remote] = [join(folder, `local${at}`), join(folder, `site${at}`)];
      for (const root of [local, remote]) writeSite(root);
      breaks({ local, remote });
    }
    apache = await startApache({
      documentRoot: folder,
      children: 8,
      logLevel: 'warn fcgid:info',
      config: [
        'FcgidIOTimeout 3',
        'FcgidErrorScanInterval 1',
        'FcgidZombieScanInterval 1',
        'LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined',
        'CustomLog access.log combined',
        ...faults.flatMap(({ directory }, at) =>
          directory === undefined ? [] : [`<Directory "${folder}/site${at}">\n${directory}\n</Directory>`],
        ),
      ].join('\n'),
    });
    for (const [at, { name }] of faults.entries()) {
      const before = [errors().length, accesses().length] as const;
      const status = await ask(`${apache.url}/site${at}/${name === 'no start page' ? '' : 'dispatch.fcgi'}`);
      await exitsOf(at, before[0]);
      const lines = [...errors().slice(before[0]), ...accesses().slice(before[1])].filter(
        (line) => !noise.test(line),
      );
      provoked.push({ name, status, lines });
    }
  }, 180_000);

  afterAll(async () => {
    await apache?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What mod_fcgid says of the end of a process comes with its next scan; where none was started, at once. */
  async function exitsOf(at: number, from: number): Promise<void> {
    await sleep(150);
    const starts = () =>
      errors()
        .slice(from)
        .filter((line) => line.includes(`/site${at}/`) && line.endsWith(') started'));
    const exits = () =>
      errors()
        .slice(from)
        .filter((line) => line.includes(`/site${at}/`) && line.includes(' exit('));
    const failed = () =>
      errors()
        .slice(from)
        .some((line) => line.includes('End of script output before headers'));
    for (let round = 0; round < 60 && failed() && exits().length < starts().length; round++) await sleep(100);
  }

  const errors = () =>
    apache
      .readErrorLog()
      .split('\n')
      .filter((line) => line !== '');
  const accesses = () =>
    readFileSync(join(apache.folder, 'access.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');

  test('are put together into one incident each, of the right kind', () => {
    const wrong = provoked.flatMap(({ name, lines, status }) => {
      const incidents = incidentsIn(lines);
      const [incident] = incidents;
      const fits =
        incidents.length === 1 &&
        incident &&
        EXPECTED[name]?.test(incident.code) &&
        (incident.status ?? status) === status;
      return fits
        ? []
        : [
            {
              name,
              status,
              incidents: incidents.map(({ code, status: told, summary }) => ({ code, told, summary })),
              lines,
            },
          ];
    });
    expect(wrong).toEqual([]);
  });

  test('have the address that was asked for, and a place where the program told one', () => {
    for (const { name, lines } of provoked) {
      const [incident] = incidentsIn(lines);
      // Apache notes no number in its access log where the program's status is none.
      if (name === 'status that is none') continue;
      expect({ name, request: incident?.request }).toEqual({
        name,
        request: expect.stringMatching(/^GET \/site\d+\//) as string,
      });
      if (/^(syntax|error)/.test(name)) expect(incident?.place?.file).toMatch(/app\.py$/);
    }
  });

  test('are all classed: what is an entry is known, what is raw belongs to its incident', () => {
    const classed = provoked.flatMap(({ lines }) => {
      const told = new Set(incidentsIn(lines).flatMap((one) => one.lines.map(({ text }) => text)));
      let before: LogLine | undefined;
      return lines
        .flatMap((line) => splitGlued(line))
        .map((text) => {
          before = parseLogLine(text, before);
          const known = before.kind === 'access' || explainLine(before) !== undefined || told.has(text);
          return { text, known };
        });
    });
    const unknown = classed.filter(({ known }) => !known);
    expect(classed.length).toBeGreaterThan(isComplete ? 150 : 40);
    expect(unknown.length).toBeLessThanOrEqual(classed.length / 100);
  });
});

function writeSite(root: string): void {
  mkdirSync(root);
  chmodSync(root, 0o755);
  for (const [name, text] of Object.entries(GOOD))
    writeFileSync(join(root, name), text, { mode: name.endsWith('.fcgi') ? 0o755 : 0o644 });
}

/** One connection for each request: what follows on a kept-alive one would have the same client. */
function ask(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    asked.once('error', reject);
    asked.end();
  });
}
