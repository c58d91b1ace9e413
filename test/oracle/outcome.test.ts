import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import { startOracle, type Oracle, type OracleOutcome, type OraclePair } from './apache/oracle';

const MIME_TYPES = { html: 'text/html', css: 'text/css', png: 'image/png', txt: 'text/plain' };

let oracle: Oracle;
let host: HostProfile;

beforeAll(async () => {
  const environment = { PATH: '/usr/bin' };
  oracle = await startOracle({ environment, mimeTypes: MIME_TYPES });
  host = hostProfile({
    treeRoot: oracle.treeRoot,
    port: oracle.server.port,
    environment,
    mimeTypes: MIME_TYPES,
  });
});

afterAll(() => oracle?.stop());

/** What both say of a pair: all fields of `fastcgi explain --batch` but the trace. */
type Compared = Omit<OracleOutcome, 'trace' | 'messages'>;

function ours(pair: OraclePair): Compared {
  const { treeRoot } = host;
  const site = memorySite(pair.files as Readonly<Record<string, MemoryEntry>>, { treeRoot });
  const { method = 'GET', target, headers = {} } = pair.request;
  const list = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);
  const named = list.some(([name]) => name.toLowerCase() === 'host')
    ? list
    : [...list, ['Host', 'www.example.test'] as const];
  const documentRoot = [treeRoot, pair.documentRoot ?? ''].filter((part) => part !== '').join('/');
  const outcome = evaluate({ request: { method, target, headers: named }, site, host, documentRoot });
  const answer = JSON.stringify(outcomeAnswer(outcome, { treeRoot, trace: false })).replaceAll(
    treeRoot,
    '/site',
  );
  return JSON.parse(answer) as Compared;
}

function theirs(outcome: OracleOutcome): Compared {
  const { trace: _trace, messages: _messages, ...compared } = outcome;
  return compared;
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
