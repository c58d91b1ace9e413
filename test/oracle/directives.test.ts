import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { Registry } from '../../src/apache/config/registry';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { placeBits, type ArgumentKind, type Directive } from '../../src/apache/modules/define';
import { hasApache } from './apache';
import { findApxs } from './apache/build';
import { startJudge, type CommandRecord, type Judge } from './apache/judge';

/** enum cmd_how of http_config.h, in its order. */
const KINDS: readonly ArgumentKind[] = [
  'RAW_ARGS',
  'TAKE1',
  'TAKE2',
  'ITERATE',
  'ITERATE2',
  'FLAG',
  'NO_ARGS',
  'TAKE12',
  'TAKE3',
  'TAKE23',
  'TAKE123',
  'TAKE13',
  'TAKE_ARGV',
];

const EXEC_ON_READ = 256;

/** Kinds whose hint Apache never shows: the directive itself counts its words. */
const WITHOUT_HINT: ReadonlySet<ArgumentKind> = new Set(['RAW_ARGS']);

/** One record in words that both sides have. */
interface Facts {
  readonly name: string;
  readonly module: string;
  readonly args: ArgumentKind | undefined;
  readonly places: number;
  readonly execOnRead: boolean;
  readonly help: string;
}

const theirFacts = ({ name, module, args, override, help }: CommandRecord): Facts => ({
  name,
  module: module.replace(/\.c$/, ''),
  args: KINDS[args],
  places: override & ~EXEC_ON_READ,
  execOnRead: (override & EXEC_ON_READ) !== 0,
  help: WITHOUT_HINT.has(KINDS[args] ?? 'RAW_ARGS') ? '' : (help ?? ''),
});

const ourFacts = (name: string, module: string, one: Directive<unknown>): Facts => ({
  name,
  module,
  args: one.args,
  places: placeBits(one.where),
  execOnRead: one.execOnRead === true,
  help: WITHOUT_HINT.has(one.args) ? '' : (one.help ?? ''),
});

const sorted = (facts: readonly Facts[]): readonly string[] =>
  facts.map((one) => JSON.stringify(one)).toSorted();

describe.skipIf(!hasApache().available || findApxs() === undefined)('the table of directives', () => {
  let judge: Judge;
  let theirs: readonly Facts[];
  let ours: readonly Facts[];

  beforeAll(async () => {
    judge = await startJudge();
    const own = new Set(['mod_judge', 'mod_oracle']);
    theirs = (await judge.directives()).map(theirFacts).filter(({ module }) => !own.has(module));
    const loaded = new Set(theirs.map(({ module }) => module));
    const { modules } = new Registry(ALL_MODULES, Number.MAX_SAFE_INTEGER);
    ours = modules
      .filter(({ name }) => loaded.has(name))
      .flatMap((module) =>
        Object.entries(module.directives).map(([name, one]) => ourFacts(name, module.name, one)),
      );
  });

  afterAll(() => judge?.stop());

  it('has every record of the running Apache, and no other, with kind, classes, time and hint', () => {
    const [their, our] = [sorted(theirs), sorted(ours)];
    const [inTheirs, inOurs] = [new Set(their), new Set(our)];
    const differences = [
      ...their.filter((one) => !inOurs.has(one)).map((one) => `only Apache: ${one}`),
      ...our.filter((one) => !inTheirs.has(one)).map((one) => `only ours:   ${one}`),
    ];
    expect(differences.toSorted((a, b) => a.slice(13).localeCompare(b.slice(13)))).toEqual([]);
    expect(new Set(their).size).toBeGreaterThan(750);
  });

  it('judges 787 names by default, of which 309 may stand in a .htaccess', () => {
    const inHtaccess = ours.filter(({ places }) => (places & placeBits(['All'])) !== 0);
    expect(new Set(inHtaccess.map(({ name }) => name)).size).toBe(309);
    expect(new Set(ours.map(({ name }) => name)).size).toBe(787);
    expect(hostProfile().apache).toMatch(/^2\.4\./);
  });
});
