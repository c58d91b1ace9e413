import type { HostProfile } from '../apache/host';
import { evaluate, type EvaluationInput } from '../apache/request';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import type { Site } from '../apache/site';
import { requestVariables } from '../fastcgi';
import type { Observation } from './observation';
import { originsOf, withHost, type AskedRequest } from './request';

/** A site with the host that it is for. */
export interface ObservedSite {
  readonly site: Site;
  readonly host: HostProfile;
  /** Absolute on the server, without a slash at its end; a byte string. */
  readonly documentRoot: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Asks the evaluator as a browser would, at this moment: the outcome with all that a URL test can be compared by. `isWatched`: as for `evaluate`. */
export function observe(
  asked: AskedRequest,
  around: ObservedSite,
  isWatched?: EvaluationInput['isWatched'],
): Observation {
  const host = { ...around.host, ...asked.host };
  const request = withHost(asked.request, host);
  const outcome = evaluate({ ...around, host, request, ...(isWatched && { isWatched }) });
  const program = outcome.answer.kind === 'handler' ? variablesOf(request, outcome, { ...around, host }) : {};
  return { outcome, variables: { ...outcome.env, ...program }, origins: originsOf(request, host) };
}

function variablesOf(request: HttpRequest, outcome: Outcome, around: ObservedSite): Record<string, string> {
  const { host, documentRoot } = around;
  const connection = { remoteAddr: host.remoteAddr, remotePort: 0, serverAddr: host.serverAddr };
  const variables = requestVariables({ request, earlierFields: [] }, outcome, {
    target: request.target,
    method: request.method,
    host,
    documentRoot,
    connection,
    bodyLength: 0,
    uniqueId: '',
  });
  return Object.fromEntries(variables);
}
