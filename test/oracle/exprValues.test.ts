import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateExpr, parseExpr, type EvaluatedExpr, type ExprContext } from '../../src/apache/expr';
import type { FileStat } from '../../src/apache/site';
import { ValueGenerator } from '../apache/expr/generateValues';
import { hasApache, startApache, type ApacheServer } from './apache';

/** Requests per run, each with 60 expressions; EXPR_REQUESTS and EXPR_SEED in the environment ask for others. */
const REQUESTS = Number(process.env['EXPR_REQUESTS'] ?? 100);
const SEED = Number(process.env['EXPR_SEED'] ?? 1);
const PER_REQUEST = 60;

const SERVER_ENVIRONMENT = { A: 'first', AB: 'second' };
const HEADERS = {
  Host: 'www.example.test',
  'User-Agent': 'Ab/c',
  Referer: 'abc',
  Accept: 'a*b',
  Cookie: 'a=b',
  'X-Word': 'ab',
  'X-Number': '10',
};

interface Case {
  readonly mode: 'condition' | 'string';
  readonly text: string;
  readonly ours: EvaluatedExpr;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}

function kindOf(stats: Stats): FileStat['kind'] {
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'file' : 'other';
}

function statBy(read: (path: string) => Stats): (path: string) => FileStat | undefined {
  return (path) => {
    try {
      const stats = read(path);
      return { kind: kindOf(stats), size: stats.size, mode: stats.mode & 0o777 };
    } catch {
      return undefined;
    }
  };
}

describe.skipIf(!hasApache().available)('values of expressions', () => {
  let root: string;
  let apache: ApacheServer;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'fastcgi-expr-'));
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'file'), 'x');
    writeFileSync(join(root, 'empty'), '');
    mkdirSync(join(root, 'folder'));
    symlinkSync('file', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'dangling'));
    writeFileSync(join(root, 'script'), '#!/bin/sh\n');
    chmodSync(join(root, 'script'), 0o755);
    apache = await startApache({ documentRoot: root, children: 1, environment: SERVER_ENVIRONMENT });
  });

  afterAll(async () => {
    agent.destroy();
    await apache.stop();
    rmSync(root, { recursive: true });
  });

  function contextOf(path: string, query: string): ExprContext {
    const headers = new Map(Object.entries(HEADERS).map(([name, value]) => [name.toLowerCase(), value]));
    const variables: Record<string, string> = {
      REQUEST_METHOD: 'GET',
      REQUEST_URI: path,
      QUERY_STRING: query,
      HTTPS: 'off',
      IS_SUBREQ: 'false',
      REMOTE_ADDR: '127.0.0.1',
      CONN_REMOTE_ADDR: '127.0.0.1',
      SERVER_NAME: 'www.example.test',
      SERVER_PORT: '80',
      SERVER_PROTOCOL: 'HTTP/1.1',
      DOCUMENT_ROOT: root,
      THE_REQUEST: `GET ${path}?${query} HTTP/1.1`,
      IPV6: 'off',
      HTTP2: 'off',
      REQUEST_SCHEME: 'http',
    };
    const environment: Record<string, string> = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      ...SERVER_ENVIRONMENT,
    };
    return {
      variable: (name) => variables[name],
      requestHeader: (name) => headers.get(name.toLowerCase()),
      responseHeader: () => undefined,
      note: () => undefined,
      requestEnvironment: () => undefined,
      processEnvironment: (name) => environment[name],
      clientAddress: '127.0.0.1',
      site: {
        stat: statBy(statSync),
        lstat: statBy(lstatSync),
        read: () => undefined,
      },
      subrequestSucceeds: () => false,
    };
  }

  function evaluate(text: string, mode: Case['mode'], context: ExprContext): Case | undefined {
    const parsed = parseExpr(text, { mode });
    return 'problem' in parsed ? undefined : { mode, text, ours: evaluateExpr(parsed.ast, context) };
  }

  /** Neither control characters, which no header can carry, nor a `.htaccess` line that is too long. */
  function fits({ text, ours }: Case): boolean {
    return text.length < 3000 && !text.includes('${') && !/[\0-\x08\n-\x1f\x7f]/.test(String(ours.value));
  }

  function makeCases(random: ValueGenerator, context: ExprContext): Case[] {
    const cases: Case[] = [];
    while (cases.length < PER_REQUEST) {
      const mode = cases.length % 2 === 0 ? 'string' : 'condition';
      const text = (mode === 'string' ? random.text() : random.condition()).replaceAll('~/', `${root}/`);
      const made = evaluate(text, mode, context);
      if (made && fits(made)) cases.push(made);
    }
    return cases;
  }

  function htaccessOf(cases: readonly Case[]): string {
    const lines = cases.map(({ mode, text }, at) =>
      mode === 'string'
        ? `Header set X-${at} ${quoted(`expr=${text}`)}\n`
        : `<If ${quoted(text)}>\nHeader set X-${at} true\n</If>\n`,
    );
    return lines.join('');
  }

  function writeFolder(folder: string, htaccess: string): void {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'a'), 'x');
    writeFileSync(join(root, folder, '.htaccess'), htaccess, 'latin1');
  }

  function captureOf({ captures }: EvaluatedExpr, group: number): string {
    const start = captures?.match[group * 2] ?? -1;
    return start < 0 ? '' : (captures?.subject.slice(start, captures.match[group * 2 + 1]) ?? '');
  }

  function ask(path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { agent, headers: HEADERS, insecureHTTPParser: true, maxHeaderSize: 1 << 20 };
      get(`${apache.url}${path}`, options, (response) => {
        response.resume().on('end', () => resolve(response));
      }).on('error', reject);
    });
  }

  /** What the answer shows of an expression; a reader of headers drops blanks at both ends. */
  function shown({ mode, ours }: Case): string {
    return mode === 'string'
      ? String(ours.value).replaceAll(/^[ \t]+|[ \t]+$/g, '')
      : ours.value
        ? 'true'
        : '';
  }

  it(`are Apache's, ${REQUESTS * PER_REQUEST} times`, async () => {
    const random = new ValueGenerator(SEED);
    const differences: object[] = [];
    let holding = 0;
    for (let request = 0; request < REQUESTS; request++) {
      const folder = `/d${request}`;
      const cases = makeCases(random, contextOf(`${folder}/a`, 'b=c'));
      writeFolder(folder, htaccessOf(cases));
      const response = await ask(`${folder}/a?b=c`);
      expect(response.statusCode).toBe(200);
      cases.forEach((made, at) => {
        const apache = String(response.headers[`x-${at}`] ?? '');
        if (apache !== shown(made)) differences.push({ text: made.text, apache, ours: shown(made) });
        if (made.ours.value !== false && made.ours.value !== '') holding++;
      });
    }
    expect(differences).toEqual([]);
    expect(holding).toBeGreaterThan((REQUESTS * PER_REQUEST) / 3);
  });

  it('hands its captures to RewriteRule as %0 to %9', async () => {
    const random = new ValueGenerator(SEED);
    let matched = 0;
    for (let at = 0; at < 200; at++) {
      const condition = random.capture();
      const ours = evaluate(condition, 'condition', contextOf(`/c${at}/a`, ''))?.ours;
      // Without captures Apache reads memory that nothing has set, and may crash.
      if (!ours || (ours.value && !ours.captures)) continue;
      writeFolder(
        `c${at}`,
        `RewriteEngine On\nRewriteCond expr "${condition}"\nRewriteRule ^ - [E=X:<%0|%1|%2>]\nHeader set X %{X}e env=X\n`,
      );
      const response = await ask(`/c${at}/a`);
      const groups = [0, 1, 2].map((group) => captureOf(ours, group));
      expect({ condition, x: response.headers['x'] }).toEqual({
        condition,
        x: ours.value ? `<${groups.join('|')}>` : undefined,
      });
      if (ours.value) matched++;
    }
    expect(matched).toBeGreaterThan(50);
  });

  it('reads headers in Apache’s order and stops where Apache stops', async () => {
    const nest = (count: number, wrap: (inner: string) => string) => {
      let text = 'true';
      for (let left = count; left > 0; left--) text = wrap(text);
      return text;
    };
    const conditions = [
      ...['==', '<', '-eq', '-strmatch'].map((operator) => `%{HTTP_USER_AGENT} ${operator} %{HTTP_REFERER}`),
      "%{HTTP_ACCEPT} in {%{HTTP_REFERER}, %{HTTP_COOKIE}, req('X-Word')}",
      '%{HTTP_USER_AGENT}.%{HTTP_REFERER}.%{HTTP_ACCEPT} == 1',
      "'%{HTTP_USER_AGENT}%{HTTP_REFERER}%{HTTP_ACCEPT}' == 1",
      "req(req('X-Word')) == 1 || %{HTTP_HOST} == 1",
      ...[18, 19, 20, 21].flatMap((count) => [
        nest(count, (inner) => `(${inner} && true)`),
        nest(count, (inner) => `!(${inner} || false)`),
        nest(count, (inner) => `(true && !${inner})`),
        `'${nest(count, (inner) => `%{toupper:${inner}}`)}' == 'TRUE'`,
      ]),
    ];
    for (const [at, condition] of conditions.entries()) {
      const folder = `/v${at}`;
      writeFolder(folder, `<If "${condition}">\nHeader set X 1\n</If>\n`);
      const response = await ask(`${folder}/a`);
      const ours = evaluate(condition, 'condition', contextOf(`${folder}/a`, ''))?.ours;
      const answer = { value: response.headers['x'] === '1', vary: response.headers.vary ?? '' };
      expect({ condition, ...answer }).toEqual({ condition, value: ours?.value, vary: ours?.vary.join(',') });
    }
    const limit = conditions.filter(
      (condition) => evaluate(condition, 'condition', contextOf('', ''))?.ours.problem,
    );
    expect(apache.readErrorLog().match(/failed: Recursion limit reached/g)?.length).toBeGreaterThanOrEqual(
      limit.length,
    );
    expect(limit.length).toBeGreaterThan(3);
  });
});
