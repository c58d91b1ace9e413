import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answerOf, differencesOf, pairHost, type RecordedSite } from './answers';

/** What a real Apache answered; `RECORD=1 npm run oracle -- test/oracle/outcome.test.ts` writes it anew. */
const sites = gunzipSync(readFileSync(join(import.meta.dirname, 'recorded.jsonl.gz')))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedSite);

describe("Apache's recorded answers", () => {
  it('are at least 3,000', () => {
    const count = sites.reduce((sum, { asked }) => sum + asked.length, 0);
    expect(count).toBeGreaterThanOrEqual(3000);
  });

  it('are ours', () => {
    const host = pairHost();
    const found = sites.flatMap(({ files, documentRoot, asked }) =>
      asked.flatMap(({ request, answer }) => {
        const different = differencesOf(answerOf({ files, documentRoot, request }, host), answer);
        return different.length === 0 ? [] : [[JSON.stringify(request), ...different].join('\n')];
      }),
    );
    expect(found.slice(0, 20).join('\n')).toBe('');
    // Seconds, but for a machine that does much else.
  }, 60_000);
});
