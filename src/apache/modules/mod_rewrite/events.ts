import { groupTexts } from '../groups';
import type { RequestRecord } from '../../request/record';
import { changeOf, onlyChanges, type Change, type TraceEvent } from '../../request/trace';
import type { RewriteCondition, RewriteRule } from './config';
import { logEvent, type RewriteContext } from './context';

/** What a rule may change, as it is at one moment. */
export interface RequestState {
  readonly file: string | null;
  readonly pathInfo: string | null;
  readonly query: string | null;
  readonly status: number;
  readonly env: ReadonlyMap<string, string>;
  readonly cookies: number;
}

/** What a request is like now; empty where nobody reads the trace. */
export function stateOf(r: RequestRecord): RequestState | undefined {
  if (!r.isTracing) return undefined;
  return {
    file: r.filename,
    pathInfo: r.pathInfo,
    query: r.args,
    status: r.status,
    env: new Map(r.env.entries()),
    cookies: cookiesOf(r).length,
  };
}

/** Set-Cookie headers belong to the request whose subrequest this may be. */
function cookiesOf(r: RequestRecord): readonly string[] {
  let top = r;
  while (top.main !== null) top = top.main;
  return top.errHeadersOut
    .entries()
    .filter(([name]) => name === 'Set-Cookie')
    .map(([, value]) => value);
}

function changesSince(before: RequestState, r: RequestRecord): readonly Change[] {
  const cookies = cookiesOf(r).slice(before.cookies);
  return onlyChanges([
    changeOf('file', before.file, r.filename),
    changeOf('path info', before.pathInfo, r.pathInfo),
    changeOf('query', before.query, r.args),
    changeOf('status', String(before.status), String(r.status)),
    ...environmentChanges(before.env, r),
    ...cookies.map((cookie): Change => ({
      what: 'cookie',
      name: cookie.split('=', 1)[0] ?? '',
      after: cookie,
    })),
  ]);
}

function environmentChanges(before: ReadonlyMap<string, string>, r: RequestRecord): Change[] {
  const now = new Map(r.env.entries());
  const set = [...now].filter(([name, value]) => before.get(name) !== value);
  const gone = [...before].filter(([name]) => !now.has(name));
  return [
    ...set.map(([name, after]): Change => ({
      what: 'variable',
      name,
      before: before.get(name) ?? null,
      after,
    })),
    ...gone.map(([name, old]): Change => ({ what: 'variable', name, before: old, after: null })),
  ];
}

/** That a rule's pattern was applied, in mod_rewrite's words, and what came of it. */
export function tracePattern(rule: RewriteRule, context: RewriteContext, isMatch: boolean): void {
  if (!context.r.isTracing || (!isMatch && isAside(context.r, rule))) return;
  const { uri, ruleCaptures } = context;
  const captures = isMatch && ruleCaptures !== undefined ? { captures: groupTexts(ruleCaptures) } : {};
  logEvent(context, 3, {
    text: `applying pattern '${rule.pattern}' to uri '${uri}'`,
    origin: rule.origin,
    event: {
      directive: 'RewriteRule',
      args: rule.args.trim(),
      result: isMatch ? 'matched' : 'not matched',
      comparison: {
        subject: uri,
        pattern: rule.pattern,
        isNegated: rule.isNegated,
        isCaseless: rule.flags.noCase,
      },
      ...captures,
      ...(isMatch ? {} : untested(rule.conditions)),
    },
  });
}

/** That a condition was tested, in mod_rewrite's words. */
export function traceCondition(
  condition: RewriteCondition,
  context: RewriteContext,
  { input, result }: { readonly input: string; readonly result: boolean },
): void {
  if (!context.r.isTracing) return;
  const { written, noCase, isNegated, test } = condition;
  const hasGroups = result && !isNegated && (test.kind === 'regex' || test.kind === 'expr');
  const found = hasGroups ? context.conditionCaptures : undefined;
  logEvent(context, 4, {
    text: `RewriteCond: input='${input}' pattern='${written}'${noCase ? ' [NC]' : ''} => ${result ? 'matched' : 'not-matched'}`,
    origin: condition.origin,
    event: {
      directive: 'RewriteCond',
      args: condition.args.trim(),
      result: result ? 'matched' : 'not matched',
      comparison: {
        subject: test.kind === 'expr' ? '' : input,
        pattern: written.startsWith('!') ? written.slice(1) : written,
        isNegated: written.startsWith('!'),
        isCaseless: noCase,
      },
      ...(found === undefined ? {} : { captures: groupTexts(found) }),
      ...(result || condition.orNext ? {} : untested(behind(condition, context.rule))),
    },
  });
}

/** The lines of conditions that Apache leaves out; those of a macro have none. */
function untested(conditions: readonly RewriteCondition[]): Pick<TraceEvent, 'untested'> {
  const lines = conditions.flatMap(({ origin }) => origin.line ?? []);
  return lines.length === 0 ? {} : { untested: lines };
}

function behind(condition: RewriteCondition, rule: RewriteRule | undefined): readonly RewriteCondition[] {
  return rule?.conditions.slice(rule.conditions.indexOf(condition) + 1) ?? [];
}

/** That a condition behind a fulfilled [OR] is not looked at. */
export function traceSkippedCondition(
  condition: RewriteCondition | undefined,
  context: RewriteContext,
): void {
  if (!context.r.isTracing || condition === undefined) return;
  context.r.addTrace({
    module: 'mod_rewrite',
    text: 'RewriteCond skipped: an alternative before it is met',
    ...condition.origin,
    event: {
      directive: 'RewriteCond',
      args: condition.args.trim(),
      result: 'skipped',
      reason: 'an alternative before it, joined by [OR], is met',
    },
  });
}

const QUIET: ReadonlySet<TraceEvent['result']> = new Set(['skipped', 'not reached']);

/** A rule that nobody looks at, nor at its conditions. */
function isAside({ evaluation }: RequestRecord, rule: RewriteRule): boolean {
  const { isWatched } = evaluation;
  return isWatched !== undefined && ![rule, ...rule.conditions].some(({ origin }) => isWatched(origin));
}

/** An event of a rule for which mod_rewrite has no words. */
export function traceRule(
  { r }: RewriteContext,
  rule: RewriteRule,
  event: Omit<TraceEvent, 'directive' | 'args'>,
): void {
  if (!r.isTracing || (QUIET.has(event.result) && isAside(r, rule))) return;
  const reason = event.reason === undefined ? '' : `: ${event.reason}`;
  r.addTrace({
    module: 'mod_rewrite',
    text: `RewriteRule ${event.result}${reason}`,
    ...rule.origin,
    event: { directive: 'RewriteRule', args: rule.args.trim(), ...event },
  });
}

/** A rule that is left out before its pattern is tried. */
export function traceSkippedRule(
  context: RewriteContext,
  rule: RewriteRule | undefined,
  reason: string,
): void {
  if (rule !== undefined)
    traceRule(context, rule, { result: 'skipped', reason, ...untested(rule.conditions) });
}

/** ` of line 3`; nothing for a rule of a macro, whose lines no file has. */
export function lineWords({ origin }: RewriteRule): string {
  return origin.line === undefined ? '' : ` of line ${origin.line}`;
}

/** What a rule that applies has changed, and which of its flags sends the request on. */
export function traceEffect(
  rule: RewriteRule,
  context: RewriteContext,
  before: RequestState | undefined,
): void {
  if (before === undefined) return;
  const changes = changesSince(before, context.r);
  const ending = endOf(rule);
  traceRule(context, rule, {
    result: 'applied',
    changes,
    ...(ending === undefined ? {} : { reason: ending }),
  });
}

/** What a rule that applied does to the rules behind it. */
function endOf({ flags }: RewriteRule): string | undefined {
  if (flags.hasStatus) return `the request ends with ${flags.responseCode}`;
  if (flags.passThrough) return '[PT]: no further rule of this folder';
  if (flags.end) return '[END]: no further rule, also after an internal redirect';
  if (flags.proxy) return '[P]: no further rule of this folder';
  if (flags.last) return '[L]: no further rule of this folder in this round';
  if (flags.newRound) return '[N]: the rules begin anew';
  return flags.skip > 0 ? `[S=${flags.skip}]: the next rules are skipped` : undefined;
}

/** All rules behind one that ended the list. */
export function traceNotReached(context: RewriteContext, rules: readonly RewriteRule[], at: number): void {
  const last = rules[at];
  if (!context.r.isTracing || last === undefined) return;
  const reason = `the rule${lineWords(last)} ended the list`;
  for (const rule of rules.slice(at + 1))
    traceRule(context, rule, { result: 'not reached', reason, ...untested(rule.conditions) });
}
