import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHtaccess } from '../../src/apache/config/judge';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { byteStringOf } from '../../src/text/bytes';
import { startJudge, type Judge, type JudgeProfile } from './apache/judge';
import { wholeDisk } from './apache/whole_disk';
import { mixedTexts } from './generate/mixed';
import { realisticFiles } from './generate/realistic';

/** Texts per profile; MIXED_CASES asks for more, MIXED_SEED for others. */
const CASES = Number(process.env['MIXED_CASES'] ?? 1500);
const SEED = Number(process.env['MIXED_SEED'] ?? 1);

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const OUTLIVING = 'LuaRoot';

const PROFILES: Readonly<Record<string, { apache: JudgeProfile; ours: Partial<HostProfile> }>> = {
  default: { apache: {}, ours: {} },
  listed: {
    apache: {
      allowOverride: 'Limit Nonfatal=Override',
      allowOverrideList:
        'RewriteRule RewriteCond Header Options Require AuthName SetEnvIf ErrorDocument Redirect <If <Files',
    },
    ours: {
      allowOverride: ['Limit', 'Nonfatal=Override'],
      allowOverrideList: [
        'RewriteRule',
        'RewriteCond',
        'Header',
        'Options',
        'Require',
        'AuthName',
        'SetEnvIf',
        'ErrorDocument',
        'Redirect',
        '<If',
        '<Files',
      ],
    },
  },
  options: {
    apache: { allowOverride: 'AuthConfig FileInfo Options=ExecCGI,SymLinksIfOwnerMatch Nonfatal=Unknown' },
    ours: {
      allowOverride: ['AuthConfig', 'FileInfo', 'Options', 'Nonfatal=Unknown'],
      allowOverrideOptions: ['ExecCGI', 'SymLinksIfOwnerMatch'],
    },
  },
};

let apache: Judge;

beforeAll(async () => {
  const profiles = Object.fromEntries(Object.entries(PROFILES).map(([name, one]) => [name, one.apache]));
  apache = await startJudge({ profiles, environment: ENVIRONMENT });
});

afterAll(() => apache?.stop());

const material = {
  directives: ALL_MODULES.flatMap((module) =>
    Object.entries(module.directives).map(([name, { args, where }]) => ({ name, args, where })),
  ).filter(({ name }) => name !== OUTLIVING && name !== 'Lua_____ByteCodeHack'),
  samples: realisticFiles().map(({ text }) => text),
};

describe.each(Object.entries(PROFILES))('everything mixed, with the profile %s', (name, { ours }) => {
  it(`is judged as by Apache on ${CASES} texts`, async () => {
    const modules = ALL_MODULES.map((module) => module.name);
    const treeRoot = apache.folderOf(name);
    const host = hostProfile({ modules, treeRoot, environment: ENVIRONMENT, ...ours });
    const site = wholeDisk();
    const texts = mixedTexts(CASES, SEED, material);
    const verdicts = await apache.judgeAll(texts, { profile: name });
    const differences: string[] = [];
    texts.forEach((bytes, at) => {
      const theirs = verdicts[at];
      if (theirs === undefined || theirs.crashed) return;
      const text = byteStringOf(bytes);
      const own = readHtaccess(text, host, { directory: `${treeRoot}/`, site }).verdict;
      const expected = theirs.error;
      if (expected?.message.startsWith('SSLCACertificate') === true) return;
      // An unknown directive that is only warned of gives its line to the next error.
      const isLineKnown = !theirs.log.some(({ message }) => message.startsWith('AH02296'));
      const isSame =
        own.message === (expected?.message ?? null) &&
        (!isLineKnown || own.line === (expected?.line ?? null));
      if (isSame) return;
      differences.push(
        `${JSON.stringify(text.length > 900 ? `${text.slice(0, 900)} ... ${text.length}` : text)}\n  Apache: ${expected === null ? 'ok' : `${expected.line}: ${expected.message.slice(0, 300)}`}\n  ours:   ${own.ok ? 'ok' : `${own.line}: ${own.message?.slice(0, 300)}`}`,
      );
    });
    if (differences.length > 0)
      throw new Error(`${differences.length} differences\n${differences.slice(0, 30).join('\n')}`);
    expect(texts.length).toBe(CASES);
  });
});
