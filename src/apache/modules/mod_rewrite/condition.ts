import { lowerCase } from '../../../text/bytes';
import { evaluateExpr, type Expr } from '../../expr';
import { patchOf } from '../../host';
import { exprContext } from '../../request/exprContext';
import { lookUpFile, lookUpUri } from '../../request/subrequest';
import { noteOutside, statPath } from '../../request/files';
import { fromRoot } from '../../paths';
import type { RewriteCondition } from './config';
import { log, type RewriteContext } from './context';
import { traceCondition } from './events';
import { expand } from './expand';
import { leadingInteger } from '../numbers';
import { mayLookAhead } from './variables';

/** Whether a RewriteCond holds (apply_rewrite_cond). A regular expression that matches leaves its groups as `%N`. */
export function holds(condition: RewriteCondition, context: RewriteContext): boolean {
  // Apache's log shows an expression's missing test string as C's NULL.
  const input = condition.test.kind === 'expr' ? '(null)' : expand(condition.input, context);
  const result = test(condition, input, context) !== condition.isNegated;
  traceCondition(condition, context, { input, result });
  return result;
}

function test(condition: RewriteCondition, input: string, context: RewriteContext): boolean {
  const { test: kind, pattern } = condition;
  switch (kind.kind) {
    case 'regex':
      return matches(condition, input, context);
    case 'integer':
      return compareIntegers(kind.operator, leadingInteger(input), leadingInteger(pattern));
    case 'string':
      return compareStrings(kind.operator, condition, input);
    case 'expr':
      return evaluatesTrue(kind.expr, condition, context);
    case 'subrequestUri':
      return canBeReached(input, context);
    case 'subrequestFile':
      return canBeRead(input, context);
    default:
      if (NAMES_PLACE.test(condition.input))
        noteOutside(context.r, fromRoot(input), { directive: 'RewriteCond', origin: condition.origin });
      return testFile(kind.kind, input, context);
  }
}

function matches(condition: RewriteCondition, input: string, context: RewriteContext): boolean {
  if (condition.test.kind !== 'regex') return false;
  const match = condition.test.regex.exec(input);
  if (match === null || match === 'limit') return false;
  if (!condition.isNegated) context.conditionCaptures = { subject: input, match };
  return true;
}

function evaluatesTrue(expr: Expr, condition: RewriteCondition, context: RewriteContext): boolean {
  const result = evaluateExpr(expr, exprContext(context.r), { patch: patchOf(context.r.host) });
  if (result.problem !== undefined) {
    log(
      context,
      1,
      () => `RewriteCond: expr='${condition.written}' evaluation failed: ${result.problem ?? ''}`,
    );
    return false;
  }
  if (!condition.noVary) for (const name of result.vary) context.r.headersOut.merge('Vary', name);
  const isTrue = result.value === true;
  if (isTrue && !condition.isNegated) context.conditionCaptures = result.captures;
  return isTrue;
}

function compareIntegers(operator: 'lt' | 'le' | 'eq' | 'gt' | 'ge', left: number, right: number): boolean {
  switch (operator) {
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
    case 'eq':
      return left === right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
  }
}

function compareStrings(
  operator: '<' | '<=' | '=' | '>' | '>=',
  { pattern, noCase }: RewriteCondition,
  input: string,
): boolean {
  const difference = noCase ? compareCaseless(input, pattern) : compareByLength(input, pattern);
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '=':
      return difference === 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The shorter one first, then byte by byte (compare_lexicography). */
const compareByLength = (a: string, b: string): number =>
  a.length === b.length ? compareText(a, b) : a.length - b.length;

/** strcasecmp of the C locale: only ASCII letters fold. */
function compareCaseless(a: string, b: string): number {
  return compareText(lowerCase(a), lowerCase(b));
}

function canBeReached(input: string, context: RewriteContext): boolean {
  if (input === '' || !mayLookAhead(context.r)) return false;
  const { status } = lookUpUri(context.r, input);
  log(context, 5, () => `RewriteCond URI (-U check: path=${input} -> status=${status}`, false);
  return status < 400;
}

function canBeRead(input: string, context: RewriteContext): boolean {
  if (input === '' || !mayLookAhead(context.r)) return false;
  const found = lookUpFile(context.r, input);
  const exists =
    found.status < 300 && found.filename !== null && statPath(context.r, found.filename) !== undefined;
  log(
    context,
    5,
    () => `RewriteCond file (-F check: path=${input} -> file=${found.filename ?? ''} status=${found.status}`,
    false,
  );
  return exists;
}

/** A test string that names a place on the disk itself: not what rules have made of the request's file, nor its URL. */
const NAMES_PLACE = /^\/[^$%]|(?:^|\/)\.\.(?:\/|$)/;

type FileTest = 'file' | 'directory' | 'size' | 'link' | 'executable';

function testFile(kind: FileTest, written: string, { r }: RewriteContext): boolean {
  if (written === '') return false;
  const path = fromRoot(written);
  if (kind === 'link') return !path.endsWith('/') && r.site.lstat(path)?.kind === 'link';
  const found = statPath(r, path);
  if (found === undefined) return false;
  switch (kind) {
    case 'file':
      return found.kind === 'file';
    case 'directory':
      return found.kind === 'directory';
    case 'size':
      return found.kind === 'file' && found.size > 0;
    case 'executable':
      return (found.mode & 0o111) !== 0;
  }
}
