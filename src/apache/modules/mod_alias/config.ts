import type { Expr } from '../../expr';
import type { Regex } from '../../regex';
import type { Origin } from '../define';

/** One Redirect or RedirectMatch with a path. */
export interface RedirectEntry {
  readonly from:
    | { readonly kind: 'path'; readonly path: string }
    | { readonly kind: 'regex'; readonly regex: Regex; readonly pattern: string };
  /** Undefined for a status that takes no target. */
  readonly target: string | undefined;
  readonly status: number;
  readonly line: number;
  readonly origin: Origin;
  /** As registered, and the arguments as written. */
  readonly directive: string;
  readonly args: string;
}

/** The form without a path. */
export interface RedirectForAll {
  readonly target: Expr | undefined;
  readonly status: number;
  readonly origin: Origin;
  readonly directive: string;
  readonly args: string;
}

/** mod_alias's per-directory configuration. */
export interface AliasConfig {
  /** In the order of the file; those of deeper folders come first. */
  readonly redirects: RedirectEntry[];
  /** `Redirect [status] URL` without a path: for everything in the folder, before the list. */
  all: RedirectForAll | undefined;
  relative: boolean | undefined;
  preservePath: boolean | undefined;
}

/** Nothing set. */
export function createAliasConfig(): AliasConfig {
  return { redirects: [], all: undefined, relative: undefined, preservePath: undefined };
}

/** The deeper folder's redirects before the outer ones (merge_alias_dir_config). */
export function mergeAliasConfig(base: AliasConfig, add: AliasConfig): AliasConfig {
  return {
    redirects: [...add.redirects, ...base.redirects],
    all: add.all ?? base.all,
    relative: add.relative ?? base.relative,
    preservePath: add.preservePath ?? base.preservePath,
  };
}
