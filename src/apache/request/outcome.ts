import type { Origin } from '../modules/define';
import type { HeadersFor } from './programHead';
import type { TraceStep } from './trace';

export type { TraceStep } from './trace';

/** One request as the client sent it. Target and header values are byte strings. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as on the request line: `/a%20b?c=d`. */
  readonly target: string;
  /** `HTTP/1.1` when not given. */
  readonly protocol?: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Who answers. */
export type Answer =
  /** A static file, by the default handler; `handler` where one was named that no module knows. */
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly contentType: string | null;
      readonly handler?: string;
    }
  /** A script or other handler, by name (`fcgid-script`), or by the media type that stands in for one; `wrapper` is the command line of FcgidWrapper that runs it. */
  | {
      readonly kind: 'handler';
      readonly file: string;
      readonly handler: string;
      readonly isByType?: true;
      readonly wrapper?: readonly string[];
    }
  /** A generated listing of a folder; `contentType` as with an error. */
  | { readonly kind: 'listing'; readonly file: string; readonly contentType?: string | null }
  /** A redirect to the client; `Outcome.location` is its target. `contentType` as with an error. */
  | { readonly kind: 'redirect'; readonly contentType?: string | null }
  /**
   * Apache's own page, which also tells the `further` status for which an ErrorDocument was asked in vain; or the text of an ErrorDocument.
   * `contentType`: its type, where that is not the usual one.
   */
  | {
      readonly kind: 'error';
      readonly message: string | null;
      readonly further?: number;
      readonly contentType?: string | null;
    };

/** A directive in force whose effect only the server knows: a program's, a database's or Lua's decision. */
export interface UnknownUse {
  readonly directive: string;
  readonly origin: Origin;
  /** What is not known, and what was assumed: a phrase. */
  readonly reason: string;
}

/** What Apache does with a request: status and headers for the client, and the last request of the chain of internal redirects. */
export interface Outcome {
  readonly status: number;
  readonly location: string | null;
  readonly answer: Answer;
  /** URL path of the last request of the chain, decoded. */
  readonly uri: string;
  /** Absolute path on the server to which the last request was mapped. */
  readonly filename: string;
  readonly pathInfo: string | null;
  readonly query: string | null;
  /** What PATH_INFO itself would be mapped to: PATH_TRANSLATED of CGI; null without path info or script. */
  readonly pathTranslated?: string | null;
  /** The visitor's name, once authentication has run for the last request: REMOTE_USER. Absent or null for a stranger. */
  readonly user?: string | null;
  /** The name that an earlier request of the chain had, where the last one has none: REDIRECT_REMOTE_USER. */
  readonly earlierUser?: string | null;
  /** `Basic` and the like, where the last request asked for a password: AUTH_TYPE. */
  readonly authType?: string | null;
  /** The client's headers as `RequestHeader` and others have changed them; absent where they have not. */
  readonly requestHeaders?: HttpRequest['headers'];
  /** CGIPassAuth: a program gets the headers with passwords. */
  readonly passesAuthorization?: true;
  /** CGIVar: REQUEST_URI of a program is the path of the last request. */
  readonly hasCurrentUri?: true;
  /** What SetEnv, SetEnvIf, [E=] and internal redirects set (with the REDIRECT_ names). */
  readonly env: Readonly<Record<string, string>>;
  /** Response headers set by directives, with their case; several of one name in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Where a program answers: what it and directives send together. Absent where directives leave its headers alone. */
  readonly headersFor?: HeadersFor;
  /** Where a file answers and FileETag asks for another tag than the usual one: that, null for none. Directives for headers may change what is sent. */
  readonly etag?: string | null;
  /** Where a file answers: those of its own headers that directives took away, in lower case. */
  readonly without?: readonly string[];
  /** Where a program answers: bytes of the request's body that LimitRequestBody lets through; null for any number. */
  readonly bodyLimit?: number | null;
  /** The request before the last one of the chain: REDIRECT_URL and REDIRECT_QUERY_STRING of CGI; null without internal redirect. */
  readonly redirectedFrom: { readonly uri: string; readonly query: string | null } | null;
  /** An error of the chain ends the client's connection, also where its ErrorDocument answers. */
  readonly dropsConnection?: true;
  /** An error came from the handler of files, which had read the request's body by then: a program that answers as its ErrorDocument gets none. */
  readonly isBodyDiscarded?: true;
  /** Number of internal redirects. */
  readonly redirects: number;
  /** What the outcome is not certain for; absent where nothing is missing. */
  readonly unknown?: readonly UnknownUse[];
  readonly trace: readonly TraceStep[];
  /** The message that Apache would write to its error log for this outcome, without prefix. */
  readonly logMessage: string | null;
}
