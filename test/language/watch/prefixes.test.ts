import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stepsByRequest } from '../../../src/apache/request/steps';
import {
  breakpointLine,
  capturesAt,
  HtaccessDocument,
  lineMarks,
  nextStop,
  stopsOf,
} from '../../../src/language';
import { RuleCoverage } from '../../../src/server/ruleCoverage';
import { askedRequest, parseUrls } from '../../../src/urls';
import { answerOf } from '../../apache/modules/evaluateSite';

const FOLDER = new URL('../../oracle/fixtures/realistic/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.htaccess'));

/** Everything that watching, stepping and the counts over rules show of a request through a text. */
function watch(text: string): void {
  const lines = text.split('\n').length;
  const { trace } = answerOf(text, '/blog/a.html?x=1', {
    files: { '/site/index.html': '', '/site/blog/': null },
  });
  for (const { line } of lineMarks(trace, { file: '/site/.htaccess', treeRoot: '/site' }))
    if (line < 1 || line > lines) throw new Error(`mark at ${line} of ${lines}`);
  const document = new HtaccessDocument(text);
  const coverage = new RuleCoverage();
  coverage.add(trace);
  const [rules] = coverage.of([{ uri: 'u', directory: '/site/', document }]);
  for (const { first, line } of rules?.lines ?? [])
    if (first < 1 || first > line || line > lines) throw new Error(`rule at ${first} to ${line} of ${lines}`);
  const stops = stopsOf(trace);
  let seen = 0;
  for (let at = nextStop(stops, -1, 'in', () => false); at !== undefined; seen++) {
    const stop = stops[at];
    if (stop === undefined || stop.line > lines) throw new Error(`stop ${at} of ${stops.length}`);
    // A line that Apache refuses is a stop as well, whatever it is.
    if (stop.event.directive !== undefined && breakpointLine(document, stop.line) !== stop.line)
      throw new Error(`no breakpoint on ${stop.line}: ${stop.event.directive}`);
    capturesAt(trace, stop);
    at = nextStop(stops, at, 'in', () => false);
  }
  if (seen !== stops.length) throw new Error(`${seen} of ${stops.length} stops`);
  stepsByRequest(trace);
}

test.each(FILES)('every prefix of %s can be watched and stepped through', (name) => {
  const whole = readFileSync(new URL(name, FOLDER), 'utf8');
  for (let end = 0; end <= whole.length; end += 41) watch(whole.slice(0, end));
  watch(whole);
});

test('every prefix of a file of URL tests has its cases', () => {
  const whole = readFileSync(new URL('../../sites/classic/project/site.urls', import.meta.url), 'utf8');
  for (let end = 0; end <= whole.length; end++) {
    const text = whole.slice(0, end);
    const { cases, problems } = parseUrls(text);
    const count = text.split('\n').length;
    for (const one of cases) {
      askedRequest(one);
      expect(one.line).toBeLessThanOrEqual(count);
    }
    for (const { line } of problems) expect(line).toBeLessThanOrEqual(count);
  }
});
