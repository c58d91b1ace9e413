import { textOfByteString } from '../text/bytes';
import type { Difference } from '../urls';
import type { LiveResult, TestedCase } from './testRun';

/** One line of why a case is not as expected. */
export interface ReasonLine {
  readonly name: string;
  readonly text: string;
  readonly weight?: 'green' | 'red' | 'yellow' | 'cyan';
}

/** Expectation and prediction, what differs, which rule did it, what the server would log; then the real site. */
export function reasonLines({ result, rule, live }: TestedCase): ReasonLine[] {
  const { expected, actual, differences, observation } = result;
  const { logMessage } = observation.outcome;
  const by: ReasonLine[] =
    rule === undefined
      ? []
      : [{ name: 'by', text: `${rule.file}:${rule.line}: ${rule.text}`, weight: 'cyan' }];
  const predicted: ReasonLine[] = [
    { name: 'expected', text: expected, weight: 'green' },
    { name: 'actual', text: actual, weight: 'red' },
    ...differences.filter(isHidden).map((one) => ({ name: one.what, text: arrowOf(one) })),
  ];
  return [
    ...(result.ok ? [] : predicted),
    ...by,
    ...(result.ok || logMessage === null ? [] : [{ name: 'because', text: textOfByteString(logMessage) }]),
    ...(live === undefined ? [] : liveLines(live)),
  ];
}

/** Status, Location and who answers are seen at once in the two lines; the others may hide among many. */
const isHidden = ({ what }: Difference): boolean => !['status', 'location', 'answer'].includes(what);

const arrowOf = ({ expected, actual }: Difference): string => `${expected}, but it is ${actual}`;

function liveLines({ answer, differences }: LiveResult): ReasonLine[] {
  if (answer.kind === 'unsent') return [{ name: 'live', text: `not sent: ${answer.why}`, weight: 'yellow' }];
  if (answer.kind === 'failed') return [{ name: 'live', text: `no answer: ${answer.why}`, weight: 'red' }];
  return differences.map(({ what, expected, actual }) => ({
    name: 'live',
    text: `${what}: predicted ${expected}, the site sent ${actual}`,
    weight: 'red',
  }));
}
