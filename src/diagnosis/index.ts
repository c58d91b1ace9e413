/** Why a site fails: from what was seen of it to findings, the likeliest cause first. Pure: asks nothing itself. */
import { judgeFiles } from './files';
import type { Finding } from './finding';
import { judgeHost } from './host';
import { judgeLog } from './log';
import type { Observations } from './observations';
import { judgeProcesses } from './processes';
import { judgeWeb } from './web';

export type { Finding, Remedy } from './finding';
export type {
  Answer,
  Prediction,
  Certificate,
  DispatcherView,
  HtaccessView,
  Observations,
  ProcessView,
  RemoteEntry,
} from './observations';

export { reportText, type TextStyle } from './text';

/** Everything that was found, worst first, what is well last. */
export interface Report {
  readonly target: string;
  /** One sentence for somebody in a hurry. */
  readonly verdict: string;
  readonly findings: readonly Finding[];
}

/** Judges what was seen. Never throws. */
export function diagnose(seen: Observations): Report {
  const judges = [judgeWeb, judgeFiles, judgeProcesses, judgeLog, judgeHost];
  const all = judges.flatMap((judge) => judge(seen));
  const findings = unique(all).sort((a, b) => b.weight - a.weight);
  const [first] = findings;
  const isWell = first === undefined || first.severity === 'ok' || first.severity === 'info';
  return {
    target: seen.target.name,
    verdict: isWell ? `Nothing was found that keeps "${seen.target.name}" from working.` : first.title,
    findings,
  };
}

/** The same finding about several addresses is one, with the evidence of all. */
function unique(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const one of findings) {
    const key = `${one.code} ${one.code.startsWith('web.') ? '' : one.title}`;
    const before = known.get(key);
    known.set(
      key,
      before ? { ...before, evidence: [...before.evidence, ...one.evidence].slice(0, 12) } : one,
    );
  }
  return [...known.values()];
}
