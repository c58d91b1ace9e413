import { describe, expect, it } from 'vitest';
import {
  evaluateExpr,
  parseExpr,
  type EvaluatedExpr,
  type EvaluateOptions,
  type ExprContext,
} from '../../../src/apache/expr';
import type { FileStat, Site } from '../../../src/apache/site';
import { simpleRegexCompiler } from './simpleRegex';

const FILES: Readonly<Record<string, FileStat>> = {
  '/site/file': { kind: 'file', size: 3, mode: 0o644 },
  '/site/empty': { kind: 'file', size: 0, mode: 0o755 },
  '/site/folder': { kind: 'directory', size: 0, mode: 0o755 },
};

const SITE: Site = {
  stat: (path) => FILES[path === '/site/link' ? '/site/file' : path],
  lstat: (path) => (path === '/site/link' ? { kind: 'link', size: 4, mode: 0o777 } : FILES[path]),
  read: (path) => (path === '/site/file' ? { content: 'a\0b' } : undefined),
  list: () => undefined,
};

const HEADERS: Readonly<Record<string, string>> = {
  host: 'www.example.test',
  'user-agent': 'Test/1',
  referer: 'r',
};

const CONTEXT: ExprContext = {
  variable: (name) => (name === 'REQUEST_URI' ? '/a/b' : undefined),
  requestHeader: (name) => HEADERS[name.toLowerCase()],
  responseHeader: (name) => (name === 'X' ? 'response' : undefined),
  note: (name) => (name === 'BOTH' ? 'note' : undefined),
  requestEnvironment: (name) => (name === 'BOTH' || name === 'ENV' ? 'request' : undefined),
  processEnvironment: (name) => (name === 'PATH' ? '/bin' : undefined),
  clientAddress: '::ffff:10.1.2.3',
  site: SITE,
  subrequestSucceeds: (target, kind) => target === `/${kind}`,
  resolveHost: (name) => (name === 'localhost' ? '127.0.0.1' : undefined),
};

function evaluate(text: string, mode: 'condition' | 'string', options: EvaluateOptions = {}): EvaluatedExpr {
  const parsed = parseExpr(text, { mode, compileRegex: simpleRegexCompiler, patch: options.patch ?? 71 });
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return evaluateExpr(parsed.ast, CONTEXT, options);
}

function holds(condition: string, options: EvaluateOptions = {}): boolean | string {
  return evaluate(condition, 'condition', options).value;
}

function textOf(text: string): boolean | string {
  return evaluate(text, 'string').value;
}

describe('conditions', () => {
  it.each([
    "'10' -gt '9'",
    "'10' < '9'",
    "' 12abc' -eq 12",
    "'x' -eq 0",
    '99999999999999999999 -eq 9223372036854775807',
    "'a' in {'b', 'a'}",
    "!('a' in {'b'})",
    "-T 'yes' && !-T 'OFF' && !-T 'no' && !-T 'False' && !-T '0' && -T '00'",
    "-z '' && -n 'a'",
    "-R '10.0.0.0/8' && !-R '11.0.0.0/8'",
    "'localhost' -ipmatch '127.0.0.0/8' && !('nowhere' -ipmatch '0.0.0.0/1')",
    "'a/b' -strmatch 'a*' && !('a/b' -fnmatch 'a*') && 'A' -strcmatch 'a'",
    "-f '/site/file' && -s '/site/file' && !-s '/site/empty' && -d '/site/folder' && -e '/site/folder'",
    "-f '/site/link' && -L '/site/link' && -h '/site/link' && -x '/site/link' && !-x '/site/file' && -f 'site/file' && !-f 'file'",
    "-U '/url' && -A '/url' && -F '/file' && !-F '/url'",
    "('abc' =~ /(b)(c)/ && '$2$1$0$9' == 'cbbc')",
    "'abc' =~ /(b)/ && 'x' =~ /x/ && $1 == 'b'",
    "'abc' =~ /(b)/ && 'x' !~ /(y)/ && $1 == ''",
    "file('/site/file') == 'a' && filesize('/site/file') == '3' && filesize('/site/folder') == 0",
    'true || false && false',
  ])('%s', (condition) => {
    expect(holds(condition)).toBe(true);
  });

  it('notes the headers that it read, right operands first, and leaves Host out since 2.4.29', () => {
    expect(evaluate("%{HTTP_USER_AGENT} == req('Referer')", 'condition').vary).toEqual([
      'Referer',
      'User-Agent',
    ]);
    expect(evaluate("%{HTTP_HOST} == req_novary('Referer')", 'condition').vary).toEqual([]);
    expect(evaluate("%{HTTP_HOST} == ''", 'condition', { patch: 28 }).vary).toEqual(['Host']);
    expect(evaluate('false && %{HTTP_REFERER} == 1', 'condition').vary).toEqual([]);
  });

  it('hands captures on, and begins with those it was given', () => {
    const { captures } = evaluate("'xay' =~ /(a)/", 'condition');
    expect(captures?.subject).toBe('xay');
    expect([...(captures?.match ?? [])]).toEqual([1, 2, 1, 2]);
    const given = { subject: 'xay', match: Int32Array.of(1, 2) };
    expect(holds("$0 == 'a'", { captures: given })).toBe(true);
    expect(evaluate("'b' =~ /(a)/", 'condition', { captures: given }).captures).toBeUndefined();
  });

  it('stops at twenty levels, of which right sides and negations take none', () => {
    const nest = (count: number, wrap: (inner: string) => string) => {
      let text = 'true';
      for (let left = count; left > 0; left--) text = wrap(text);
      return evaluate(text, 'condition');
    };
    expect(nest(19, (inner) => `(${inner} && true)`).value).toBe(true);
    expect(nest(20, (inner) => `(${inner} && true)`)).toMatchObject({
      value: false,
      problem: 'Recursion limit reached',
    });
    expect(nest(500, (inner) => `(true && ${inner})`).value).toBe(true);
    expect(nest(500, (inner) => `!${inner}`).value).toBe(true);
  });

  it('compares by length in mod_ssl’s way', () => {
    expect(holds("'10' < '9'", { sslCompatible: true })).toBe(false);
    expect(holds("'b' < 'aa'", { sslCompatible: true })).toBe(true);
    expect(holds("'010' -eq '10'", { sslCompatible: true })).toBe(false);
  });

  it('reports files that it cannot read', () => {
    expect(evaluate("file('/site/none') == ''", 'condition').problem).toBe('Cannot open file /site/none');
    expect(evaluate("file('/site/folder') == ''", 'condition').problem).toBe(
      'Cannot read from file /site/folder',
    );
  });
});

describe('texts', () => {
  it.each([
    ['http://%{HTTP_HOST}%{REQUEST_URI}?', 'http://www.example.test/a/b?'],
    ['%{tolower:ÀB}%{toupper:éb}', 'ÀbéB'],
    ['%{escape:a b?%25\xe9}', 'a%20b%3f%2525%e9'],
    ['%{unescape:%41%2F%2f+}', 'A%2F%2f+'],
    ['%{unescape:a%zz}%{unescape:%00}', ''],
    ['%{base64:%{HTTP_REFERER}a}', 'cmE='],
    ['%{unbase64:cmE=}%{unbase64:cm}%{unbase64:c}%{unbase64:YQBi}', 'rara'],
    ['%{md5:abc}', '900150983cd24fb0d6963f7d28e17f72'],
    ['%{sha1:abc}', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['%{ldap:a*(b),\xe9}', 'a\\2a\\28b\\29\\2c\\e9'],
    [
      '%{env:BOTH} %{env:ENV} %{env:PATH} %{reqenv:BOTH} %{note:BOTH} %{osenv:PATH}',
      'note request /bin request note /bin',
    ],
    ['%{resp:X}%{req:%{req:none}}$1', 'response'],
    ['', ''],
  ])('%s', (text, value) => {
    expect(textOf(text)).toBe(value);
  });

  it('never adds to Vary', () => {
    expect(evaluate('%{HTTP_REFERER}', 'string').vary).toEqual([]);
  });

  it('failed before 2.4.13 when it had too many parts', () => {
    const text = 'a$1'.repeat(12);
    expect(evaluate(text, 'string').value).toBe('a'.repeat(12));
    expect(evaluate(text, 'string', { patch: 12 }).problem).toBe('Recursion limit reached');
  });
});
