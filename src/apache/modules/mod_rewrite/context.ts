import type { RegexMatch } from '../../regex';
import type { RequestRecord } from '../../request/record';
import type { TraceEvent } from '../../request/trace';
import type { Origin } from '../define';
import type { RewriteRule } from './config';

/** A subject with the groups that matched in it: what `$N` or `%N` stand for. */
export interface Captures {
  readonly subject: string;
  readonly match: RegexMatch;
}

/** What is known while rules are applied to a request (rewrite_ctx). */
export interface RewriteContext {
  r: RequestRecord;
  /** Prefix of the folder, with slash. */
  readonly perdir: string;
  readonly baseUrl: string | undefined;
  /** What the current rule's pattern was matched against. */
  uri: string;
  /** `$0`–`$9`. */
  ruleCaptures: Captures | undefined;
  /** `%0`–`%9`. */
  conditionCaptures: Captures | undefined;
  /** Request headers that conditions of the current rule looked at and that decided, for Vary. */
  vary: string[];
  /** The same for the condition that is being tested. */
  varyNow: string[];
  /** The rule that is being applied. */
  rule: RewriteRule | undefined;
}

/** The text of a group, empty when it took no part. */
export function capture(captures: Captures | undefined, number: number): string {
  const start = captures?.match[2 * number] ?? -1;
  const end = captures?.match[2 * number + 1] ?? -1;
  return captures === undefined || start < 0 || end <= start ? '' : captures.subject.slice(start, end);
}

/** Writes a line of mod_rewrite's log that is an event of a RewriteCond or RewriteRule. */
export function logEvent(
  context: RewriteContext,
  level: number,
  step: { readonly text: string; readonly event: TraceEvent; readonly origin: Origin },
): void {
  context.r.addTrace({
    module: 'mod_rewrite',
    level,
    text: step.text,
    perdir: context.perdir,
    ...step.origin,
    event: step.event,
  });
}

/** Writes a line of mod_rewrite's log at a trace level; `perdir` where Apache names the folder. */
export function log(context: RewriteContext, level: number, text: () => string, withFolder = true): void {
  const { isTracing, evaluation } = context.r;
  if (!isTracing || (level > 2 && evaluation.isWatched !== undefined)) return;
  const rule = context.rule;
  context.r.addTrace({
    module: 'mod_rewrite',
    level,
    text: text(),
    ...(withFolder ? { perdir: context.perdir } : {}),
    ...rule?.origin,
  });
}
