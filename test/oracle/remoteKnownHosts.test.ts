import { execFile, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Server } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendKnownHost, judgeHostKey, parseKnownHosts } from '../../src/remote/knownHosts';
import { randomart } from '../../src/remote/randomart';
import { generateKey } from './sshd';

type Kind = 'known' | 'unknown' | 'changed' | 'revoked';

/** A known_hosts text, and the name under which the server is looked for: its address with port, or an alias (as on port 22). */
interface Case {
  readonly text: string;
  readonly alias: string | undefined;
}

const missing = existsSync('/usr/bin/ssh') ? undefined : 'ssh is not installed';
const address = '127.0.0.1';
const CASES = Number(process.env['KNOWN_HOSTS_CASES'] ?? 500);
const SEED = Number(process.env['KNOWN_HOSTS_SEED'] ?? 20261123);

describe.skipIf(missing !== undefined)('known_hosts against the real ssh', () => {
  let server: Server;
  let port: number;
  let folder: string;
  let keys: Keys;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-known-'));
    for (const type of ['ed25519', 'rsa', 'ecdsa'] as const) generateKey(join(folder, `host_${type}`), type);
    // It is the client that judges; a server of its own process for each connection would cost more than all of the rest.
    const hostKeys = [readFileSync(join(folder, 'host_ed25519'))];
    server = new ssh2.Server({ hostKeys }, (client) => {
      client.on('authentication', (attempt) => attempt.reject());
      client.on('error', () => undefined);
    });
    await once(server.listen(0, address), 'listening');
    ({ port } = server.address() as AddressInfo);
    generateKey(join(folder, 'other_ed25519'), 'ed25519');
    generateKey(join(folder, 'other_rsa'), 'rsa');
    const read = (path: string) => readFileSync(path, 'utf8').split(' ').slice(0, 2).join(' ');
    keys = {
      right: read(join(folder, 'host_ed25519.pub')),
      rightRsa: read(join(folder, 'host_rsa.pub')),
      other: read(join(folder, 'other_ed25519.pub')),
      otherRsa: read(join(folder, 'other_rsa.pub')),
    };
  });
  afterAll(() => {
    server?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** What our code says of the server's ed25519 key. */
  const ours = ({ text, alias }: Case): Kind => {
    const key = Buffer.from(keys.right.split(' ')[1] ?? '', 'base64');
    const asked = alias === undefined ? { host: address, port, key } : { host: alias, port: 22, key };
    return judgeHostKey(parseKnownHosts(text, 'known_hosts'), asked).kind;
  };

  /** What ssh says, told by its exit message. */
  const theirs = ({ text, alias }: Case, index: number): Promise<Kind> => {
    const file = join(folder, `known${index}`);
    writeFileSync(file, text, 'latin1');
    const options = [
      `UserKnownHostsFile=${file}`,
      'GlobalKnownHostsFile=/dev/null',
      'StrictHostKeyChecking=yes',
      'HostKeyAlgorithms=ssh-ed25519',
      'BatchMode=yes',
      'PreferredAuthentications=none',
      ...(alias === undefined ? [] : [`HostKeyAlias=${alias}`]),
    ].flatMap((option) => ['-o', option]);
    const args = ['-F', 'none', ...options, '-p', String(port), 'nobody@127.0.0.1', 'true'];
    return new Promise((resolve, reject) => {
      execFile(
        'ssh',
        args,
        { env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
        (_error, _stdout, stderr) => {
          const kind = kindOf(stderr);
          if (kind) resolve(kind);
          else reject(new Error(stderr));
        },
      );
    });
  };

  test('the same verdict on fixed and on generated files', { timeout: 300_000 }, async () => {
    const cases = [...fixedCases(keys, port), ...generatedCases(keys, port, CASES)];
    expect(cases.length).toBeGreaterThanOrEqual(CASES);
    const verdicts: Kind[] = [];
    for (let at = 0; at < cases.length; at += 8) {
      verdicts.push(
        ...(await Promise.all(cases.slice(at, at + 8).map((one, index) => theirs(one, at + index)))),
      );
    }
    const differences = cases.flatMap((one, index) => {
      const verdict = ours(one);
      return verdict === verdicts[index] ? [] : [{ ...one, ours: verdict, ssh: verdicts[index] }];
    });
    expect(differences).toEqual([]);
    // A comparison in which ssh always says the same would prove nothing.
    for (const kind of ['known', 'unknown', 'changed', 'revoked']) {
      expect(verdicts.filter((verdict) => verdict === kind).length).toBeGreaterThan(4);
    }
  });

  test('a key is drawn as ssh-keygen draws it', () => {
    for (const name of ['host_ed25519', 'host_rsa', 'host_ecdsa']) {
      const file = join(folder, `${name}.pub`);
      const [keyType = '', base64 = ''] = readFileSync(file, 'utf8').split(' ');
      const drawn = execFileSync('ssh-keygen', ['-lv', '-f', file], { encoding: 'utf8' });
      const picture = randomart(Buffer.from(base64, 'base64'), keyType);
      expect(picture.split('\n')).toEqual(drawn.trimEnd().split('\n').slice(1));
    }
  });

  test('ssh accepts the lines that we write, plain and hashed', async () => {
    const key = Buffer.from(keys.right.split(' ')[1] ?? '', 'base64');
    for (const [index, before] of [
      '',
      'elsewhere ' + keys.other,
      `${hashed('elsewhere')} ${keys.other}\n`,
    ].entries()) {
      const file = join(folder, `written${index}`);
      if (before !== '') writeFileSync(file, before);
      await appendKnownHost(file, { host: address, port, key });
      const text = readFileSync(file, 'latin1');
      expect(await theirs({ text, alias: undefined }, 1000 + index)).toBe('known');
      expect(text.includes('[127.0.0.1]')).toBe(index < 2);
    }
  });
});

interface Keys {
  readonly right: string;
  readonly rightRsa: string;
  readonly other: string;
  readonly otherRsa: string;
}

function kindOf(stderr: string): Kind | undefined {
  if (stderr.includes('REVOKED HOST KEY')) return 'revoked';
  if (stderr.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) return 'changed';
  if (/No \S+ host key is known for/.test(stderr)) return 'unknown';
  return stderr.includes('Permission denied') ? 'known' : undefined;
}

function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function fixedCases({ right, rightRsa, other, otherRsa }: Keys, port: number): Case[] {
  const here = `[${address}]:${port}`;
  const byPort = [
    '',
    '\n\n# nothing\n',
    `${here} ${right}\n`,
    `${here} ${right}`,
    `${here} ${other}\n`,
    `${address} ${right}\n`,
    `${address} ${other}\n`,
    `${hashed(here)} ${right}\n`,
    `${hashed(address)} ${right}\n`,
    `${hashed(here)} ${other}\n`,
    `${hashed(address)} ${other}\n`,
    `[127.0.0.*]:${port} ${right}\n`,
    `[${address}]:* ${right}\n`,
    `* ${right}\n`,
    `* ${other}\n`,
    `*,!${here} ${right}\n`,
    `*,!${address} ${right}\n`,
    `!${here},* ${right}\n`,
    `!${here} ${right}\n`,
    `nowhere,${here},else ${right}\n`,
    `nowhere, ${here} ${right}\n`,
    `${here} ${otherRsa}\n`,
    `${here} ${otherRsa}\n${here} ${right}\n`,
    `${here} ${other}\n${here} ${right}\n`,
    `${here} ${right}\n${here} ${other}\n`,
    `${here} ${rightRsa}\n`,
    `@revoked ${here} ${right}\n`,
    `@revoked ${here} ${right}\n${here} ${right}\n`,
    `${here} ${right}\n@revoked * ${right}\n`,
    `@revoked ${address} ${right}\n`,
    `@revoked ${here} ${other}\n${here} ${right}\n`,
    `@revoked ${here} ${other}\n`,
    `@cert-authority ${here} ${right}\n`,
    `@cert-authority ${here} ${other}\n${here} ${right}\n`,
    `@other ${here} ${right}\n`,
    `@revoked @cert-authority ${here} ${right}\n`,
    `${here} ${right}\r\n`,
    `# comment\r\n${here} ${right} a comment here\r\n`,
    `   \t${here}\t\t${right}\n`,
    `${here} ${right.slice(0, -6)}\n`,
    `${here} ${right.replace('ssh-ed25519', 'ssh-rsa')}\n`,
    `${here} ssh-ed25519\n`,
    `${here}\n`,
    `${here} 1024 35 123456789\n`,
    `${here} ssh-unknown AAAA\n${here} ${right}\n`,
    `\u0000\u0001junk \u00ff\n${here} ${right}\n`,
    `|1|short|hash ${right}\n${here} ${right}\n`,
    `|2|AAAA|BBBB ${right}\n`,
    `[127.0.0.?]:${port} ${right}\n`,
    `#${here} ${right}\n`,
  ].map((text) => ({ text, alias: undefined }));
  const byAlias = [
    `www.example.test ${right}\n`,
    `*.example.test ${right}\n`,
    `*.example.test,!www.example.test ${right}\n`,
    `WWW.Example.TEST ${right}\n`,
    `www.example.* ${other}\n`,
    `w?w.example.test ${right}\n`,
    `ww?.example.tes ${right}\n`,
    `${hashed('www.example.test')} ${right}\n`,
    `[www.example.test]:22 ${right}\n`,
    `www.example.test ${right} www.example.test\n`,
    `@revoked *.test ${right}\nwww.example.test ${right}\n`,
    `*w*w*.*e*t ${right}\n`,
  ].map((text) => ({ text, alias: 'www.example.test' }));
  return [...byPort, ...byAlias];
}

/** Files of one to five lines put together by chance; the same on every run. */
function generatedCases(keys: Keys, port: number, count: number): Case[] {
  const random = generator(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const here = `[${address}]:${port}`;
  const names = [
    here,
    address,
    hashed(here),
    hashed(address),
    '*',
    '[*]:*',
    '127.0.0.*',
    `x,${here}`,
    `*,!${here}`,
    'elsewhere',
    `!x,${here}`,
  ];
  const keyTexts = [
    keys.right,
    keys.right,
    keys.right,
    keys.other,
    keys.otherRsa,
    keys.rightRsa,
    keys.right.slice(0, -4),
    'ssh-ed25519 AAAA',
  ];
  const markers = ['', '', '', '', '', '@revoked ', '@cert-authority ', '@x '];
  const ends = ['\n', '\n', '\r\n', ' comment\n', '\n\n# note\n'];
  return Array.from({ length: count }, () => {
    const lines = Array.from(
      { length: 1 + Math.floor(random() * 5) },
      () => pick(markers) + pick(names) + pick([' ', '\t', '  ']) + pick(keyTexts) + pick(ends),
    );
    return { text: lines.join(''), alias: undefined };
  });
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
