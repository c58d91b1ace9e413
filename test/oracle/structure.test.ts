import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHtaccess } from '../../src/apache/config/judge';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { byteStringOf } from '../../src/text/bytes';
import { startJudge, type Judge, type JudgeProfile } from './apache/judge';
import { wholeDisk } from './apache/whole_disk';
import { structureTexts } from './generate/structure';

/** Texts per profile; STRUCTURE_CASES asks for more, STRUCTURE_SEED for others. */
const CASES = Number(process.env['STRUCTURE_CASES'] ?? 3000);
const SEED = Number(process.env['STRUCTURE_SEED'] ?? 1);

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', ENVONLY: 'from the environment', EMPTY: '' };
const DEFINES = [
  'HERE',
  'NAMED=value',
  'QUOTED="a b"',
  'WORDS=a b',
  'SECTION=<Files x>',
  'COMMENT=#',
  'BACK=x\\',
];

const PROFILES: Readonly<Record<string, { apache: JudgeProfile; ours: Partial<HostProfile> }>> = {
  default: { apache: {}, ours: {} },
  lenient: {
    apache: { allowOverride: 'All Nonfatal=All' },
    ours: { allowOverride: ['All', 'Nonfatal=All'] },
  },
  unknown: {
    apache: { allowOverride: 'FileInfo Nonfatal=Unknown' },
    ours: { allowOverride: ['FileInfo', 'Nonfatal=Unknown'] },
  },
  override: {
    apache: { allowOverride: 'AuthConfig Nonfatal=Override' },
    ours: { allowOverride: ['AuthConfig', 'Nonfatal=Override'] },
  },
  none: { apache: { allowOverride: 'None' }, ours: { allowOverride: ['None'] } },
  listed: {
    apache: { allowOverride: 'None', allowOverrideList: 'Options <Files RewriteEngine <IfModule Use <Macro' },
    ours: {
      allowOverride: ['None'],
      allowOverrideList: ['Options', '<Files', 'RewriteEngine', '<IfModule', 'Use', '<Macro'],
    },
  },
  options: {
    apache: { allowOverride: 'Options=Indexes,MultiViews,IncludesNoExec Limit' },
    ours: {
      allowOverride: ['Options', 'Limit'],
      allowOverrideOptions: ['Indexes', 'MultiViews', 'IncludesNoExec'],
    },
  },
};

let apache: Judge;

beforeAll(async () => {
  const defines = DEFINES.map((define) => {
    const [name = '', value] = define.split(/=(.*)/s);
    return value === undefined
      ? `Define ${name}`
      : `Define ${name} "${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  });
  const profiles = Object.fromEntries(Object.entries(PROFILES).map(([name, { apache }]) => [name, apache]));
  apache = await startJudge({ profiles, environment: ENVIRONMENT, config: `${defines.join('\n')}\n` });
});

afterAll(() => apache?.stop());

describe.each(Object.entries(PROFILES))('what is read with the profile %s', (name, { ours }) => {
  it(`is judged as by Apache on ${CASES} texts`, async () => {
    const modules = ALL_MODULES.map((module) => module.name);
    const treeRoot = apache.folderOf(name);
    const host = hostProfile({ modules, treeRoot, environment: ENVIRONMENT, defines: DEFINES, ...ours });
    const site = wholeDisk();
    const texts = structureTexts(CASES, SEED);
    const verdicts = await apache.judgeAll(texts, { profile: name });
    const differences = texts.flatMap((bytes, at) => {
      const theirs = verdicts[at];
      if (theirs === undefined || theirs.crashed) return [];
      const text = byteStringOf(bytes);
      const { verdict } = readHtaccess(text, host, { directory: `${treeRoot}/`, site });
      // An unknown directive that is only warned of gives its line to the next error.
      const isLineKnown = !theirs.log.some(({ message }) => message.startsWith('AH02296'));
      const expected = theirs.error;
      const isSame =
        verdict.message === (expected?.message ?? null) &&
        (!isLineKnown || verdict.line === (expected?.line ?? null));
      if (isSame) return [];
      const shown =
        text.length > 700 ? `${text.slice(0, 400)} ... ${text.length} ... ${text.slice(-250)}` : text;
      return [
        `${JSON.stringify(shown)}\n  Apache: ${expected === null ? 'ok' : `${expected.line}: ${expected.message.slice(0, 300)}`}\n  ours:   ${verdict.ok ? 'ok' : `${verdict.line}: ${verdict.message}`}`,
      ];
    });
    if (differences.length > 0)
      throw new Error(`${differences.length} differences\n${differences.slice(0, 25).join('\n')}`);
    expect(texts.length).toBe(CASES);
  });
});
