import { expect, test } from 'vitest';
import { capturesAt, nextStop, stopsOf, type Going } from '../../../src/language';
import { inspectAt } from '../../../src/apache/request/inspect';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { answerOf } from '../../apache/modules/evaluateSite';

const RULES =
  'RewriteEngine On\nRewriteCond %{REQUEST_URI} ^/(o)ld\nRewriteRule ^old/(.*)$ /new/$1 [E=SEEN:yes]\nRewriteRule ^new - [L]\n';

const { trace } = answerOf(RULES, '/old/a');
const stops = stopsOf(trace);

function linesBy(going: Going, breakpoints: readonly number[] = []): string[] {
  const lines: string[] = [];
  const isBreakpoint = ({ line }: { line: number }) => breakpoints.includes(line);
  for (let at = nextStop(stops, -1, going, isBreakpoint); at !== undefined;) {
    const stop = stops[at];
    lines.push(`${stop?.request}:${stop?.line}`);
    at = nextStop(stops, at, going, isBreakpoint);
  }
  return lines;
}

test('steps go from line to line, and to the next request of the chain', () => {
  expect(linesBy('over').slice(0, 4)).toEqual(['initial:3', 'initial:2', 'initial:3', 'initial:4']);
  expect(linesBy('out')[0]).toBe('initial:3');
  expect(linesBy('out')[1]).toMatch(/^initial\/redir#1:/);
});

test('going on stops at breakpoints alone', () => {
  expect(linesBy('on')).toEqual([]);
  expect(linesBy('on', [4]).every((line) => line.endsWith(':4'))).toBe(true);
  expect(linesBy('on', [4]).length).toBeGreaterThan(0);
});

test('captures are those of the rule and of its last condition', () => {
  const applied = stops[2];
  if (!applied) throw new Error('there are too few stops');
  expect(capturesAt(trace, applied)).toEqual([
    ['$0', 'old/a'],
    ['$1', 'a'],
    ['%0', '/old'],
    ['%1', 'o'],
  ]);
});

test('at a step the request is as it was then', () => {
  const host = hostProfile();
  const request = { method: 'GET', target: '/old/a', headers: [['Host', 'www.example.test']] as const };
  const site = memorySite({ '.htaccess': RULES, 'index.html': 'home' }, { treeRoot: host.treeRoot });
  const input = { request, site, host, documentRoot: host.treeRoot };
  const [first] = stops;
  const last = stops.at(-1);
  if (!first || !last) throw new Error('there are no stops');
  const early = inspectAt(input, first.step, '%{REQUEST_URI} =~ m#^/old/#');
  expect(early?.expression).toEqual({ value: 'true' });
  expect(early?.environment.some(([name]) => name.includes('SEEN'))).toBe(false);
  const late = inspectAt(input, last.step, '%{REQUEST_URI}');
  expect(late?.expression).toEqual({ value: '/new/a' });
  expect(late?.environment).toContainEqual(['REDIRECT_SEEN', 'yes']);
  expect(inspectAt(input, first.step, 'no expression')?.expression).toHaveProperty('problem');
  expect(inspectAt(input, 100_000)).toBeUndefined();
});
