import type { Severity } from './incident';
import type { LogLine } from './line';
import { RANKS, type Explanation, type Fix } from './messages/known';
import { ownFrame, type Frame, type Traceback } from './traceback';

/** What an occurrence is about: the words of an incident, and the name under which equal ones are counted. */
export interface Headline {
  readonly signature: string;
  readonly code: string;
  readonly rank: number;
  readonly severity: Severity;
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
  readonly also: readonly string[];
  readonly fixes: readonly Fix[];
  readonly script: string | null;
  readonly traceback: Traceback | null;
  readonly place: Frame | null;
}

/** What there is to tell from. */
export interface Evidence {
  readonly explanations: readonly Explanation[];
  readonly tracebacks: readonly Traceback[];
  /** The first lines that a program wrote, for what is no traceback. */
  readonly output: readonly string[];
  /** What the visitor got, where an access log has said so. */
  readonly status: number | null;
}

/** Kinds that are counted as one, whatever address or name they are about: visitors and scanners make many. */
const ONE_KIND = new Set([
  'core.denied',
  'core.not-found',
  'auth.refused',
  'auth.not-authorized',
  'cgi.missing',
  'core.bad-request',
]);

/** The error that tells most: the last one that is no warning; of a program that goes on, the last warning. */
export function mainTraceback(all: readonly Traceback[]): Traceback | undefined {
  return all.findLast(({ warning }) => !warning) ?? all.at(-1);
}

/** Gives undefined where nothing of what there is tells a failure. */
export function headlineOf(evidence: Evidence): Headline | undefined {
  const ranked = [...evidence.explanations].sort((a, b) => RANKS[b.rank] - RANKS[a.rank]);
  const traceback = mainTraceback(evidence.tracebacks);
  const best = ranked[0];
  const script = scriptOf(evidence.explanations);
  if (traceback && (best === undefined || !beats(best, traceback)))
    return ofTraceback(traceback, { ranked, script, status: evidence.status });
  if (best === undefined || best.rank === 'routine') return undefined;
  const told = betterWords(best, evidence);
  return {
    signature: signatureOf(told, script),
    code: told.code,
    rank: RANKS[best.rank],
    severity: severityOf(told),
    summary: told.summary,
    cause: told.cause,
    remedy: told.remedy,
    also: alsoOf(ranked, told),
    fixes: fixesOf(ranked),
    script,
    traceback: traceback ?? null,
    place: (traceback && ownFrame(traceback)) ?? null,
  };
}

/** A message of an interpreter explains its own traceback better than the traceback's class alone. A warning explains nothing. */
function beats(best: Explanation, traceback: Traceback): boolean {
  return RANKS[best.rank] >= RANKS.program || (traceback.warning && RANKS[best.rank] > RANKS.symptom);
}

function ofTraceback(
  traceback: Traceback,
  of: { ranked: readonly Explanation[]; script: string | null; status: number | null },
): Headline {
  const { ranked, script } = of;
  const place = ownFrame(traceback) ?? null;
  const where = place === null ? '' : ` in ${baseName(place.file)}, line ${place.line}`;
  const words =
    traceback.message === ''
      ? traceback.type
      : `${traceback.type}: ${short(traceback.message).replace(/[.\s]+$/, '')}`;
  const died = ranked.find(({ code }) => /died-at-start|exit|exited/.test(code));
  const failed = ranked.some(({ rank }) => rank !== 'routine') || (of.status ?? 0) >= 500;
  return {
    signature: [
      'traceback',
      traceback.type,
      place?.file ?? '',
      place?.line ?? '',
      digitless(traceback.message),
    ].join('|'),
    code: `${traceback.language}.${traceback.warning ? 'warning' : 'exception'}`,
    rank: traceback.warning ? RANKS.symptom : RANKS.program,
    severity: traceback.warning ? 'warning' : 'error',
    summary: `${words}${where}.`,
    cause: causeOf(traceback, { died: died !== undefined, failed }),
    remedy:
      place === null
        ? 'Look at the lines of the error.'
        : `Correct ${baseName(place.file)}, line ${place.line}; then upload and reload.`,
    also: alsoOf(ranked, undefined),
    fixes: [
      ...(place === null ? [] : [{ kind: 'open', path: place.file, line: place.line } as const]),
      ...fixesOf(ranked),
    ],
    script: script ?? place?.file ?? null,
    traceback,
    place,
  };
}

function causeOf(
  { language, warning }: Traceback,
  { died, failed }: { died: boolean; failed: boolean },
): string {
  const name = { python: 'Python', perl: 'Perl', php: 'PHP', ruby: 'Ruby' }[language];
  if (warning) return `${name} noticed something in your program, and went on.`;
  if (died)
    return `Your program ended with an error of ${name} while it was loaded, before it could take a request.`;
  if (failed)
    return `Your program ended with an error of ${name} while it worked on a request; the visitor got a 500.`;
  return `Your program met an error of ${name} and wrote it to the log.`;
}

/** Where output of a program tells more than the server's message. */
function betterWords(best: Explanation, { output }: Evidence): Explanation {
  const atStart =
    best.code === 'fcgid.died-at-start' || best.code === 'fcgid.exit' || best.code === 'fastcgi.exited';
  if (!atStart || !output.some((line) => /^(?:Content-Type|Status): ?\S/i.test(line))) return best;
  return {
    ...best,
    code: 'dispatcher.plain-cgi',
    summary: 'The dispatcher wrote its page to the log and ended: it is a plain CGI program.',
    cause: 'A FastCGI program stays and waits for requests; this one prints one answer and ends.',
    remedy: 'Use a FastCGI library in it (as flup for Python, FCGI for Perl), or name it .cgi.',
  };
}

function signatureOf({ code, summary, rank }: Explanation, script: string | null): string {
  if (ONE_KIND.has(code) || rank === 'symptom')
    return `${code}|${script === null ? '' : baseName(script)}`.replace(
      /\|.*/,
      ONE_KIND.has(code) ? '' : '$&',
    );
  return [code, script === null ? '' : baseName(script), digitless(summary)].join('|');
}

function severityOf({ rank, code }: Explanation): Severity {
  if (code === 'core.not-found' || code === 'fcgid.answer-cut') return 'info';
  if (rank === 'symptom' && code !== 'core.no-output' && code !== 'fastcgi.no-answer') return 'warning';
  return code === 'core.denied' || code === 'core.no-index' ? 'warning' : 'error';
}

/** Sentences of other messages, each once; those that only say that it failed add nothing. */
function alsoOf(ranked: readonly Explanation[], told: Explanation | undefined): readonly string[] {
  const others = ranked.filter((one) => one.code !== told?.code && one.rank !== 'routine');
  return [...new Set(others.map(({ summary }) => summary))]
    .filter((one) => one !== told?.summary)
    .slice(0, 6);
}

function fixesOf(ranked: readonly Explanation[]): readonly Fix[] {
  const all = ranked.filter(({ rank }) => rank !== 'routine').flatMap(({ fixes }) => fixes);
  return all
    .filter((one, at) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at)
    .slice(0, 5);
}

/** The whole path where a message has one, otherwise a bare name. */
function scriptOf(explanations: readonly Explanation[]): string | null {
  const named = explanations.flatMap(({ script }) => script || []);
  return named.find((one) => one.startsWith('/')) ?? named[0] ?? null;
}

/** The module under which the local server notes what it knows of a failure, in Apache's form. */
export const LOCAL_MODULE = 'local';

/** Its note, a warning, that a program answered a request with a failure and wrote the error just before. */
export const LOCAL_ANSWER = 'local.answer';

/** Whether a line is such a note. */
export function isOwnAnswer({ module, level }: LogLine): boolean {
  return module === LOCAL_MODULE && level === 'warn';
}

function speakerOf({ module }: LogLine): string {
  if (module === LOCAL_MODULE) return 'The local server';
  return module === null ? 'Apache' : `Apache's mod_${module}`;
}

/** Words for a line that no table knows: it is told as it is. */
export function unknownExplanation(line: LogLine): Explanation {
  const words = short(line.message);
  return {
    code: isOwnAnswer(line) ? LOCAL_ANSWER : line.code === null ? 'unknown' : `apache.${line.code}`,
    rank: line.level === 'warn' ? 'symptom' : 'cause',
    summary: words,
    cause: `${speakerOf(line)} says so; the words are its own.`,
    remedy:
      line.module === LOCAL_MODULE
        ? 'Mend the program: the next request starts it anew.'
        : 'If requests fail at this time, look for the words in the documentation of the module, or ask your host.',
    fixes: [],
  };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Numbers, addresses and quoted values differ from time to time. */
function digitless(text: string): string {
  return text.slice(0, 300).replaceAll(/0x[\da-f]+|\d+/gi, '#');
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
