import { formatCase } from '../urls';
import { isPassed, type TestedFile } from './testRun';
import { reasonLines, type ReasonLine } from './testReasons';

/** One test of a report for machines: a case, or a line that is none. */
interface Test {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
  readonly isBroken: boolean;
  readonly reasons: readonly ReasonLine[];
}

function testsOf({ file, problems, cases }: TestedFile): Test[] {
  const broken = problems.map(({ line, column, message }): Test => {
    const why = [{ name: 'message', text: message }];
    return { name: `line ${line}, column ${column}`, file, line, ok: false, isBroken: true, reasons: why };
  });
  const run = cases.map((one): Test => {
    const { case: written } = one.result;
    const ok = isPassed(one);
    return {
      name: formatCase(written),
      file,
      line: written.line,
      ok,
      isBroken: false,
      reasons: ok ? [] : reasonLines(one),
    };
  });
  return [...broken, ...run].sort((a, b) => a.line - b.line);
}

/** JUnit's XML, as continuous integration reads it: a suite per file, a test per case. */
export function junitReport(files: readonly TestedFile[]): string {
  const suites = files.map((file) => junitSuite(file.file, testsOf(file)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function junitSuite(file: string, tests: readonly Test[]): string {
  const errors = tests.filter((test) => test.isBroken).length;
  const failures = tests.filter((test) => !test.ok).length - errors;
  const head = `  <testsuite name="${xml(file)}" tests="${tests.length}" failures="${failures}" errors="${errors}">\n`;
  return `${head}${tests.map(junitCase).join('')}  </testsuite>\n`;
}

function junitCase({ name, file, line, ok, isBroken, reasons }: Test): string {
  const head = `    <testcase classname="${xml(file)}" name="${xml(name)}" file="${xml(file)}" line="${line}"`;
  if (ok) return `${head}/>\n`;
  const kind = isBroken ? 'error' : 'failure';
  const text = reasons.map((one) => `${one.name}: ${one.text}`).join('\n');
  const first = isBroken ? text : 'not as expected';
  return `${head}>\n      <${kind} message="${xml(first)}">${xml(text)}</${kind}>\n    </testcase>\n`;
}

/** Characters that XML 1.0 cannot hold become U+FFFD. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** TAP 14: https://testanything.org/tap-version-14-specification.html */
export function tapReport(files: readonly TestedFile[]): string {
  const tests = files.flatMap((file) => testsOf(file));
  const lines = tests.map((test, index) => tapLines(test, index + 1));
  return `TAP version 14\n1..${tests.length}\n${lines.join('')}`;
}

function tapLines({ name, file, line, ok, reasons }: Test, number: number): string {
  const head = `${ok ? 'ok' : 'not ok'} ${number} - ${tapName(`${file}:${line} ${name}`)}\n`;
  if (ok) return head;
  // JSON strings are YAML strings.
  const rows = reasons.map((one) => `    - ${JSON.stringify(`${one.name}: ${one.text}`)}\n`);
  return `${head}  ---\n  at: ${JSON.stringify(`${file}:${line}`)}\n  reasons:\n${rows.join('')}  ...\n`;
}

const tapName = (text: string): string =>
  text.replaceAll(/[\u0000-\u001F\u007F]/g, '\uFFFD').replaceAll(/[\\#]/g, '\\$&');
