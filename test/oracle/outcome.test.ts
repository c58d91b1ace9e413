import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import type { Outcome } from '../../src/apache/request/outcome';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import { startOracle, type Oracle, type OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { takeRequestPairs } from './generate/requests';

/** Generated pairs; OUTCOME_CASES asks for more, OUTCOME_SEED for others, OUTCOME_MODULES (names with commas) for some modules only. */
const CASES = Number(process.env['OUTCOME_CASES'] ?? 6000);
const SEED = Number(process.env['OUTCOME_SEED'] ?? 1);
const MODULES = (process.env['OUTCOME_MODULES'] ?? 'mod_rewrite,core,mod_dir,mod_mime').split(',');

/** Requests whose traces are compared. */
const TRACED = 2000;

const MIME_TYPES = { html: 'text/html', css: 'text/css', png: 'image/png', txt: 'text/plain' };

/** Differences that we know and keep, each with its reason. */
const KNOWN: readonly {
  readonly reason: string;
  readonly applies: (own: Compared, apache: OracleOutcome) => boolean;
}[] = [
  {
    reason: 'What another server answers is not known; what mod_proxy makes of its URL is not followed.',
    applies: (own, apache) => [own, apache].some(({ file }) => file?.startsWith('proxy:') === true),
  },
  {
    reason:
      'Apache sends the first error of a chain after an error in its ErrorDocument or loop; the recorder names the last request.',
    applies: (own, apache) => apache.handler === 'redirect-handler' && !own.answered,
  },
  {
    reason: 'A generated listing looks up every file, and rules that run then may set cookies.',
    applies: (own, apache) => own.handler === 'httpd/unix-directory' && apache.status === own.status,
  },
];

let oracle: Oracle;
let host: HostProfile;

beforeAll(async () => {
  const environment = { PATH: '/usr/bin' };
  oracle = await startOracle({ environment, mimeTypes: MIME_TYPES });
  host = hostProfile({
    treeRoot: oracle.treeRoot,
    environment,
    mimeTypes: MIME_TYPES,
  });
});

afterAll(() => oracle?.stop());

/** What both say of a pair: all fields of `fastcgi explain --batch` but the trace. */
type Compared = Omit<OracleOutcome, 'trace' | 'messages'>;

function evaluated(pair: OraclePair): Outcome {
  const { treeRoot } = host;
  const site = memorySite(pair.files as Readonly<Record<string, MemoryEntry>>, { treeRoot });
  const { method = 'GET', target, headers = {} } = pair.request;
  const list = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);
  const named = list.some(([name]) => name.toLowerCase() === 'host')
    ? list
    : [...list, ['Host', 'www.example.test'] as const];
  const documentRoot = [treeRoot, pair.documentRoot ?? ''].filter((part) => part !== '').join('/');
  return evaluate({ request: { method, target, headers: named }, site, host, documentRoot });
}

function ours(pair: OraclePair): Compared {
  const { treeRoot } = host;
  const outcome = evaluated(pair);
  const answer = JSON.stringify(outcomeAnswer(outcome, { treeRoot, trace: false })).replaceAll(
    treeRoot,
    '/site',
  );
  return JSON.parse(answer) as Compared;
}

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

/** Fields of two answers that differ, one line each. */
function differences(own: Compared, apache: Compared): string[] {
  return Object.keys(apache).flatMap((key) => {
    const [left, right] = [own, apache].map((side) =>
      withoutTime(JSON.stringify(sorted(side[key as keyof Compared]))),
    );
    return left === right
      ? []
      : [
          `    ${key}: Apache ${right?.slice(0, Number(process.env['OUTCOME_WIDTH'] ?? 300))}, ours ${left?.slice(0, Number(process.env['OUTCOME_WIDTH'] ?? 300))}`,
        ];
  });
}

/** When a cookie expires is the one thing that both clocks tell. */
const withoutTime = (text: string | undefined): string | undefined =>
  text?.replaceAll(/expires=[^;"']*/g, 'expires=');

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe('generated sites', () => {
  it(`are answered as Apache answers them, for ${CASES} requests`, async () => {
    const pairs = takeRequestPairs(CASES, SEED, { modules: new Set(MODULES) });
    const outcomes = await oracle.run(pairs);
    const found: string[] = [];
    pairs.forEach((pair, at) => {
      const apache = outcomes[at];
      if (apache === null || apache === undefined) return;
      const own = ours(pair);
      const different = differences(own, theirs(apache));
      if (different.length === 0 || KNOWN.some(({ applies }) => applies(own, apache))) return;
      const chain = Object.entries(pair.files).filter(([path]) => path.endsWith('.htaccess'));
      const files = chain.map(([path, text]) => `  ${path}:\n${String(text).replaceAll(/^/gm, '      ')}`);
      found.push([`${JSON.stringify(pair.request)}`, ...different, ...files].join('\n'));
    });
    // Not compared as one text: the runner would spend minutes on the difference of two long ones.
    if (found.length > 0) throw new Error(`${found.length} differences\n${found.slice(0, 60).join('\n')}`);
    expect(pairs).toHaveLength(CASES);
  });
});

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
      const outcome = evaluated(pair);
      const own = outcome.trace.filter(({ module }) => module === 'mod_rewrite');
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
