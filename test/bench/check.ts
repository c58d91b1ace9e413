import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { inSmallYoungGeneration } from '../../src/cli/youngGeneration';
import { byteStringOfText } from '../../src/text/bytes';
import { hasApache } from '../oracle/apache';
import { SHARED_HOST, startJudge, type Judge } from '../oracle/apache/judge';
import { costOf, costOfChildren, per, rowsOf, runBench, type Cost, type Report, type Round } from './measure';
import { editedInTheMiddle, manyRules, realisticTexts } from './texts';

const RULES = 10_000;
const FILES = 3_000;
/** How often Apache judges the large file in a round, so that its few milliseconds can be read off. */
const REPEATS = 5;

const host = hostProfile();

/** Judges texts and says whether each is taken. */
function judgeAll(texts: readonly string[]): boolean[] {
  return texts.map((text) => judge(text, host).ok);
}

/** What the first judging in a new process costs, modules loaded. */
function costInFreshProcess(texts: readonly string[]): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-bench-'));
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(texts));
  const child = spawnSync(process.execPath, [process.argv[1] ?? '', 'once', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return JSON.parse(child.stdout) as Cost;
}

/** As `fastcgi check` begins. */
async function once(file: string): Promise<void> {
  const texts = JSON.parse(readFileSync(file, 'utf8')) as string[];
  const cost = await inSmallYoungGeneration(() => Promise.resolve(costOf(() => judgeAll(texts))));
  process.stdout.write(JSON.stringify(cost));
}

/** What the same texts cost Apache, over one kept-alive connection. */
async function costOfApache(apache: Judge, texts: readonly string[]): Promise<Cost> {
  return costOfChildren(apache.server.pid, async () => {
    for (const text of texts) await apache.judge(text);
  });
}

interface Rounds {
  readonly freshRules: Round[];
  readonly warmRules: Round[];
  readonly edit: Round[];
  readonly freshFiles: Round[];
  readonly warmFiles: Round[];
}

const withPeer = (ours: Cost, peer: Cost | undefined): Round =>
  peer === undefined ? { ours } : { ours, peer };

async function measureRules(seed: number, apache: Judge | undefined, rounds: Rounds): Promise<void> {
  const text = manyRules(RULES, seed);
  const times = Array.from({ length: REPEATS }, () => text);
  const peer = apache && per(await costOfApache(apache, times), REPEATS);
  rounds.freshRules.push(withPeer(costInFreshProcess([text]), peer));
  rounds.warmRules.push(
    withPeer(
      costOf(() => judgeAll([text])),
      peer,
    ),
  );
  for (let typed = 'x'; typed.length <= REPEATS; typed += 'x') {
    const edited = editedInTheMiddle(text, typed);
    rounds.edit.push(
      withPeer(
        costOf(() => judgeAll([edited])),
        peer,
      ),
    );
  }
}

async function measureFiles(seed: number, apache: Judge | undefined, rounds: Rounds): Promise<void> {
  const texts = realisticTexts(FILES, seed).map(byteStringOfText);
  const peer = apache && (await costOfApache(apache, texts));
  rounds.freshFiles.push(withPeer(costInFreshProcess(texts), peer));
  rounds.warmFiles.push(
    withPeer(
      costOf(() => judgeAll(texts)),
      peer,
    ),
  );
}

/** Without agreement the comparison would be of different work. */
async function agreement(apache: Judge): Promise<string> {
  const texts = realisticTexts(FILES, 1).map(byteStringOfText);
  const own = judgeAll(texts);
  const theirs = await apache.judgeAll(texts.map((text) => Buffer.from(text, 'latin1')));
  const same = own.filter((ok, at) => ok === (theirs[at]?.error === null)).length;
  const good = own.filter(Boolean).length;
  return `${good} of ${FILES} files are good; Apache's verdict is ours on ${same} of them all`;
}

async function measure(count: number, apache: Judge | undefined): Promise<Report> {
  const rounds: Rounds = { freshRules: [], warmRules: [], edit: [], freshFiles: [], warmFiles: [] };
  judgeAll(realisticTexts(FILES, 1).map(byteStringOfText));
  for (let round = 1; round <= count; round++) {
    await measureRules(1000 + round, apache, rounds);
    await measureFiles(1000 + round, apache, rounds);
  }
  const atMost = (most: number) => ({
    text: `at most ${most} × Apache`,
    holds: ({ ratio }: { readonly ratio: number | undefined }) =>
      ratio === undefined ? undefined : ratio <= most,
  });
  return {
    rows: [
      ...rowsOf('10,000 rules, new process', rounds.freshRules, atMost(2)),
      ...rowsOf('10,000 rules, warm process', rounds.warmRules, atMost(2)),
      ...rowsOf('10,000 rules after one edit', rounds.edit, {
        text: 'at most 5 ms',
        holds: ({ ours }) => ours <= 5,
      }),
      ...rowsOf('3,000 files, new process', rounds.freshFiles, atMost(1)),
      ...rowsOf('3,000 files, warm process', rounds.warmFiles, atMost(1)),
    ],
    remarks: apache === undefined ? [] : [await agreement(apache)],
  };
}

async function check(rounds: number): Promise<Report> {
  const available = hasApache();
  if (!available.available) {
    const { rows } = await measure(rounds, undefined);
    return { rows, remarks: [`no comparison: ${available.reason}`] };
  }
  const apache = await startJudge({ modules: SHARED_HOST });
  try {
    return await measure(rounds, apache);
  } finally {
    await apache.stop();
  }
}

if (process.argv[2] === 'once') await once(process.argv[3] ?? '');
else await runBench(check);
