/** What the extension and the requests panel say to each other. Both sides check what arrives. */
import type { PanelAction } from '../log/messages';
import type { TracePart, TracePlace } from '../trace/messages';

/** How a request ended: what the panel colours and filters by. */
export type RequestTone = 'pending' | 'ok' | 'moved' | 'client-error' | 'server-error' | 'cut';

/** One line of the list. */
export interface RequestRow {
  /** Ascending; a request that is answered comes again under its id. */
  readonly id: number;
  readonly tone: RequestTone;
  /** Time of day, `12:34:56`. */
  readonly time: string;
  readonly method: string;
  readonly url: string;
  /** `200`, or empty while it is not answered. */
  readonly status: string;
  /** `12 ms`, or empty. */
  readonly duration: string;
  /** Where it was sent on its way: `project/.htaccess:12`; empty where no rule did. */
  readonly rule: string;
  /** `dispatch.fcgi · 4711`, or what else answered. */
  readonly by: string;
  /** True where a program had it. */
  readonly program: boolean;
  /** All of it in words, for who hears it. */
  readonly label: string;
}

/** A header or variable. */
export type Pair = readonly [name: string, value: string];

/** A text in which places of files can be opened. */
export type LinkedText = readonly (string | { readonly text: string; readonly place: TracePlace })[];

/** The beginning of a body as text, and a remark about the rest. */
export interface BodyText {
  readonly text: string;
  readonly note: string;
}

/** Everything about one request. */
export interface RequestDetail {
  readonly id: number;
  readonly title: string;
  readonly summary: readonly Pair[];
  readonly rule?: TracePlace;
  readonly failure: string;
  readonly requestHeaders: readonly Pair[];
  readonly responseHeaders: readonly Pair[];
  readonly requestBody: BodyText;
  readonly responseBody: BodyText;
  readonly environment: readonly Pair[];
  readonly errors: LinkedText;
  readonly trace: readonly TracePart[];
}

/** What can be done with a request. */
export const REQUEST_ACTIONS = ['replay', 'curl', 'record', 'rule'] as const;

/** One of them. */
export type RequestAction = (typeof REQUEST_ACTIONS)[number];

/** What stands where there are no requests. */
export interface RequestsStatus {
  readonly title: string;
  readonly detail: string;
  readonly actions: readonly PanelAction[];
  /** Address of the site; empty while none is served. */
  readonly url: string;
}

/** Extension to panel. */
export type ToRequests =
  | { readonly type: 'reset' }
  /** New rows, and rows that have changed. */
  | { readonly type: 'rows'; readonly rows: readonly RequestRow[] }
  /** Requests below this id are forgotten. */
  | { readonly type: 'oldest'; readonly id: number }
  | { readonly type: 'status'; readonly status: RequestsStatus }
  | { readonly type: 'detail'; readonly detail: RequestDetail }
  /** Shows a request: the one that was sent again. */
  | { readonly type: 'select'; readonly id: number };

/** Panel to extension. */
export type FromRequests =
  | { readonly type: 'ready' }
  | { readonly type: 'selected'; readonly id: number }
  | { readonly type: 'act'; readonly action: RequestAction; readonly id: number }
  | { readonly type: 'open'; readonly file: string; readonly line: number }
  | { readonly type: 'action'; readonly command: string };

/** Which requests are shown. */
export const SHOWN = ['all', 'programs', 'failed'] as const;

/** One of them. */
export type Shown = (typeof SHOWN)[number];

/** The pages of the details. */
export const TABS = ['headers', 'body', 'environment', 'errors', 'trace'] as const;

/** One of them. */
export type Tab = (typeof TABS)[number];

/** Texts of the panel's own controls, in the reader's language. */
export interface RequestsTexts {
  readonly filter: string;
  readonly show: string;
  readonly shown: Readonly<Record<Shown, string>>;
  readonly list: string;
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly actions: Readonly<Record<RequestAction, string>>;
  /** The same where there is little room. */
  readonly shortActions: Readonly<Record<RequestAction, string>>;
  readonly close: string;
  readonly newest: string;
  /** `{0}` is a number. */
  readonly newRequests: string;
  readonly noMatch: string;
  readonly request: string;
  readonly response: string;
  readonly nothing: string;
  readonly pending: string;
}

/** What the panel keeps while it is hidden. */
export interface RequestsMemory {
  readonly filter: string;
  readonly shown: Shown;
  readonly tab: Tab | null;
  readonly selected: number | null;
}
