import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostProfile, USUAL_MODULES } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { answerOf, headersOf } from '../apache/modules/evaluateSite';
import { hasApache, startApache, type ApacheServer } from './apache';

const RULES = 'SetEnvIf X-Given "(.*)" GIVEN=<$1>\nHeader always set X-Seen %{GIVEN}e env=GIVEN\n';
const METHODS = ['BIND', 'SEARCH', 'PUT', 'PATCH', 'PROPFIND', 'NONSENSE'];
const VALUES = ['plain', ' \t one two\t ', '\t', '', '"quoted" ', '\u00a0x\u00a0'];

const peer = hasApache();

/** Sends a request byte by byte as given, where Node's client would tidy it up; gives the answer's head. */
async function rawAnswer(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.end(request, 'latin1');
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
}

/** Where a request may name the server: in its target, in its Host header, in both or nowhere. */
const NAMED = ['/index.html', 'http://www.example.test/index.html', 'https://www.example.test/index.html']
  .flatMap((target) => ['HTTP/1.0', 'HTTP/1.1', 'HTTP/1.2'].map((protocol) => [target, protocol] as const))
  .flatMap(([target, protocol]) =>
    [undefined, '', 'www.example.test'].map((given) => [target, protocol, given] as const),
  );

describe.skipIf(!peer.available).each([
  ['the usual modules', [...USUAL_MODULES]],
  ['mod_dav', [...USUAL_MODULES, 'mod_dav']],
])('a request as Apache receives it, with %s', (_name, modules) => {
  const host = hostProfile({ modules });
  let folder: string;
  let apache: ApacheServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'received-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, '.htaccess'), RULES);
    writeFileSync(join(folder, 'index.html'), 'home');
    apache = await startApache({ documentRoot: folder, modules, ownFolders: [folder] });
  });

  afterAll(async () => {
    await apache.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (method: string, given: string): Promise<string> =>
    rawAnswer(
      apache.port,
      `${method} /index.html HTTP/1.1\r\nHost: www.example.test\r\nX-Given:${given}\r\nConnection: close\r\n\r\n`,
    );

  it.each(METHODS)('answers %s with the same status', async (method) => {
    const theirs = Number((await ask(method, 'x')).split(' ')[1]);
    expect(answerOf(RULES, '/index.html', { method, host }).status).toBe(theirs);
  });

  it.each(NAMED)('wants a host alike from %s %s with Host %j', async (target, protocol, given) => {
    const line = given === undefined ? '' : `Host:${given}\r\n`;
    const raw = await rawAnswer(apache.port, `GET ${target} ${protocol}\r\n${line}Connection: close\r\n\r\n`);
    const headers = given === undefined ? [] : [['Host', given] as const];
    const request = { method: 'GET', target, protocol, headers };
    const site = memorySite({ '.htaccess': RULES, 'index.html': 'home' }, { treeRoot: host.treeRoot });
    const ours = evaluate({ request, site, host, documentRoot: host.treeRoot });
    expect(ours.status).toBe(Number(raw.split(' ')[1]));
  });

  it.each(VALUES)('sees the header value %j alike', async (given) => {
    const theirs = /^X-Seen: (.*)$/m.exec((await ask('GET', given)).replaceAll('\r', ''))?.[1];
    const ours = headersOf(answerOf(RULES, '/index.html', { headers: { 'X-Given': given }, host }));
    expect(theirs).toBeDefined();
    expect(ours['X-Seen']).toBe(theirs);
  });
});
