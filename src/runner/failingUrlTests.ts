import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { textOfByteString } from '../text/bytes';
import { formatRequest, parseUrls, runCases, type CaseResult } from '../urls';
import { SiteEvaluator, type EvaluatedSite } from './siteEvaluator';
import { urlFilesIn } from './siteFiles';

/** A case of a `*.urls` file that does not come out as it is written. */
export interface FailingUrlTest {
  /** Relative to the folder that was searched, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What was asked, what should come, what comes instead, and the rule that makes it so. */
  readonly message: string;
}

/** Runs every `*.urls` file below the document root against the files of this disk, without a server. Order: files, then lines. */
export async function failingUrlTests(site: EvaluatedSite): Promise<readonly FailingUrlTest[]> {
  const evaluator = new SiteEvaluator(site);
  const failing: FailingUrlTest[] = [];
  for await (const path of urlFilesIn(site.documentRoot)) {
    const { cases } = parseUrls(await readFile(path, 'utf8'));
    const place = { documentRoot: evaluator.documentRoot, folder: evaluator.serverPath(dirname(path)) };
    for (const result of runCases(cases, (asked) => evaluator.observe(asked), place)) {
      if (!result.ok) failing.push(failingTest(path, result, { site, evaluator }));
    }
  }
  return failing;
}

function failingTest(
  path: string,
  result: CaseResult,
  { site, evaluator }: { readonly site: EvaluatedSite; readonly evaluator: SiteEvaluator },
): FailingUrlTest {
  const below = (file: string) => relative(site.documentRoot, file).split(sep).join('/');
  const rule = result.decisive;
  const local = rule && evaluator.localPath(rule.file);
  const by =
    rule && local !== undefined
      ? ` (${below(local)}:${rule.line}: ${textOfByteString(evaluator.lineOf(rule.file, rule.line).trim())})`
      : '';
  const message = `${formatRequest(result.case)} should give ${result.expected}, but gives ${result.actual}${by}`;
  return { file: below(path), line: result.case.line, message };
}
