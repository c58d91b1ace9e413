import { well, type Finding } from './finding';
import type { Observations } from './observations';

/** What runs on the server: processes with old code, and a server that starts none for a while. */
export function judgeProcesses(seen: Observations): readonly Finding[] {
  if (seen.folder?.kind !== 'directory') return [];
  return [...judgeAge(seen), ...judgeBackOff(seen)];
}

/** A process that is older than the code runs the old code. */
function judgeAge({ processes, newestCode }: Observations): readonly Finding[] {
  if (processes.length === 0) return [];
  const old =
    newestCode === null
      ? []
      : processes.filter(({ started }) => started !== null && started < newestCode.mtime - 1);
  const count = `${processes.length} ${processes.length === 1 ? 'process' : 'processes'} of the dispatcher`;
  if (old.length === 0)
    return [
      well(
        'processes.fine',
        `${count} run the code that lies on the server.`,
        processes.map(({ pid, idle }) => `process ${pid}${idle ? ', idle' : ''}`),
      ),
    ];
  return [
    {
      code: 'processes.old-code',
      severity: 'warning',
      weight: 55,
      title: `${old.length} of ${count} started before the code was changed: old code answers.`,
      why: 'mod_fcgid starts a new process only when the file of the dispatcher is replaced; other files are not looked at.',
      evidence: [`${newestCode?.path ?? ''} is newer`, ...old.map(({ pid }) => `process ${pid}`)],
      remedies: [{ text: 'Reload.', fix: { kind: 'reload' }, command: 'fastcgi reload' }],
    },
  ];
}

/** Why nothing helps for a while: what led to it is a finding of its own, and goes before it. */
function judgeBackOff({ backOff, dispatcher }: Observations): readonly Finding[] {
  if (backOff === null || backOff.secondsLeft === 0) return [];
  const { kind, text, secondsLeft } = backOff;
  const given = `Apache does not start ${dispatcher?.name ?? 'the dispatcher'} at the moment`;
  const isLong = kind === 'backed-off';
  return [
    {
      code: `processes.${kind}`,
      severity: isLong ? 'error' : 'warning',
      weight: isLong ? 78 : 42,
      title: secondsLeft === null ? `${given}.` : `${given}: ${duration(secondsLeft)} are left.`,
      why: text,
      evidence: [],
      remedies: isLong
        ? [
            {
              text: 'Correct the program, then recover.',
              fix: { kind: 'recover' },
              command: 'fastcgi recover',
            },
          ]
        : [
            {
              text: 'Wait until it is over; look meanwhile for why the program ends.',
              fix: { kind: 'preflight' },
            },
          ],
    },
  ];
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
