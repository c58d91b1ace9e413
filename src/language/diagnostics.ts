import { advise, type Advice, type AdviceOptions } from '../advice';
import type { HostProfile } from '../apache/host';
import { textOfByteString } from '../text/bytes';
import { manualOf } from './directiveText';
import type { HtaccessDocument } from './document';
import { toFix, type Problem, type Related } from './problem';
import { strayTagBehind } from './sectionFixes';
import { wholeSpan } from './spans';
import { readable, refusalOf, type Refused } from './verdict';
import { fixesOf } from './verdictFixes';

/** What is known beside the text; `advice: false` leaves only Apache's verdict. */
export interface DiagnoseOptions extends AdviceOptions {
  readonly advice?: boolean;
}

/** Most advice that is shown for one file: nobody reads more, and editors grow slow. */
export const MOST_PROBLEMS = 500;

/** Apache's verdict on a file, without advice: no problem, or the one that Apache stops at. Never throws; time is bounded. */
export function verdictOn(
  document: HtaccessDocument,
  host: HostProfile,
  options: DiagnoseOptions = {},
): readonly Problem[] {
  if (document.isTooLarge) return [tooLarge(document)];
  const refused = refusalOf(document, host, options);
  const problems = refused === undefined ? [] : [verdictProblem(document, host, refused)];
  const nul = document.source.indexOf('\0');
  return nul < 0 ? problems : [...problems, notText(document, nul)];
}

/**
 * Apache's verdict and the advice on a file, in the order of the file. Never throws; time is bounded.
 * A verdict that was worked out before need not be worked out again.
 */
export function diagnose(
  document: HtaccessDocument,
  host: HostProfile,
  options: DiagnoseOptions = {},
  verdict: readonly Problem[] = verdictOn(document, host, options),
): readonly Problem[] {
  const isText = !document.isTooLarge && !document.source.includes('\0');
  if (options.advice === false || !isText) return verdict;
  const advice = advise(document.source, host, options).slice(0, MOST_PROBLEMS);
  return [...verdict, ...advice.map((one) => adviceProblem(document, one))].sort(
    (one, other) =>
      one.range.start.line - other.range.start.line ||
      one.range.start.character - other.range.start.character,
  );
}

function verdictProblem(document: HtaccessDocument, host: HostProfile, refused: Refused): Problem {
  const { code, message, because, span, judged } = refused;
  const manual = judged.registered === undefined ? undefined : manualOf(judged.registered);
  return {
    range: document.rangeOf(span),
    severity: 'error',
    code,
    message: `Apache answers 500: ${message}${because === '' ? '' : `\n${because}`}`,
    related: code === 'apache.section' ? openSections(document, refused) : [],
    fixes: fixesOf(document, refused, host).map((fix) => toFix(document, fix, textOfByteString)),
    ...(manual === undefined ? {} : { manual }),
  };
}

/** Most places that one problem points to. */
const MOST_RELATED = 20;

/** Where the sections around the refused line were opened, innermost first; for one without end, all that stay open. */
function openSections(document: HtaccessDocument, { entry }: Refused): Related[] {
  const places: Related[] = [];
  const from = entry?.kind === 'section' ? document.openAtEnd : entry?.parent;
  for (let open = from; open !== undefined && places.length < MOST_RELATED; open = open.parent) {
    if (open === entry) continue;
    const message = `${readable(open.line.text)} was opened here`;
    places.push({ range: document.rangeOf(wholeSpan(open.line)), message });
  }
  const stray = entry?.kind === 'section' ? strayTagBehind(document, entry) : undefined;
  if (stray === undefined) return places;
  const range = document.rangeOf(wholeSpan(stray.line));
  return [{ range, message: `${readable(stray.line.text)} closes nothing` }, ...places];
}

function adviceProblem(document: HtaccessDocument, advice: Advice): Problem {
  const { code, severity, message, fix, related = [] } = advice;
  return {
    range: document.rangeOf(advice),
    severity,
    code,
    message: readable(message),
    related: related.map((place) => ({ range: document.rangeOf(place), message: readable(place.message) })),
    fixes: fix === undefined ? [] : [toFix(document, { isPreferred: true, ...fix }, textOfByteString)],
  };
}

/** What is said of a file with a NUL byte. */
export const NOT_TEXT = 'This is not a text file: it holds a NUL byte. Apache drops the rest of such a line.';

function notText(document: HtaccessDocument, nul: number): Problem {
  return {
    range: document.rangeOf({ start: nul, end: nul + 1 }),
    severity: 'warning',
    code: 'file.not-text',
    message: NOT_TEXT,
    related: [],
    fixes: [],
  };
}

function tooLarge({ text, size }: HtaccessDocument): Problem {
  const end = { line: 0, character: Math.min(200, Math.max(1, text.search(/[\r\n]/))) };
  const megabytes = Math.round(size / 1_000_000);
  return {
    range: { start: { line: 0, character: 0 }, end },
    severity: 'information',
    code: 'file.too-large',
    message: `This file is too large (about ${megabytes} MB) to be checked while you type. Apache reads it anew for every request: nothing here should need so much.`,
    related: [],
    fixes: [],
  };
}
