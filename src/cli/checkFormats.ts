import { harmless, paint } from './colours';
import type { CheckFinding } from './findings';

/** The forms in which `fastcgi check` reports. */
export const CHECK_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** What a report is made of. */
export interface CheckReport {
  readonly findings: readonly CheckFinding[];
  /** Number of files that were looked at. */
  readonly files: number;
  readonly colours: boolean;
}

/** The whole report, ready to be written. */
export function formatReport(report: CheckReport, format: CheckFormat): string {
  if (format === 'json') return `${JSON.stringify(report.findings, undefined, 2)}\n`;
  if (format === 'sarif') return `${JSON.stringify(sarif(report.findings), undefined, 2)}\n`;
  if (format === 'github') return report.findings.map(githubLine).join('');
  return textReport(report);
}

function textReport({ findings, files, colours }: CheckReport): string {
  const colour = paint(colours);
  const byWeight = { error: colour.red, warning: colour.yellow, advice: colour.cyan };
  const lines = findings.map(
    (one) =>
      `${colour.bold(harmless(placeOf(one)))}: ${byWeight[one.severity](one.severity)}: ${indented(harmless(one.message))} ${colour.dim(`[${one.code}]`)}\n`,
  );
  return `${lines.join('')}${summary(findings, files)}\n`;
}

/** Apache's longer messages have several lines, each with a place of its own: they belong to the first. */
const indented = (message: string): string => message.replaceAll('\n', '\n    ');

function placeOf({ file, line, column }: CheckFinding): string {
  return [file, line, column].filter((part) => part !== null).join(':');
}

function summary(findings: readonly CheckFinding[], files: number): string {
  const checked = counted(files, 'file');
  if (findings.length === 0) return `${checked} checked, nothing found.`;
  const counts = (['error', 'warning', 'advice'] as const)
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => (severity === 'advice' ? `${count} advice` : counted(count, severity)));
  return `${checked} checked: ${counts.join(', ')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A workflow command of GitHub Actions; https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function githubLine({ file, line, column, code, severity, message }: CheckFinding): string {
  const command = severity === 'advice' ? 'notice' : severity;
  const place = [
    `file=${property(file)}`,
    line && `line=${line}`,
    column && `col=${column}`,
    `title=${property(code)}`,
  ];
  return `::${command} ${place.filter(Boolean).join(',')}::${data(harmless(message))}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** SARIF 2.1.0 (OASIS), as code scanning services read it. */
function sarif(findings: readonly CheckFinding[]) {
  const codes = [...new Set(findings.map((one) => one.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'fastcgi', rules: codes.map((id) => ({ id })) } },
        columnKind: 'unicodeCodePoints',
        results: findings.map((one) => sarifResult(one, codes)),
      },
    ],
  };
}

function sarifResult(
  { file, line, column, code, severity, message }: CheckFinding,
  codes: readonly string[],
) {
  const region = line === null ? {} : { region: { startLine: line, ...(column && { startColumn: column }) } };
  const artifactLocation = { uri: file.split('/').map(encodeURIComponent).join('/') };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity === 'advice' ? 'note' : severity,
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, ...region } }],
  };
}
