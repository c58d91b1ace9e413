import { describe, expect, it } from 'vitest';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { expectNone, startEffects, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import { compressionPairs } from './generate/compression';
import { edgePairs } from './generate/edges';
import { readablePairs, someModules } from './generate/modules';
import { requestPairs } from './generate/requests';
import { responsePairs } from './generate/responses';
import { sitePairs } from './generate/sites';
import { isKnownDifference } from './knownDifferences';

/** Servers, each with other modules; MODULES_SERVERS asks for more, MODULES_SEED for others. */
const SERVERS = Number(process.env['MODULES_SERVERS'] ?? 4);
const SEED = Number(process.env['MODULES_SEED'] ?? 1);
/** Requests of each kind to each of them. */
const CASES = Number(process.env['MODULES_CASES'] ?? 150);

const ALL = ALL_MODULES.map(({ name }) => name);
const MIME_TYPES = { html: 'text/html', css: 'text/css', txt: 'text/plain', png: 'image/png' };

/** Requests of several kinds; none of their sites is refused for a directive of a module that is not there. */
function* pairsFor(seed: number, modules: ReadonlySet<string>): Generator<OraclePair> {
  const others = [sitePairs(seed), edgePairs(seed), responsePairs(seed), compressionPairs(seed)];
  const kinds = [requestPairs(seed, { modules }), ...others.map((pairs) => readablePairs(pairs, modules))];
  for (const pairs of kinds) for (let left = CASES; left > 0; left--) yield pairs.next().value as OraclePair;
}

describe('servers that load only some modules', () => {
  it.each(Array.from({ length: SERVERS }, (_, at) => SEED * 1000 + at))(
    `answer as we say, for ${CASES} requests of each kind, server %i`,
    async (seed) => {
      const modules = someModules(seed, ALL);
      const effects = await startServer(modules);
      try {
        const pairs = [...pairsFor(seed, new Set(modules))];
        const found = await effects.differences(pairs);
        const missing = ALL.filter((name) => !modules.includes(name)).join(' ');
        expectNone(found.map((difference) => `without ${missing}\n${difference}`));
        expect(pairs).toHaveLength(5 * CASES);
      } finally {
        await effects.stop();
      }
    },
    120_000 + 60 * CASES,
  );
});

/** What we say not to be certain of may differ. */
function startServer(modules: readonly string[]): Promise<Effects> {
  return startEffects({
    environment: { PATH: '/usr/bin' },
    mimeTypes: MIME_TYPES,
    modules,
    isKnown: (pair, own, apache) => 'unknown' in own || isKnownDifference(pair, own, apache),
  });
}
