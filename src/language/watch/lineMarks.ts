import type { Change, TraceEvent, TraceStep } from '../../apache/request/trace';
import { textOfByteString } from '../../text/bytes';

/** How a line fared: it changed the request, was met without that, was not met, was left out, or its turn never came. */
export type MarkTone = 'acted' | 'matched' | 'missed' | 'skipped' | 'unreached' | 'refused';

/** What a line of a .htaccess did to a request. */
export interface LineMark {
  /** 1-based; the last physical line of a continued one. */
  readonly line: number;
  readonly tone: MarkTone;
  /** For the end of the line: what was compared, what came of it. One entry for each time that the line had its turn. */
  readonly texts: readonly string[];
  /** What matters most of each text: what changed last, else what was seen. */
  readonly briefs: readonly string[];
  /** Why a condition was never looked at; for its hover alone. */
  readonly why?: string;
}

interface Told {
  readonly text: string;
  readonly brief: string;
}

interface Draft {
  tone: MarkTone;
  why?: string;
  /** One for each request of the chain in which the line had its turn. */
  readonly told: Map<number, Told>;
}

const RANK: readonly MarkTone[] = ['unreached', 'skipped', 'missed', 'matched', 'acted', 'refused'];

/** A .htaccess whose lines are marked. */
export interface MarkedFile {
  /** Absolute on the server, a byte string. */
  readonly file: string;
  /** What is left away in front of paths. */
  readonly treeRoot: string;
  /** Only lines from here to there, one-based, both included; all when absent. */
  readonly first?: number;
  readonly last?: number;
}

/** What each line of a file did to a request, by lines; lines without a part in it are left out. */
export function lineMarks(trace: readonly TraceStep[], marked: MarkedFile): LineMark[] {
  const { file, treeRoot, first = 1, last = Infinity } = marked;
  const drafts = new Map<number, Draft>();
  const draftOf = (line: number | undefined): Draft | undefined => {
    if (line === undefined || line < first || line > last) return undefined;
    const draft = drafts.get(line) ?? { tone: 'unreached', told: new Map<number, Told>() };
    drafts.set(line, draft);
    return draft;
  };
  for (const step of trace) {
    const { event } = step;
    if (step.file !== file || event === undefined) continue;
    const draft = draftOf(step.line);
    if (draft) take(draft, step, event);
    for (const line of event.untested ?? []) leaveOut(draftOf(line), event);
  }
  return Array.from(drafts, ([line, { tone, why, told }]) => {
    const each = [...new Map(Array.from(told.values(), (one) => [one.text, one])).values()];
    const some = each.filter(({ text }) => text !== '');
    const texts = some.map(({ text }) => withoutTree(text, treeRoot));
    const briefs = some.map(({ brief }) => withoutTree(brief, treeRoot));
    return { line, tone, texts, briefs, ...(why !== undefined && tone === 'skipped' ? { why } : {}) };
  }).sort((one, other) => one.line - other.line);
}

function take(draft: Draft, { requestId = 0, text }: TraceStep, event: TraceEvent): void {
  if (event.directive === 'RewriteCond' && event.result === 'skipped') return leaveOut(draft, event);
  // A rule that matches and is then held back by a condition did nothing, whatever its pattern says.
  const isHeldBack = event.result === 'skipped' && draft.tone === 'matched';
  if (isHeldBack) draft.tone = 'missed';
  else raise(draft, toneOf(event));
  const own = textOf(event, textOfByteString(text));
  const before = draft.told.get(requestId) ?? { text: '', brief: '' };
  const joined = [before.text, own].filter((part) => part !== '').join(' ');
  draft.told.set(requestId, { text: joined, brief: briefOf(event, own) || before.brief });
}

function raise(draft: Draft, tone: MarkTone): void {
  if (RANK.indexOf(tone) >= RANK.indexOf(draft.tone)) draft.tone = tone;
}

/** A condition that Apache does not look at; where the list of rules ended before, it is not reached as its rule is. */
function leaveOut(draft: Draft | undefined, event: TraceEvent): void {
  if (draft === undefined || event.result === 'not reached') return;
  raise(draft, 'skipped');
  draft.why = `Not looked at: ${whyLeftOut(event)}.`;
}

function whyLeftOut({ directive, result, reason = '' }: TraceEvent): string {
  if (result === 'skipped') return reason;
  if (directive === 'RewriteCond') return 'a condition before it is not met';
  return "its rule's pattern, which is tried first, does not match";
}

function toneOf({ result, changes = [] }: TraceEvent): MarkTone {
  switch (result) {
    case 'applied':
      return changes.length > 0 ? 'acted' : 'matched';
    case 'matched':
      return 'matched';
    case 'refused':
      return 'refused';
    case 'not reached':
      return 'unreached';
    case 'skipped':
      return 'skipped';
    default:
      return 'missed';
  }
}

function textOf(event: TraceEvent, text: string): string {
  const { result, comparison, captures = [], changes = [], reason } = event;
  switch (result) {
    case 'matched':
    case 'not matched': {
      const sign = result === 'matched' ? '✓' : '✗';
      const seen = comparison === undefined ? (reason ?? '') : inQuotes(comparison.subject);
      return [sign, seen, groupsOf(event, captures)].filter((part) => part !== '').join(' ');
    }
    case 'applied':
      return changes.length > 0 ? `→ ${changes.map(changeText).join(', ')}` : (reason ?? '');
    case 'refused':
      return `✗ ${reason ?? text}`;
    case 'skipped':
      return reason === undefined ? '' : `(${reason})`;
    default:
      return '';
  }
}

/** A text without its captures. */
function briefOf({ result, comparison }: TraceEvent, text: string): string {
  if (comparison === undefined || (result !== 'matched' && result !== 'not matched')) return text;
  return `${result === 'matched' ? '✓' : '✗'} ${inQuotes(comparison.subject)}`;
}

/** `$1="hello"`, with `%` for a condition. */
function groupsOf({ directive }: TraceEvent, captures: readonly (string | null)[]): string {
  const letter = directive === 'RewriteCond' ? '%' : '$';
  const groups = captures.slice(1).map((group, at) => [at + 1, group] as const);
  return groups
    .filter(([, group]) => group !== null)
    .map(([number, group]) => `${letter}${number}=${inQuotes(group ?? '')}`)
    .join(' ');
}

const QUIET = new Set<Change['what']>(['uri', 'file', 'location', 'path info']);

function changeText({ what, name, after }: Change): string {
  if (after === null) return `no ${name ?? what}`;
  const value = textOfByteString(after);
  if (name !== undefined) return `${name}${what.endsWith('header') ? ': ' : '='}${value}`;
  return QUIET.has(what) ? value : `${what} ${value}`;
}

function inQuotes(text: string): string {
  return `"${textOfByteString(text)}"`;
}

/** Paths of the server begin at its tree, except as part of a longer one. */
function withoutTree(text: string, treeRoot: string): string {
  return text.replaceAll(`${treeRoot}/`, (found: string, at: number) =>
    at === 0 || /[\s"]/.test(text[at - 1] ?? '') ? '' : found,
  );
}
