import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import type { RequestRecord, RunnerOptions } from '../../src/runner';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const sites: TestSite[] = [];

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.dispose()));
});

const HTACCESS = 'RewriteEngine On\nRewriteRule ^app(/.*)?$ run.fcgi$1 [L]\nHeader set X-Mark yes\n';
const PROGRAM = rawProgram(`connection = accept()
while True:
    sys.stderr.write('aside\\n')
    sys.stderr.flush()
    page = b'Content-Type: text/plain\\r\\n\\r\\n' + b'x' * 20000
    connection.sendall(record(ERR, b'Traceback of it\\n') + record(OUT, page) + end())
    request(connection)`);

async function serve(files: Record<string, string>, options: Partial<RunnerOptions> = {}): Promise<TestSite> {
  const site = await testSite(files, { evaluate, recordRequests: true, ...options });
  sites.push(site);
  return site;
}

async function recordOf(site: TestSite, target: string): Promise<RequestRecord> {
  const { record } = await site.waitFor('request', (event) => event.target === target);
  if (record === null) throw new Error('not recorded');
  return record;
}

const text = ({ bytes }: { readonly bytes: Uint8Array }) => Buffer.from(bytes).toString('latin1');

describe('a recorded request', () => {
  it('tells what came, what the program got and gave, and the rule that sent it there', async () => {
    const site = await serve({ '.htaccess': HTACCESS, 'run.fcgi': PROGRAM });
    const headers = { 'X-Asked': 'a', 'Content-Type': 'text/plain' };
    await ask(site.runner, '/app/x?y=1', { method: 'POST', headers, body: 'hello' });
    const record = await recordOf(site, '/app/x?y=1');
    expect(record).toMatchObject({ id: 1, method: 'POST', protocol: 'HTTP/1.1', status: 200, cut: false });
    expect(record.requestHeaders).toContainEqual(['X-Asked', 'a']);
    expect(text(record.requestBody)).toBe('hello');
    expect(record.dispatcher).toBe(`${site.folder}/run.fcgi`);
    expect(record.pid).toBe(site.runner.processes()[0]?.pid);
    expect(record.environment).toContainEqual(['PATH_INFO', '/x']);
    expect(record.errorOutput).toContain('Traceback of it\n');
    expect(record.responseHeaders).toContainEqual(['X-Mark', 'yes']);
    expect(record.responseBody.length).toBe(20_000);
    expect(record.responseBody.bytes).toHaveLength(16_384);
    expect(record.trace).toContainEqual(
      expect.objectContaining({ module: 'mod_rewrite', file: `${site.folder}/.htaccess`, line: 2 }),
    );
    expect(record.failure).toBeNull();
  });

  it('is announced before it is answered', async () => {
    const site = await serve({ 'a.txt': 'a' });
    await ask(site.runner, '/a.txt');
    await site.waitFor('request');
    expect(site.events.map(({ kind }) => kind)).toEqual(['arrived', 'request']);
    expect(site.events[0]).toMatchObject({ id: 1, method: 'GET', target: '/a.txt' });
  });

  it('tells why it failed', async () => {
    const site = await serve({ '.htaccess': HTACCESS, 'run.fcgi': '#!/bin/sh\necho broken >&2\nexit 3\n' });
    expect((await ask(site.runner, '/app')).status).toBe(500);
    const { failure, errorOutput, status } = await recordOf(site, '/app');
    expect(status).toBe(500);
    expect(failure?.message).toContain('exit code 3');
    expect(errorOutput).toContain('broken');
  });

  it('tells of a static file, and of a name that is refused', async () => {
    const site = await serve({ 'a.txt': 'content' });
    await ask(site.runner, '/a.txt');
    expect(text((await recordOf(site, '/a.txt')).responseBody)).toBe('content');
    await ask(site.runner, '/b', { headers: { Host: 'evil.test' } });
    const refused = await recordOf(site, '/b');
    expect(refused).toMatchObject({ status: 403, outcome: null, dispatcher: null, pid: null });
  });

  it('is not made unless asked for', async () => {
    const site = await serve({ 'a.txt': 'a' }, { recordRequests: false });
    await ask(site.runner, '/a.txt');
    expect((await site.waitFor('request')).record).toBeNull();
  });
});

describe('a prepared start', () => {
  it('runs the dispatcher by another command, with further variables', async () => {
    const program = PROGRAM.replace("b'x' * 20000", "os.environ['EXTRA'].encode()");
    const site = await serve(
      { '.htaccess': HTACCESS, 'run.fcgi': program },
      {
        prepare: async ({ file }) => ({
          command: ['python3', '-X', 'dev', file],
          environment: { EXTRA: 'given' },
        }),
      },
    );
    expect((await ask(site.runner, '/app')).body).toBe('given');
  });

  it('that fails is told as a start that failed', async () => {
    const site = await serve(
      { '.htaccess': HTACCESS, 'run.fcgi': PROGRAM },
      { prepare: () => Promise.reject(new Error('no debugger')) },
    );
    expect((await ask(site.runner, '/app')).status).toBe(500);
    expect(site.problems().join('\n')).toContain('run.fcgi cannot be started: no debugger');
  });
});
