import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostProfile } from '../../src/apache/host';
import {
  answerOf,
  differencesOf,
  ORACLE_HOST,
  outcomeOf,
  pairHost,
  withoutTime,
  type Answer,
  type AskedPair,
  type RecordedSite,
} from '../apache/request/answers';
import { startOracle, type Oracle, type OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { takeRequestPairs } from './generate/requests';
import { sitePairs } from './generate/sites';
import { isKnownDifference } from './knownDifferences';

/** Generated pairs; OUTCOME_CASES asks for more, OUTCOME_SEED for others, OUTCOME_MODULES (names with commas) for some modules only. */
const CASES = Number(process.env['OUTCOME_CASES'] ?? 20_000);
const SEED = Number(process.env['OUTCOME_SEED'] ?? 1);
const MODULES = process.env['OUTCOME_MODULES']?.split(',');

/** Pairs whose answers are kept in test/apache/request. */
const RECORDED = 4600;
const RECORDED_OF_SITES = 1200;

/** How much of a value is shown where it differs. */
const WIDTH = Number(process.env['OUTCOME_WIDTH'] ?? 300);

/** Requests whose traces are compared. */
const TRACED = 2000;

let oracle: Oracle;
let host: HostProfile;

beforeAll(async () => {
  oracle = await startOracle(ORACLE_HOST);
  host = pairHost(oracle.treeRoot);
});

afterAll(async () => {
  if (process.env['RECORD'] === '1') await record();
  await oracle?.stop();
});

/** What both say of a pair: all fields of `fastcgi explain --batch` but the trace. */
type Compared = Omit<OracleOutcome, 'trace' | 'messages'>;

function asked(pair: OraclePair): AskedPair {
  const { headers = {}, ...request } = pair.request;
  const list = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);
  return {
    files: pair.files,
    documentRoot: pair.documentRoot ?? '',
    request: { ...request, headers: list },
  };
}

const ours = (pair: OraclePair): Compared => answerOf(asked(pair), host) as unknown as Compared;

function theirs(outcome: OracleOutcome): Compared {
  const { trace: _trace, messages: _messages, ...compared } = outcome;
  return JSON.parse(JSON.stringify(compared).replaceAll(oracle.treeRoot, '/site')) as Compared;
}

describe('the classic dispatcher site', () => {
  const classic = readFileSync(join(import.meta.dirname, '../sites/classic/project/.htaccess'), 'utf8');
  const files = {
    'index.html': 'home',
    'project/.htaccess': classic,
    'project/dispatch.fcgi': { text: '#!/bin/sh\n', mode: '755' },
    'project/real.txt': 'text',
    'project/static/site.css': 'a {}',
    'project/static/sub/page.html': 'page',
    'project/more_static/logo.png': 'png',
    'project/folder/index.html': 'index',
    'project/a b.txt': 'blank',
  };
  const targets = [
    '/',
    '/index.html',
    '/nothing',
    '/project',
    '/project?x=1',
    '/project/',
    '/project/?x=1&y=2',
    '/project/hello',
    '/project/hello/',
    '/project/hello/world?x=1',
    '/project/hello?dispatch.fcgi',
    '/project/real.txt',
    '/project/a%20b.txt',
    '/project/a%20b',
    '/project/caf%C3%A9',
    '/project/a+b',
    '/project/a%2Bb?c=%20d',
    '/project/a%25b',
    '/project/a%26b?c',
    '/project/a%3Fb',
    '/project/a%23b',
    '/project/a%2Fb',
    '/project/a%00b',
    '/project/a%zz',
    '/project//double//slash',
    '//project/hello',
    '/project/./dot/../up',
    '/project/../index.html',
    '/../above',
    '/project/static/site.css',
    '/project/static',
    '/project/static/',
    '/project/static/missing.css',
    '/project/static/sub/page.html',
    '/project/STATIC/site.css',
    '/project/more_static/logo.png',
    '/project/more_static_too',
    '/project/missing.css',
    '/project/missing.CSS',
    '/project/missing.css/below',
    '/project/dispatch.fcgi',
    '/project/dispatch.fcgi/direct?q',
    '/project/DISPATCH.FCGI/x',
    '/project/dispatch.fcgi2',
    '/project/folder',
    '/project/folder/',
    '/PROJECT/hello',
    '/project/hello;v=1',
    '/project/index.html',
    '/project/x.png',
  ];

  it(`is answered as Apache answers it, for ${targets.length} URLs`, async () => {
    const pairs = targets.map((target) => ({ files, request: { target } }));
    const expected = (await oracle.run(pairs)).map((outcome) => (outcome === null ? null : theirs(outcome)));
    expect(pairs.map((pair) => [pair.request.target, ours(pair)])).toEqual(
      targets.map((target, at) => [target, expected[at]]),
    );
  });
});

describe('generated sites', () => {
  it(
    `are answered as Apache answers them, for ${CASES} requests`,
    async () => {
      const pairs = takeRequestPairs(CASES, SEED, MODULES ? { modules: new Set(MODULES) } : {});
      const outcomes = await oracle.run(pairs);
      const found: string[] = [];
      pairs.forEach((pair, at) => {
        const apache = outcomes[at];
        if (apache === null || apache === undefined) return;
        const own = ours(pair);
        const different = differencesOf(own, theirs(apache), WIDTH);
        if (different.length === 0 || isKnownDifference(pair, own, apache)) return;
        const chain = Object.entries(pair.files).filter(([path]) => path.endsWith('.htaccess'));
        const files = chain.map(
          ([path, text]) => `  ${path}:\n${typeof text === 'string' ? text.replaceAll(/^/gm, '      ') : ''}`,
        );
        found.push([JSON.stringify(pair.request), ...different, ...files].join('\n'));
      });
      // Not compared as one text: the runner would spend minutes on the difference of two long ones.
      if (found.length > 0) throw new Error(`${found.length} differences\n${found.slice(0, 60).join('\n')}`);
      expect(pairs).toHaveLength(CASES);
    },
    60_000 + 10 * CASES,
  );
});

/** Writes the truth for the suite that runs without Apache. */
async function record(): Promise<void> {
  const sites = sitePairs(SEED);
  const whole = Array.from({ length: RECORDED_OF_SITES }, () => sites.next().value as OraclePair);
  const pairs = [...takeRequestPairs(RECORDED, SEED + 2000), ...whole];
  const outcomes = await oracle.run(pairs);
  const bySite = new Map<OraclePair['files'], RecordedSite>();
  pairs.forEach((pair, at) => {
    const apache = outcomes[at];
    const { files, documentRoot, request } = asked(pair);
    if (!apache || isKnownDifference(pair, ours(pair), apache)) return;
    // Some rules look at where the tree lies, which is another place for each oracle.
    if (differencesOf(ours(pair), answerOf(asked(pair), pairHost())).length > 0) return;
    const site = bySite.get(pair.files) ?? { files, documentRoot, asked: [] };
    const answer = theirs(apache) as unknown as Answer;
    // How a folder is ordered is another thing on each disk.
    if (/VARIANTS/.test(JSON.stringify(answer))) return;
    bySite.set(pair.files, { ...site, asked: [...site.asked, { request, answer }] });
  });
  const lines = [...bySite.values()].map((site) => `${JSON.stringify(site)}\n`).join('');
  writeFileSync(
    join(import.meta.dirname, '../apache/request/recorded.jsonl.gz'),
    gzipSync(lines, { level: 9 }),
  );
}

/** A line of the error log without its escapes (ap_escape_errorlog_item). */
function unescaped(line: string): string {
  const letters: Readonly<Record<string, string>> = { b: '\b', n: '\n', r: '\r', t: '\t', v: '\v' };
  return line.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gs, (_all, hex: string | undefined, character: string) =>
    hex === undefined ? (letters[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

describe("mod_rewrite's trace", () => {
  it('has the lines of rewrite:trace8 for at least 99 of 100 requests', async () => {
    const pairs = takeRequestPairs(TRACED, SEED + 1000, { modules: new Set(['mod_rewrite']) });
    const outcomes = await oracle.run(pairs);
    const different: string[] = [];
    pairs.forEach((pair, at) => {
      const expected = outcomes[at]?.trace
        .filter((line) => !line.startsWith('Evaluation of expression'))
        .map(unescaped);
      if (expected === undefined) return;
      const outcome = outcomeOf(asked(pair), host);
      const own = outcome.trace.filter(({ level }) => level !== undefined);
      const lines = own.map(({ perdir, text }) =>
        `${perdir === undefined ? '' : `[perdir ${perdir}] `}${text}`.replaceAll(oracle.treeRoot, '/site'),
      );
      // What a listing looks up is not followed; what a script's path info leads to is cut off by the recorder.
      const isOpenEnded = outcome.answer.kind === 'handler' || outcome.answer.kind === 'listing';
      const length = isOpenEnded
        ? Math.min(lines.length, expected.length)
        : Math.max(lines.length, expected.length);
      const numbers = Array.from({ length }, (_, number) => number);
      const first = numbers.findIndex(
        (number) => withoutTime(expected[number]) !== withoutTime(lines[number]),
      );
      if (first < 0) return;
      different.push(
        `${JSON.stringify(pair.request)}\n  Apache: ${expected[first]}\n  ours:   ${lines[first]}`,
      );
    });
    const shown = different.slice(0, 20).join('\n');
    expect(different.length / TRACED, `${different.length} traces differ\n${shown}`).toBeLessThanOrEqual(
      0.01,
    );
  });
});
