import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { advise } from '../../src/advice';
import { judge } from '../../src/apache/config/judge';
import { hostProfile, USUAL_MODULES } from '../../src/apache/host';
import { answerOf } from './answers';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const file = new URL('../../syntaxes/snippets.json', import.meta.url);
const snippets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Snippet>;
const all = Object.entries(snippets);
const host = hostProfile({ modules: [...USUAL_MODULES] });

/** What a snippet leaves when every place is left as it is proposed. */
function inserted({ body }: Snippet): string {
  return `${body.join('\n')}\n`
    .replaceAll(/\$\{\d+\|([^,|}]*)[^}]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replaceAll(/(?<!\\)\$\d/g, '')
    .replaceAll(/\\([$}\\])/g, '$1');
}

const text = (prefix: string): string => {
  const found = all.find(([, snippet]) => snippet.prefix === prefix);
  if (found === undefined) throw new Error(`There is no snippet ${prefix}`);
  return inserted(found[1]);
};

test('prefixes are different, and all is said', () => {
  const prefixes = all.map(([, { prefix }]) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const [, { description, prefix }] of all) {
    expect(description).toMatch(/^[A-Z0-9/]/);
    expect(prefix).toMatch(/^[a-z-]+$/);
  }
});

describe.each(all)('%s', (_name, snippet) => {
  test('is taken by Apache, and nothing is to be said about it', () => {
    const engine = snippet.prefix === 'rule' ? 'RewriteEngine On\n' : '';
    expect(judge(inserted(snippet), host)).toMatchObject({ ok: true, message: null });
    const advice = advise(engine + inserted(snippet), host).filter(({ severity }) => severity === 'warning');
    expect(advice.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

/** `status location` or `status file` of a request to a site with a snippet in its root. */
function answer(prefix: string, target: string, headers: Readonly<Record<string, string>> = {}): string {
  const files = {
    '.htaccess': text(prefix),
    'dispatch.fcgi': { text: '#!/bin/sh\n', mode: 0o755 },
    'index.html': 'home',
    'index.php': 'php',
    'page.html': 'page',
    'maintenance.html': 'wait',
    'a.png': 'p',
    'old.sql': 's',
    'static/a.css': 'c',
  };
  return answerOf({ files, request: { target, headers } }, host);
}

describe('what they do', () => {
  test.each<[prefix: string, target: string, expected: string, headers?: Record<string, string>]>([
    ['fcgi-dispatcher', '/hello', '200 dispatch.fcgi'],
    ['fcgi-dispatcher', '/page.html', '200 page.html'],
    ['fcgi-static', '/static/a.css', '200 static/a.css'],
    ['fcgi-static', '/page.html', '200 dispatch.fcgi'],
    ['front-controller', '/x/y', '200 index.php'],
    ['front-controller', '/page.html', '200 page.html'],
    ['spa', '/any/path', '200 index.html'],
    ['https', '/page.html?x', '301 https://www.example.test/page.html?x'],
    ['www', '/page.html', '301 http://www.example.test/page.html', { Host: 'example.test' }],
    ['www', '/page.html', '200 page.html'],
    ['no-www', '/page.html', '301 http://example.test/page.html'],
    ['redirect', '/old', '301 http://www.example.test/new'],
    ['redirect-folder', '/old/a/b', '301 http://www.example.test/new/a/b'],
    ['hotlinks', '/a.png', '403', { Referer: 'https://other.test/' }],
    ['hotlinks', '/a.png', '200 a.png', { Referer: 'https://example.com/x' }],
    ['hotlinks', '/a.png', '200 a.png'],
    ['no-extension', '/page', '200 page.html'],
    ['no-extension', '/none', '404'],
  ])('%s: %s -> %s', (prefix, target, expected, headers) =>
    expect(answer(prefix, target, headers)).toBe(expected),
  );

  test.each<[prefix: string, target: string, status: string]>([
    ['maintenance', '/page.html', '503'],
    ['maintenance', '/maintenance.html', '200'],
    ['gone', '/old', '410'],
    ['protect-files', '/old.sql', '403'],
    ['protect-files', '/page.html', '200'],
    ['protect-git', '/.git/config', '404'],
    ['password', '/page.html', '401'],
    ['allow-ip', '/page.html', '403'],
    ['block-ip', '/page.html', '200'],
    ['block-bots', '/page.html', '200'],
  ])('%s: %s is %s', (prefix, target, status) => expect(answer(prefix, target).split(' ')[0]).toBe(status));
});
