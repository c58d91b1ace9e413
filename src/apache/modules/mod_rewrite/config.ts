import type { Expr } from '../../expr';
import type { Regex } from '../../regex';
import type { Origin } from '../define';

/** RewriteOptions. */
export interface RewriteOptions {
  readonly inherit: boolean;
  readonly inheritBefore: boolean;
  readonly inheritDown: boolean;
  readonly inheritDownBefore: boolean;
  readonly ignoreInherit: boolean;
  readonly allowNoSlash: boolean;
  readonly mergeBase: boolean;
  readonly ignoreContextInfo: boolean;
}

/** What a RewriteCond tests. Numbers and strings are compared with `RewriteCondition.pattern`. */
export type ConditionTest =
  | { readonly kind: 'regex'; readonly regex: Regex }
  | { readonly kind: 'expr'; readonly expr: Expr }
  | {
      readonly kind:
        'file' | 'directory' | 'size' | 'link' | 'executable' | 'subrequestUri' | 'subrequestFile';
    }
  | { readonly kind: 'integer'; readonly operator: 'lt' | 'le' | 'eq' | 'gt' | 'ge' }
  | { readonly kind: 'string'; readonly operator: '<' | '<=' | '=' | '>' | '>=' };

/** One RewriteCond. */
export interface RewriteCondition {
  /** The test string, not yet expanded. */
  readonly input: string;
  /** The pattern without `!` and operator. */
  readonly pattern: string;
  /** The pattern as written, as the trace shows it. */
  readonly written: string;
  readonly test: ConditionTest;
  readonly isNegated: boolean;
  readonly noCase: boolean;
  readonly orNext: boolean;
  readonly noVary: boolean;
  readonly line: number;
  readonly origin: Origin;
  /** As written. */
  readonly args: string;
}

/** The flags of a RewriteRule. */
export interface RuleFlags {
  escapeBackreferences: boolean;
  /** The only characters to escape; undefined for all but letters, digits and `_`. */
  escapes: string | undefined;
  noEscapes: string | undefined;
  escapeNoPlus: boolean;
  escapeControls: boolean;
  chain: boolean;
  cookies: string[];
  discardPathInfo: boolean;
  environment: string[];
  end: boolean;
  /** A status to stop with (F, G, R=4xx); implies that nothing is substituted. */
  hasStatus: boolean;
  noSubstitution: boolean;
  handler: string | undefined;
  last: boolean;
  noEscape: boolean;
  newRound: boolean;
  maxRounds: number;
  ignoreOnSubrequest: boolean;
  noCase: boolean;
  proxy: boolean;
  passThrough: boolean;
  queryAppend: boolean;
  queryDiscard: boolean;
  queryLast: boolean;
  /** The substitution ends in `?`, or QSD without any: the query is dropped. */
  queryNone: boolean;
  redirect: boolean;
  responseCode: number;
  skip: number;
  mimeType: string | undefined;
  unsafeAllow3F: boolean;
  unc: boolean;
}

/** One RewriteRule with the conditions before it. */
export interface RewriteRule {
  readonly pattern: string;
  readonly regex: Regex;
  readonly isNegated: boolean;
  readonly substitution: string;
  readonly conditions: readonly RewriteCondition[];
  readonly flags: Readonly<RuleFlags>;
  readonly line: number;
  readonly origin: Origin;
  /** As written. */
  readonly args: string;
}

/** mod_rewrite's per-directory configuration. */
export interface RewriteConfig {
  engine: boolean;
  isEngineSet: boolean;
  options: RewriteOptions;
  areOptionsSet: boolean;
  baseUrl: string | undefined;
  /** False after a merge without MergeBase, whatever was set: Apache forgets it then (config_perdir_merge). */
  isBaseUrlSet: boolean;
  /** The prefix that rules do not see, with slash; null in the server's own configuration. */
  readonly directory: string | null;
  /** Conditions that wait for their rule. */
  conditions: RewriteCondition[];
  rules: RewriteRule[];
}

/** No option set. */
export const NO_OPTIONS: RewriteOptions = {
  inherit: false,
  inheritBefore: false,
  inheritDown: false,
  inheritDownBefore: false,
  ignoreInherit: false,
  allowNoSlash: false,
  mergeBase: false,
  ignoreContextInfo: false,
};

/** Nothing set, for a folder or section. */
export function createRewriteConfig(path: string | null): RewriteConfig {
  return {
    engine: false,
    isEngineSet: false,
    options: NO_OPTIONS,
    areOptionsSet: false,
    baseUrl: undefined,
    isBaseUrlSet: false,
    directory: path === null || path.endsWith('/') ? path : `${path}/`,
    conditions: [],
    rules: [],
  };
}

/** The deeper configuration over the outer one: its rules replace the outer ones unless inheritance was asked for. */
export function mergeRewriteConfig(base: RewriteConfig, add: RewriteConfig): RewriteConfig {
  const options = add.areOptionsSet ? add.options : base.options;
  const isPushed = (pushes: boolean): boolean => pushes && !options.ignoreInherit;
  let rules = add.rules;
  if (options.inherit || isPushed(base.options.inheritDown)) rules = [...add.rules, ...base.rules];
  else if (options.inheritBefore || isPushed(base.options.inheritDownBefore))
    rules = [...base.rules, ...add.rules];
  return {
    engine: add.isEngineSet ? add.engine : base.engine,
    isEngineSet: add.isEngineSet || base.isEngineSet,
    options,
    areOptionsSet: add.areOptionsSet || base.areOptionsSet,
    baseUrl: options.mergeBase && !add.isBaseUrlSet ? base.baseUrl : add.baseUrl,
    isBaseUrlSet: options.mergeBase && (add.isBaseUrlSet || base.isBaseUrlSet),
    directory: add.directory,
    conditions: add.conditions,
    rules,
  };
}
