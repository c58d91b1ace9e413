import { Candidates } from './candidates';
import type { RewriteRule } from './config';
import type { RewriteContext } from './context';
import { log } from './context';
import { lineWords, traceNotReached, traceSkippedRule } from './events';
import { applyRule } from './rule';

/** Twice LimitRequestLine: beyond it a rewritten filename is taken for a loop. */
const MAX_FILENAME = 2 * 8190;

/** How a pass over the rules ended (ACTION_*). */
export interface ListResult {
  readonly action: 'none' | 'normal' | 'no-escape' | 'status';
  /** The last rule that substituted. */
  readonly lastSubstitution: RewriteRule | undefined;
}

/** Applies all rules of a scope from top to bottom, with chains, skips and new rounds (apply_rewrite_list). */
export function applyRules(rules: readonly RewriteRule[], context: RewriteContext): ListResult {
  const { r } = context;
  let action: ListResult['action'] = 'none';
  let lastSubstitution: RewriteRule | undefined;
  let round = 1;
  const candidates = r.isTracing ? undefined : new Candidates(rules);
  for (let at = 0; at < rules.length; at++) {
    if (candidates !== undefined) at = candidates.next(at, context);
    const rule = rules[at];
    if (rule === undefined) break;
    const { flags } = rule;
    if (r.main !== null && (flags.ignoreOnSubrequest || flags.redirect)) {
      const flag = flags.ignoreOnSubrequest ? '[NS]' : '[R]';
      traceSkippedRule(context, rule, `${flag}: not in a subrequest`);
      continue;
    }
    if (context.vary.length > 0) context.vary = [];
    context.rule = rule;
    const result = applyRule(rule, context);
    if (result === 'no-match') {
      while (rules[at]?.flags.chain === true) {
        at += 1;
        traceSkippedRule(
          context,
          rules[at],
          `the rule that it is chained to by [C]${lineWords(rule)} did not apply`,
        );
      }
      continue;
    }
    if (!flags.noSubstitution) {
      log(context, 2, () => `setting lastsub to rule with output ${rule.substitution}`);
      lastSubstitution = rule;
    }
    if ((r.filename?.length ?? 0) > MAX_FILENAME) {
      r.logError(
        `RewriteRule '${rule.pattern}' and URI '${r.uri}' exceeded maximum length (${MAX_FILENAME})`,
      );
      r.status = 500;
      return { action: 'status', lastSubstitution };
    }
    if (context.vary.length > 0) r.headersOut.merge('Vary', context.vary.join(', '));
    if (result === 'status-set' || flags.hasStatus) {
      traceNotReached(context, rules, at);
      return { action: 'status', lastSubstitution };
    }
    if (result === 'match') action = flags.noEscape ? 'no-escape' : 'normal';
    if (flags.passThrough) {
      log(
        context,
        2,
        () => `forcing '${r.filename ?? ''}' to get passed through to next API URI-to-filename handler`,
      );
      r.filename = `passthrough:${r.filename ?? ''}`;
      traceNotReached(context, rules, at);
      return { action: 'normal', lastSubstitution };
    }
    if (flags.end) {
      log(context, 8, () => 'Rule has END flag, no further rewriting for this request');
      r.rewritingEnded = true;
      traceNotReached(context, rules, at);
      break;
    }
    if (flags.proxy || flags.last) {
      traceNotReached(context, rules, at);
      break;
    }
    if (flags.newRound) {
      round += 1;
      if (round >= flags.maxRounds) {
        r.logError(
          `AH02596: RewriteRule '${rule.pattern}' and URI '${r.uri}' exceeded maximum number of rounds (${flags.maxRounds}) via the [N] flag`,
        );
        r.status = 500;
        return { action: 'status', lastSubstitution };
      }
      at = -1;
      continue;
    }
    for (let left = flags.skip; left > 0 && at + 1 < rules.length; left--) {
      at += 1;
      traceSkippedRule(context, rules[at], `[S=${flags.skip}]${lineWords(rule)}`);
    }
  }
  return { action, lastSubstitution };
}
