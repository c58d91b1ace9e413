import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHtaccess } from '../../src/apache/config/judge';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { byteStringOf } from '../../src/text/bytes';
import { startJudge, type Judge, type JudgeProfile } from './apache/judge';
import { wholeDisk } from './apache/whole_disk';
import { directiveTexts } from './generate/directives';
import { takeHtaccessTexts } from './generate/htaccess';
import { realisticFiles } from './generate/realistic';

/** Texts per profile; VERDICT_CASES asks for more, VERDICT_SEED for others, VERDICT_MODULE for one module's directives only. */
const CASES = Number(process.env['VERDICT_CASES'] ?? 7000);
const SEED = Number(process.env['VERDICT_SEED'] ?? 1);
const ONLY = process.env['VERDICT_MODULE'];

/** Apache's process keeps it for all later texts, which makes relative paths of other Lua directives wrong. */
const OUTLIVING = 'LuaRoot';

const modules = ALL_MODULES.map((module) => module.name);
const directives = ALL_MODULES.filter((module) => ONLY === undefined || module.name === ONLY).flatMap(
  (module) =>
    Object.entries(module.directives)
      .filter(([name]) => name !== OUTLIVING)
      .map(([name, { args, where }]) => ({ name, args, where })),
);

const PROFILES: Readonly<Record<string, { apache: JudgeProfile; ours: Partial<HostProfile> }>> = {
  default: { apache: {}, ours: {} },
  narrow: {
    apache: { allowOverride: 'FileInfo Indexes Options=Indexes,FollowSymLinks' },
    ours: {
      allowOverride: ['FileInfo', 'Indexes', 'Options'],
      allowOverrideOptions: ['Indexes', 'FollowSymLinks'],
    },
  },
  listed: {
    apache: {
      allowOverride: 'Nonfatal=Override AuthConfig',
      allowOverrideList: 'Redirect RewriteEngine ErrorDocument',
    },
    ours: {
      allowOverride: ['Nonfatal=Override', 'AuthConfig'],
      allowOverrideList: ['Redirect', 'RewriteEngine', 'ErrorDocument'],
    },
  },
};

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };

/** Differences that we know and keep, each with its reason. */
const KNOWN: readonly {
  readonly reason: string;
  readonly applies: (text: string, message: string) => boolean;
}[] = [
  {
    reason:
      'No profile tells the ServerRoot, nor which files lie outside of the tree; refused it is in any case.',
    applies: (_text, message) =>
      /^SSLCACertificate(?:Path|File): .* does not exist|support for per-directory CA$/.test(message),
  },
];

let apache: Judge;

beforeAll(async () => {
  const profiles = Object.fromEntries(Object.entries(PROFILES).map(([name, { apache }]) => [name, apache]));
  apache = await startJudge({ profiles, environment: ENVIRONMENT });
});

afterAll(() => apache?.stop());

function textsOf(seed: number): Uint8Array[] {
  const material = { directives, samples: realisticFiles().map((file) => file.text) };
  return [
    ...directiveTexts(Math.ceil(CASES * 0.6), seed, directives),
    ...takeHtaccessTexts(Math.floor(CASES * 0.4), seed, material),
  ];
}

describe.each(Object.entries(PROFILES))('verdicts with the profile %s', (name, { ours }) => {
  it(`equal Apache's on ${CASES} texts`, async () => {
    const host = hostProfile({ modules, treeRoot: apache.folderOf(name), environment: ENVIRONMENT, ...ours });
    const site = wholeDisk();
    const texts = textsOf(SEED);
    const verdicts = await apache.judgeAll(texts, { profile: name });
    const differences: string[] = [];
    texts.forEach((bytes, at) => {
      const theirs = verdicts[at];
      if (theirs === undefined || theirs.crashed) return;
      const text = byteStringOf(bytes);
      const own = readHtaccess(text, host, { directory: `${host.treeRoot}/`, site }).verdict;
      const expected = theirs.error;
      const isSame =
        own.ok === (expected === null) &&
        own.line === (expected?.line ?? null) &&
        own.message === (expected?.message ?? null);
      if (isSame || KNOWN.some(({ applies }) => applies(text, expected?.message ?? ''))) return;
      differences.push(
        `${JSON.stringify(text.slice(0, 600))}\n  Apache: ${expected === null ? 'ok' : `${expected.line}: ${expected.message}`}\n  ours:   ${own.ok ? 'ok' : `${own.line}: ${own.message}`}`,
      );
    });
    // Not compared as one text: the runner would spend minutes on the difference of two long ones.
    if (differences.length > 0) {
      const shown = differences.slice(0, 40).join('\n');
      throw new Error(`${differences.length} differences\n${shown}`);
    }
    expect(texts.length).toBeGreaterThanOrEqual(CASES);
  });
});
