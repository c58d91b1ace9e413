import type { MissingTarget } from '../../apache/missingTarget';
import type { Outcome, TraceStep } from '../../apache/request/outcome';
import { readWords } from '../../apache/syntax/words';
import { fixOf, lineBefore } from '../edits';
import type { AdviceFile } from '../file';
import { asksForReferer, localTarget, type Probe } from '../probes';
import type { ConditionFacts, RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * After a rewriting Apache applies the whole .htaccess again to the new path, also after `[L]`. A rule that matches its own
 * result is applied again and again, until Apache gives up after ten rounds and answers 500. A dispatcher rule needs a
 * condition that leaves the dispatcher itself alone. With the condition `!-f` it is the same where the dispatcher is
 * missing or has another name: a file that is not there is no reason to stop. A folder that is missing is told more
 * quietly where `RewriteBase` or a path with `/` in front names it: the site may lie in it on the server.
 *
 * Found by asking our own evaluator for addresses that the patterns of the file suggest. Where the files of the site
 * are not known, every file that a rule names counts as existing, and every folder as having a .htaccess of its own.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_FILENAME} !-f
 * RewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_l
 */
export const loop: AdviceRule = {
  code: 'rewrite.loop',
  title: 'A rule that is applied to its own result',
  severity: 'warning',
  *check(file) {
    if (!file.rewrite.some(({ engine, rules }) => engine?.on === true && rules.length > 0)) return;
    const blamed = new Set<RuleFacts>();
    for (const probe of file.probes.tried) {
      const blame = blameFor(file, probe);
      if (blame === undefined || blamed.has(blame.facts)) continue;
      blamed.add(blame.facts);
      yield finding(file, blame, probe);
    }
  },
};

/** A rule at fault, and what would have stopped it if it were there. */
interface Blame {
  readonly facts: RuleFacts;
  readonly missing: MissingTarget | undefined;
}

const isLoop = ({ status, logMessage }: Outcome): boolean =>
  status === 500 && logMessage?.startsWith('AH00124') === true;

/** The rule of this file that rewrote last before Apache gave up. */
function blameFor(file: AdviceFile, { target, outcome }: Probe): Blame | undefined {
  if (!isLoop(outcome)) return undefined;
  const own = `${file.directory}.htaccess`;
  const { trace } = file.probes.traced(target);
  const step = trace.findLast(({ text, file: path }) => path === own && text.startsWith('rewrite '));
  if (step === undefined) return undefined;
  const rules = file.rewrite.flatMap(({ rules }) => rules);
  const facts = rules.find(({ directive }) => directive.line.line === step.line);
  if (facts === undefined) return undefined;
  // Where the files are not known, a rule that asks for one may well be stopped by it.
  if (file.site === undefined)
    return facts.conditions.some(asksForFile) ? undefined : { facts, missing: undefined };
  return { facts, missing: missingTarget(file, target, trace) };
}

/** What the first rewritten path leads to, where that is not there and would have ended the rounds. */
function missingTarget(
  { probes }: AdviceFile,
  target: string,
  trace: readonly TraceStep[],
): MissingTarget | undefined {
  const changes = trace.flatMap(({ event }) => event?.changes ?? []);
  const url = changes.find(({ what, before }) => what === 'uri' && before !== undefined)?.after ?? '';
  const missing = probes.missing(url.split('?', 1)[0] ?? '');
  return missing === undefined || isLoop(probes.requestWith(missing, target)) ? undefined : missing;
}

const FILE_TESTS: ReadonlySet<string> = new Set([
  'file',
  'directory',
  'size',
  'link',
  'executable',
  'subrequestFile',
]);

const asksForFile = ({ condition }: ConditionFacts): boolean => FILE_TESTS.has(condition.test.kind);

function finding(file: AdviceFile, { facts, missing }: Blame, { target }: Probe): Finding {
  const { directive, conditions, rule } = facts;
  const path = localTarget(facts, file);
  const isFile = path !== undefined && !path.endsWith('/');
  const from = asksForReferer(file) ? ' with a link from another site' : '';
  const exclusion = isFile && conditions.length === 0 && !rule.isNegated;
  const isElsewhere = missing?.isFolder === true && namesOtherFolder(file, facts);
  return {
    message: `${causeOf(missing, isElsewhere)}: for ${target}${from} Apache applies it ten times and then answers 500 ("Request exceeded the limit of 10 internal redirects").`,
    ...file.wholeOf(directive),
    ...(isElsewhere && { severity: 'information' }),
    ...fixOf(
      'Leave existing files alone',
      exclusion ? [lineBefore(file, directive, 'RewriteCond %{REQUEST_FILENAME} !-f')] : undefined,
    ),
  };
}

function causeOf(missing: MissingTarget | undefined, isElsewhere: boolean): string {
  if (missing === undefined) return 'The rule matches its own result';
  return isElsewhere
    ? `There is no folder ${missing.name} here. Unless it is the one in which this site lies on the server, the rule matches its own result`
    : `${missing.name} is not there, so that the rule matches its own result`;
}

/** Whether a rule leads to a place that the URL on the server decides: many a site is a folder of a larger one. */
function namesOtherFolder({ rewrite, urlPath }: AdviceFile, facts: RuleFacts): boolean {
  if (facts.rule.substitution.startsWith('/')) return true;
  const base = rewrite.find(({ rules }) => rules.includes(facts))?.base?.args;
  return base !== undefined && readWords(base)[0]?.value.replace(/\/?$/, '/') !== urlPath;
}
