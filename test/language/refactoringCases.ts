import type { OraclePair } from '../oracle/apache/oracle';
import { hostProfile } from '../../src/apache/host';
import { HtaccessDocument, refactorings, type FileLister } from '../../src/language';
import { applied } from './marked';

/** A file, what is made of it, and what a site with the result answers: checked against our evaluation, and that against Apache. */
export interface RefactoringCase {
  readonly title: string;
  readonly htaccess: string;
  /** `[method] target [header: value]` -> `status [location | file]`. */
  readonly answers: Readonly<Record<string, string>>;
}

/** Everything goes to the dispatcher, as a first `.htaccess` mostly has it. */
const ALL =
  'RewriteEngine On\nRewriteCond %{REQUEST_URI} !^/sub/dispatch\\.fcgi\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n';

const READ =
  'RewriteEngine On\nErrorDocument 403 /403.html\nRewriteRule ^no - [F]\nRewriteRule ^in$ a.html [L]\n';

export const REFACTORING_CASES: readonly RefactoringCase[] = [
  {
    title: 'Serve the folder static/ without dispatch.fcgi',
    htaccess: ALL,
    answers: {
      '/sub/static/site.css': '200 sub/static/site.css',
      '/sub/static/none.css': '404',
      '/sub/staticx': '200 sub/dispatch.fcgi',
      '/sub/b.txt': '200 sub/dispatch.fcgi',
    },
  },
  {
    title: 'Serve images, styles, scripts and fonts without dispatch.fcgi',
    htaccess: ALL,
    answers: {
      '/sub/static/site.css': '200 sub/static/site.css',
      '/sub/none.PNG': '404',
      '/sub/page.html': '200 sub/dispatch.fcgi',
    },
  },
  {
    title: 'Serve files that exist without dispatch.fcgi',
    htaccess: 'RewriteEngine On\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n',
    answers: {
      '/sub/b.txt': '200 sub/b.txt',
      '/sub/dispatch.fcgi': '200 sub/dispatch.fcgi',
      '/sub/none?x=1': '200 sub/dispatch.fcgi',
    },
  },
  {
    title: 'Add a redirect to https',
    htaccess: READ,
    answers: {
      '/a.html': '301 https://www.example.test/a.html',
      '/a%20b/%c3%a4?x=%20y&z': '301 https://www.example.test/a%20b/%c3%a4?x=%20y&z',
      '/a.html Host: www.example.test:80': '301 https://www.example.test/a.html',
      '/sub/': '301 https://www.example.test/sub/',
      '/no': '301 https://www.example.test/no',
    },
  },
  {
    title: 'Add a redirect to https, behind a proxy that ends TLS',
    htaccess: READ,
    answers: {
      '/a.html': '301 https://www.example.test/a.html',
      '/a.html X-Forwarded-Proto: https': '200 a.html',
      '/no X-Forwarded-Proto: https': '403',
    },
  },
  {
    title: 'Add a redirect to www.',
    htaccess: READ,
    answers: {
      '/a.html?x Host: example.test': '301 http://www.example.test/a.html?x',
      '/in Host: www.example.test': '200 a.html',
      '/a.html Host: localhost': '200 a.html',
      '/a.html Host: 127.0.0.1': '200 a.html',
    },
  },
  {
    title: 'Add a redirect from www. to the name without it',
    htaccess: READ,
    answers: {
      '/a.html?x': '301 http://example.test/a.html?x',
      '/a.html Host: WWW.Example.test:80': '301 http://Example.test/a.html',
      '/in Host: example.test': '200 a.html',
    },
  },
  {
    title: 'Add a redirect that puts a slash at the end of paths',
    htaccess: READ,
    answers: {
      '/blog/post?x=1': '301 http://www.example.test/blog/post/?x=1',
      '/blog/post/': '404',
      '/a.html': '200 a.html',
      '/missing.css': '404',
      'POST /blog/post': '404',
      '/no': '301 http://www.example.test/no/',
      '/no/': '403',
    },
  },
  {
    title: 'Add a redirect that takes the slash from the end of paths',
    htaccess: READ,
    answers: {
      '/blog/post/?x=1': '301 http://www.example.test/blog/post?x=1',
      '/blog//': '301 http://www.example.test/blog',
      '/sub/': '200 sub/index.html',
      '/': '200 index.html',
      '/blog/post': '404',
      'POST /blog/post/': '404',
    },
  },
];

const FILES = {
  'index.html': 'home',
  'a.html': 'a',
  '403.html': 'no',
  'sub/index.html': 'sub',
  'sub/b.txt': 'b',
  'sub/static/site.css': 'p{}',
  'sub/dispatch.fcgi': { text: '#!/bin/sh\n', mode: 0o755 },
} as const;

/** Lists what the site has in its folders. */
const LISTER: FileLister = {
  directory: '/site/sub/',
  documentRoot: '/site/',
  list: (path) =>
    path === '/site/sub/' ? ['b.txt', 'dispatch.fcgi', 'index.html', 'static/', '.git/'] : undefined,
};

/** The file after the action was taken on its last rule, or on its first line where the rule has none of that title. */
export function refactored({ title, htaccess }: Pick<RefactoringCase, 'title' | 'htaccess'>): string {
  const document = new HtaccessDocument(htaccess);
  const lines = htaccess.trimEnd().split('\n').length;
  const position = { line: lines - 1, character: 3 };
  const request = { uri: 'u', range: { start: position, end: position }, host: hostProfile(), files: LISTER };
  const found = refactorings(document, request);
  const action = found.find((one) => one.title === title);
  if (action === undefined) throw new Error(`Offered are: ${found.map((one) => one.title).join(', ')}`);
  return applied(document, action.edit?.changes?.['u'] ?? []);
}

/** The requests of a case to a site with its result. */
export function pairsOf(
  one: RefactoringCase,
): readonly { readonly pair: OraclePair; readonly answer: string }[] {
  const place = one.htaccess === READ ? '.htaccess' : 'sub/.htaccess';
  const text = `AddHandler fcgid-script .fcgi\nOptions +ExecCGI\n${refactored(one)}`;
  return Object.entries(one.answers).map(([request, answer]) => {
    const [, method, target, name, value] = /^(?:([A-Z]+) )?(\S+)(?: (\S+): (.*))?$/.exec(request) ?? [];
    const headers = name === undefined ? {} : { headers: { [name]: value ?? '' } };
    const given = method === undefined ? {} : { method };
    return {
      pair: { files: { ...FILES, [place]: text }, request: { target: target ?? '', ...given, ...headers } },
      answer,
    };
  });
}
