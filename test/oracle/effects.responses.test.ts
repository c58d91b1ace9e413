import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import type { FileStat, Site } from '../../src/apache/site';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import { startOracle, type Oracle, type OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { FILE_TIME } from './apache/site_folders';
import { responsePairs } from './generate/responses';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 2500);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

const ENVIRONMENT = { PATH: '/usr/bin', GREETING: 'hello' };
const MIME_TYPES = { html: 'text/html', css: 'text/css', png: 'image/png', txt: 'text/plain' };

let oracle: Oracle;
let host: HostProfile;

beforeAll(async () => {
  oracle = await startOracle({ environment: ENVIRONMENT, mimeTypes: MIME_TYPES, trace: false });
  host = hostProfile({ treeRoot: oracle.treeRoot, environment: ENVIRONMENT, mimeTypes: MIME_TYPES });
});

afterAll(() => oracle?.stop());

type Compared = Omit<OracleOutcome, 'trace' | 'messages'>;

/** Every file of an oracle's site has the same time; its folders are as young as the test. */
function datedSite(site: Site): Site {
  const dated = (stat: FileStat | undefined): FileStat | undefined =>
    stat && { ...stat, mtime: stat.kind === 'directory' ? Date.now() / 1000 : FILE_TIME };
  return {
    read: (path) => site.read(path),
    list: (path) => site.list(path),
    stat: (path) => dated(site.stat(path)),
    lstat: (path) => dated(site.lstat(path)),
  };
}

function ours(pair: OraclePair): Compared {
  const { treeRoot } = host;
  const site = datedSite(memorySite(pair.files, { treeRoot }));
  const { method = 'GET', target, headers = {} } = pair.request;
  const list = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);
  const named = list.some(([name]) => name.toLowerCase() === 'host')
    ? list
    : [['Host', 'www.example.test'] as const, ...list];
  const documentRoot = [treeRoot, pair.documentRoot ?? ''].filter((part) => part !== '').join('/');
  const time = Math.floor(Date.now() / 1000);
  const outcome = evaluate({ request: { method, target, headers: named }, site, host, documentRoot, time });
  const answer = JSON.stringify(outcomeAnswer(outcome, { treeRoot, trace: false }));
  return JSON.parse(answer.replaceAll(treeRoot, '/site')) as Compared;
}

/** Times of the request, and what the server measures while it answers. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, (date) => {
      const distance = Math.abs(Date.parse(date) / 1000 - Date.now() / 1000);
      return distance < 120 ? 'now' : `day ${Math.round((Date.parse(date) / 1000 - 600) / 86_400)}`;
    })
    .replaceAll(/age>?=(\d+)/g, (_all, age: string) => `age=${Math.round((Number(age) + 2) / 100)}`)
    .replaceAll(/\bt=\d+/g, 't=')
    .replaceAll(/\bD=\d+/g, 'D=')
    .replaceAll(/\bl=[\d./]+/g, 'l=')
    .replaceAll(/([ib])=\d+/g, '$1=');
}

/** Fields of two answers that differ, one line each. */
function differences(own: Compared, apache: Compared): string[] {
  return (Object.keys(own) as (keyof Compared)[]).flatMap((key) => {
    const [left, right] = [own, apache].map((side) => withoutTimes(JSON.stringify(sorted(side[key]))));
    return left === right
      ? []
      : [`    ${key}: Apache ${right?.slice(0, 300) ?? ''}, ours ${left?.slice(0, 300) ?? ''}`];
  });
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const textOf = (entry: unknown): string => (typeof entry === 'string' ? entry : '');

/** A script's own content type is not known; the oracle's scripts answer with text/plain. */
function dependsOnScript({ files }: OraclePair, apache: OracleOutcome): boolean {
  const texts = Object.entries(files).filter(([path]) => path.endsWith('.htaccess'));
  return apache.handler !== null && texts.some(([, text]) => /ExpiresByType|CONTENT_TYPE/.test(textOf(text)));
}

/** What the server measures is not known, nor what an edit makes of it. */
function editsMeasurements({ files }: OraclePair): boolean {
  const text = Object.values(files).map(textOf).join('\n');
  return /%[tDlib]/.test(text) && /edit/.test(text);
}

async function compare(pairs: readonly OraclePair[]): Promise<string[]> {
  const outcomes = await oracle.run(pairs);
  return pairs.flatMap((pair, at) => {
    const apache = outcomes[at];
    if (apache === null || apache === undefined) return [];
    const different = differences(ours(pair), apache);
    if (different.length === 0 || dependsOnScript(pair, apache) || editsMeasurements(pair)) return [];
    const chain = Object.entries(pair.files).filter(([path]) => path.endsWith('.htaccess'));
    const files = chain.map(([path, text]) => `  ${path}:\n${textOf(text).replaceAll(/^/gm, '      ')}`);
    return [[JSON.stringify(pair.request), ...different, ...files].join('\n')];
  });
}

describe('redirects, variables, headers and times of expiry', () => {
  it(`come out as Apache makes them, for ${CASES} requests`, async () => {
    const found: string[] = [];
    const pairs = responsePairs(SEED);
    for (let left = CASES; left > 0; left -= 1000) {
      const some = Array.from({ length: Math.min(left, 1000) }, () => pairs.next().value as OraclePair);
      found.push(...(await compare(some)));
    }
    // Not compared as one text: the runner would spend minutes on the difference of two long ones.
    if (found.length > 0) throw new Error(`${found.length} differences\n${found.slice(0, 40).join('\n')}`);
    expect(found).toHaveLength(0);
  });
});
