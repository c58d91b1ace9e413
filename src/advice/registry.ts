import type { AdviceRule } from './rule';
import { backreference } from './rules/backreference';
import { childDropsParent } from './rules/childDropsParent';
import { commentContinuation } from './rules/commentContinuation';
import { conditionBackreference } from './rules/conditionBackreference';
import { conditionFixed } from './rules/conditionFixed';
import { danglingCondition } from './rules/danglingCondition';
import { danglingOr } from './rules/danglingOr';
import { deprecatedDirective } from './rules/deprecatedDirective';
import { engineMissing } from './rules/engineMissing';
import { errorPageRefused } from './rules/errorPageRefused';
import { execCgiMissing } from './rules/execCgiMissing';
import { exponential } from './rules/exponential';
import { exposedDispatcher } from './rules/exposedDispatcher';
import { exposedFile } from './rules/exposedFile';
import { exposedRepository } from './rules/exposedRepository';
import { exposedSource } from './rules/exposedSource';
import { oldAccess } from './rules/oldAccess';
import { expressionBackslash } from './rules/expressionBackslash';
import { expressionCaptures } from './rules/expressionCaptures';
import { fallbackRelative } from './rules/fallbackRelative';
import { foreignModuleRule } from './rules/foreignModule';
import { handlerLost } from './rules/handlerLost';
import { leadingSlash } from './rules/leadingSlash';
import { linksNeeded } from './rules/linksNeeded';
import { loop } from './rules/loop';
import { neverMatchesRule } from './rules/neverMatches';
import { neverReached } from './rules/neverReached';
import { orOfNegations } from './rules/orOfNegations';
import { phpValue } from './rules/phpValue';
import { queryInPattern } from './rules/queryInPattern';
import { questionMark } from './rules/questionMark';
import { redirectBackreference } from './rules/redirectBackreference';
import { redirectBeatsRewrite } from './rules/redirectBeatsRewrite';
import { redirectLeaksPath } from './rules/redirectLeaksPath';
import { redirectLoop } from './rules/redirectLoop';
import { redirectQuery } from './rules/redirectQuery';
import { sectionPath } from './rules/sectionPath';
import { sectionReplacesRules } from './rules/sectionReplacesRules';
import { setEnvTooLate } from './rules/setEnvTooLate';
import { spaceInQuery } from './rules/spaceInQuery';
import { statusWord } from './rules/statusWord';
import { trailingComment } from './rules/trailingComment';
import { unclosedSection } from './rules/unclosedSection';
import { unescapedDot } from './rules/unescapedDot';
import { unknownFlag } from './rules/unknownFlag';
import { unknownVariable } from './rules/unknownVariable';
import { uriTest } from './rules/uriTest';

/** Every rule, by what it is about: the text, rewriting, redirects, access, the rest. */
export const ADVICE: readonly AdviceRule[] = [
  commentContinuation,
  trailingComment,
  unclosedSection,
  expressionBackslash,
  engineMissing,
  danglingCondition,
  danglingOr,
  orOfNegations,
  conditionFixed,
  unknownVariable,
  leadingSlash,
  queryInPattern,
  backreference,
  conditionBackreference,
  expressionCaptures,
  unknownFlag,
  statusWord,
  uriTest,
  handlerLost,
  neverReached,
  loop,
  spaceInQuery,
  questionMark,
  redirectLeaksPath,
  sectionReplacesRules,
  sectionPath,
  childDropsParent,
  redirectBeatsRewrite,
  redirectLoop,
  redirectQuery,
  redirectBackreference,
  neverMatchesRule,
  unescapedDot,
  exponential,
  setEnvTooLate,
  linksNeeded,
  execCgiMissing,
  fallbackRelative,
  errorPageRefused,
  phpValue,
  foreignModuleRule,
  oldAccess,
  exposedDispatcher,
  exposedSource,
  exposedFile,
  exposedRepository,
  deprecatedDirective,
];
