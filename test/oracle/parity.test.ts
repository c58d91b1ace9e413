import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from './apache';
import { Random } from './generate/random';
import { comparable } from './parity/comparable';
import { exchanges, leadsToCgi, type Exchange } from './parity/exchanges';
import { KNOWN } from './parity/known';
import { startPair, type Pair } from './parity/pair';
import { writeParitySite } from './parity/site';

// The same bytes to Apache with mod_fcgid and to the runner in its faithful mode; the same answers are wanted.
// PARITY_EXCHANGES (3000 for the whole) and PARITY_SEED ask for more and others.
const COUNT = Number(process.env['PARITY_EXCHANGES'] ?? 600);
const SEED = Number(process.env['PARITY_SEED'] ?? 1);
const peer = hasApache();

interface Difference {
  readonly exchange: Exchange;
  readonly theirs: unknown;
  readonly ours: unknown;
}

describe.skipIf(!peer.available)('the runner, byte for byte', () => {
  let folder: string;
  let pair: Pair;
  let templates: readonly string[];

  beforeAll(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parity-')));
    templates = await writeParitySite(folder);
    pair = await startPair(folder);
  });

  afterAll(() => pair?.stop());

  async function difference(exchange: Exchange): Promise<Difference | null> {
    const asked = Date.now();
    const [theirs, ours] = await pair.send(exchange.bytes);
    const origin = { isCgi: leadsToCgi(exchange), asked };
    const [one, other] = [comparable(theirs, origin), comparable(ours, origin)];
    return JSON.stringify(one) === JSON.stringify(other) ? null : { exchange, theirs: one, ours: other };
  }

  it(`answers ${COUNT} exchanges as Apache does`, async () => {
    const differences: Difference[] = [];
    const known = new Map<string, number>();
    let count = 0;
    for (const exchange of exchanges(new Random(SEED), templates)) {
      if (count++ >= COUNT) break;
      const found = await difference(exchange);
      if (found === null) continue;
      const reason = KNOWN.find(({ fits }) => fits(found.exchange))?.reason;
      if (reason === undefined) differences.push(found);
      else known.set(reason, (known.get(reason) ?? 0) + 1);
    }
    for (const [reason, times] of known) process.stdout.write(`known, ${times} times: ${reason}\n`);
    const report = process.env['PARITY_REPORT'];
    if (report !== undefined) fs.writeFileSync(report, JSON.stringify(differences, undefined, 1));
    expect(differences.slice(0, 5)).toEqual([]);
    expect(KNOWN.length).toBeLessThanOrEqual(10);
  }, 560_000);
});
