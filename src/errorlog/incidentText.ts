import type { Incident, Severity } from './incident';

/** How parts of the text are shown, as by colours of a terminal; the words alone by default. */
export interface IncidentStyle {
  readonly severity: (severity: Severity, text: string) => string;
  readonly quiet: (text: string) => string;
}

const PLAIN: IncidentStyle = { severity: (_, text) => text, quiet: (text) => text };

const MARKS: Readonly<Record<Severity, string>> = { error: 'x', warning: '!', info: 'i' };

/** Most lines of the log and steps of a stack that are shown of one incident. */
const MOST_LINES = 12;
const MOST_FRAMES = 8;
const LONGEST = 300;

/** An incident for people: what happened, how often and since when, where, why, what to do, and the lines that say so. Ends with a line end. */
export function incidentText(incident: Incident, style: IncidentStyle = PLAIN): string {
  const { severity, summary, cause, remedy, also } = incident;
  return [
    style.severity(severity, `${MARKS[severity]} ${summary}`),
    `    ${factsOf(incident)}`,
    ...framesOf(incident).map((frame) => `    ${frame}`),
    `    Why: ${cause}`,
    `    What to do: ${remedy}`,
    ...also.map((one) => `    Also: ${one}`),
    ...linesOf(incident).map((line) => style.quiet(`        ${line}`)),
    '',
  ].join('\n');
}

function factsOf({ count, first, last, request, status, clients }: Incident): string {
  const times = count === 1 ? 'once' : `${count} times`;
  const from = clockOf(first);
  const to = clockOf(last);
  const since = from === '' || from === to ? '' : `, first ${from}`;
  const asked = request === null ? [] : [status === null ? request : `${request} -> ${status}`];
  const all = [`${times}${since}${to === '' ? '' : `, last ${to}`}`, ...asked, clients.join(', ')];
  return all.filter((part) => part !== '').join('; ');
}

function clockOf(time: string | null): string {
  return time === null ? '' : time.slice(0, 19).replace('T', ' ');
}

/** Innermost first: that is where the reader looks. */
function framesOf({ traceback, place }: Incident): readonly string[] {
  const frames = [...(traceback?.frames ?? [])].reverse().slice(0, MOST_FRAMES);
  return (frames.length === 0 && place ? [place] : frames).map(
    ({ file, line, name }) => `at ${file}:${line}${name === null ? '' : ` in ${name}`}`,
  );
}

function linesOf({ lines }: Incident): readonly string[] {
  const shown = lines.slice(-MOST_LINES).map(({ text }) => text.slice(0, LONGEST));
  const left = lines.length - shown.length;
  return left === 0 ? shown : [`(${left} lines before)`, ...shown];
}
