import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appendKnownHost,
  fingerprintOf,
  judgeHostKey,
  keyTypeOf,
  knownHostsLine,
  knownKeyTypes,
  parseKnownHosts,
  readKnownHosts,
} from '../../src/remote/knownHosts';
import { matchesPatternList, matchesWildcard } from '../../src/remote/patterns';

/** A new Ed25519 key as a line of known_hosts holds it. ssh2 would make one, too, but a few in a thousand are malformed. */
function newKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const parts = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')];
  const sized = parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]);
  return `ssh-ed25519 ${Buffer.concat(sized).toString('base64')}`;
}

const wire = (key: string) => Buffer.from(key.split(' ')[1] ?? '', 'base64');
const right = newKey();
const other = newKey();

const judge = (text: string, host = 'example.test', port = 22) =>
  judgeHostKey(parseKnownHosts(text, 'file'), { host, port, key: wire(right) });

describe('verdicts', () => {
  test('name the line that decided', () => {
    expect(judge(`# note\n\nexample.test ${right}\n`)).toEqual({ kind: 'known', file: 'file', line: 3 });
    expect(judge(`example.test ${other}\n`)).toEqual({
      kind: 'changed',
      file: 'file',
      line: 1,
      keyType: 'ssh-ed25519',
    });
    expect(judge(`example.test ${right}\n@revoked * ${right}`)).toEqual({
      kind: 'revoked',
      file: 'file',
      line: 2,
    });
    expect(judge(`elsewhere ${right}\n`)).toEqual({ kind: 'unknown' });
  });

  test('host names are compared without case', () => {
    expect(judge(`EXAMPLE.test ${right}`, 'Example.TEST').kind).toBe('known');
  });

  test('another port falls back to the plain name for an equal key only', () => {
    expect(judge(`example.test ${right}`, 'example.test', 2222).kind).toBe('known');
    expect(judge(`example.test ${other}`, 'example.test', 2222).kind).toBe('unknown');
    expect(judge(`[example.test]:2222 ${other}\nexample.test ${right}`, 'example.test', 2222).kind).toBe(
      'changed',
    );
    expect(judge(`[example.test]:2222 ${right}`, 'example.test', 22).kind).toBe('unknown');
  });

  test('never accepts a key that no line holds, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (junk, marked) => {
        const text = `${junk}\n${marked ? '@cert-authority ' : ''}example.test ${other}\n${junk}`;
        expect(judge(text).kind).not.toBe('known');
      }),
    );
  });
});

test('key types known for a server come from its own lines, else from the plain name', () => {
  const entries = parseKnownHosts(`[h]:2222 ${right}\nh ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQA=\n`, 'file');
  expect(knownKeyTypes(entries, 'h', 2222)).toEqual(['ssh-ed25519']);
  expect(knownKeyTypes(entries, 'elsewhere', 22)).toEqual([]);
});

describe('a new line', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fastcgi-hosts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const server = { host: 'example.test', port: 2222, key: wire(right) };

  test.each([true, false])('is found again (hashed: %s)', (hashed) => {
    const text = knownHostsLine(server, hashed);
    expect(text.includes('example.test')).toBe(!hashed);
    expect(judge(text, 'example.test', 2222).kind).toBe('known');
    expect(judge(text, 'example.test', 2223).kind).toBe('unknown');
  });

  test('goes to its own line, into a file and folder for the owner only', async () => {
    const file = join(folder, 'ssh', 'known_hosts');
    await appendKnownHost(file, server);
    expect([statSync(file).mode & 0o777, statSync(join(folder, 'ssh')).mode & 0o777]).toEqual([0o600, 0o700]);
    writeFileSync(file, `elsewhere ${other}`);
    await appendKnownHost(file, server);
    expect(readFileSync(file, 'utf8')).toBe(`elsewhere ${other}\n[example.test]:2222 ${right}\n`);
  });

  test('a missing file is empty, an unreadable one an error', async () => {
    expect(await readKnownHosts([join(folder, 'none'), join(folder, 'none', 'deeper')])).toEqual([]);
    await expect(readKnownHosts([folder])).rejects.toMatchObject({ reason: 'known-hosts-unreadable' });
  });
});

test('type and fingerprint of a key', () => {
  expect(keyTypeOf(wire(right))).toBe('ssh-ed25519');
  expect(keyTypeOf(Buffer.from('junk'))).toBe('');
  expect(fingerprintOf(Buffer.from(''))).toBe('SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
});

describe('patterns', () => {
  test('equal a regular expression of the same meaning', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    fc.assert(
      fc.property(
        letters,
        fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 }),
        (pattern, text) => {
          const same = new RegExp(
            `^${pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.')}$`,
          ).test(text);
          expect(matchesWildcard(pattern, text)).toBe(same);
        },
      ),
    );
  });

  test('a hostile pattern takes no time', () => {
    const started = performance.now();
    expect(matchesWildcard('*a'.repeat(200), 'a'.repeat(150) + 'b')).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
  });

  test('a negated pattern excludes, and alone includes nothing', () => {
    expect(matchesPatternList(['*', '!bad'], 'bad')).toBe(false);
    expect(matchesPatternList(['*', '!bad'], 'good')).toBe(true);
    expect(matchesPatternList(['!bad'], 'good')).toBe(false);
  });
});
