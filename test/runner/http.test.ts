import { once } from 'node:events';
import * as http from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { ChunkedDecoder } from '../../src/runner/http/body';
import { readHead } from '../../src/runner/http/head';
import { sendRaw } from '../oracle/parity/rawClient';
import { RAW_REQUESTS } from '../oracle/parity/rawRequests';
import { testSite, type TestSite } from './testSite';

/** What Apache 2.4.71 answers (measured): the status, and the Connection field. */
const MEASURED: Readonly<Record<string, readonly [status: number, connection: string]>> = {
  plain: [200, ''],
  close: [200, 'close'],
  keep: [200, 'Keep-Alive'],
  te: [200, 'close'],
  http10: [200, 'close'],
  http10host: [200, 'close'],
  http10keep: [200, 'Keep-Alive'],
  http12: [200, ''],
  http20: [200, ''],
  http11lower: [400, 'close'],
  http1: [400, 'close'],
  http111: [400, 'close'],
  noproto: [400, 'close'],
  twospaces: [400, 'close'],
  twospaces2: [400, 'close'],
  tab: [400, 'close'],
  trailingspace: [400, 'close'],
  leadingspace: [400, 'close'],
  leadingblank: [200, ''],
  leadinglf: [400, 'close'],
  nul: [400, 'close'],
  ctl: [400, 'close'],
  rawhigh: [404, ''],
  quote: [404, ''],
  fragment: [400, 'close'],
  noslash: [400, 'close'],
  star: [400, 'close'],
  optstar: [200, ''],
  absolute: [200, ''],
  absolutenohost: [400, 'close'],
  https: [200, ''],
  ftp: [400, 'close'],
  connect: [405, ''],
  connectpath: [400, 'close'],
  absolutebadhost: [200, ''],
  httpsbadhost: [400, 'close'],
  lowermethod: [501, 'close'],
  oddmethod: [501, 'close'],
  badmethod: [400, 'close'],
  badmethod2: [400, 'close'],
  trace: [200, ''],
  tracebody: [413, 'close'],
  longline: [414, 'close'],
  okline: [403, ''],
  longheader: [400, 'close'],
  okheader: [200, ''],
  manyheaders: [400, 'close'],
  hundredheaders: [200, ''],
  nohost: [400, 'close'],
  emptyhost: [400, 'close'],
  twohosts: [400, 'close'],
  badhost: [400, 'close'],
  badhost2: [400, 'close'],
  badhost3: [400, 'close'],
  badhost4: [400, 'close'],
  foldfirst: [400, 'close'],
  nocolon: [400, 'close'],
  spacecolon: [400, 'close'],
  tabcolon: [400, 'close'],
  badname: [400, 'close'],
  emptyname: [400, 'close'],
  ctlvalue: [400, 'close'],
  crvalue: [400, 'close'],
  nulvalue: [400, 'close'],
  lfheader: [400, 'close'],
  lfall: [400, 'close'],
  lfend: [400, 'close'],
  dupcl: [400, 'close'],
  dupcl2: [400, 'close'],
  clplus: [400, 'close'],
  clneg: [400, 'close'],
  clhex: [400, 'close'],
  clempty: [400, 'close'],
  clcomma: [400, 'close'],
  clhuge: [400, 'close'],
  teidentity: [400, 'close'],
  techunkedgzip: [400, 'close'],
  techunkedx: [400, 'close'],
  tegzipblank: [400, 'close'],
  tecommatab: [400, 'close'],
  expectfile: [200, ''],
  expectother: [417, ''],
  upgradefile: [200, ''],
  upgradeh2c: [200, ''],
  postthen: [200, ''],
  postmissingthen: [404, ''],
  putthen: [405, ''],
  badthen: [400, 'close'],
  notfoundthen: [404, ''],
  redirectthen: [301, ''],
  closekeep: [200, 'close'],
  clget0: [200, ''],
  garbage: [400, 'close'],
  ranges: [206, ''],
  ranges2: [206, ''],
  rangesoverlap: [206, ''],
  rangesunsat: [206, ''],
  rangeshead: [206, ''],
  rangehead: [206, ''],
  ranges416: [416, ''],
};

describe('requests that can be understood in several ways', () => {
  let site: TestSite;

  beforeAll(async () => {
    const files = {
      'index.html': 'x',
      'a.txt': '0123456789\n',
      'long.txt': 'abcdefghij'.repeat(100),
      'p/x.txt': '',
    };
    site = await testSite(files, { evaluate, name: 'site.test', developerPages: false });
  });

  afterAll(() => site.dispose());

  it.each(Object.entries(MEASURED))('are answered as by Apache: %s', async (name, [status, connection]) => {
    const answer = await sendRaw(site.runner.port, RAW_REQUESTS[name] ?? '');
    const final = answer.statuses.at(-1) ?? '';
    expect([Number(final.split(' ')[1]), answer.headers['connection'] ?? '']).toEqual([status, connection]);
  });

  it('are not let in as a second request behind a body with two lengths', async () => {
    const answer = await sendRaw(
      site.runner.port,
      'POST /a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /long.txt HTTP/1.1\r\nHost: localhost\r\n\r\n',
    );
    expect(answer.headers['connection']).toBe('close');
    expect(answer.body).toBe('0123456789\n');
  });

  it('may come one byte at a time, and several at once', async () => {
    const { port } = site.runner;
    const one = 'GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const many = await sendRaw(
      port,
      one.repeat(50) + one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    expect(many.statuses).toEqual(['HTTP/1.1 200 OK']);
  });
});

/** Ports from which a client that keeps its connection sent so many requests. */
async function portsOf(count: number, port: number): Promise<Set<number | undefined>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let sent = 0; sent < count; sent++) {
    const request = http.get({ agent, port, host: '127.0.0.1', path: '/a.txt' });
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    ports.add(answer.socket.localPort);
    await once(answer.resume(), 'end');
  }
  agent.destroy();
  return ports;
}

it.each([
  ['kind', 1],
  ['faithful', 3],
  ['mod_fastcgi', 3],
] as const)('a client sends 250 requests in the mode %s on %d connections', async (mode, connections) => {
  const site = await testSite({ 'a.txt': 'x' }, { evaluate, mode });
  const ports = await portsOf(250, site.runner.port);
  await site.dispose();
  expect(ports.size).toBe(connections);
});

describe('the head of a request', () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom(
        'GET ',
        '/a',
        ' HTTP/1.1',
        '\r\n',
        '\n',
        '\r',
        'Host: x',
        ': ',
        ' ',
        '\0',
        '\t',
        'Content-Length: 3',
        'a',
      ),
      fc.string(),
    ),
  );

  it('is read without failure, whatever it is', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const reading = readHead(Buffer.from(parts.join(''), 'latin1'));
        expect(['incomplete', 'head', 'fault']).toContain(reading.kind);
      }),
    );
  });

  it('is not taken for another one while it arrives', () => {
    const whole = Buffer.from('POST /x?y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc');
    for (let length = 0; length < whole.length - 3; length++)
      expect(readHead(whole.subarray(0, length)).kind).toBe('incomplete');
    expect(readHead(whole)).toMatchObject({
      kind: 'head',
      length: whole.length - 3,
      head: { framing: { length: 3 } },
    });
  });
});

describe('a chunked body', () => {
  it('is the same in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })),
        fc.integer({ min: 1, max: 9 }),
        (parts, size) => {
          const chunks = parts.map(
            (part) => `${part.length.toString(16)}\r\n${Buffer.from(part).toString('latin1')}\r\n`,
          );
          const coded = Buffer.from(`${chunks.join('')}0\r\nX-Trailer: 1\r\n\r\nrest`, 'latin1');
          const decoder = new ChunkedDecoder();
          const content: Buffer[] = [];
          let used = 0;
          for (let at = 0; at < coded.length && !decoder.isDone; at += size) {
            const given = decoder.push(coded.subarray(at, at + size));
            content.push(...given.content);
            used += given.used;
          }
          expect(decoder.isDone).toBe(true);
          expect(used).toBe(coded.length - 4);
          expect(Buffer.concat(content)).toEqual(Buffer.concat(parts.map((part) => Buffer.from(part))));
        },
      ),
    );
  });
});
