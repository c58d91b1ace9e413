import type { DirConfig } from '../../config/dirConfig';
import type { Expr } from '../../expr';
import type { Regex } from '../../regex';
import type { Origin } from '../define';
import type { ErrorDocument } from './errorDocument';
import { mergeEtag, NO_ETAG, type EtagConfig } from './etag';

/** Bits of Options (OPT_* of http_core.h). */
export const OPTION = {
  none: 0,
  indexes: 1,
  includes: 2,
  followSymLinks: 4,
  execCgi: 8,
  includesWithExec: 32,
  symLinksIfOwnerMatch: 64,
  multiViews: 128,
  all: 1 | 2 | 4 | 8 | 32,
  /** Set while no Options were given at all. */
  unset: 16,
} as const;

/** What a <Files> or <FilesMatch> asks of the last segment of the file's path. */
export type FilesTest =
  { readonly kind: 'pattern'; readonly pattern: string } | { readonly kind: 'regex'; readonly regex: Regex };

/** What an <If>, <ElseIf> or <Else> asks; no condition for <Else>. */
export interface IfTest {
  readonly kind: 'if' | 'elseif' | 'else';
  readonly expr: Expr | undefined;
}

/** A <Files>, <FilesMatch>, <If>, <ElseIf> or <Else> with its own configuration, in the order of the file. */
export interface Section<Test> {
  readonly test: Test;
  readonly config: DirConfig;
  readonly origin: Origin;
  /** As Apache registers it: `<Files`, `<ElseIf`. */
  readonly name: string;
  /** Name, pattern or condition as written, without quotes; empty for <Else>. */
  readonly written: string;
}

/** core's per-directory configuration (core_dir_config), as far as directives of a .htaccess reach it. */
export interface CoreConfig {
  options: number;
  optionsAdded: number;
  optionsRemoved: number;
  readonly fileSections: Section<FilesTest>[];
  readonly ifSections: Section<IfTest>[];
  /** By status. */
  errorDocuments: ReadonlyMap<number, ErrorDocument> | undefined;
  acceptPathInfo: 'accept' | 'reject' | 'default' | undefined;
  /** ForceType, in lower case. */
  forcedType: string | undefined;
  /** SetHandler. */
  handler: Expr | undefined;
  /** AddDefaultCharset; null for Off. */
  defaultCharset: string | null | undefined;
  /** SetOutputFilter. */
  outputFilters: string | undefined;
  qualifyRedirectUrl: boolean | undefined;
  /** CGIPassAuth: programs get the headers with passwords. */
  passAuthorization: boolean | undefined;
  /** CGIVar: REQUEST_URI of a program is the path of the last internal redirect. */
  hasCurrentUri: boolean | undefined;
  /** FileETag. */
  etag: EtagConfig;
  /** ContentDigest. */
  contentDigest: boolean | undefined;
  /** Bytes; 0 for no limit. */
  limitRequestBody: number | undefined;
}

/** Nothing set. */
export function createCoreConfig(): CoreConfig {
  return {
    options: OPTION.unset,
    optionsAdded: 0,
    optionsRemoved: 0,
    fileSections: [],
    ifSections: [],
    errorDocuments: undefined,
    acceptPathInfo: undefined,
    forcedType: undefined,
    handler: undefined,
    defaultCharset: undefined,
    outputFilters: undefined,
    qualifyRedirectUrl: undefined,
    passAuthorization: undefined,
    hasCurrentUri: undefined,
    etag: NO_ETAG,
    contentDigest: undefined,
    limitRequestBody: undefined,
  };
}

/** The deeper configuration over the outer one (merge_core_dir_configs). */
export function mergeCoreConfig(base: CoreConfig, add: CoreConfig): CoreConfig {
  return {
    ...mergedOptions(base, add),
    fileSections: joined(base.fileSections, add.fileSections),
    ifSections: [...base.ifSections, ...add.ifSections],
    errorDocuments:
      base.errorDocuments !== undefined && add.errorDocuments !== undefined
        ? new Map([...base.errorDocuments, ...add.errorDocuments])
        : (add.errorDocuments ?? base.errorDocuments),
    acceptPathInfo: add.acceptPathInfo ?? base.acceptPathInfo,
    forcedType: add.forcedType ?? base.forcedType,
    handler: add.handler ?? base.handler,
    outputFilters: add.outputFilters ?? base.outputFilters,
    defaultCharset: add.defaultCharset === undefined ? base.defaultCharset : add.defaultCharset,
    qualifyRedirectUrl: add.qualifyRedirectUrl ?? base.qualifyRedirectUrl,
    passAuthorization: add.passAuthorization ?? base.passAuthorization,
    hasCurrentUri: add.hasCurrentUri ?? base.hasCurrentUri,
    etag: mergeEtag(base.etag, add.etag),
    contentDigest: add.contentDigest ?? base.contentDigest,
    limitRequestBody: add.limitRequestBody ?? base.limitRequestBody,
  };
}

/** The very list of one side where the other has none: a later walk knows it again (merge_core_dir_configs). */
const joined = <Item>(base: Item[], add: Item[]): Item[] =>
  base.length === 0 ? add : add.length === 0 ? base : [...base, ...add];

type OptionsPart = Pick<CoreConfig, 'options' | 'optionsAdded' | 'optionsRemoved'>;

function mergedOptions(base: CoreConfig, add: CoreConfig): OptionsPart {
  if ((add.options & OPTION.unset) === 0) {
    return { options: add.options, optionsAdded: add.optionsAdded, optionsRemoved: add.optionsRemoved };
  }
  const optionsAdded = (base.optionsAdded & ~add.optionsRemoved) | add.optionsAdded;
  const optionsRemoved = (base.optionsRemoved & ~add.optionsAdded) | add.optionsRemoved;
  const options = (base.options & ~optionsRemoved) | optionsAdded;
  const both = OPTION.includes | OPTION.includesWithExec;
  const losesExec = (base.options & both) === both && (add.options & both) === OPTION.includes;
  return { options: losesExec ? options & ~OPTION.includesWithExec : options, optionsAdded, optionsRemoved };
}
