import { secondsOf, type Incident } from '../errorlog';
import { well, type Finding } from './finding';
import type { Observations } from './observations';

/** Seconds back from now in which an incident still counts as "now" where the examination's own requests cannot be told from others. */
const RECENT = 3600;

const BACK_OFF = /^(?:fastcgi\.back-off|fcgid\.no-slot|fcgid\.spawn-limit)$/;

/** How much an incident of the log tells of the cause, by its kind: an error with a place is the cause, "it ended" only says that there is one. */
function weightOf({ code, severity, place }: Incident, isNow: boolean): number {
  if (code === 'core.busy') return 22;
  const kind =
    severity === 'info'
      ? 4
      : /died|exit|no-output|no-answer|premature|answer-cut|status|timeout|connect/.test(code)
        ? 52
        : severity === 'warning'
          ? 44
          : 80;
  const own = /exception|missing|no-interpreter|plain-cgi/.test(code) && place !== null ? 84.5 : kind;
  return isNow ? own : Math.min(own, 15);
}

/** The log: its incidents, newest first, and whether there is one at all. */
export function judgeLog(seen: Observations): readonly Finding[] {
  const { incidents, log } = seen;
  if (incidents === null && log !== null) return [unreadable(log)];
  // Where nobody could look, nothing is known of a log.
  if (incidents === null) return seen.sshFailure === null ? [noLog()] : [];
  // A back-off has a finding of its own, which says how long it lasts.
  const told = seen.backOff === null ? incidents : incidents.filter(({ code }) => !BACK_OFF.test(code));
  const findings = told.slice(0, 30).map((incident) => incidentFinding(incident, seen));
  if (findings.some(({ severity }) => severity === 'error' || severity === 'warning')) return findings;
  const quiet =
    findings.length === 0 ? 'The log tells of no failure.' : 'The log tells of earlier failures only.';
  return [...findings, well('log.quiet', quiet, log === null ? [] : [log.path])];
}

function incidentFinding(incident: Incident, seen: Observations): Finding {
  const { code, severity, summary, cause, remedy, fixes, lines, also, count, last } = incident;
  const isNow = happenedNow(incident, seen);
  return {
    code: `log.${code}`,
    severity: isNow ? severity : earlier(severity, seen),
    weight: weightOf(incident, isNow),
    title: summary,
    why: cause,
    evidence: [
      `${count === 1 ? 'once' : `${count} times`}${last === null ? '' : `, last ${last.slice(0, 19).replace('T', ' ')} (time of the server)`}`,
      ...also,
      ...lines.slice(-12).map(({ text }) => text.slice(0, 400)),
    ],
    remedies: [{ text: remedy, ...(fixes[0] && { fix: fixes[0] }) }],
  };
}

/** What failed before is no fault of a site that answers well now. */
function earlier(severity: Incident['severity'], { answers }: Observations): Incident['severity'] {
  const isWell = answers.length > 0 && answers.every(({ status }) => status !== null && status < 500);
  return isWell ? 'info' : severity === 'error' ? 'warning' : severity;
}

function happenedNow({ last }: Incident, { since, answers }: Observations): boolean {
  if (last === null) return true;
  if (since === null) return answers.some(({ status }) => status !== null && status >= 400);
  const isFailing = answers.length === 0 || answers.some(({ status }) => status === null || status >= 400);
  return secondsOf(last) >= since - (isFailing && answers.length === 0 ? RECENT : 2);
}

function noLog(): Finding {
  return {
    code: 'log.none',
    severity: 'info',
    weight: 8,
    title: 'No log of the server was found.',
    why: 'The target has no "log", and none lies where hosts keep them; some hosts show it in their control panel only.',
    evidence: [],
    remedies: [
      {
        text: 'Name it as "log" in .vscode/fastcgi.json; or let the program write a log of its own, and name that under "logs".',
      },
    ],
  };
}

function unreadable({ path, problem }: { path: string; problem: string | null }): Finding {
  return {
    code: 'log.unreadable',
    severity: 'warning',
    weight: 10,
    title: `The log cannot be read: ${path}.`,
    why: problem ?? 'The path is wrong, or your account may not read it.',
    evidence: [path],
    remedies: [
      { text: 'Correct "log" in .vscode/fastcgi.json; without "log" it is looked for where hosts keep it.' },
    ],
  };
}
