import type { Expr } from '../../expr';
import type { Regex } from '../../regex';
import type { RequestRecord } from '../../request/record';
import type { Origin } from '../define';

/** What a directive does with its header. */
export type HeaderAction =
  'set' | 'setifempty' | 'add' | 'append' | 'merge' | 'unset' | 'echo' | 'edit' | 'edit*' | 'note';

/** When a directive applies; `early` never does in a .htaccess, which is read too late for it. */
export type HeaderCondition =
  | { readonly kind: 'early' }
  | { readonly kind: 'env'; readonly name: string; readonly isNegated: boolean }
  | { readonly kind: 'expr'; readonly expr: Expr };

/** A piece of a format string. */
export type FormatTag = (r: RequestRecord) => string;

/** What a directive writes: a format string or an expression; undefined for actions without a value. */
export type HeaderValue =
  | { readonly kind: 'format'; readonly tags: readonly FormatTag[] }
  | { readonly kind: 'expr'; readonly expr: Expr }
  | undefined;

/** One Header or RequestHeader. */
export interface HeaderEntry {
  readonly action: HeaderAction;
  readonly header: string;
  readonly value: HeaderValue;
  /** The pattern of edit, edit* and echo. */
  readonly regex: Regex | undefined;
  readonly condition: HeaderCondition | undefined;
  readonly origin: Origin;
  /** The arguments as written. */
  readonly written: string;
}

/** mod_headers's per-directory configuration: the lists for the three tables. */
export interface HeadersConfig {
  /** RequestHeader. */
  request: readonly HeaderEntry[];
  /** Header, Header onsuccess. */
  onSuccess: readonly HeaderEntry[];
  /** Header always. */
  always: readonly HeaderEntry[];
}

/** Nothing set. */
export function createHeadersConfig(): HeadersConfig {
  return { request: [], onSuccess: [], always: [] };
}

/** The outer folder's entries, then the deeper one's (merge_headers_config). */
export function mergeHeadersConfig(base: HeadersConfig, add: HeadersConfig): HeadersConfig {
  return {
    request: [...base.request, ...add.request],
    onSuccess: [...base.onSuccess, ...add.onSuccess],
    always: [...base.always, ...add.always],
  };
}
