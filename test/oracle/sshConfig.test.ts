import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasReason } from '../../src/remote/errors';
import { resolveTarget } from '../../src/remote/sshConfig';
import type { ResolvedTarget, SshTarget } from '../../src/remote/target';
import { Random } from './generate/random';

const CASES = Number(process.env['SSH_CONFIG_CASES'] ?? 600);
const SEED = Number(process.env['SSH_CONFIG_SEED'] ?? 20261128);

describe.skipIf(spawnSync('ssh', ['-V']).status !== 0)('ssh_config against `ssh -G`', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(`${CASES} generated configurations`, { timeout: 300_000 }, async () => {
    const random = new Random(SEED);
    const settings = new Set<string>();
    for (let at = 0; at < CASES; at += 8) {
      const cases = Array.from({ length: Math.min(8, CASES - at) }, (_, index) =>
        generateCase(random, join(folder, String(at + index))),
      );
      await Promise.all(cases.map(async (one) => settings.add(await compare(one))));
    }
    // A comparison in which nothing is ever set would prove nothing.
    expect(settings.size).toBeGreaterThan(CASES / 4);
  });

  test('what ssh refuses is refused with its words', async () => {
    const file = join(folder, 'bad');
    writeFileSync(file, 'Host a\n  Bogus yes\n');
    const refused = await resolveTarget({ host: 'a', configFile: file }, { trusted: true }).catch(
      (error: unknown) => error,
    );
    expect(hasReason(refused, 'configuration')).toBe(true);
    expect(String(refused)).toMatch(/line 2: Bad configuration option: bogus/);
  });
});

interface Case {
  readonly target: SshTarget;
  readonly text: string;
}

/** The settings as text; fails where our own reading and OpenSSH's differ. */
async function compare({ target, text }: Case): Promise<string> {
  const [own, exact] = await Promise.all([outcome(target, false), outcome(target, true)]);
  expect({ target, text, own }).toEqual({ target, text, own: exact });
  return JSON.stringify(own);
}

/** The comparable part of what is found, or the refusal (of jump hosts that go in a circle). */
async function outcome(target: SshTarget, trusted: boolean): Promise<object> {
  try {
    return comparable(await resolveTarget(target, { trusted }));
  } catch (error) {
    return { refused: hasReason(error, 'configuration') };
  }
}

/** The keys that OpenSSH looks for unasked differ by its version. */
function comparable({ identityFiles, jumps, ...rest }: ResolvedTarget): object {
  const unasked = identityFiles.filter((file) =>
    /\/\.ssh\/id_(rsa|dsa|xmss|(ecdsa|ed25519)(_sk)?)$/.test(file),
  );
  const files = unasked.length > 2 ? 'defaults' : identityFiles;
  return { ...rest, files, jumps: jumps.map(({ host, port, user }) => `${user}@${host}:${port}`) };
}

const HOSTS = ['one', 'two', 'a.dev', 'not.dev', 'b.example.test', 'WWW', 'www', '10.0.0.1'];

function generateCase(random: Random, folder: string): Case {
  mkdirSync(join(folder, 'more.d'), { recursive: true });
  const write = (name: string) => writeFileSync(join(folder, name), configText(random, folder, 2));
  for (const name of ['more.conf', 'more.d/10-a.conf', 'more.d/20-b.conf', 'more.d/.hidden.conf'])
    write(name);
  const text = configText(random, folder, 6);
  const configFile = join(folder, 'config');
  writeFileSync(configFile, text);
  const host = random.pick(HOSTS);
  return { text, target: { host, configFile, ...(random.chance(0.3) ? { user: random.pick(USERS) } : {}) } };
}

const USERS = ['bob', 'alice', 'root'];

function configText(random: Random, folder: string, sections: number): string {
  const parts = Array.from({ length: random.below(sections + 1) }, () => section(random, folder));
  const lines = [...(random.chance(0.3) ? settingsLines(random, folder) : []), ...parts.flat()];
  return lines.join(random.chance(0.1) ? '\r\n' : '\n') + (random.chance(0.8) ? '\n' : '');
}

function section(random: Random, folder: string): string[] {
  const head = random.chance(0.6) ? hostLine(random) : matchLine(random);
  return [head, ...settingsLines(random, folder)];
}

const PATTERNS = [
  ...HOSTS,
  '*',
  '*.dev',
  '!not.dev',
  '?ne',
  'w*',
  '!two',
  '*.example.*',
  '10.0.?.*',
  'A.dev',
];

function hostLine(random: Random): string {
  const names = Array.from({ length: 1 + random.below(3) }, () => quoted(random, random.pick(PATTERNS)));
  return `${random.pick(['Host', 'host', '  HOST', 'Host='])} ${names.join(random.pick([' ', '\t', '  ']))}${comment(random)}`;
}

function matchLine(random: Random): string {
  const lists = Array.from({ length: 1 + random.below(2) }, () => random.pick(PATTERNS)).join(',');
  const criteria = [
    `host ${lists}`,
    `originalhost ${lists}`,
    `!host ${random.pick(PATTERNS)}`,
    `host "${lists}"`,
    `host=${lists}`,
    `user ${random.pick([...USERS, '*', 'b*,!bob'])}`,
    `!user ${random.pick(USERS)}`,
    `localuser ${random.pick(['root', '*', 'nobody', '!root,*'])}`,
    `final`,
    `canonical`,
    `final host ${lists}`,
    `!final`,
  ];
  if (random.chance(0.1)) return random.pick(['Match all', 'Match final all', 'match canonical all']);
  const chosen = Array.from({ length: 1 + random.below(2) }, () => random.pick(criteria));
  return `Match ${chosen.join(' ')}`;
}

function settingsLines(random: Random, folder: string): string[] {
  return Array.from({ length: random.below(5) }, () => {
    const indent = random.pick(['', '  ', '\t']);
    return `${indent}${settingLine(random, folder)}${random.chance(0.2) ? random.pick([' ', '\t', ' \t ']) : ''}`;
  });
}

function settingLine(random: Random, folder: string): string {
  const [name, values] = random.pick(SETTINGS);
  if (random.chance(0.06)) return random.pick(['', '# Host *', '  # Port 99', '#']);
  if (random.chance(0.08)) {
    const file = random.pick([
      'more.conf',
      'more.d/*.conf',
      'more.d/1*.conf',
      'm*.d/*-b.conf',
      'missing',
      'no*',
    ]);
    return `Include ${quoted(random, join(folder, file))}`;
  }
  const keyword = random.pick([name, name.toLowerCase(), name.toUpperCase()]);
  const between = random.pick([' ', ' ', '  ', '\t', '=', ' = ', '= ']);
  const value = random.pick(values);
  return name.startsWith('Proxy')
    ? `${keyword}${between}${value}`
    : `${keyword}${between}${words(random, value)}${comment(random)}`;
}

/** Each value is a list of words divided by `|`. */
const SETTINGS: readonly (readonly [string, readonly string[]])[] = [
  ['HostName', ['%h.example.test', 'www.example.test', 'B.Example.Test', '%%h', '192.0.2.7', '%h']],
  ['Port', ['22', '2222', '65535', '1']],
  ['User', ['bob', 'alice', 'me@example', 'with blank', 'x#y']],
  [
    'IdentityFile',
    [
      '~/.ssh/id_%r_%h',
      '/keys/a',
      '/keys/with blank',
      '%d/key',
      'none',
      '/keys/%u-%p-%n',
      '/k/%%',
      'relative',
    ],
  ],
  ['IdentitiesOnly', ['yes', 'no', 'true', 'false']],
  ['IdentityAgent', ['none', 'SSH_AUTH_SOCK', '~/agent', '/run/agent-%r']],
  ['UserKnownHostsFile', ['/k/one', '/k/one|/k/two', '~/.ssh/k_%h', 'none', '/k/with blank|/k/two']],
  ['GlobalKnownHostsFile', ['/g/one|/g/two', '/dev/null', 'none']],
  ['HostKeyAlias', ['alias', 'Alias.Example']],
  ['StrictHostKeyChecking', ['yes', 'no', 'ask', 'accept-new', 'off']],
  ['HashKnownHosts', ['yes', 'no']],
  ['ProxyJump', ['none', 'jump', 'alice@jump:2022', 'one,two', 'ssh://bob@jump:22']],
  ['ProxyCommand', ['none', 'nc %h %p', 'ssh -W %h:%p "jump host" # not a comment', 'connect %r@%n']],
  ['PasswordAuthentication', ['no', 'yes']],
  ['PubkeyAuthentication', ['no', 'yes']],
  ['KbdInteractiveAuthentication', ['no', 'yes']],
  ['SendEnv', ['LANG|LC_*']],
  ['Compression', ['yes']],
];

function words(random: Random, value: string): string {
  return value
    .split('|')
    .map((word) => quoted(random, word))
    .join(random.pick([' ', '\t']));
}

function quoted(random: Random, word: string): string {
  const needs = /[ #]/.test(word);
  const ways = [
    `"${word}"`,
    `'${word}'`,
    ...(needs ? [word.replaceAll(' ', '\\ ')] : [word, word, word, word]),
  ];
  return random.pick(word.includes('#') ? ways.slice(0, 2) : ways);
}

function comment(random: Random): string {
  return random.chance(0.1) ? random.pick([' # a comment', '\t#x', ' # "quote']) : '';
}
