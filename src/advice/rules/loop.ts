import { fixOf, lineBefore } from '../edits';
import type { AdviceFile } from '../file';
import { asksForReferer, localTarget, type Probe } from '../probes';
import type { ConditionFacts, RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * After a rewriting Apache applies the whole .htaccess again to the new path, also after `[L]`. A rule that matches its own
 * result is applied again and again, until Apache gives up after ten rounds and answers 500. A dispatcher rule needs a
 * condition that leaves the dispatcher itself alone.
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
      const facts = blame(file, probe);
      if (facts === undefined || blamed.has(facts)) continue;
      blamed.add(facts);
      yield finding(file, facts, probe);
    }
  },
};

/** The rule of this file that rewrote last before Apache gave up. */
function blame(file: AdviceFile, { target, outcome }: Probe): RuleFacts | undefined {
  if (outcome.status !== 500 || outcome.logMessage?.startsWith('AH00124') !== true) return undefined;
  const own = `${file.directory}.htaccess`;
  const step = file.probes
    .traced(target)
    .trace.findLast(({ text, file: path }) => path === own && text.startsWith('rewrite '));
  if (step === undefined) return undefined;
  const rules = file.rewrite.flatMap(({ rules }) => rules);
  const found = rules.find(({ directive }) => directive.line.line === step.line);
  // Where the files are not known, a rule that asks for one may well be stopped by it.
  return file.site === undefined && found?.conditions.some(asksForFile) === true ? undefined : found;
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

function finding(file: AdviceFile, facts: RuleFacts, { target }: Probe): Finding {
  const { directive, conditions, rule } = facts;
  const path = localTarget(facts, file);
  const isFile = path !== undefined && !path.endsWith('/');
  const from = asksForReferer(file) ? ' with a link from another site' : '';
  const exclusion = isFile && conditions.length === 0 && !rule.isNegated;
  return {
    message: `The rule matches its own result: for ${target}${from} Apache applies it ten times and then answers 500 ("Request exceeded the limit of 10 internal redirects").`,
    ...file.wholeOf(directive),
    ...fixOf(
      'Leave existing files alone',
      exclusion ? [lineBefore(file, directive, 'RewriteCond %{REQUEST_FILENAME} !-f')] : undefined,
    ),
  };
}
