import { formatRequest } from '../urls';
import { harmless, paint, type Paint } from './colours';
import { isPassed, type LiveResult, type TestedCase, type TestedFile } from './testRun';
import { junitReport, tapReport } from './testMachineFormats';
import { reasonLines } from './testReasons';

/** The forms in which `fastcgi test` reports. */
export const TEST_FORMATS = ['text', 'json', 'junit', 'tap'] as const;
export type TestFormat = (typeof TEST_FORMATS)[number];

/** What a report is made of. */
export interface TestReport {
  readonly files: readonly TestedFile[];
  readonly colours: boolean;
  /** Whether the real site was asked. */
  readonly live: boolean;
}

/** The whole report, ready to be written. */
export function formatTestReport(report: TestReport, format: TestFormat): string {
  if (format === 'json') return `${JSON.stringify(jsonReport(report), undefined, 2)}\n`;
  if (format === 'junit') return junitReport(report.files);
  if (format === 'tap') return tapReport(report.files);
  return textReport(report);
}

function textReport({ files, colours, live }: TestReport): string {
  const colour = paint(colours);
  const blocks = files.map((file) => fileBlock(file, colour));
  return `${blocks.join('')}${summary(files, colour)}${live ? liveNote(files) : ''}\n`;
}

function fileBlock({ file, problems, cases }: TestedFile, colour: Paint): string {
  const passed = cases.filter(isPassed).length;
  const isFine = passed === cases.length && problems.length === 0;
  const weight = isFine ? colour.green : colour.red;
  const head = `${weight(isFine ? '✓' : '✗')} ${colour.bold(harmless(file))}  ${passed} of ${cases.length}\n`;
  const broken = problems.map(
    ({ line, column, message }) =>
      `  ${colour.bold(`${harmless(file)}:${line}:${column}`)}: ${harmless(message)}\n`,
  );
  const failed = cases.filter((one) => !isPassed(one) || one.live?.answer.kind === 'unsent');
  return head + broken.join('') + failed.map((one) => caseBlock(file, one, colour)).join('');
}

function caseBlock(file: string, tested: TestedCase, colour: Paint): string {
  const { case: written } = tested.result;
  const head = `  ${colour.bold(`${harmless(file)}:${written.line}`)}  ${harmless(formatRequest(written))}\n`;
  const rows = reasonLines(tested);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, text, weight }) => {
    const style = weight === undefined ? (plain: string) => plain : colour[weight];
    return `    ${colour.dim(name.padEnd(width))}  ${style(harmless(text))}\n`;
  });
  return head + lines.join('');
}

function summary(files: readonly TestedFile[], colour: Paint): string {
  const cases = files.flatMap((file) => file.cases);
  const problems = files.reduce((sum, file) => sum + file.problems.length, 0);
  const failed = cases.filter((one) => !isPassed(one)).length;
  const broken = problems === 0 ? '' : `, ${counted(problems, 'line')} not understood`;
  const text = `${counted(cases.length, 'case')} in ${counted(files.length, 'file')}: ${cases.length - failed} as expected, ${failed} not${broken}.`;
  return failed + problems === 0 ? colour.green(text) : colour.red(text);
}

/** What could not be compared, once for all cases. */
function liveNote(files: readonly TestedFile[]): string {
  const notSeen = new Set(files.flatMap((file) => file.cases.flatMap((one) => one.live?.notSeen ?? [])));
  if (notSeen.size === 0) return '';
  return `\nNot compared with the real site, since it cannot be seen from outside: ${[...notSeen].join(', ')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function jsonReport({ files, live }: TestReport) {
  const cases = files.flatMap((file) => file.cases);
  const problems = files.reduce((sum, file) => sum + file.problems.length, 0);
  const passed = cases.filter(isPassed).length;
  return {
    summary: { cases: cases.length, passed, failed: cases.length - passed, problems },
    files: files.map((file) => ({
      file: file.file,
      problems: file.problems.map(({ line, column, message }) => ({ line, column, message })),
      cases: file.cases.map((one) => ({ ...jsonCase(one), ...(live ? { live: jsonLive(one.live) } : {}) })),
    })),
  };
}

function jsonCase(tested: TestedCase) {
  const { result, rule } = tested;
  return {
    line: result.case.line,
    request: formatRequest(result.case),
    ok: isPassed(tested),
    expected: result.expected,
    actual: result.actual,
    differences: result.differences,
    unchecked: result.unchecked,
    decisive: rule ?? null,
    message: result.observation.outcome.logMessage,
  };
}

function jsonLive(live: LiveResult | undefined) {
  if (live === undefined) return null;
  const { answer, differences, notSeen } = live;
  if (answer.kind !== 'seen') return { [answer.kind]: answer.why };
  const { status, location } = answer.seen;
  return { status, location, differences, notSeen };
}
