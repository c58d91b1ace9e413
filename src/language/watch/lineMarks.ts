import type { Change, TraceEvent, TraceStep } from '../../apache/request/trace';
import { textOfByteString } from '../../text/bytes';

/** How a line fared: it changed the request, was met without that, was not met, or its turn never came. */
export type MarkTone = 'acted' | 'matched' | 'missed' | 'unreached' | 'refused';

/** What a line of a .htaccess did to a request. */
export interface LineMark {
  /** 1-based; the last physical line of a continued one. */
  readonly line: number;
  readonly tone: MarkTone;
  /** For the end of the line: what was compared, what came of it. One entry for each time that the line had its turn. */
  readonly texts: readonly string[];
  /** What matters most of each text: what changed last, else what was seen. */
  readonly briefs: readonly string[];
}

interface Told {
  readonly text: string;
  readonly brief: string;
}

interface Draft {
  tone: MarkTone;
  /** One for each request of the chain in which the line had its turn. */
  readonly told: Map<number, Told>;
}

const RANK: readonly MarkTone[] = ['unreached', 'missed', 'matched', 'acted', 'refused'];

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
  for (const step of trace) {
    if (step.line === undefined || step.line < first || step.line > last) continue;
    if (step.file !== file || step.event === undefined) continue;
    const draft = drafts.get(step.line) ?? { tone: 'unreached', told: new Map<number, Told>() };
    drafts.set(step.line, draft);
    take(draft, step, step.event);
  }
  return Array.from(drafts, ([line, { tone, told }]) => {
    const each = [...new Map(Array.from(told.values(), (one) => [one.text, one])).values()];
    const some = each.filter(({ text }) => text !== '');
    const texts = some.map(({ text }) => withoutTree(text, treeRoot));
    return { line, tone, texts, briefs: some.map(({ brief }) => withoutTree(brief, treeRoot)) };
  }).sort((one, other) => one.line - other.line);
}

function take(draft: Draft, { requestId = 0, text }: TraceStep, event: TraceEvent): void {
  const tone = toneOf(event);
  // A rule that matches and is then held back by a condition did nothing, whatever its pattern says.
  const isHeldBack = event.result === 'skipped' && draft.tone === 'matched';
  if (isHeldBack || RANK.indexOf(tone) >= RANK.indexOf(draft.tone)) draft.tone = tone;
  const own = textOf(event, textOfByteString(text));
  const before = draft.told.get(requestId) ?? { text: '', brief: '' };
  const joined = [before.text, own].filter((part) => part !== '').join(' ');
  draft.told.set(requestId, { text: joined, brief: briefOf(event, own) || before.brief });
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
