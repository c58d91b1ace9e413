import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { sendRaw, type RawAnswer } from '../oracle/parity/rawClient';
import { testSite, type TestSite } from './testSite';

const SAY =
  '#!/usr/bin/env python3\nimport sys\nprint("Content-Type: text/plain\\n")\nprint(repr(sys.stdin.read()))\n';

const FILES = {
  'a.txt': '0123456789\n',
  'error.html': 'error\n',
  'say.cgi': SAY,
  'list/b.txt': '',
  'page/.htaccess': 'Header always edit Content-Type "; *charset=.*" ""\nRedirect 403 /page/no\n',
  'keep/.htaccess': 'Header always set Connection x\n',
  'keep/a.txt': 'a',
  'close/.htaccess': 'Header set Connection close\n',
  'close/a.txt': 'a',
  'coded/.htaccess': 'Header set Location /there\nHeader set Transfer-Encoding "gzip, chunked"\n',
  'coded/a.txt': 'a',
  'program/.htaccess': `AddHandler cgi-script .cgi
ErrorDocument 404 /program/say.cgi
ErrorDocument 410 /program/say.cgi
Redirect gone /program/gone
`,
  'listed/.htaccess': 'ErrorDocument 404 /list/\n',
  'limit/.htaccess': 'LimitRequestBody 5\nErrorDocument 413 "too long"\nRedirect gone /limit/gone\n',
  'document/.htaccess':
    'ErrorDocument 416 /error.html\nErrorDocument 405 /none\nRedirect 405 /document/a.txt\n',
  'document/b.txt': '',
};

/** As Apache 2.4.71 answers (measured). */
describe('what the server answers by itself', () => {
  let site: TestSite;

  beforeAll(async () => {
    site = await testSite(FILES, { evaluate, mode: 'faithful' });
    site.write('program/say.cgi', SAY, 0o755);
  });

  afterAll(() => site.dispose());

  const ask = (line: string, fields = '', body = ''): Promise<RawAnswer> =>
    sendRaw(site.runner.port, `${line} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n${body}`);
  const post = (path: string): Promise<RawAnswer> => ask(`POST ${path}`, 'Content-Length: 7\r\n', 'content');

  it('has the type that directives make of that of a page', async () => {
    for (const path of ['/page/none', '/page/no', '/page/'])
      expect((await ask(`GET ${path}`)).headers['content-type']).toBe('text/html');
  });

  it('says of the connection what directives say, and what the server does', async () => {
    expect((await ask('GET /keep/a.txt')).headers['connection']).toBe('x');
    expect((await ask('GET /keep/none', 'Connection: close\r\n')).headers['connection']).toBe('x, close');
    expect((await ask('GET /keep/a.txt', 'Connection: keep-alive\r\n')).headers).toMatchObject({
      connection: 'x, Keep-Alive',
      'keep-alive': expect.stringContaining('timeout=5'),
    });
    const two = await sendRaw(
      site.runner.port,
      'GET /close/a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2),
    );
    expect([two.headers['connection'], two.body]).toEqual(['close', 'a']);
  });

  it('sends a file in no other way where a directive says how it is coded', async () => {
    const { headers, body } = await ask('GET /coded/a.txt');
    expect(headers['location']).toBe('/there');
    expect([headers['transfer-encoding'], headers['content-length'], body]).toEqual([
      'gzip, chunked',
      undefined,
      'a',
    ]);
  });

  it('gives the body of a request to the program of an ErrorDocument only where no handler has read it', async () => {
    expect((await post('/program/gone')).body).toBe("'content'\n");
    expect((await post('/program/none')).body).toBe("''\n");
  });

  it('sends parts of a listing', async () => {
    const { body } = await ask('GET /list/');
    const part = await ask('GET /list/', 'Range: bytes=2-5\r\n');
    expect(part).toMatchObject({ body: body.slice(2, 6), statuses: ['HTTP/1.1 206 Partial Content'] });
    expect(part.headers['content-range']).toBe(`bytes 2-5/${body.length}`);
    const beyond = await ask('GET /document/', 'Range: bytes=90000-\r\n');
    expect(beyond).toMatchObject({
      body: 'error\n',
      statuses: ['HTTP/1.1 416 Requested Range Not Satisfiable'],
    });
  });

  it('keeps the status of an error whose document is a listing', async () => {
    const { statuses, body } = await ask('GET /listed/none', 'Range: bytes=0-1\r\n');
    expect([statuses, body]).toEqual([['HTTP/1.1 404 Not Found'], expect.stringContaining('Index of /list')]);
  });

  it('does not know the length of the page about a body that is too long', async () => {
    for (const path of ['/limit/none', '/limit/gone']) {
      const { headers, body } = await post(path);
      expect([body, headers['content-length'], headers['connection']]).toEqual([
        'too long',
        undefined,
        'close',
      ]);
    }
  });

  it('says what is allowed only where a handler was asked', async () => {
    expect((await ask('PUT /a.txt')).headers['allow']).toBe('GET,POST,OPTIONS,HEAD,TRACE');
    const refused = await ask('PUT /document/a.txt');
    expect(refused.headers['allow']).toBe('TRACE');
    expect(refused.body).toContain('The requested method GET is not allowed');
  });
});
