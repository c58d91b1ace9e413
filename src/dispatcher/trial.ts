import { lookup } from '../text/lookup';
import type { DispatcherProblem } from './problem';
import { knownReasonIn, reasonIn } from './reasons';

/** What one start of the dispatcher gave. */
export interface Trial {
  /** It gave an answer that a web server understands. */
  readonly ok: boolean;
  /** What happened, and if it was not ok, why and what to do. */
  readonly message: string;
  /** Status of the answer; null without one. */
  readonly status: number | null;
  /** Media type of the answer; null without one. */
  readonly contentType: string | null;
  /** Start of the answer's body, as text. */
  readonly body: string;
  /** All that was written to the error output. */
  readonly errorOutput: string;
  readonly milliseconds: number;
}

/** What is told about a dispatcher that was tried, here or on a server. */
export interface TrialReport {
  /** Path as it is shown. */
  readonly dispatcher: string;
  /** The web server would get a page from it. */
  readonly ok: boolean;
  /** Why it cannot be started at all; then nothing was tried. */
  readonly fault: string | null;
  /** What the file itself shows. */
  readonly problems: readonly DispatcherProblem[];
  /** What was found out about the place: the interpreter with its version, the account. */
  readonly facts: readonly string[];
  readonly shell: Trial | null;
  readonly server: Trial | null;
}

/** The answer that a trial as by the server got, in words. Of a program's own 4xx it is said that the dispatcher is not at fault. */
export function answerInWords(status: number): string {
  const words = `Asked as by the server it answered with status ${status}.`;
  const own = lookup(OWN_ANSWERS, String(status));
  return own === undefined ? words : `${words} ${own}`;
}

const OWN_ANSWERS: Readonly<Record<string, string>> = {
  400: 'That comes from the program: the dispatcher works. Django, for one, answers so to a host that ALLOWED_HOSTS does not list; it was asked as "localhost".',
  401: 'That comes from the program, which wants a login: the dispatcher works.',
  403: 'That comes from the program, which refuses this page: the dispatcher works.',
  404: 'That comes from the program, which has no such page below its own address: the dispatcher works.',
  405: 'That comes from the program, which takes no GET there: the dispatcher works.',
};

/** How a program ended that gave no answer. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Milliseconds after which it was stopped; null where it ended by itself. */
  readonly stoppedAfter: number | null;
  readonly errorOutput: string;
}

/** What a program lacks that ends without a request and without an error. */
export const ENDS_AT_ONCE =
  'A FastCGI program waits for requests. One that prints a page and ends is a plain CGI program: rename it to .cgi, or use a FastCGI library. One that only defines its application has to hand it to a FastCGI server, as WSGIServer(application).run() does. One that goes into the background has ended for the server.';

/** The end of a program before its answer, in words: what happened, why, what to do. */
export function endInWords({ exitCode, signal, stoppedAfter, errorOutput }: ProgramEnd): string {
  if (stoppedAfter !== null)
    return `It did not answer for ${stoppedAfter / 1000} s and was stopped. Apache waits 40 s and answers 500. Look for an endless loop, a lock, or a slow connection to another server.`;
  if (signal !== null) return `It was killed by ${signal} before it answered. ${reasonIn(errorOutput)}`;
  const how = `It ended with exit code ${exitCode ?? 'unknown'} before it answered.`;
  if (exitCode === 127 || /^exec: /m.test(errorOutput))
    return `${how} ${knownReasonIn(errorOutput) ?? 'The interpreter of the first line was not found.'}`;
  if (exitCode === 126)
    return `${how} ${knownReasonIn(errorOutput) ?? 'Something that it starts may not be executed.'}`;
  if (exitCode === 0 && errorOutput.trim() === '') return `${how} ${ENDS_AT_ONCE}`;
  return `${how} ${reasonIn(errorOutput)}`;
}

/** A place in a file that an error output names, and the address under which a reader of the report opens it. */
export interface ReportLink {
  readonly label: string;
  readonly address: string;
}

/** Finds what can be opened in an error output. */
export type LinksIn = (errorOutput: string) => readonly ReportLink[];

/** A report as Markdown, for people. `place`: "on this machine", "on production". */
export function trialMarkdown(report: TrialReport, place: string, linksIn: LinksIn = () => []): string {
  const { dispatcher, ok, fault, problems, facts, shell, server } = report;
  const verdict = ok
    ? `✓ **It works** ${place}: the web server gets a page from it.`
    : `✗ **It does not work** ${place}: the web server would answer 500.`;
  const parts = [
    `# ${escaped(dispatcher)}\n\n${verdict}\n`,
    fault === null ? '' : `\n${escaped(fault)}\n`,
    facts.length === 0 ? '' : `\n${facts.map((fact) => `- ${escaped(fact)}\n`).join('')}`,
    trialPart(
      'As the web server starts it',
      'FastCGI, in its own folder, nothing but PATH in the environment',
      server,
      linksIn,
    ),
    trialPart('As a shell starts it', 'your environment, no FastCGI', shell, linksIn),
    problemPart(problems),
  ];
  return parts.join('');
}

/** The most that a report quotes of an output, in characters; the end of errors matters most. */
const LONGEST_QUOTE = 4000;
/** How much of a page is shown, in lines: enough to recognise it. */
const MOST_LINES = 12;

function trialPart(title: string, detail: string, trial: Trial | null, linksIn: LinksIn): string {
  if (trial === null) return '';
  const { ok, message, status, contentType, milliseconds, errorOutput, body } = trial;
  const facts = [`${Math.round(milliseconds)} ms`, ...(contentType === null ? [] : [contentType])].join(', ');
  const reason = status !== null && status >= 500 ? ` ${reasonIn(errorOutput)}` : '';
  return (
    `\n## ${ok ? '✓' : '✗'} ${title}\n\n_${detail}_\n\n${escaped(message + reason)} (${escaped(facts)})\n` +
    quoted('It wrote to its error output:', errorOutput.slice(-LONGEST_QUOTE)) +
    linkLine(linksIn(errorOutput.slice(-LONGEST_QUOTE))) +
    quoted('The page begins:', body.split('\n').slice(0, MOST_LINES).join('\n'))
  );
}

function linkLine(links: readonly ReportLink[]): string {
  if (links.length === 0) return '';
  return `\nOpen ${links.map(({ label, address }) => `[${escaped(label)}](<${address}>)`).join(', ')}\n`;
}

function problemPart(problems: readonly DispatcherProblem[]): string {
  if (problems.length === 0) return '';
  const signs = { error: '✗', warning: '⚠', information: 'ℹ' };
  const lines = problems.map(
    ({ severity, range, message, code }) =>
      `- ${signs[severity]} line ${range.start.line + 1}: ${escaped(message)} \`${code}\`\n`,
  );
  return `\n## What the file shows\n\n${lines.join('')}`;
}

/** In a fence that is longer than any in the text. */
function quoted(title: string, text: string): string {
  if (text.trim() === '') return '';
  const shown = text.trimEnd();
  const fence = '`'.repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `\n${title}\n\n${fence}text\n${shown}\n${fence}\n`;
}

/** So that file names and messages stay what they are. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
