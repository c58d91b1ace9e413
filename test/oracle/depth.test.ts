import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHtaccess } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { placeBits } from '../../src/apache/modules/define';
import { byteStringOf } from '../../src/text/bytes';
import { startJudge, type Judge } from './apache/judge';
import { wholeDisk } from './apache/whole_disk';
import { directiveTexts } from './generate/directives';

/** Texts for each directive; DEPTH_CASES asks for more, DEPTH_SEED for others. */
const CASES = Number(process.env['DEPTH_CASES'] ?? 40);
const SEED = Number(process.env['DEPTH_SEED'] ?? 5);

/** Apache's refusals of a wrong number of words, or of a word that is neither On nor Off: the kind of the arguments says it. */
const BY_KIND = /^\S+ (?:takes |requires |must be On or Off)/;

/** Apache's process keeps it for all later texts. */
const OUTLIVING = 'LuaRoot';

type Depth = 'each argument' | 'number and kind of arguments' | 'nothing: Apache takes anything';

/** Directives whose arguments Apache does not look at when it reads them. */
const UNCHECKED = [
  'AuthDigestDomain',
  'DirectoryIndex',
  'FilterChain',
  'Lua_____ByteCodeHack',
  'MacroIgnoreBadNesting',
  'MacroIgnoreEmptyArgs',
  'SSLRequireSSL',
  'SessionCryptoPassphrase',
];

/** How many directives are checked how deeply, LuaRoot left out, with the usual texts. */
const COUNTS: Readonly<Record<Depth, number>> = {
  'each argument': 156,
  'number and kind of arguments': 144,
  'nothing: Apache takes anything': 8,
};

let judge: Judge;

beforeAll(async () => {
  judge = await startJudge();
});

afterAll(() => judge?.stop());

const directives = ALL_MODULES.flatMap((module) =>
  Object.entries(module.directives).map(([name, { args, where }]) => ({ name, args, where })),
).filter(({ name, where }) => name !== OUTLIVING && (placeBits(where) & placeBits(['All'])) !== 0);

/** A refusal without the words of the file that it quotes: one shape for each check. */
const shapeOf = (message: string): string => message.replaceAll(/'[^']*'|"[^"]*"|\d+/g, '…').slice(0, 60);

function depthOf(refusals: ReadonlySet<string>): Depth {
  if ([...refusals].some((message) => !BY_KIND.test(message))) return 'each argument';
  return refusals.size > 0 ? 'number and kind of arguments' : 'nothing: Apache takes anything';
}

it('every directive is checked as deeply as Apache checks it', async () => {
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const modules = ALL_MODULES.map(({ name }) => name);
  const host = hostProfile({ modules, treeRoot: judge.folderOf(), environment });
  const site = wholeDisk();
  const byDepth = new Map<Depth, string[]>();
  const wrong: string[] = [];
  for (const directive of directives) {
    const texts = directiveTexts(CASES, SEED, [directive]);
    const verdicts = await judge.judgeAll(texts);
    const [theirs, ours] = [new Set<string>(), new Set<string>()];
    texts.forEach((bytes, at) => {
      const verdict = verdicts[at];
      if (verdict === undefined || verdict.crashed) return;
      const own = readHtaccess(byteStringOf(bytes), host, { directory: `${host.treeRoot}/`, site }).verdict;
      if (verdict.error !== null) theirs.add(shapeOf(verdict.error.message));
      if (own.message !== null) ours.add(shapeOf(own.message));
    });
    const missing = [...theirs].filter((one) => !ours.has(one));
    const surplus = [...ours].filter((one) => !theirs.has(one));
    if (missing.length + surplus.length > 0)
      wrong.push(
        `${directive.name}: Apache alone: ${missing.join(' | ')}; ours alone: ${surplus.join(' | ')}`,
      );
    const depth = depthOf(ours);
    byDepth.set(depth, [...(byDepth.get(depth) ?? []), directive.name]);
  }
  for (const [depth, names] of byDepth)
    process.stdout.write(`${depth}: ${names.length}\n  ${names.toSorted().join(' ')}\n`);
  const [beyond] = wrong.filter((line) => !line.startsWith('SSLCACertificate'));
  expect(beyond).toBeUndefined();
  expect(byDepth.get('nothing: Apache takes anything')?.toSorted()).toEqual(UNCHECKED);
  const counts = [...byDepth].map(([depth, names]) => [depth, names.length] as const);
  if (SEED === 5 && CASES === 40) expect(Object.fromEntries(counts)).toEqual(COUNTS);
});

const SECTIONS = [
  '<Limit GET>',
  '<LimitExcept GET>',
  '<Files x>',
  '<If "true">',
  '<RequireAll>',
  '<RequireNone>',
];

it.each(SECTIONS)('every directive is taken or refused inside %s as by Apache', async (open) => {
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const modules = ALL_MODULES.map(({ name }) => name);
  const host = hostProfile({ modules, treeRoot: judge.folderOf(), environment });
  const site = wholeDisk();
  const close = `</${/\w+/.exec(open)?.[0]}>`;
  const texts = directives
    .flatMap((directive) => directiveTexts(Math.ceil(CASES / 6), SEED + 1, [directive]))
    .map((bytes) => `${open}\n${byteStringOf(bytes)}\n${close}\n`);
  const verdicts = await judge.judgeAll(texts.map((text) => Buffer.from(text, 'latin1')));
  const wrong = texts.filter((text, at) => {
    const verdict = verdicts[at];
    if (verdict === undefined || verdict.crashed || verdict.error?.message.startsWith('SSLCACert'))
      return false;
    const own = readHtaccess(text, host, { directory: `${host.treeRoot}/`, site }).verdict;
    return own.message !== (verdict.error?.message ?? null) || own.line !== (verdict.error?.line ?? null);
  });
  expect(wrong.slice(0, 20)).toEqual([]);
});
