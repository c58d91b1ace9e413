import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { diskFiles } from '../../src/server/diskFiles';
import {
  EVALUATE_REQUEST,
  URL_TESTS_REQUEST,
  type Evaluated,
  type UrlTestsResult,
} from '../../src/server/evaluationProtocol';
import { formatRequest } from '../../src/urls';
import { Editor } from './editor';

let editor: Editor;
let folder: string;
let root: string;

const RULES = 'RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ app.fcgi/$1 [L]\n';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'fastcgi-evaluations-'));
  folder = pathToFileURL(root).href;
  mkdirSync(join(root, 'blog'));
  writeFileSync(join(root, 'blog/.htaccess'), RULES);
  writeFileSync(join(root, 'blog/app.fcgi'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(root, 'blog/page.html'), 'x');
  editor = new Editor({ files: [diskFiles] });
  await editor.start();
  await editor.sendHosts(hostProfile(), { folder });
});

afterEach(() => {
  editor.dispose();
  rmSync(root, { recursive: true });
});

const uri = (): string => `${folder}/blog/.htaccess`;
const get = (url: string) => ({ method: 'GET', url, headers: [] });

test('says what comes of a request, with marks and steps', async () => {
  const marks = [{ uri: uri(), first: 1, last: 2 }];
  const params = { uri: uri(), request: get('/blog/hello?x'), marks, trace: true };
  const answer = await editor.askAny<Evaluated>(EVALUATE_REQUEST, params);
  expect(answer).toMatchObject({
    status: 200,
    tone: 'answered',
    outcome: 'app.fcgi PATH_INFO=/hello QUERY_STRING=x',
    decisive: { uri: uri(), line: 3 },
  });
  expect(answer.marks[0]?.map(({ line }) => line)).toEqual([2]);
  expect(answer.files).toMatchObject({ '/site/blog/.htaccess': uri() });
  expect(answer.trace?.length).toBeGreaterThan(5);
});

test('waits for the files of a folder that is still being read', async () => {
  const slow: typeof diskFiles = {
    ...diskFiles,
    list: async (...of) => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return diskFiles.list(...of);
    },
  };
  const late = new Editor({ files: [slow] });
  await late.start();
  await late.sendHosts(hostProfile(), { folder });
  const answer = await late.askAny(EVALUATE_REQUEST, { uri: uri(), request: get('/blog/page.html') });
  expect(answer).toMatchObject({ outcome: expect.stringContaining('file page.html') });
  late.dispose();
});

test('sees what is being written', async () => {
  await editor.open('Redirect 302 /blog/hello http://other.example.test/\n', uri());
  const answer = await editor.askAny<Evaluated>(EVALUATE_REQUEST, {
    uri: uri(),
    request: get('/blog/hello'),
  });
  expect(answer).toMatchObject({ status: 302, tone: 'redirect', outcome: '302 http://other.example.test/' });
  expect(answer.trace).toBeUndefined();
});

test('knows nothing outside of the workspace, and takes no URL that is none', async () => {
  const ask = (params: object) => editor.askAny(EVALUATE_REQUEST, params);
  expect(await ask({ uri: 'file:///elsewhere/.htaccess', request: get('/') })).toBeNull();
  expect(await ask({ uri: uri(), request: get('no url') })).toBeNull();
});

test('runs URL tests and counts the rules that they reach', async () => {
  const text = '/blog/hello -> app.fcgi\n/blog/page.html -> 404\nnonsense\n/blog/x -> app.fcgi\n';
  const params = { uri: `${folder}/blog/site.urls`, text, coverage: true };
  const { results, coverage } = await editor.askAny<UrlTestsResult>(URL_TESTS_REQUEST, params);
  expect(results.map(({ line, ok }) => [line, ok])).toEqual([
    [1, true],
    [2, false],
    [4, true],
  ]);
  expect(results[1]).toMatchObject({ expected: '404', actual: 'file page.html' });
  expect(results[1]?.differences[0]).toMatch(/status: expected 404/);
  expect(coverage).toEqual([{ uri: uri(), lines: [{ first: 2, line: 3, count: 2 }] }]);
  const some = await editor.askAny<UrlTestsResult>(URL_TESTS_REQUEST, { ...params, lines: [4] });
  expect(some.results.map(({ line }) => line)).toEqual([4]);
});

/** `URL_TESTS=5000` asks for more. */
const MANY = Number(process.env['URL_TESTS'] ?? 150);

test('many URL tests leave the server free for other questions', async () => {
  const lines = Array.from({ length: MANY }, (_, at) => `/blog/page-${at} -> app.fcgi PATH_INFO=/page-${at}`);
  const params = { uri: `${folder}/blog/site.urls`, text: lines.join('\n'), coverage: true };
  await editor.open(RULES, uri());
  const order: string[] = [];
  const all = editor.askAny<UrlTestsResult>(URL_TESTS_REQUEST, params).finally(() => order.push('tests'));
  for (let turn = 0; turn < 4; turn++) {
    await editor.ask('textDocument/hover', { position: { line: 2, character: 3 } }, uri());
    order.push('hover');
  }
  const { results, coverage } = await all;
  expect(results.filter(({ ok }) => ok)).toHaveLength(MANY);
  expect(coverage[0]?.lines[0]?.count).toBe(MANY);
  expect(order).toEqual(['hover', 'hover', 'hover', 'hover', 'tests']);
}, 120_000);

test('URL tests that nobody waits for any more are given up', async () => {
  const text = '/blog/a -> app.fcgi\n'.repeat(20_000);
  const token = new CancellationTokenSource();
  const asked = editor.askAny<UrlTestsResult>(URL_TESTS_REQUEST, { uri: uri(), text }, token.token);
  setTimeout(() => token.cancel(), 100);
  await expect(asked).rejects.toThrow('Not wanted any more');
});

test('a URL that loops ends as it does on the server, and its steps are bounded', async () => {
  await editor.open('RewriteEngine On\nRewriteRule ^(.*)$ x/$1\n', uri());
  const params = { uri: uri(), request: get('/blog/a'), trace: true };
  const answer = await editor.askAny<Evaluated>(EVALUATE_REQUEST, params);
  expect(answer).toMatchObject({ status: 500, tone: 'error' });
  expect(answer.trace?.length).toBeLessThan(1000);
});

test('what is recorded as a test of a URL passes, until the rules are other ones', async () => {
  const urls = ['/blog/hello?x=1', '/blog/page.html', '/blog/a%20b', '/blog', '/', '/blog/%22%20->%20"'];
  const lines: string[] = [];
  for (const url of urls) {
    const { outcome } = await editor.askAny<Evaluated>(EVALUATE_REQUEST, { uri: uri(), request: get(url) });
    lines.push(`${formatRequest(get(url))} -> ${outcome}`);
  }
  const params = { uri: `${folder}/blog/site.urls`, text: `${lines.join('\n')}\n` };
  const run = () => editor.askAny<UrlTestsResult>(URL_TESTS_REQUEST, params);
  const { results } = await run();
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results.map(({ line }) => line)).toEqual(urls.map((_, at) => at + 1));
  await editor.open('Redirect 410 /blog/page.html\n', uri());
  expect((await run()).results.filter(({ ok }) => !ok).map(({ line }) => line)).toContain(2);
});
