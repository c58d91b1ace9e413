import { expect, it } from 'vitest';
import { advise } from '../../../src/advice';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';
import { byteStringOf } from '../../../src/text/bytes';
import { directiveTexts } from '../../oracle/generate/directives';
import { takeHtaccessTexts } from '../../oracle/generate/htaccess';
import { mixedTexts } from '../../oracle/generate/mixed';
import { Random } from '../../oracle/generate/random';
import { realisticFiles } from '../../oracle/generate/realistic';
import { structureTexts } from '../../oracle/generate/structure';

/**
 * Whatever the bytes: no exception, and an answer in bounded time. SOAK asks for more texts (1000000, outside of CI), SOAK_SEED for
 * others.
 */
const CASES = Number(process.env['SOAK'] ?? 4000);
const SEED = Number(process.env['SOAK_SEED'] ?? 1);

/** Texts that are made at a time. */
const PIECE = 2000;

/** Of so many texts one is also advised on, which takes longer. */
const ADVISED = 20;

/** Milliseconds of processor time for the slowest text: a pause of the machine counts for nothing. */
const SLOWEST = 2000;

const directives = ALL_MODULES.flatMap((module) =>
  Object.entries(module.directives).map(([name, { args, where }]) => ({ name, args, where })),
);
const samples = realisticFiles().map(({ text }) => text);
const HOSTS = [
  hostProfile({ modules: ALL_MODULES.map(({ name }) => name) }),
  hostProfile({ apache: '2.4.6', allowOverride: ['FileInfo', 'Nonfatal=Override'] }),
];

function randomBytes(count: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: random.below(400) }, () =>
      random.chance(0.5)
        ? random.below(256)
        : (random.pick(['\n', ' ', '<', '"', '\\', '>', '#', '[']).codePointAt(0) ?? 0),
    ),
  );
}

const MAKERS: readonly ((count: number, seed: number) => Uint8Array[])[] = [
  randomBytes,
  (count, seed) => takeHtaccessTexts(count, seed, { directives, samples }),
  (count, seed) => mixedTexts(count, seed, { directives, samples }),
  (count, seed) => directiveTexts(count, seed, directives),
  structureTexts,
];

it(
  `${CASES} texts are answered, each in bounded time`,
  () => {
    let [done, slowest] = [0, { time: 0, text: '' }];
    for (let piece = 0; done < CASES; piece++) {
      const make = MAKERS[piece % MAKERS.length] ?? randomBytes;
      for (const bytes of make(Math.min(PIECE, CASES - done), SEED * 100_003 + piece)) {
        const text = byteStringOf(bytes);
        const host = HOSTS[done % HOSTS.length] ?? hostProfile();
        const before = process.cpuUsage();
        expect(judge(text, host)).toHaveProperty('ok');
        if (done % ADVISED === 0) advise(text, host);
        const { user, system } = process.cpuUsage(before);
        const time = (user + system) / 1000;
        if (time > slowest.time) slowest = { time, text: text.slice(0, 500) };
        done += 1;
      }
    }
    if (process.env['SOAK'] !== undefined)
      process.stdout.write(`slowest: ${Math.round(slowest.time)} ms: ${JSON.stringify(slowest.text)}\n`);
    expect([slowest.text, slowest.time < SLOWEST]).toEqual([slowest.text, true]);
    expect(done).toBe(CASES);
  },
  CASES > 10_000 ? 3_600_000 : 60_000,
);
