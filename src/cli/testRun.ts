import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { textOfByteString } from '../text/bytes';
import {
  askedRequest,
  compareLive,
  parseUrls,
  runCases,
  type CaseResult,
  type LiveComparison,
  type UrlProblem,
} from '../urls';
import { UsageError } from './command';
import { readRegularFile, shownPath, urlFilesBelow } from './files';
import { AddressError, LiveSite, type LiveAnswer } from '../deploy/liveSite';
import { SiteEvaluator } from '../runner/siteEvaluator';
import type { Terminal } from './terminal';
import { findWorkspace, namedSite, targetOf, type Workspace } from './workspace';

/** A line of a `.htaccess`, ready to be shown. */
export interface RuleLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** What the real site answered, and where that differs from the prediction. */
export interface LiveResult extends LiveComparison {
  readonly answer: LiveAnswer;
}

/** A case with what became of it. */
export interface TestedCase {
  readonly result: CaseResult;
  /** The rule that made the outcome. */
  readonly rule?: RuleLine;
  readonly live?: LiveResult;
}

/** A `*.urls` file with what became of its cases. */
export interface TestedFile {
  /** Path as it is shown, with `/`. */
  readonly file: string;
  readonly problems: readonly UrlProblem[];
  readonly cases: readonly TestedCase[];
}

/** Whether prediction and, where it was asked, real site are as they should be. What was not sent is no failure. */
export function isPassed({ result, live }: TestedCase): boolean {
  return result.ok && live?.answer.kind !== 'failed' && (live?.differences.length ?? 0) === 0;
}

/** What is tested, and how. */
export interface TestOptions {
  readonly root: string | undefined;
  /** Undefined where only the prediction is wanted; the target's address where none is given. */
  readonly live: { readonly address: string | undefined } | undefined;
}

/** What was tested, and what could not be. */
export interface TestRun {
  readonly files: readonly TestedFile[];
  /** What is not there or cannot be read, each in a sentence. */
  readonly faults: readonly string[];
}

/** The files below the named paths, with what became of their cases; fewer where Ctrl-C ended the run. */
export async function testedFiles(
  paths: readonly string[],
  options: TestOptions,
  terminal: Terminal,
): Promise<TestRun> {
  const files: TestedFile[] = [];
  const seen = new Set<string>();
  const benches = new Map<string, Bench>();
  const faults: string[] = [];
  const fail = (path: string, why: string) =>
    faults.push(`${shownPath(path, terminal.cwd)} cannot be read: ${why}.`);
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const from = resolve(terminal.cwd, path);
    const search = { from, options, benches, terminal };
    if (!existsSync(from)) {
      fail(from, 'there is no such file or folder');
      continue;
    }
    for await (const file of urlFilesBelow(from)) {
      if (terminal.interrupted.aborted) break;
      if (seen.has(file)) continue;
      seen.add(file);
      const text = await textOf(file);
      if (text instanceof Error) fail(file, text.message);
      else files.push(await testedFile({ path: file, text }, benchFor(file, search), terminal));
    }
  }
  return { files, faults };
}

/** What the cases of one site are tested on. */
interface Bench {
  readonly evaluator: SiteEvaluator;
  readonly live: LiveSite | undefined;
}

interface BenchSearch {
  /** The path that was named. */
  readonly from: string;
  readonly options: TestOptions;
  readonly benches: Map<string, Bench>;
  readonly terminal: Terminal;
}

function benchFor(file: string, { from, options, benches, terminal }: BenchSearch): Bench {
  const key = options.root === undefined ? dirname(file) : '';
  const known = benches.get(key);
  if (known !== undefined) return known;
  const workspace = workspaceFor(file, { from, root: options.root }, terminal);
  const live = options.live === undefined ? undefined : liveSite(workspace, options.live.address, terminal);
  const bench = { evaluator: new SiteEvaluator(workspace, live?.host), live };
  benches.set(key, bench);
  return bench;
}

/** Without a project file, the folder that was named is the document root. */
function workspaceFor(
  file: string,
  { from, root }: { readonly from: string; readonly root: string | undefined },
  terminal: Terminal,
): Workspace {
  if (root !== undefined) return namedSite(root, terminal);
  const workspace = findWorkspace(dirname(file), terminal);
  return workspace.described ? workspace : findWorkspace(isFolder(from) ? from : dirname(from), terminal);
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

function liveSite(workspace: Workspace, address: string | undefined, terminal: Terminal): LiveSite {
  const { interrupted } = terminal;
  if (address !== undefined) return siteAt(address, interrupted);
  const target = targetOf(workspace, undefined);
  if (target.url !== undefined) return siteAt(target.url, interrupted);
  throw new UsageError(
    `The target "${target.name}" has no "url" in .vscode/fastcgi.json: add it, or give --live an address.`,
  );
}

function siteAt(address: string, interrupted: AbortSignal): LiveSite {
  try {
    return new LiveSite(address, { interrupted });
  } catch (error) {
    throw error instanceof AddressError ? new UsageError(error.message) : error;
  }
}

async function testedFile(
  { path, text }: { readonly path: string; readonly text: string },
  bench: Bench,
  terminal: Terminal,
): Promise<TestedFile> {
  const { evaluator, live } = bench;
  const { cases, problems } = parseUrls(text);
  const place = { documentRoot: evaluator.documentRoot, folder: evaluator.serverPath(dirname(path)) };
  const results = runCases(cases, (asked) => evaluator.observe(asked), place);
  const answers = live === undefined ? [] : await liveResults(results, live);
  const tested = results.map((result, index): TestedCase => {
    const rule = ruleLine(result, evaluator, terminal.cwd);
    const answer = answers[index];
    return { result, ...(rule && { rule }), ...(answer && { live: answer }) };
  });
  return { file: shownPath(path, terminal.cwd), problems, cases: tested };
}

function textOf(path: string): Promise<string | Error> {
  return readRegularFile(path).then(
    (bytes) => bytes.toString(),
    (error: Error) => error,
  );
}

/** Sends the requests of the cases, and compares the answers with the predictions. */
async function liveResults(results: readonly CaseResult[], live: LiveSite): Promise<LiveResult[]> {
  const requests = results.flatMap((result) => askedRequest(result.case) ?? []);
  const answers = await live.askAll(requests);
  return answers.map((answer, index): LiveResult => {
    const result = results[index];
    if (answer.kind !== 'seen' || result === undefined) return { answer, differences: [], notSeen: [] };
    return { answer, ...compareLive(result.case.expectation, result.observation, answer.seen) };
  });
}

function ruleLine({ decisive }: CaseResult, evaluator: SiteEvaluator, cwd: string): RuleLine | undefined {
  if (decisive === undefined) return undefined;
  const { file, line } = decisive;
  const local = evaluator.localPath(file);
  const shown = local === undefined ? textOfByteString(file) : shownPath(local, cwd);
  return { file: shown, line, text: textOfByteString(evaluator.lineOf(file, line).trim()) };
}
