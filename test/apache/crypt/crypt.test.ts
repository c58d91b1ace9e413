import { assert, constantFrom, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordMatches } from '../../../src/apache/crypt';
import { sha256, sha512 } from '../../../src/apache/crypt/sha2';

const hexOf = (bytes: string): string =>
  Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/** Made by htpasswd of apache2-utils 2.4 and by crypt(3), for the password `secret`. */
const HASHES = [
  '6ff3lpAINWLQ.',
  'abNANd1rDfiNc',
  '$2y$05$0vTmmf85BrZg1xXac6BC9ucd656mzuefBcCrqTZ7VMWkWsXBycLg6',
  '$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a',
  '$apr1$dg.BWw2o$ysDL9Xa66oGADhszpt3js/',
  '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1',
  '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
  '$5$HcRagrKsysXRKEmk$EE5OXA4X4YUU.blF/c1yGGRlxXc6X7PcvfXy.D.4AhA',
  '$6$xGXl/j3RKAiabUVk$CYSI77UIK1EA.RMxL2tUkkAfzWwZy3mF19OdVbfcJWHfji/ikBwKlwtMvfyGIouoYiXQKjGq9VWpjcQ7SivwU0',
];

describe('passwords and their hashes', () => {
  it.each(HASHES)('%s is of its password and of no other', (hash) => {
    expect(passwordMatches('secret', hash)).toBe(true);
    expect(passwordMatches('Secret', hash)).toBe(false);
    expect(passwordMatches('', hash)).toBe(false);
    expect(passwordMatches('secret', `${hash}x`)).toBe(false);
  });

  it.each(['secret', '', 'plain text', '$', '$2y$05$', '$2y$99$0vTmmf85BrZg1xXac6BC9u', '$7$x', '*0', ':'])(
    'nothing matches %j',
    (hash) => expect(passwordMatches('secret', hash)).toBe(false),
  );

  it('takes any bytes', () => {
    const bytes = string({
      unit: integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    const start = constantFrom('', '$2y$04$', '$apr1$', '$1$', '{SHA}', '$5$rounds=1000$', '$6$rounds=1000$');
    assert(
      property(bytes, start, bytes, (password, prefix, rest) => {
        expect(typeof passwordMatches(password, prefix + rest)).toBe('boolean');
      }),
      { numRuns: 50 },
    );
  });
});

describe('SHA-2', () => {
  it('gives the digests of FIPS 180-4', () => {
    expect(hexOf(sha256('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hexOf(sha512('abc'))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    );
    expect(hexOf(sha512('a'.repeat(112)))).toBe(
      'c01d080efd492776a1c43bd23dd99d0a2e626d481e16782e75d54c2503b5dc32bd05f0f1ba33e568b88fd2d970929b719ecbb152f58f130a407c8830604b70ca',
    );
  });
});
