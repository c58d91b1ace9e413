import { ResponseError, LSPErrorCodes, type CancellationToken, type Connection } from 'vscode-languageserver';
import { inspectAt, type Inspection } from '../apache/request/inspect';
import type { Outcome } from '../apache/request/outcome';
import type { Origin } from '../apache/modules/define';
import type { TraceStep } from '../apache/request/trace';
import { byteStringOfText } from '../text/bytes';
import {
  askedRequest,
  compareLive,
  decisivePlace,
  expectationOf,
  formatExpectation,
  parseUrls,
  runCase,
  withHost,
  type Decisive,
  type Difference,
  type Place as UrlsPlace,
  type UrlCase,
  observe,
  type ObservedSite,
} from '../urls';
import { breakpointLine, lineMarks } from '../language';
import {
  BREAKPOINTS_REQUEST,
  EVALUATE_REQUEST,
  INSPECT_REQUEST,
  URL_TESTS_REQUEST,
  type BreakpointLines,
  type BreakpointsParams,
  type EvaluateParams,
  type Evaluated,
  type InspectParams,
  type OutcomeTone,
  type PlaceInFile,
  type UrlTestResult,
  type UrlTestsParams,
  type UrlTestsResult,
} from './evaluationProtocol';
import { decodedPath } from './names';
import { pathOnServer, uriOnServer } from './place';
import { folderOf, type FolderHost } from './protocol';
import { RuleCoverage } from './ruleCoverage';
import type { SiteMaps } from './siteMaps';
import type { WorkspaceIndex } from './workspaceIndex';

/** What the evaluator is asked about. */
export interface EvaluationSurroundings {
  readonly index: WorkspaceIndex;
  readonly maps: SiteMaps;
  readonly hosts: () => readonly FolderHost[];
  readonly filesKnown: () => Promise<void>;
}

/** A workspace folder as a site that can be asked. */
interface AskedSite extends ObservedSite {
  readonly folder: FolderHost;
  /** Where the paths of the asking document begin. */
  readonly place: UrlsPlace;
}

/** Answers what Apache does with requests, over files as they are being written. */
export function answerEvaluations(connection: Connection, around: EvaluationSurroundings): void {
  connection.onRequest(EVALUATE_REQUEST, async (params: EvaluateParams): Promise<Evaluated | null> => {
    await around.filesKnown();
    const site = siteOf(params.uri, around);
    return site === undefined ? null : evaluateOne(params, site);
  });
  connection.onRequest(INSPECT_REQUEST, async (params: InspectParams): Promise<Inspection | null> => {
    await around.filesKnown();
    const site = siteOf(params.uri, around);
    return site === undefined ? null : (inspectOne(params, site) ?? null);
  });
  connection.onRequest(
    BREAKPOINTS_REQUEST,
    async (params: BreakpointsParams): Promise<BreakpointLines | null> => {
      await around.filesKnown();
      return breakpointsOf(params, around);
    },
  );
  connection.onRequest(
    URL_TESTS_REQUEST,
    async (params: UrlTestsParams, token: CancellationToken): Promise<UrlTestsResult | null> => {
      await around.filesKnown();
      const site = siteOf(params.uri, around);
      return site === undefined ? null : runTests(params, site, { ...around, token });
    },
  );
}

/** Milliseconds that tests may keep other questions waiting. */
const MOST_BUSY = 20;

/** Lets the server answer what has come meanwhile. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function siteOf(uri: string, { index, hosts }: EvaluationSurroundings): AskedSite | undefined {
  const folder = folderOf(uri, hosts());
  const surroundings = index.surroundingsOf(uri);
  if (folder === undefined || surroundings === undefined) return undefined;
  const documentRoot = withoutSlash(surroundings.documentRoot);
  const place = { documentRoot, folder: withoutSlash(surroundings.directory) };
  const time = Math.floor(Date.now() / 1000);
  return { folder, site: surroundings.site, host: folder.host, documentRoot, place, time };
}

const withoutSlash = (path: string): string => path.replace(/(?<=.)\/$/, '');

function evaluateOne(
  { request, marks = [], trace = false }: EvaluateParams,
  site: AskedSite,
): Evaluated | null {
  const asked = askedRequest(request);
  if (asked === undefined) return null;
  const watched = marks.map((mark) => ({ ...mark, file: pathOnServer(mark.uri, site.folder) }));
  const isWatched = ({ file, line = 0 }: Origin) =>
    watched.some((one) => one.file === file && line >= one.first && line <= one.last);
  const observation = observe(asked, site, trace ? undefined : isWatched);
  const { outcome } = observation;
  const decisive = placeInFile(decisivePlace(outcome), site);
  return {
    status: outcome.status,
    tone: toneOf(outcome),
    outcome: formatExpectation(expectationOf(observation, site.place)),
    ...(decisive === undefined ? {} : { decisive }),
    marks: watched.map(({ file, first, last }) =>
      lineMarks(outcome.trace, { file, treeRoot: site.host.treeRoot, first, last }),
    ),
    ...(trace ? { trace: outcome.trace } : {}),
    files: filesOf(outcome.trace, site),
  };
}

function breakpointsOf(
  { uri, lines }: BreakpointsParams,
  { maps, hosts }: EvaluationSurroundings,
): BreakpointLines | null {
  const folder = folderOf(uri, hosts());
  const file = folder && maps.filesIn(folder).find((one) => decodedPath(one.uri) === decodedPath(uri));
  return file === undefined ? null : lines.map((line) => breakpointLine(file.document, line) ?? null);
}

function inspectOne({ request, step, expression }: InspectParams, site: AskedSite): Inspection | undefined {
  const asked = askedRequest(request);
  if (asked === undefined) return undefined;
  const host = { ...site.host, ...asked.host };
  const input = { ...site, host, request: withHost(asked.request, host) };
  return inspectAt(input, step, expression === undefined ? undefined : byteStringOfText(expression));
}

function toneOf({ answer, status }: Outcome): OutcomeTone {
  if (answer.kind === 'redirect') return 'redirect';
  return answer.kind === 'error' || status >= 400 ? 'error' : 'answered';
}

function filesOf(trace: readonly TraceStep[], { folder }: AskedSite): Record<string, string> {
  const files = new Map<string, string>();
  for (const { file } of trace) {
    if (file === undefined || files.has(file)) continue;
    const uri = uriOnServer(file, folder);
    if (uri !== undefined) files.set(file, uri);
  }
  return Object.fromEntries(files);
}

function placeInFile(decisive: Decisive | undefined, { folder }: AskedSite): PlaceInFile | undefined {
  const uri = decisive && uriOnServer(decisive.file, folder);
  return decisive && uri !== undefined ? { uri, line: decisive.line } : undefined;
}

async function runTests(
  { text, lines, coverage = false, live }: UrlTestsParams,
  site: AskedSite,
  { maps, token }: EvaluationSurroundings & { readonly token: CancellationToken },
): Promise<UrlTestsResult> {
  const wanted = lines === undefined ? undefined : new Set(lines);
  const cases = parseUrls(text).cases.filter(({ line }) => wanted?.has(line) ?? true);
  const reached = new RuleCoverage();
  const answers = new Map(live?.seen);
  const results: UrlTestResult[] = [];
  let since = performance.now();
  for (const one of cases) {
    if (performance.now() - since > MOST_BUSY) {
      await breathe();
      if (token.isCancellationRequested)
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Not wanted any more');
      since = performance.now();
    }
    const asked = askedRequest(one);
    if (asked === undefined) continue;
    const host = { ...site.host, ...live?.host };
    const observation = observe(asked, { ...site, host });
    if (coverage) reached.add(observation.outcome.trace);
    const result = resultOf(one, runCase(one, observation, site.place), site);
    const seen = answers.get(one.line);
    const differences = seen && compareLive(one.expectation, observation, seen).differences;
    results.push(differences === undefined ? result : { ...result, live: differences.map(inWords) });
  }
  return { results, coverage: coverage ? reached.of(maps.filesIn(site.folder)) : [] };
}

function resultOf(one: UrlCase, run: ReturnType<typeof runCase>, site: AskedSite): UrlTestResult {
  const { ok, expected, actual, differences, unchecked } = run;
  const decisive = placeInFile(run.decisive, site);
  return {
    line: one.line,
    ok,
    expected,
    actual,
    differences: differences.map(inWords),
    unchecked,
    ...(decisive === undefined ? {} : { decisive }),
  };
}

function inWords({ what, expected, actual }: Difference): string {
  return `${what}: expected ${expected}, got ${actual}`;
}
