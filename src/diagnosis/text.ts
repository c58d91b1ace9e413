import type { Finding } from './finding';
import type { Report } from './index';

/** Words for the marks of severities; both as wide. */
const MARKS: Readonly<Record<Finding['severity'], string>> = { error: 'x', warning: '!', info: 'i', ok: '+' };

/** How parts of the text are shown, as by colours of a terminal; the words alone by default. */
export interface TextStyle {
  readonly severity: (severity: Finding['severity'], text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

const PLAIN: TextStyle = { severity: (_, text) => text, quiet: (text) => text, strong: (text) => text };

/** The report for people: the verdict, every finding with why, evidence and remedies, then what is well. */
export function reportText({ target, verdict, findings }: Report, style: TextStyle = PLAIN): string {
  const wrong = findings.filter(({ severity }) => severity !== 'ok');
  const fine = findings.filter(({ severity }) => severity === 'ok');
  return [
    style.strong(`Why is "${target}" failing?`),
    '',
    verdict,
    '',
    ...wrong.flatMap((finding, at) => [...findingLines(finding, at + 1, style), '']),
    ...(fine.length === 0 ? [] : [style.strong('In order:')]),
    ...fine.flatMap(({ title, evidence }) => [
      style.severity('ok', `  ${MARKS.ok} ${title}`),
      ...evidence.map((one) => style.quiet(`      ${one}`)),
    ]),
    '',
  ].join('\n');
}

function findingLines(
  { severity, title, why, evidence, remedies }: Finding,
  number: number,
  style: TextStyle,
): string[] {
  return [
    style.severity(severity, `${number}. ${MARKS[severity]} ${title}`),
    ...(why === '' ? [] : [`     ${why}`]),
    ...remedies.map(({ text, command }) => `     -> ${text}${command === undefined ? '' : `  (${command})`}`),
    ...evidence.map((one) => style.quiet(`        ${one}`)),
  ];
}
