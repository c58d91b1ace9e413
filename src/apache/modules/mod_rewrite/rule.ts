import { lowerCase } from '../../../text/bytes';
import { isAtLeast } from '../../host';
import type { RequestRecord } from '../../request/record';
import type { RewriteRule } from './config';
import { log, type RewriteContext } from './context';
import { holds } from './condition';
import { addCookie } from './cookie';
import { stateOf, traceEffect, tracePattern, traceRule, traceSkippedCondition } from './events';
import { expand, expandTracked } from './expand';
import { absoluteLength, qualify, reduceToPath, splitQuery } from './uri';

/** What became of a rule (rule_return_type). */
export type RuleResult = 'no-match' | 'match' | 'no-substitution' | 'status-set';

/** Applies one rule to the request: pattern, conditions, substitution, flags (apply_rewrite_rule). */
export function applyRule(rule: RewriteRule, context: RewriteContext): RuleResult {
  const { r } = context;
  context.uri = ruleInput(context);
  const before = stateOf(r);
  const isMatch = patternMatches(rule, context);
  tracePattern(rule, context, isMatch);
  if (!isMatch) return 'no-match';
  if (!conditionsHold(rule, context)) {
    traceRule(context, rule, { result: 'skipped', reason: 'a condition is not met' });
    return 'no-match';
  }
  const result = carryOut(rule, context);
  traceEffect(rule, context, before);
  return result;
}

/** What a rule does once its pattern and its conditions hold. */
function carryOut(rule: RewriteRule, context: RewriteContext): RuleResult {
  const { r } = context;
  const { flags } = rule;
  let result = '';
  if (!flags.noSubstitution) {
    const expanded = expandTracked(rule.substitution, context, rule);
    result = expanded.text;
    log(context, 2, () => `rewrite '${context.uri}' -> '${result}'`);
    if (expanded.hasUnsafeQuestionMark && !flags.unsafeAllow3F && isAtLeast(r.host, 60)) {
      r.logError('AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F');
      r.status = 403;
      return 'status-set';
    }
  }
  setEnvironment(rule, context);
  for (const cookie of flags.cookies) addCookie(context, expand(cookie, context));
  if (flags.noSubstitution) return withoutSubstitution(rule, context);
  return substitute(
    rule,
    context,
    isProxyRequest(r) ? { text: result, hasPrefix: false } : withPrefix(result, context),
  );
}

const isProxyRequest = (r: RequestRecord): boolean =>
  r.isProxied && r.filename?.startsWith('proxy:') === true;

/** The filename with path info, without the folder's prefix: what patterns see. */
export function ruleInput(context: RewriteContext): string {
  const { r, perdir } = context;
  let uri = r.filename ?? '';
  if (r.pathInfo !== null && r.pathInfo !== '') {
    const filename = uri;
    uri += r.pathInfo;
    log(context, 3, () => `add path info postfix: ${filename} -> ${filename}${r.pathInfo ?? ''}`);
  }
  if (isProxyRequest(r) || !uri.startsWith(perdir)) return uri;
  const whole = uri;
  log(context, 3, () => `strip per-dir prefix: ${whole} -> ${whole.slice(perdir.length)}`);
  return uri.slice(perdir.length);
}

function patternMatches(rule: RewriteRule, context: RewriteContext): boolean {
  const match = rule.regex.exec(context.uri);
  const isMatch = match !== null && match !== 'limit';
  if (isMatch === rule.isNegated) return false;
  context.varyNow = [];
  context.conditionCaptures = undefined;
  context.ruleCaptures = isMatch ? { subject: context.uri, match } : undefined;
  return true;
}

function conditionsHold(rule: RewriteRule, context: RewriteContext): boolean {
  const { conditions } = rule;
  for (let at = 0; at < conditions.length; at++) {
    const condition = conditions[at];
    if (condition === undefined) break;
    const result = holds(condition, context);
    if (condition.noVary) context.varyNow = [];
    if (condition.orNext && !result) {
      context.varyNow = [];
      continue;
    }
    if (!condition.orNext && !result) return false;
    while (conditions[at]?.orNext === true) {
      at += 1;
      traceSkippedCondition(conditions[at], context);
    }
    context.vary.push(...context.varyNow);
    context.varyNow = [];
  }
  return true;
}

function setEnvironment(rule: RewriteRule, context: RewriteContext): void {
  for (const entry of rule.flags.environment) {
    const text = expand(entry, context);
    if (text.startsWith('!')) {
      const name = text.slice(1);
      context.r.env.unset(name);
      log(context, 5, () => `unsetting env variable '${name}'`, false);
      continue;
    }
    const colon = text.indexOf(':');
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1);
    context.r.env.set(name, value);
    log(context, 5, () => `setting env variable '${name}' to '${value}'`, false);
  }
}

function withoutSubstitution(rule: RewriteRule, context: RewriteContext): RuleResult {
  forceTypeAndHandler(rule, context);
  const { hasStatus, responseCode } = rule.flags;
  if (hasStatus) {
    log(context, 2, () => `forcing responsecode ${responseCode} for ${context.r.filename ?? ''}`);
    context.r.status = responseCode;
  }
  return 'no-substitution';
}

interface Prefixed {
  readonly text: string;
  readonly hasPrefix: boolean;
}

/** A relative result gets the folder before it. */
function withPrefix(text: string, context: RewriteContext): Prefixed {
  if (text.startsWith('/') || absoluteLength(text) > 0) return { text, hasPrefix: false };
  log(context, 3, () => `add per-dir prefix: ${text} -> ${context.perdir}${text}`);
  return { text: context.perdir + text, hasPrefix: true };
}

function substitute(rule: RewriteRule, context: RewriteContext, result: Prefixed): RuleResult {
  const { r } = context;
  const { flags } = rule;
  r.filename = result.text;
  if (flags.discardPathInfo) r.pathInfo = null;
  splitQuery(context, flags);
  if (flags.proxy) {
    qualify(r);
    log(context, 2, () => `forcing proxy-throughput with ${r.filename ?? ''}`);
    r.filename = `proxy:${r.filename}`;
    return 'match';
  }
  if (flags.redirect) {
    qualify(r);
    log(context, 2, () => `explicitly forcing redirect with ${r.filename ?? ''}`);
    r.status = flags.responseCode;
    return 'match';
  }
  reduceToPath(context);
  if (absoluteLength(r.filename) > 0) {
    log(context, 2, () => `implicitly forcing redirect (rc=${flags.responseCode} with ${r.filename ?? ''}`);
    r.status = flags.responseCode;
    return 'match';
  }
  const keepsSlashes = flags.unc || result.hasPrefix || rule.substitution.startsWith('//');
  if (!keepsSlashes) r.filename = r.filename.replace(/^\/+(?=\/)/, '');
  forceTypeAndHandler(rule, context);
  return 'match';
}

/** [T=] and [H=]: remembered for the last fixup. */
function forceTypeAndHandler(rule: RewriteRule, context: RewriteContext): void {
  const { mimeType, handler } = rule.flags;
  if (mimeType !== undefined)
    remember(context, 'rewrite-forced-mimetype', 'MIME-type', expand(mimeType, context, rule));
  if (handler !== undefined) {
    remember(context, 'rewrite-forced-handler', 'Content-handler', expand(handler, context, rule));
  }
}

function remember(context: RewriteContext, note: string, what: string, expanded: string): void {
  if (expanded === '') return;
  const value = lowerCase(expanded);
  log(context, 2, () => `remember ${context.r.filename ?? ''} to have ${what} '${value}'`);
  context.r.notes.set(note, value);
}
