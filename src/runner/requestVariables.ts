import type { Socket } from 'node:net';
import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { cgiEnvironment, type ConnectionEnds, type HeaderField, type NameValue } from '../fastcgi';
import { encodePath } from './pages';

/** A request on its way, which a program's `Location: /path` may send round again. */
export interface Leg {
  /** Method and target change with a new leg; headers stay those of the client. */
  readonly request: HttpRequest;
  /** The leg before this one. */
  readonly redirectedFrom?: {
    readonly environment: readonly NameValue[];
    /** URL path, decoded. */
    readonly uri: string;
    readonly query: string | null;
  };
  /** Headers of programs that sent the request here: Apache keeps them. */
  readonly earlierFields: readonly HeaderField[];
}

/** What the variables of a program are made of, beside its leg and outcome. */
export interface VariablesContext {
  /** The client's request line: REQUEST_URI. */
  readonly target: string;
  readonly host: HostProfile;
  readonly documentRoot: string;
  readonly connection: ConnectionEnds;
  readonly bodyLength: number;
  readonly uniqueId: string;
  readonly evaluate: (request: HttpRequest) => Outcome;
}

/** The variables that a program gets for a request. */
export function requestVariables(leg: Leg, outcome: Outcome, context: VariablesContext): NameValue[] {
  const { target, host, documentRoot, connection, bodyLength, uniqueId } = context;
  const pathTranslated = mapPathInfo(leg, outcome, context.evaluate);
  return cgiEnvironment({
    request: { ...leg.request, target },
    outcome,
    host,
    documentRoot,
    connection,
    bodyLength: leg.redirectedFrom === undefined ? bodyLength : 0,
    ...(leg.redirectedFrom === undefined ? {} : { redirectedFrom: leg.redirectedFrom }),
    ...(pathTranslated === null ? {} : { pathTranslated }),
    ...(host.modules.includes('mod_unique_id') ? { uniqueId } : {}),
  });
}

/** PATH_TRANSLATED: Apache maps the path info as if it had been asked for itself, so that a folder becomes its index. */
function mapPathInfo(leg: Leg, { pathInfo }: Outcome, evaluate: VariablesContext['evaluate']): string | null {
  if (pathInfo === null || pathInfo === '') return null;
  const mapped = evaluate({ ...leg.request, method: 'GET', target: encodePath(pathInfo) });
  // A rewrite there is not followed: the substitution stays as mod_rewrite left it (measured).
  if (mapped.redirects > 0) return mapped.redirects === 1 ? `redirect:${mapped.uri}` : null;
  return mapped.filename === '' ? null : mapped.filename + (mapped.pathInfo ?? '');
}

/** The ends of a connection as Apache names them. */
export function connectionEnds({ remoteAddress, remotePort, localAddress }: Socket): ConnectionEnds {
  return {
    remoteAddr: remoteAddress ?? '127.0.0.1',
    remotePort: remotePort ?? 0,
    serverAddr: localAddress ?? '127.0.0.1',
  };
}
