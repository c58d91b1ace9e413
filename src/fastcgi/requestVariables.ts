import type { HostProfile } from '../apache/host';
import type { HttpRequest, Outcome } from '../apache/request/outcome';
import { cgiEnvironment, type ConnectionEnds } from './cgiEnvironment';
import type { HeaderField } from './cgiResponse';
import type { NameValue } from './params';

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

/** A request as whoever answers it finds it: with the headers that directives have changed. */
export function asChanged(request: HttpRequest, { requestHeaders }: Outcome): HttpRequest {
  return requestHeaders === undefined ? request : { ...request, headers: requestHeaders };
}

/** What the variables of a program are made of, beside its leg and outcome. */
export interface VariablesContext {
  /** The client's request line: REQUEST_URI. */
  readonly target: string;
  /** REQUEST_METHOD. */
  readonly method: string;
  readonly host: HostProfile;
  readonly documentRoot: string;
  readonly connection: ConnectionEnds;
  readonly bodyLength: number;
  readonly uniqueId: string;
  /** How the program is run; `fastcgi` when not given. */
  readonly via?: 'fastcgi' | 'cgi';
}

/** The variables that a program gets for a request. */
export function requestVariables(leg: Leg, outcome: Outcome, context: VariablesContext): NameValue[] {
  const { target, method, host, documentRoot, connection, bodyLength, uniqueId, via = 'fastcgi' } = context;
  const { pathTranslated = null } = outcome;
  const { protocol = 'HTTP/1.1', headers } = leg.request;
  return cgiEnvironment({
    request: { method, target, protocol, headers },
    outcome,
    host,
    documentRoot,
    connection,
    via,
    bodyLength: leg.redirectedFrom === undefined ? bodyLength : 0,
    ...(leg.redirectedFrom === undefined ? {} : { redirectedFrom: leg.redirectedFrom }),
    ...(pathTranslated === null ? {} : { pathTranslated }),
    ...(host.modules.includes('mod_unique_id') ? { uniqueId } : {}),
  });
}
